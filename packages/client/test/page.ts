// Opens a document with the runtime on it: a happy-dom window stands in for the browser's globals, FakeSocket for the
// network. Modules are loaded anew for each page, because one document has one runtime.
import { ClientKind, encodeAgain, encodeError, encodeKeyHashes, encodePong, encodeRefuse, encodeResumed, encodeServerAck, encodeWelcome } from "@vango/core/protocol";
import { Window } from "happy-dom";
import { vi } from "vitest";
import type { VangoGlobal } from "../src/start.js";
import { FakeSocket } from "./fake-socket.js";

export interface PageOptions {
  /** Content of <body> before the range's anchor. */
  readonly body: string;
  /** Tables of the templates from index 2 on. */
  readonly tables: readonly string[];
  /** Structure of the body range; default: one flat instance of template 2. */
  readonly structure?: readonly number[];
  readonly url?: string;
  readonly base?: string;
  /** Runs before the runtime starts. */
  readonly before?: (window: Window) => void;
  /** How the second part is loaded; default: at once. */
  readonly load?: () => Promise<unknown>;
}

export interface OpenPage {
  readonly window: Window;
  readonly document: Document;
  readonly vango: VangoGlobal;
  /** The newest socket. */
  readonly socket: FakeSocket;
  /** Details of the runtime's events by type, in order. */
  readonly heard: Record<string, unknown[]>;
  readonly bootText: string;
  $<E extends HTMLElement = HTMLElement>(css: string): E;
  /** Dispatches an event of the page's own window and returns it. */
  fire(css: string, type: string, init?: object, kind?: string): Event;
  /** Opens the socket, answers JOIN. */
  live(welcome?: object): Promise<void>;
  /** Waits out the back-off and opens the next socket. */
  back(): Promise<void>;
  /** Does so, and accepts its RESUME: `received` is the last event that the server has, `last` its last frame. */
  resume(received?: number, last?: number): Promise<void>;
  state(): string | undefined;
}

const GLOBALS = [
  "document", "location", "history", "navigator", "sessionStorage", "CustomEvent", "Event", "FormData", "Node", "HTMLElement", "MutationObserver",
];

export async function openPage(options: PageOptions): Promise<OpenPage> {
  const { body, tables, structure = [1, 5, 1], url = "http://app.test/list?q=1", base } = options;
  const window = new Window({ url });
  const document = window.document as unknown as Document;
  const boot = { v: 1, b: "b", t: tables.flatMap((table, i) => ["t" + i, table]), s: [0, ...structure], h: [], g: "g", p: "/list?q=1", n: "n" };
  const bootText = JSON.stringify(boot);
  document.write(
    `<!doctype html><html><head><!----><meta charset="utf-8"></head><body>${body}<!----><script type="application/vango" id="vango-boot">${bootText}</script></body></html>`,
  );
  for (const name of GLOBALS) vi.stubGlobal(name, window[name as "document"]);
  vi.stubGlobal("window", window);
  vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("scrollX", 0);
  vi.stubGlobal("scrollY", 0);
  vi.stubGlobal("scrollTo", vi.fn());
  FakeSocket.all = [];
  const heard: Record<string, unknown[]> = {};
  for (const type of ["vango:connection", "vango:error", "vango:toast", "vango:url", "vango:session", "custom"])
    document.addEventListener(type, (e) => (heard[type] ??= []).push((e as CustomEvent).detail));
  options.before?.(window);
  vi.resetModules();
  const { start } = await import("../src/start.js");
  const { install } = await import("../src/more/index.js");
  start((options.load as (() => Promise<typeof install>) | undefined) ?? (() => Promise.resolve(install)), base);
  const page: OpenPage = {
    window,
    document,
    vango: (globalThis as unknown as { vango: VangoGlobal }).vango,
    get socket() {
      return FakeSocket.last;
    },
    heard,
    bootText,
    $: (css) => document.querySelector(css)!,
    fire(css, type, init = {}, kind = "Event") {
      const Kind = window[kind as "Event"] as unknown as typeof Event;
      const event = new Kind(type, { bubbles: true, cancelable: true, ...init });
      page.$(css).dispatchEvent(event);
      return event;
    },
    async live(welcome = {}) {
      const socket = FakeSocket.last;
      await socket.open();
      // A WELCOME answers a JOIN alone.
      if (socket.messages().at(-1)?.kind === ClientKind.RESUME) socket.receive(encodeAgain());
      socket.receive(encodeWelcome({ sid: "s", epoch: 1, how: "new", ...welcome }));
    },
    async back() {
      const { length } = FakeSocket.all;
      for (let ms = 0; FakeSocket.all.length === length && ms <= 30_000; ms += 50) vi.advanceTimersByTime(50);
      await FakeSocket.last.open();
    },
    async resume(received = 0, last = 0) {
      await page.back();
      FakeSocket.last.receive(encodeResumed(received, last));
    },
    state: () => document.documentElement.dataset.vango,
  };
  return page;
}

/** A PATCH message. Operations are numbers; a string is written as its length and goes to the pool. */
export function frame(seq: number, ops: readonly (number | string | Uint8Array)[] = [], ack = 0): Uint8Array {
  const out: number[] = [];
  let pool = "";
  const varint = (n: number): void => {
    for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) | 128);
    out.push(n);
  };
  for (const op of ops) {
    if (typeof op === "number") varint(op);
    else if (typeof op === "string") {
      varint(op.length);
      pool += op;
    } else {
      varint(op.length);
      out.push(...op);
    }
  }
  const length: number[] = [];
  for (let n = out.length; ; n = Math.floor(n / 128)) {
    if (n < 128) {
      length.push(n);
      break;
    }
    length.push((n % 128) | 128);
  }
  return Uint8Array.from([2, seq & 255, ack & 255, ...length, ...out, ...new TextEncoder().encode(pool)]);
}

/** The first number of an operation on an instance. */
export const op = (instance: number, code: number): number => instance * 8 + code;
/** The first number of an extension. */
export const ext = (code: number): number => code * 8 + 7;

export { encodeAgain, encodeError, encodeKeyHashes, encodePong, encodeRefuse, encodeResumed, encodeServerAck, encodeWelcome, FakeSocket };
