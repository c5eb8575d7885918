// One document with its globals: what the runtime finds when it asks for `document`, `location`, `setTimeout` and the rest.
// Invariants: time and chance come from the tab; when the window is closed its timers are gone, its sockets closed and nothing
// of it runs any more.
import { LightCustomEvent, LightEvent, LightEventTarget, type LightDocument } from "@vango/core/testing";
import { LightFormData } from "./form-controls.js";
import { LightHistory } from "./light-history.js";
import { LightSocket, type SocketOwner } from "./light-socket.js";
import type { LightTab } from "./light-tab.js";
import type { LightNetwork } from "./ports.js";
import type { Runtime } from "./runtime.js";

/** What `globalThis.vango` is on a page; see `VangoGlobal`. */
export interface VangoOnPage {
  readonly version: string;
  readonly state: string;
  reconnect(): void;
  settled(): Promise<void>;
}

/** One dispatched CustomEvent of the document. */
export interface HeardEvent {
  readonly type: string;
  readonly detail: unknown;
}

/** Told of what the document does; a test records it. */
export interface WindowWatcher {
  /** A document has been parsed; its script has not run. */
  opened?(window: LightWindow): void;
  heard?(event: HeardEvent): void;
  url?(href: string, replace: boolean): void;
  /** A frame begins to be applied, or has been. */
  applying?(on: boolean): void;
}

/**
 * Foreign nodes do not occur by themselves here: whoever inserts one marks it. The runtime looks away while it applies a frame:
 * that is what the watcher learns from it.
 */
class BlindObserver {
  constructor(readonly applying: ((on: boolean) => void) | undefined) {}
  observe(): void {
    this.applying?.(false);
  }
  disconnect(): void {
    this.applying?.(true);
  }
  takeRecords(): readonly never[] {
    return [];
  }
}

/** Delay of `requestIdleCallback`, ms. */
const IDLE_AFTER = 50;
const FRAME = 16;

export class LightWindow extends LightEventTarget implements SocketOwner {
  readonly history: LightHistory;
  readonly sockets = new Set<LightSocket>();
  readonly #timers = new Map<number, unknown>();
  #lastTimer = 0;
  closed = false;
  onLine = true;
  vango: VangoOnPage | undefined;
  scroll: readonly [number, number] = [0, 0];

