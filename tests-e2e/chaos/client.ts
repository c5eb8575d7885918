// A client of the chaos run, light or Chromium: acts, waits until the page has settled, and keeps a ledger of what became of it.
// Invariant: one event is on its way at a time, so an error that is heard meanwhile is that event's.
import { LightBrowser, runtimeOf, type LightNetwork, type LightTab, type Runtime } from "@vango/client/testing";
import { LightEvent, type LightControl, type LightElement } from "@vango/core/testing";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Tab } from "../test/harness/tab.js";
import { realNetwork } from "./real-network.js";

/** What a page says of its session and of its events, in the order it says it. */
export interface Said {
  /** When it was heard, ms; of light tabs. */
  readonly at?: number;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A page, whatever browser shows it. */
export interface ChaosTab {
  readonly name: string;
  click(css: string): Promise<void>;
  /** Types into a control. */
  fill(css: string, text: string): Promise<void>;
  submit(css: string): Promise<void>;
  /** Everything sent is answered, and everything answered is applied. */
  settled(): Promise<void>;
  text(css: string): Promise<string>;
  texts(css: string): Promise<readonly string[]>;
  said(): Promise<readonly Said[]>;
  state(): Promise<string>;
  /** The text of the default status line; empty when it is not shown. */
  status(): Promise<string>;
  /** How often the document was loaded again. */
  reloads(): Promise<number>;
}

const MOUSE = { button: 0, buttons: 0, clientX: 0, clientY: 0, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };
const clock = { now: () => performance.now(), setTimer: (ms: number, fn: () => void) => setTimeout(fn, ms), clearTimer: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout) };

let compiled: Runtime | undefined;
function runtime(): Runtime {
  const { resolve } = createRequire(import.meta.url);
  const read = (name: string): string => readFileSync(resolve(`@vango/client/${name}`), "utf8");
  return (compiled ??= runtimeOf({ entry: read("bundle"), more: read("bundle-more") }));
}

/** A light tab opened a socket, and one that was closed or never opened: heard of its network, not of its page. */
export const CONNECTS = "chaos:connects";
export const CLOSED = "chaos:closed";

/** The shipped client on the light DOM. */
export async function lightTab(name: string, url: string, seed: number, address: string): Promise<ChaosTab> {
  const said: Said[] = [];
  const real = realNetwork(address);
  const network: LightNetwork = {
    get: real.get,
    connect(href, headers, events) {
      said.push({ at: clock.now(), type: CONNECTS, detail: {} });
      return real.connect(href, headers, { ...events, close: (code, reason) => {
        said.push({ at: clock.now(), type: CLOSED, detail: { code } });
        events.close(code, reason);
      } });
    },
  };
  const browser = new LightBrowser({ network, clock, runtime: runtime(), seed, epoch: Date.now() - performance.now() });
  const tab: LightTab = browser.tab({ heard: ({ type, detail }) => void said.push({ at: clock.now(), type, detail: detail as Said["detail"] }) });
  await tab.goto(url);
  const find = (css: string): LightElement => {
    const el = tab.open.document.querySelector(css);
    if (el === null) throw new Error(`${name}: nothing matches ${css}`);
    return el;
  };
  const fire = (el: LightElement, type: string, fields: object): void => void el.dispatchEvent(Object.assign(new LightEvent(type, { bubbles: true, cancelable: true }), fields));
  return {
    name,
    click: async (css) => fire(find(css), "click", MOUSE),
    fill: async (css, text) => {
      (find(css) as LightControl).value = text;
      fire(find(css), "input", {});
    },
    submit: async (css) => fire(find(css), "submit", { submitter: null }),
    settled: async () => await tab.open.vango?.settled(),
    text: async (css) => find(css).textContent,
    texts: async (css) => [...tab.open.document.querySelectorAll(css)].map((el) => el.textContent),
    said: async () => said,
    state: async () => tab.open.vango?.state ?? "",
    status: async () => tab.open.document.getElementById("vango-status")?.textContent ?? "",
    reloads: async () => tab.reloads,
  };
}

/** A tab of Chromium. Its document is marked: a reload takes the mark away. */
export async function chromiumTab(name: string, { page, events, text }: Tab): Promise<ChaosTab> {
  await page.evaluate(() => void (document.documentElement.dataset["mark"] = "same document"));
  return {
    name,
    click: (css) => page.locator(css).dispatchEvent("click"),
    fill: (css, value) => page.locator(css).fill(value),
    submit: (css) => page.locator(css).dispatchEvent("submit", {}),
    settled: () => page.evaluate(() => globalThis.vango.settled()),
    text,
    texts: (css) => page.locator(css).allInnerTexts(),
    said: () => events(),
    state: () => page.evaluate(() => globalThis.vango.state),
    status: () => page.evaluate(() => document.getElementById("vango-status")?.textContent ?? ""),
    reloads: async () => ((await page.getAttribute("html", "data-mark")) === "same document" ? 0 : 1),
  };
}
