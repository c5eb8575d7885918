// A browser and its tabs, without a screen: documents in the light DOM, with the shipped runtime on them. Invariants: a tab shows
// one document at a time; tabs of a browser share its cookies, a tab keeps its sessionStorage, a duplicated tab gets a copy.
import { parseDocument, type LightElement } from "@vango/core/testing";
import { CookieJar } from "./cookies.js";
import { LightWindow, type WindowWatcher } from "./light-window.js";
import { seeded, type Chance, type LightClock, type LightNetwork } from "./ports.js";
import type { Runtime } from "./runtime.js";

const MAX_REDIRECTS = 10;

export interface BrowserOptions {
  readonly network: LightNetwork;
  readonly clock: LightClock;
  readonly runtime: Runtime;
  /** Where chance begins; the same seed gives the same ids and back-offs. Default 1. */
  readonly seed?: number;
  /** What `Date.now()` is when the clock shows 0. Default 0. */
  readonly epoch?: number;
}

/** One browser: what its tabs share. */
export class LightBrowser {
  readonly network: LightNetwork;
  readonly clock: LightClock;
  readonly runtime: Runtime;
  readonly chance: Chance;
  readonly cookies: CookieJar;
  readonly epoch: number;

  constructor({ network, clock, runtime, seed = 1, epoch = 0 }: BrowserOptions) {
    this.network = network;
    this.clock = clock;
    this.runtime = runtime;
    this.chance = seeded(seed);
    this.cookies = new CookieJar(clock);
    this.epoch = epoch;
  }

  /** A new tab, without a document; with a way to the server of its own, if one is given. */
  tab(watcher: WindowWatcher = {}, network: LightNetwork = this.network): LightTab {
    return new LightTab(this, watcher, network);
  }
}

/** `sessionStorage`, as far as the runtime uses it. */
export class LightStorage {
  readonly #items: Map<string, string>;

  constructor(items: Iterable<readonly [string, string]> = []) {
    this.#items = new Map(items);
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, String(value));
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  copy(): LightStorage {
    return new LightStorage(this.#items);
  }
}

/** What a load ended with, when that is no page of the app. */
export class LoadFailed extends Error {
  constructor(
    readonly href: string,
    readonly status: number,
    readonly text: string,
  ) {
    super(`${href} answered ${status}: ${text.slice(0, 200)}`);
  }
}

export class LightTab {
  storage = new LightStorage();
  /** The document that the tab shows. */
  window: LightWindow | undefined;
  /** How often a page reloaded itself. */
  reloads = 0;
  /** Where a page left for by itself, newest last; the tab stays where it is. */
  readonly left: string[] = [];
  /** A load that nobody waits for: of a page that reloads itself, or of a duplicate. */
  loading: Promise<void> | undefined;
  /** HTTP status of the last load. */
  status = 0;

  constructor(
    readonly browser: LightBrowser,
    readonly watcher: WindowWatcher,
    readonly network: LightNetwork,
  ) {}

  get clock(): LightClock {
    return this.browser.clock;
  }

  get chance(): Chance {
    return this.browser.chance;
  }

  get epoch(): number {
    return this.browser.epoch;
  }

  /** The current document's window. @throws Error before the first load */
  get open(): LightWindow {
    if (this.window === undefined) throw new Error("The tab has no document.");
    return this.window;
  }

  /** Headers of a request of this tab. */
  headers(): Readonly<Record<string, string>> {
    const cookie = this.browser.cookies.text();
    const origin = this.window === undefined ? {} : { origin: new URL(this.window.history.href).origin };
    return { ...(cookie === "" ? {} : { cookie }), ...origin };
  }

  /** Loads an address into the tab: the old document goes, redirects are followed. @throws LoadFailed */
  async goto(url: string): Promise<void> {
    this.window?.unload();
    let href = url;
    for (let step = 0; step <= MAX_REDIRECTS; step++) {
      const { status, headers, text } = await this.network.get(href, this.headers());
      for (const line of headers.getSetCookie()) this.browser.cookies.set(line);
      const location = headers.get("location");
      if (status >= 300 && status < 400 && location !== null) {
        href = new URL(location, href).href;
        continue;
      }
      this.status = status;
      const document = parseDocument(text);
      const script = document.querySelector("script[src*='/_vango/client.']");
      if (script === null) throw new LoadFailed(href, status, text);
      this.#show(new LightWindow(this, document, href, this.watcher), script);
      return;
    }
    throw new LoadFailed(url, 310, `More than ${MAX_REDIRECTS} redirects.`);
  }

  /** F5. */
  reload(): Promise<void> {
    return this.goto(this.open.history.href);
  }

  /** What `location.reload()` does: it begins at once and ends later. */
  reloadByPage(by: LightWindow): void {
    if (by !== this.window || by.closed) return;
    this.reloads++;
    this.loading = Promise.resolve()
      .then(() => this.reload())
      .finally(() => (this.loading = undefined));
    this.loading.catch(() => undefined);
  }

  /** A page asked for an address outside of what it shows. */
  leave(href: string): void {
    this.left.push(href);
  }

  /** "Duplicate tab": the same address and a copy of the storage, in a tab of its own. */
  duplicate(watcher: WindowWatcher = {}, network: LightNetwork = this.network): LightTab {
    const tab = this.browser.tab(watcher, network);
    tab.storage = this.storage.copy();
    tab.loading = tab.goto(this.open.history.href).finally(() => (tab.loading = undefined));
    tab.loading.catch(() => undefined);
    return tab;
  }

  /** Closes the tab. */
  close(): void {
    this.window?.unload();
  }

  /** The browser is killed: the tab's document is gone and nobody is told. */
  kill(): void {
    this.window?.kill();
  }

  #show(window: LightWindow, script: LightElement): void {
    this.window = window;
    this.watcher.opened?.(window);
    window.run(this.browser.runtime, script.getAttribute("src") ?? "", { ...(script.hasAttribute("data-base") ? { base: script.getAttribute("data-base") ?? "" } : {}) });
  }
}
