/**
 * Browser tabs without a network: a document in the light DOM, a socket in the session's hand that can be cut, stalled and
 * half-open, and a client that speaks the protocol as docs/architecture.md says. What it sends and gets is on record.
 */
import type { ClientMessage } from "@vango/core/protocol";
import { decodeClient, decodeServer, encodeEvent, encodeJoin, encodeResume, PROTOCOL_VERSION, type ServerMessage, type WelcomeBody } from "@vango/core/protocol";
import { Mirror } from "@vango/core/testing";
import { createApp, type AppOptions } from "../../src/index.js";
import type { BuiltApp } from "../../src/build-app.js";
import type { RouteEntry } from "../../src/router/route-table.js";
import { Sessions } from "../../src/session/sessions.js";
import type { AppCore, Connection, LiveSocket } from "../../src/session-port.js";
import { FetchIncoming } from "../../src/http/fetch-incoming.js";
import { handleRequest } from "../../src/http/pipeline.js";
import { toResponse } from "../../src/transport/reply.js";
import type { SendResult } from "../../src/transport/transport.js";
import { VirtualClock } from "../../src/testing/virtual-clock.js";
import { SECRET } from "./raw-client.js";

export interface HouseOptions extends Omit<Partial<AppOptions>, "routes"> {
  readonly routes: readonly RouteEntry[];
  readonly clock?: VirtualClock;
  readonly buildId?: string;
}

/** One process: an app with virtual time. Two houses on one `store` are two processes. */
export class House {
  readonly app: BuiltApp;
  readonly sessions: Sessions;
  readonly clock: VirtualClock;
  readonly errors: { readonly code: string; readonly message: string }[] = [];
  readonly core: AppCore;

  constructor({ routes, clock, buildId, ...options }: HouseOptions) {
    this.clock = clock ?? new VirtualClock(0);
    this.app = createApp({ routes: { buildId: buildId ?? "b", routes }, secret: SECRET, onError: (e) => void this.errors.push(e), ...options }) as BuiltApp;
    this.core = { ...this.app.core, clock: this.clock };
    this.sessions = new Sessions(this.core);
  }

  /** GET; the cookies that it sets are put into `cookies`. */
  async get(path: string, cookies: Map<string, string>): Promise<string> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const request = new Request(new URL(path, "http://app.test"), { headers: { host: "app.test", ...(cookie === "" ? {} : { cookie }) } });
    const http = { ...this.app.http, core: this.core, handOver: this.sessions.handOver.bind(this.sessions), tabValues: this.sessions.tabValues.bind(this.sessions) };
    const response = toResponse(await handleRequest(http, new FetchIncoming(request)), false);
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response.text();
  }

  /** Lets turns, loads and saves that are under way end. */
  async settled(): Promise<void> {
    for (let i = 0; i < 8; i++) await new Promise((resolve) => setImmediate(resolve));
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms, () => this.settled());
    await this.settled();
  }
}

/** A browser: cookies that its tabs share. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(readonly ip = "10.0.0.1") {}

  /** Opens a page and joins. */
  async open(house: House, path = "/", tab = new TabStorage()): Promise<Tab> {
    const opened = new Tab(house, this, tab, await house.get(path, this.cookies));
    await opened.connect();
    return opened;
  }
}

/** sessionStorage. A duplicated tab starts with a copy. */
export class TabStorage {
  constructor(
    public sid = "",
    public left: string | undefined = undefined,
  ) {}

  copy(): TabStorage {
    return new TabStorage(this.sid, this.left);
  }
}

export class FakeSocket implements LiveSocket {
  closed: { code: number; reason: string } | undefined;
  /** Messages that the kernel has not taken. */
  readonly waiting: Uint8Array[] = [];
  /** The peer does not read. */
  stalled = false;
  /** The peer is gone and nobody has noticed. */
  dead = false;

  constructor(
    readonly data: Connection,
    readonly house: House,
    readonly deliver: (bytes: Uint8Array) => void,
    readonly onClosed: () => void,
  ) {}

  send(bytes: Uint8Array): SendResult {
    if (this.closed !== undefined) return "dropped";
    if (this.dead) return "sent";
    if (!this.stalled) {
      this.deliver(bytes.slice());
      return "sent";
    }
    if (this.buffered() > this.house.core.limits.socketDropBytes) return "dropped";
    this.waiting.push(bytes.slice());
    return "buffered";
  }