  constructor(
    readonly tab: LightTab,
    readonly document: LightDocument,
    href: string,
    readonly watcher: WindowWatcher,
  ) {
    super();
    document.defaultView = this;
    document.baseURI = href;
    this.history = new LightHistory({ href, state: null }, (entry) => {
      document.baseURI = entry.href;
      queueMicrotask(() => this.#alive(() => this.dispatchEvent(Object.assign(new LightEvent("popstate"), { state: entry.state })))());
    });
  }

  get network(): LightNetwork {
    return this.tab.network;
  }

  /** Path and query of the address bar. */
  get url(): string {
    const { pathname, search } = new URL(this.history.href);
    return pathname + search;
  }

  headers(): Readonly<Record<string, string>> {
    return this.tab.headers();
  }

  /** Runs the runtime on the document, as its script tag does. */
  run(runtime: Runtime, script: string, dataset: Readonly<Record<string, string | undefined>>): void {
    const document = this.#documentOf();
    this.document.currentScript = { src: new URL(script, this.history.href).href, dataset };
    runtime(this.#globals(document));
    this.document.currentScript = null;
  }

  /** Dispatches an event of the window, such as `online`. */
  fire(type: string, fields: object = {}): void {
    this.dispatchEvent(Object.assign(new LightEvent(type), fields));
  }

  /** The document goes: `pagehide`, then nothing of it runs any more. */
  unload(): void {
    if (this.closed) return;
    this.fire("pagehide", { persisted: false });
    this.kill();
  }

  /** The process of the browser ends: nothing of the document runs any more, and nobody is told. */
  kill(): void {
    this.closed = true;
    for (const timer of this.#timers.values()) this.tab.clock.clearTimer(timer);
    this.#timers.clear();
    for (const socket of [...this.sockets]) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  /** What the page hears is told to the watcher, whoever dispatches it. */
  #documentOf(): LightDocument {
    const { document, watcher } = this;
    const dispatch = document.dispatchEvent.bind(document);
    document.dispatchEvent = (event) => {
      if (event instanceof LightCustomEvent) watcher.heard?.({ type: event.type, detail: event.detail });
      return dispatch(event);
    };
    const { tab } = this;
    Object.defineProperty(document, "cookie", {
      get: () => tab.browser.cookies.text(true),
      set(line: string) {
        tab.browser.cookies.set(line, true);
      },
    });
    return document;
  }

  readonly #alive =
    <A extends unknown[]>(fn: (...args: A) => unknown) =>
    (...args: A): void => {
      if (!this.closed) fn(...args);
    };

  readonly #later = (fn: (...args: unknown[]) => unknown, ms = 0, ...args: unknown[]): number => {
    const id = ++this.#lastTimer;
    if (this.closed) return id;
    this.#timers.set(id, this.tab.clock.setTimer(ms, () => {
      this.#timers.delete(id);
      if (!this.closed) fn(...args);
    }));
    return id;
  };

  readonly #forget = (id: number | undefined): void => {
    if (id === undefined || !this.#timers.has(id)) return;
    this.tab.clock.clearTimer(this.#timers.get(id));
    this.#timers.delete(id);
  };

  readonly #every = (fn: (...args: unknown[]) => unknown, ms = 0, ...args: unknown[]): number => {
    const id = ++this.#lastTimer;
    const again = (): void => {
      this.#timers.set(id, this.tab.clock.setTimer(Math.max(1, ms), () => {
        again();
        fn(...args);
      }));
    };
    if (!this.closed) again();
    return id;
  };

  #globals(document: LightDocument): Record<string, unknown> {
    const { tab, history, watcher } = this;
    const { clock, chance } = tab;
    const window = this;
    class LightDate extends Date {
      constructor(value: number | string = tab.epoch + clock.now()) {
        super(value);
      }
      static override now(): number {
        return tab.epoch + clock.now();
      }
    }
    const scope: Record<string, unknown> = {
      document,
      location: this.#location(),
      history: {
        get state() {
          return history.state;
        },
        get length() {
          return history.length;
        },
        get scrollRestoration() {
          return history.scrollRestoration;
        },
        set scrollRestoration(how: string) {
          history.scrollRestoration = how;
        },
        pushState: (state: unknown, title: string, url?: string) => {
          history.pushState(state, title, url);
          this.#moved(false);
        },
        replaceState: (state: unknown, title: string, url?: string) => {
          history.replaceState(state, title, url);
          this.#moved(true);
        },
        back: () => history.back(),
        forward: () => history.forward(),
        go: (by: number) => history.go(by),
      },
      navigator: {
        get onLine() {
          return window.onLine;
        },
      },
      sessionStorage: tab.storage,
      WebSocket: class extends LightSocket {
        constructor(url: string) {
          super(window, url);
        }
      },
      CustomEvent: LightCustomEvent,
      Event: LightEvent,
      FormData: LightFormData,
      MutationObserver: class extends BlindObserver {
        constructor() {
          super(watcher.applying?.bind(watcher));
        }
      },
      setTimeout: this.#later,
      clearTimeout: this.#forget,
      setInterval: this.#every,
      clearInterval: this.#forget,
      requestAnimationFrame: (fn: () => unknown) => this.#later(fn, FRAME),
      cancelAnimationFrame: this.#forget,
      requestIdleCallback: (fn: (deadline: unknown) => unknown) => this.#later(() => fn({ didTimeout: false, timeRemaining: () => 10 }), IDLE_AFTER),
      cancelIdleCallback: this.#forget,
      addEventListener: this.addEventListener.bind(this),
      removeEventListener: this.removeEventListener.bind(this),
      dispatchEvent: this.dispatchEvent.bind(this),
      scrollX: 0,
      scrollY: 0,
      scrollTo: (x: number, y: number) => void (this.scroll = [x, y]),
      performance: { now: () => clock.now() },
      Date: LightDate,
      Math: Object.create(Math, { random: { value: chance } }) as Math,
      crypto: {
        getRandomValues: <T extends Uint8Array | Uint32Array>(into: T): T => {
          for (let i = 0; i < into.length; i++) into[i] = chance() * 4294967296;
          return into;
        },
        randomUUID: () => "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => Math.floor(chance() * 16).toString(16)),
      },
    };
    Object.defineProperty(scope, "vango", {
      get: () => this.vango,
      set: (value: VangoOnPage) => {
        this.vango = value;
      },
      enumerable: true,
    });
    scope["globalThis"] = scope["window"] = scope["self"] = scope;
    return scope;
  }

  #moved(replace: boolean): void {
    this.document.baseURI = this.history.href;
    this.watcher.url?.(this.url, replace);
  }

  #location(): object {
    const { history, tab } = this;
    const part = (name: "origin" | "pathname" | "search" | "hash" | "host" | "protocol") => ({ get: () => new URL(history.href)[name], enumerable: true });
    return Object.defineProperties(
      { reload: () => tab.reloadByPage(this), assign: (to: string) => tab.leave(new URL(to, history.href).href), replace: (to: string) => tab.leave(new URL(to, history.href).href) },
      {
        href: {
          get: () => history.href,
          set(to: string) {
            tab.leave(new URL(to, history.href).href);
          },
          enumerable: true,
        },
        origin: part("origin"), pathname: part("pathname"), search: part("search"), hash: part("hash"), host: part("host"), protocol: part("protocol"),
      },
    );
  }
}
