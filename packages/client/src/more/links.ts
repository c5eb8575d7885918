// Navigation: clicks on `<a data-vango-link>`, back and forward, and what the server's URL operation does to history,
// scroll and focus. Invariants: history changes only when the server's frame arrives, together with the DOM; while the
// page is not live the browser navigates by itself.
import { UrlMode } from "@vango/core/protocol";
import { emit } from "../emit.js";
import { host } from "./host.js";

/** Detail of the event `vango:url`. */
export interface UrlDetail {
  readonly href: string;
  readonly replace: boolean;
}

/** Path and query that the DOM shows. */
let shown: string;
/** Scroll positions by the key that each history entry carries in its state. */
const positions: Record<string, [number, number]> = {};
let key: number | undefined;
/** The last link asked to stay where the page is scrolled. */
let keep = false;
/** Back or forward was asked for: the answer restores the entry's scroll position. */
let popped = false;

/** Path and query of where the browser is. */
export const here = (): string => location.pathname + location.search;
/** The DOM is meant to show this address. */
export const shows = (href: string): void => void (shown = href);
/** Back or forward while the page was not live is asked for now. */
export function catchUp(): void {
  if (here() !== shown) pop();
}
const pop = (): void => {
  popped = true;
  host.navigate(here(), "pop");
};
const keyNow = (): number | undefined => (history.state as { vango?: number } | null)?.vango;
const remember = (): void => void (positions[key!] = [scrollX, scrollY]);
const restore = (): void => scrollTo(...(positions[key!] ?? [0, 0]));
const find = (css: string): HTMLElement | null => document.querySelector(css);

/** Shows the new page from its top, or from the hash, and lets assistive technology start there. */
const arrive = (): void => {
  // Decodes percent signs without ever throwing.
  const id = new URLSearchParams(location.hash.replace("#", "id=")).get("id");
  const anchor = id && document.getElementById(id);
  if (anchor) anchor.scrollIntoView();
  else scrollTo(0, 0);
  const target = anchor || find("[autofocus]") || find("main h1") || find("main") || find("h1");
  if (!target) return;
  if (target.tabIndex < 0) target.tabIndex = -1;
  target.focus({ preventScroll: true });
};

/** A click that no handler has prevented. */
export function clickLink(ev: MouseEvent): void {
  const link = host.linkOf(ev);
  const { vangoLink: mode, vangoScroll } = link?.dataset ?? {};
  if (mode === undefined || ev.defaultPrevented || !host.isPlainClick(ev, host.ready())) return;
  const { pathname, search, hash } = link!;
  if (hash && pathname + search === here()) return;
  ev.preventDefault();
  keep = vangoScroll === "0";
  remember();
  host.navigate(pathname + search + hash, mode === "replace" ? mode : "push");
}

/** The URL operation of a frame: history now; what it gives is for after the frame: scroll and focus. */
export function changeUrl(mode: number, href: string, scroll: boolean): () => void {
  if (mode === UrlMode.PUSH) history.pushState({ vango: (key = Date.now()) }, "", href);
  // Back was pressed while another page was on its way, which has come since.
  else if (mode === UrlMode.REPLACE || here() !== href) history.replaceState(history.state, "", href);
  shows(here());
  const then = popped ? restore : scroll && !keep && arrive;
  popped = keep = false;
  return () => {
    if (then) then();
    emit("vango:url", { href, replace: mode !== UrlMode.PUSH } satisfies UrlDetail);
  };
}

/** Starts navigation. */
export function navigation(): void {
  key = keyNow();
  // By the URL operation of a frame the page may have become too short to stand where it stood.
  addEventListener("scroll", remember, { passive: true });
  addEventListener("popstate", () => {
    remember();
    key = keyNow();
    if (here() === shown) restore();
    // Not live: the next join tells the address, or it is asked for after it.
    else if (host.ready()) pop();
  });
  // The server says that an address is not one of its pages.
  document.addEventListener("vango:leave", (ev) => {
    const { href } = new URL((ev as CustomEvent<{ href: string }>).detail.href, location.href);
    if (/^https?:/.test(href)) location.assign(href);
  });
  // Scroll positions are ours while the document lives; after a reload or a return from elsewhere they are the browser's.
  const ours = (): unknown => (history.scrollRestoration = "manual");
  // This file may come after the event.
  if (document.readyState === "complete") ours();
  addEventListener("pageshow", ours);
  addEventListener("pagehide", () => (history.scrollRestoration = "auto"));
}
