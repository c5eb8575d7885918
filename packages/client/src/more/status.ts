// The default connection status: a polite live region that exists only while there is something to say. Invariants:
// `<html data-vango-status="off">` switches it off; it lies outside <body>, where no patch addresses anything; its style is
// set through the CSSOM, so a strict CSP allows it, and lies over the page, which does not move (its border shows it on dark
// pages); a text of the page's own (`<html data-vango-text-…>`) replaces ours.
import { STATUS_AFTER, STATUS_BACK, STATUS_RESET } from "../limits.js";
import type { ConnectionDetail } from "../state.js";
import type { SessionDetail } from "./hello.js";

const TEXTS: Record<string, string> = {
  reconnecting: "Reconnecting…",
  offline: "You are offline",
  back: "Connected again",
  restored: "Connected again. Unsaved local state was reset.",
  fresh: "Connected again. The page was started afresh.",
  unsaved: "Not saved yet",
};

/** Shows `#vango-status` when the connection has been lost for 1 s, what became of the page when it is back, and that the store is away. */
export function watchStatus(): void {
  const root = document.documentElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let line: HTMLElement | undefined;
  const after = (ms: number, then: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const hide = (): void => {
    line?.remove();
    line = undefined;
  };
  const show = (name: string): void => {
    if (root.dataset.vangoStatus === "off") return;
    if (!line) {
      line = document.createElement("div");
      line.id = "vango-status";
      line.setAttribute("role", "status");
      line.style.cssText = "position:fixed;left:1em;bottom:1em;padding:1em;background:#222;color:#fff;border:1px solid;z-index:9999";
      root.append(line);
    }
    // Set after the region stands in the document: screen readers announce changes, not first content.
    line.textContent = root.getAttribute("data-vango-text-" + name) ?? TEXTS[name]!;
  };
  document.addEventListener("vango:connection", (event) => {
    const { state } = (event as CustomEvent<ConnectionDetail>).detail;
    if (/^(rec|off)/.test(state)) after(line ? 0 : STATUS_AFTER, () => show(state));
    // What became of it is told by `vango:session`, right after.
    else after(0, hide);
  });
  document.addEventListener("vango:session", (event) => {
    const { how, again } = (event as CustomEvent<SessionDetail>).detail;
    const reset = again && how in TEXTS;
    if (!reset && !line) return;
    show(reset ? how : "back");
    after(reset ? STATUS_RESET : STATUS_BACK, hide);
  });
  document.addEventListener("vango:error", (event) => {
    if ((event as CustomEvent<{ code: string }>).detail.code === "VANGO_UNSAVED") after(0, () => show("unsaved"));
  });
  document.addEventListener("vango:saved", hide);
  // A page from the back/forward cache was not disconnected before it was seen.
  addEventListener("pagehide", () => clearTimeout(timer));
}