  buffered(): number {
    return this.waiting.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  /** The peer reads again. */
  drain(): void {
    this.stalled = false;
    for (const bytes of this.waiting.splice(0)) this.deliver(bytes);
    this.house.sessions.drained(this);
  }

  close(code = 1000, reason = ""): void {
    if (this.closed !== undefined) return;
    this.closed = { code, reason };
    this.house.sessions.closed(this, code);
    this.onClosed();
  }

  cork(fn: () => void): void {
    fn();
  }
}

interface Flying {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

let documents = 0;

/** A document. */
export class Tab {
  readonly mirror: Mirror;
  readonly nonce = `document-${String(++documents).padStart(8, "0")}`;
  socket: FakeSocket | undefined;
  sid = "";
  epoch = 0;
  how = "";
  /** All that came and went, oldest first. */
  readonly got: ServerMessage[] = [];
  readonly sent: ClientMessage[] = [];
  bytes = 0;
  readonly errors: { readonly code: string; readonly seq?: number }[] = [];
  refused: { readonly code: string; readonly retry?: number } | undefined;
  /** Events whose outcome nobody knows, and events that were lost. */
  unknown = 0;
  tries = 0;
  lived = false;
  events = 0;
  #inFlight: Flying[] = [];
  readonly #inbox: { readonly socket: FakeSocket; readonly bytes: Uint8Array }[] = [];
  #pump: Promise<void> | undefined;
  #events: (() => void)[] = [];
  /** The frame with which the page is in step; until then its events wait. */
  #stepAt = Infinity;

  constructor(
    public house: House,
    readonly browser: Browser,
    readonly storage: TabStorage,
    readonly html: string,
  ) {
    this.mirror = new Mirror(html);
  }

  text(css: string): string {
    return this.mirror.select(css)[0]?.textContent ?? "(none)";
  }

  get boot(): string {
    return /<script type="application\/vango" id="vango-boot">(.*?)<\/script>/s.exec(this.html)?.[1] ?? "";
  }

  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** Opens a socket and says hello. */
  async connect(house = this.house): Promise<void> {
    this.house = house;
    this.socket = this.openSocket();
    house.sessions.open(this.socket);
    this.say(this.lived && this.tries === 0 ? encodeResume(PROTOCOL_VERSION, this.epoch, this.mirror.seq, this.events, this.sid, this.nonce) : this.join());
    await this.settled();
  }

  openSocket(): FakeSocket {
    const { browser, house } = this;
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const data: Connection = {
      browser: house.app.http.cookie.read(cookie) ?? "", ip: browser.ip, origin: "http://app.test", headers: [["host", "app.test"], ["cookie", cookie]], session: undefined,
    };
    const socket: FakeSocket = new FakeSocket(data, house, (bytes) => this.#receive(socket, bytes), () => {
      if (this.socket === socket) this.socket = undefined;
    });
    return socket;
  }

  join(over: Record<string, unknown> = {}): Uint8Array {
    const { lived, storage, tries } = this;
    return encodeJoin({
      v: PROTOCOL_VERSION, boot: this.boot, tab: storage.sid, nonce: this.nonce, url: this.mirror.url,
      ...(lived ? { now: this.mirror.describe(), epoch: this.epoch, received: this.mirror.seq, sent: this.events } : {}),
      ...(storage.left === undefined ? {} : { left: storage.left }),
      ...(tries === 0 ? {} : { tries }),
      ...over,
    });
  }

  /** Sends raw bytes on the socket. */
  say(bytes: Uint8Array): void {
    const { socket } = this;
    if (socket === undefined) return;
    this.bytes += bytes.length;
    this.sent.push(decodeClient(bytes));
    if (!socket.dead) this.house.sessions.message(socket, bytes);
  }

  /** The network is gone, and the server hears of it. */
  cut(): void {
    this.socket?.close(1006);
    this.socket = undefined;
  }

  /** The network is gone, and the server does not notice. Gives the dead socket. */
  halfOpen(): FakeSocket {
    const { socket } = this;
    if (socket === undefined) throw new Error("no socket");
    socket.dead = true;
    this.socket = undefined;
    return socket;
  }

