// A live page behind a network, and a page whose state tests change from outside.
import { component, type Ctx } from "@vango/core";
import type { Browser } from "playwright-core";
import { expect } from "vitest";
import { useNetwork, type Network } from "./proxy.js";
import { serve, type ServeOptions, type TestServer } from "./server.js";
import { openTab, type Tab, type TabOptions } from "./tab.js";

/** Message kinds of the handshake. */
export const JOIN = 1;
export const RESUME = 6;
export const RESUMED = 7;
export const AGAIN = 8;

/** The kinds of those messages that are one of `wanted`. */
export const kinds = (messages: readonly Buffer[], ...wanted: number[]): number[] => messages.map((m) => m[0] ?? 0).filter((k) => wanted.includes(k));

export interface Scene {
  readonly server: TestServer;
  readonly network: Network;
  readonly tab: Tab;
}

/** A live page behind a network. A broken line is no error of the page, so the console may complain. */
export async function scene(browser: Browser, page: Parameters<typeof serve>[0], o: ServeOptions = {}, tabOptions: TabOptions = {}): Promise<Scene> {
  const server = await serve(page, o);
  const network = await useNetwork(server.port);
  const tab = await openTab(browser, network.url, { expectProblems: true, ...tabOptions });
  await mark(tab);
  return { server, network, tab };
}

/** Marks the document: a reload takes the mark away. */
export const mark = (tab: Tab): Promise<void> => tab.page.evaluate(() => void (document.documentElement.dataset["mark"] = "same document"));
export const isMarked = async (tab: Tab): Promise<boolean> => (await tab.page.getAttribute("html", "data-mark")) === "same document";

export const until = async (tab: Tab, wanted: string): Promise<void> => void (await tab.page.waitForFunction((s) => globalThis.vango.state === s, wanted));
export const hows = async (tab: Tab): Promise<unknown[]> => (await tab.events("vango:session")).map((e) => e.detail["how"]);
export const codes = async (tab: Tab): Promise<unknown[]> => (await tab.events("vango:error")).map((e) => e.detail["code"]);

/** The line breaks, and the page knows it. */
export const lost = async ({ network, tab }: Pick<Scene, "network" | "tab">): Promise<void> => {
  network.cut();
  await until(tab, "reconnecting");
};

/** The line is back, and the page too, with the same document as before. */
export const back = async ({ network, tab }: Pick<Scene, "network" | "tab">): Promise<void> => {
  network.mend();
  await tab.page.evaluate(() => globalThis.vango.reconnect());
  await tab.settled();
  expect(await isMarked(tab)).toBe(true);
};

export interface Board {
  readonly Page: Parameters<typeof serve>[0];
  /** What handlers did. */
  readonly calls: string[];
  /** Changes the page as a timer or a subscription would. */
  set(text: string): Promise<void>;
}

/** Local state, a control, and a text that is set from outside. */
export function board(): Board {
  let set: (text: string) => void = () => undefined;
  let held: Ctx | undefined;
  const calls: string[] = [];
  const Page = component((setup) => {
    const text = setup.signal("start");
    const n = setup.signal(0);
    const typed = setup.signal("");
    if (setup.ctx.session.live) {
      held = setup.ctx;
      set = (next) => text.set(next);
    }
    return () => (
      <main>
        <p id="text">{text.get()}</p>
        <button id="inc" onClick={() => { calls.push("inc"); n.inc(); }}>{n.get()}</button>
        <button id="other" onClick={() => void calls.push("other")}>other</button>
        <input id="typed" value={typed.get()} onInput={(e) => { calls.push(`typed ${e.value}`); typed.set(e.value); }} />
        <p id="heard">{typed.get()}</p>
        <div style="height:3000px">tall</div>
      </main>
    );
  });
  return {
    Page,
    calls,
    set: (text) => (held as Ctx).dispatch(() => set(text)),
  };
}
