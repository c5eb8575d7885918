/**
 * A client without manners: the GET of a page by fetch, a bare WebSocket, and what it says is up to the test. What the
 * server sends is applied to a light DOM, so that a test can also click like a good client.
 */
import { once } from "node:events";
import { createApp, type AppOptions, type ListeningApp } from "../../src/index.js";
import type { Component } from "@vango/core";
import { decodeServer, encodeEvent, encodeJoin, encodeNav, PROTOCOL_VERSION, type ServerMessage } from "@vango/core/protocol";
import { Mirror } from "@vango/core/testing";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { App } from "../../src/app-options.js";
import type { RouteEntry } from "../../src/router/route-table.js";
import { loadUws } from "../../src/transport/uws-load.js";

export const SECRET = "session-tests-secret-of-32-chars!";

/** What runs here; uWebSockets.js may be absent on newer Node. */
export const TRANSPORTS: readonly ("uws" | "ws")[] = (await loadUws()) === undefined ? ["ws"] : ["uws", "ws"];

export const route = (path: string, page: Component<never> | Component<object>, entry: Partial<RouteEntry> = {}, extra: object = {}): RouteEntry => ({
  path, kind: "page", load: () => Promise.resolve({ page, ...extra }), ...entry,
});

export interface Served {
  readonly app: App;
  readonly url: string;
  readonly errors: { readonly code: string }[];
  close(): Promise<void>;
}

export async function serve(pages: readonly RouteEntry[] | Component<object>, o: Partial<AppOptions> & { transport?: "uws" | "ws" } = {}): Promise<Served> {
  const { transport, ...options } = o;
  const routes = Array.isArray(pages) ? (pages as readonly RouteEntry[]) : [route("/", pages as Component<object>)];
  const errors: { readonly code: string }[] = [];
  const app = createApp({ routes: { buildId: "b", routes }, secret: SECRET, onError: (e) => void errors.push(e), ...options });
  let listening: ListeningApp | undefined = await app.listen({ port: 0, ...(transport === undefined ? {} : { transport }) });
  const { url } = listening;
  const close = async (): Promise<void> => {
    const open = listening;
    listening = undefined;
    await open?.close();
  };
  onTestFinished(close);
  return { app, url, errors, close };
}

/** A page that was fetched: its HTML, blob and cookie. */
export interface Fetched {
  readonly html: string;
  readonly boot: string;
  readonly cookie: string;
}

export async function fetchPage(url: string, path = "/", cookie?: string): Promise<Fetched> {
  const response = await fetch(url + path, cookie === undefined ? {} : { headers: { cookie } });
  const html = await response.text();
  const boot = /<script type="application\/vango" id="vango-boot">(.*?)<\/script>/s.exec(html)?.[1] ?? "";
  return { html, boot, cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? cookie ?? "" };
}

export class RawClient {
  readonly messages: ServerMessage[] = [];
  readonly frames: Uint8Array[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #mirror: Mirror | undefined;
  seq = 0;
  #wake: (() => void)[] = [];
  #done = false;

  private constructor(
    readonly ws: WebSocket,
    readonly page: Fetched,
  ) {
    ws.on("error", () => undefined);
    ws.on("message", (data: Buffer) => {
      const bytes = new Uint8Array(data);
      const message = decodeServer(bytes);
      this.messages.push(message);
      if (message.kind === 2) {
        this.frames.push(bytes);
        this.mirror.apply(bytes);
      }
      for (const wake of this.#wake.splice(0)) wake();
    });
    this.closed = new Promise((resolve) => {
      ws.on("close", (code, reason) => {
        this.#done = true;
        resolve({ code, reason: reason.toString() });
        for (const wake of this.#wake.splice(0)) wake();
      });
    });
  }

  /** The page, as frames have made it. Most sockets of a flood never ask for it, and to parse it costs more than their join. */
  get mirror(): Mirror {
    return (this.#mirror ??= new Mirror(this.page.html));
  }

  /** A socket that has said nothing yet. */
  static async open(url: string, page?: Fetched, headers: Record<string, string> = {}): Promise<RawClient> {
    const fetched = page ?? (await fetchPage(url));
    const ws = new WebSocket(`${url.replace("http", "ws")}/_vango/live`, { headers: { origin: url, cookie: fetched.cookie, ...headers } });
    const client = new RawClient(ws, fetched);
    await once(ws, "open");
    return client;
  }

  /** A page that has joined. */
  static async join(url: string, path = "/"): Promise<RawClient> {
    const client = await RawClient.open(url, await fetchPage(url, path));
    client.sendJoin();
    await client.until((m) => m.kind === 1);
    return client;
  }

  send(bytes: Uint8Array | readonly number[]): void {
    this.ws.send(Uint8Array.from(bytes));
  }

  sendJoin(over: Record<string, unknown> = {}): void {
    this.send(encodeJoin({ v: PROTOCOL_VERSION, boot: this.page.boot, tab: "", nonce: "n", url: "", ...over }));
  }

  /** Waits for a message, among those that have come too; undefined when the socket closes without it. */
  async until(test: (m: ServerMessage) => boolean, from = 0): Promise<ServerMessage | undefined> {
    for (;;) {
      const found = this.messages.slice(from).find(test);
      if (found !== undefined || this.#done) return found;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** Sends a click on what the selector finds, as a good client does. */
  sendClick(css: string, payload?: unknown): void {
    const el = this.mirror.select(css)[0];
    const target = el && this.mirror.eventAt(el, "click");
    if (target === undefined) throw new Error(`nothing to click at ${css} in ${this.mirror.html()}`);
    this.send(encodeEvent(++this.seq, this.mirror.seq, 1, target.instance, target.slot, payload));
  }

  /** Clicks and waits for the answer: a frame, an acknowledgement or an error. */
  async click(css: string): Promise<ServerMessage | undefined> {
    const from = this.messages.length;
    this.sendClick(css);
    return this.until((m) => m.kind === 2 || m.kind === 3 || m.kind === 5, from);
  }

  navigate(href: string): void {
    this.send(encodeNav(++this.seq, this.mirror.seq, 1, href, "push"));
  }

  text(css: string): string {
    return this.mirror.select(css)[0]?.textContent ?? "(none)";
  }

  async close(): Promise<void> {
    this.ws.close();
    await this.closed;
  }
}

/** A socket that is accepted to be told why it is of no use: the code of that. */
export async function turnedAway(url: string, headers: Record<string, string>): Promise<string> {
  const ws = new WebSocket(`${url.replace("http", "ws")}/_vango/live`, { headers });
  ws.on("error", () => undefined);
  const [, reason] = (await once(ws, "close")) as [number, Buffer];
  return reason.toString();
}

/** Status of a refused upgrade. */
export async function refusedUpgrade(url: string, headers: Record<string, string>): Promise<number> {
  const ws = new WebSocket(`${url.replace("http", "ws")}/_vango/live`, { headers });
  ws.on("error", () => undefined);
  const [, response] = (await once(ws, "unexpected-response")) as [unknown, { statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
}