  /** pagehide: what the next document of this tab finds. */
  leave(): void {
    this.storage.left = this.nonce;
    this.browser.cookies.set("vango_tab", this.sid);
  }

  /** F5: another document in the same tab. */
  async reload(cut: "cut" | "late" = "cut", path = this.mirror.url): Promise<Tab> {
    this.leave();
    if (cut === "cut") this.cut();
    const next = await this.browser.open(this.house, path, this.storage);
    this.browser.cookies.delete("vango_tab");
    this.storage.left = undefined;
    return next;
  }

  /** An event, sent now or kept until the page is back. */
  click(css: string, type = "click", payload?: unknown): void {
    const el = this.mirror.select(css)[0];
    if (el === undefined) throw new Error(`nothing at ${css} in ${this.mirror.html()}`);
    const send = (): void => {
      const target = this.mirror.eventAt(el, type);
      if (target === undefined) throw new Error(`no ${type} at ${css}`);
      const seq = ++this.events;
      const bytes = encodeEvent(seq, this.mirror.seq, this.epoch, target.instance, target.slot, payload);
      this.#inFlight.push({ seq, bytes });
      this.say(bytes);
    };
    if (this.socket !== undefined && this.lived && this.#stepAt === Infinity) send();
    else this.#events.push(send);
  }

  /** Clicks and waits. */
  async press(css: string): Promise<void> {
    this.click(css);
    await this.settled();
  }

  async settled(): Promise<void> {
    do {
      await this.#pump;
      await this.house.settled();
    } while (this.#pump !== undefined);
  }

  #receive(socket: FakeSocket, bytes: Uint8Array): void {
    if (this.socket !== socket) return;
    this.#inbox.push({ socket, bytes });
    this.#pump ??= Promise.resolve().then(() => {
      // What was on its way when the connection broke is lost; what came before a proper close is not.
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        if (this.socket === next.socket || next.socket.closed !== undefined) this.#handle(next.bytes);
      }
      this.#pump = undefined;
    });
  }

  #handle(bytes: Uint8Array): void {
    const message = decodeServer(bytes);
    this.bytes += bytes.length;
    this.got.push(message);
    switch (message.kind) {
      case 1:
        return this.#welcome(message.body);
      case 2:
        this.mirror.apply(bytes);
        this.#confirm(this.mirror.ack);
        return this.#inStep();
      case 3:
        return this.#confirm(message.ack);
      case 5:
        this.errors.push(message.body);
        return;
      case 6:
        this.refused = message.body;
        if (message.body.code === "VANGO_TRY_ELSEWHERE") this.tries++;
        return;
      case 7:
        this.how = "replayed";
        return this.#goOn(message.received, message.last);
      case 8:
        return this.say(this.join());
      case 9:
        return this.mirror.learnKeys(bytes);
    }
  }

  #welcome({ sid, epoch, how, seq = 0, received, applied, sync }: WelcomeBody): void {
    this.sid = sid;
    this.storage.sid = sid;
    this.how = how;
    this.epoch = epoch;
    this.mirror.seq = seq;
    this.tries = 0;
    const last = sync === true ? seq + 1 : seq;
    if (how === "reconciled") return this.#goOn(received ?? 0, last);
    this.events = 0;
    this.unknown += this.#inFlight.filter((e) => e.seq > (applied ?? 0)).length;
    this.#inFlight = [];
    if (this.lived) {
      // Captured on a tree that is gone.
      this.unknown += this.#events.splice(0).length;
    }
    this.#goOn(0, last);
  }

  /** In step with the frame `last`: what the server does not have goes again, then what was captured. */
  #goOn(received: number, last: number): void {
    this.lived = true;
    this.#inFlight = this.#inFlight.filter((e) => e.seq > received);
    this.#stepAt = last;
    this.#inStep();
  }

  #inStep(): void {
    if (this.mirror.seq < this.#stepAt) return;
    this.#stepAt = Infinity;
    for (const { bytes } of this.#inFlight) this.say(bytes);
    for (const send of this.#events.splice(0)) send();
  }

  #confirm(byte: number): void {
    this.#inFlight = this.#inFlight.filter(({ seq }) => ((byte - seq) & 255) > 200);
  }
}
