/**
 * Fairness of real sessions (SPEC.md F1–F6): a page of the app, its codec and its loop, without a socket. Time passes only in
 * handlers; what waits runs when the event loop comes round.
 */
import { component, html } from "@vango/core";
import { decodeServer, encodeAck, encodeEvent, encodeJoin, PROTOCOL_VERSION, type ServerMessage } from "@vango/core/protocol";
import { Mirror } from "@vango/core/testing";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/index.js";
import type { BuiltApp } from "../../src/build-app.js";
import { Session } from "../../src/session/session.js";
import { Sessions } from "../../src/session/sessions.js";
import type { AppCore, Connection, LiveSocket } from "../../src/session-port.js";
import { route } from "../session/raw-client.js";

const BASE = "http://localhost";

/** A process whose clock stands still but for its handlers: `cost` is what a click takes, ms. */
class Rig {
  now = 0;
  cost = 0;
  /** Dispatches that a click leaves behind. */
  dispatches = 0;
  /** What the page's actions wait for. */
  finish: () => void = () => undefined;
  /** Which callbacks have run. */
  delivered = { results: 0, dispatches: 0 };
  readonly errors: { code: string; message: string }[] = [];
  readonly sessions: Sessions;
  readonly #app: BuiltApp;
  #tabs = 0;

  constructor(limits: Record<string, number> = {}) {
    const page = component((setup) => {
      const n = setup.signal(0);
      const load = setup.action(() => new Promise<void>((resolve) => (this.finish = resolve)), { onSuccess: () => void this.delivered.results++ });
      return () => html`<p id="n">${n}</p><button id="inc" onClick=${() => {
        this.now += this.cost;
        n.inc();
        for (let i = 0; i < this.dispatches; i++) void setup.ctx.dispatch(() => void this.delivered.dispatches++);
      }}>+</button><button id="load" onClick=${() => load.run()}>load</button>`;
    });
    this.#app = createApp({ routes: { buildId: "b", routes: [route("/", page)] }, secret: "x".repeat(32), limits, onError: (e) => void this.errors.push(e) }) as BuiltApp;
    const clock = { now: () => this.now, date: () => this.now, setTimer: () => undefined, clearTimer: () => undefined };
    this.sessions = new Sessions({ ...this.#app.core, clock } satisfies AppCore);
  }

  async join(): Promise<Tab> {
    const response = await this.#app.fetch(new Request(`${BASE}/`));
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const data = { browser: this.#app.http.cookie.read(cookie) ?? "", ip: "127.0.0.1", origin: BASE, headers: undefined, session: undefined as unknown };
    const tab = new Tab(data, new Mirror(await response.text()), this.sessions);
    await tab.join(`nonce-of-${this.#tabs++}`);
    return tab;
  }

  /** The event loop comes round. */
  async round(times = 1): Promise<void> {
    for (let i = 0; i < times; i++) await new Promise((resolve) => void setImmediate(resolve));
  }
}

/** A document and its socket in one: what is sent to it is applied at once. */
class Tab implements LiveSocket {
  readonly heard: ServerMessage[] = [];
  closed = false;
  /** It does not read what is sent to it. */
  slow = false;
  #seq = 0;
  #joined: () => void = () => undefined;

  constructor(
    readonly data: Connection,
    readonly mirror: Mirror,
    readonly sessions: Sessions,
  ) {}

  join(nonce: string): Promise<void> {
    return new Promise((resolve) => {
      this.#joined = resolve;
      this.sessions.open(this);
      this.sessions.message(this, encodeJoin({ v: PROTOCOL_VERSION, boot: this.mirror.select("#vango-boot")[0]?.textContent ?? "", tab: "", nonce, url: "/" }));
    });
  }

  send(bytes: Uint8Array): "sent" | "buffered" {
    if (this.slow) return "buffered";
    const message = decodeServer(bytes.slice());
    this.heard.push(message);
    if (message.kind === 1) this.#joined();
    if (message.kind === 2) this.mirror.apply(bytes.slice());
    return "sent";
  }

  buffered(): number {
    return this.slow ? 1_000_000 : 0;
  }

  close(code = 1000): void {
    if (this.closed) return;
    this.closed = true;
    this.sessions.closed(this, code);
  }

  cork(fn: () => void): void {
    fn();
  }

  get session(): Session {
    return this.data.session as Session;
  }

  get shown(): number {
    return Number(this.mirror.select("#n")[0]?.textContent);
  }

  /** A click as the client numbers it. */
  click(css = "#inc"): void {
    const button = this.mirror.select(css)[0];
    const found = button && this.mirror.eventAt(button, "click");
    if (found === undefined) throw new Error("no button");
    this.sessions.message(this, encodeEvent(++this.#seq, this.mirror.seq, this.session.epoch, found.instance, found.slot));
  }

  /** Tells the server which frames have been applied. */
  acknowledge(): void {
    this.sessions.message(this, encodeAck(this.mirror.seq));
  }

  /** Every event that the server has said is refused, in the order in which it said so. */
  refused(): { code: string; seq?: number | undefined }[] {
    return this.heard.flatMap((m) => {
      if (m.kind !== 5) return [];
      const { code, seq = 0, first = seq } = m.body;
      return Array.from({ length: seq - first + 1 }, (_, i) => ({ code, seq: first + i }));
    });
  }

  /** The low byte of the last event that the server says it has handled. */
  get acknowledged(): number {
    return this.heard.reduce((last, m) => (m.kind === 2 || m.kind === 3 ? m.ack : last), 0);
  }
}

describe("events", () => {
  it("F1: a click is answered at once", async () => {
    const rig = new Rig();
    const tab = await rig.join();
    tab.click();
    expect([tab.shown, tab.acknowledged, tab.session.lane]).toEqual([1, 1, undefined]);
  });

  it("F2: an event is acknowledged when its turn has run, not when it came", async () => {
    const rig = new Rig();
    const tab = await rig.join();
    rig.cost = 1;
    for (let i = 0; i < 5; i++) tab.click();
    expect([tab.shown, tab.acknowledged, tab.session.delivery.received]).toEqual([1, 1, 5]);
    await rig.round(5);
    expect([tab.shown, tab.acknowledged, tab.session.delivery.handled]).toEqual([5, 5, 5]);
  });

  it("F2 scenario 72: 1,000 events at once: the excess is refused, each by its number; others are answered between them; the session goes on", async () => {
    const rig = new Rig();
    const [bad, good] = [await rig.join(), await rig.join()];
    rig.cost = 1;
    for (let i = 0; i < 1000; i++) bad.click();
    // Not before the sockets have been read: the neighbour is served while 255 clicks wait.
    expect(bad.shown).toBe(1);
    good.click();
    expect(good.shown).toBe(1);
    for (let i = 0; i < 10; i++) {
      await rig.round(30);
      bad.acknowledge();
    }
    expect(bad.shown).toBe(256);
    expect(bad.refused().every(({ code }) => code === "VANGO_RATE_LIMITED")).toBe(true);
    expect(bad.refused().map(({ seq }) => seq)).toEqual(Array.from({ length: 744 }, (_, i) => 257 + i));
    expect([bad.session.delivery.handled, bad.acknowledged]).toEqual([1000, 1000 & 255]);
    rig.now += 1000;
    bad.click();
    await rig.round(3);
    expect([bad.shown, bad.closed, good.refused()]).toEqual([257, false, []]);
  });

  it("F2 scenario 14: an async result that arrives while the queues of events and of dispatches are full is delivered, and none of the dispatches is lost", async () => {
    const rig = new Rig({ eventQueue: 8 });
    const tab = await rig.join();
    tab.click("#load");
    rig.cost = 3;
    rig.dispatches = 300;
    for (let i = 0; i < 20; i++) tab.click();
    expect(tab.session.loop.waiting).toBeGreaterThanOrEqual(300);
    expect(rig.delivered.results).toBe(0);
    rig.finish();
    await rig.round(100);
    expect([tab.session.loop.waiting, tab.closed]).toEqual([0, false]);
    expect(tab.refused().length).toBeGreaterThan(0);
    expect(rig.delivered).toEqual({ results: 1, dispatches: (20 - tab.refused().length) * 300 });
  });

  it("F2: an event that finds the queue full is refused, and is acknowledged after those before it", async () => {
    const rig = new Rig({ eventQueueBytes: 20 });
    const tab = await rig.join();
    rig.cost = 2;
    for (let i = 0; i < 6; i++) tab.click();
    expect(tab.session.delivery.handled).toBe(1);
    await rig.round(8);
    expect(tab.refused().length).toBeGreaterThan(0);
    expect(tab.shown).toBe(6 - tab.refused().length);
    expect(tab.session.delivery.handled).toBe(6);
  });

  it("F2: events that are refused one after the other are told with one error, and acknowledged, when the event loop comes round", async () => {
    const rig = new Rig({ eventQueue: 2 });
    const tab = await rig.join();
    for (let i = 0; i < 5; i++) tab.click();
    expect([tab.shown, tab.refused(), tab.acknowledged]).toEqual([2, [], 2]);
    await rig.round();
    expect(tab.heard.filter(({ kind }) => kind === 5)).toMatchObject([{ body: { code: "VANGO_RATE_LIMITED", first: 3, seq: 5 } }]);
    expect([tab.acknowledged, tab.session.delivery.handled]).toEqual([5, 5]);
  });

  it("F2: what was refused is told before the answer to a later event, and more than a hundred at a time never wait", async () => {
    const rig = new Rig({ eventQueue: 20 });
    const tab = await rig.join();
    for (let i = 0; i < 21; i++) tab.click();
    rig.now += 10;
    tab.click();
    expect(tab.heard.slice(-2)).toMatchObject([{ kind: 5, body: { seq: 21 } }, { kind: 2, ack: 22 }]);
    for (let i = 0; i < 100; i++) tab.click();
    expect(tab.refused()).toHaveLength(1);
    tab.click();
    expect([tab.heard.at(-1), tab.acknowledged]).toMatchObject([{ kind: 5, body: { first: 23, seq: 122 } }, 22]);
    await rig.round();
    expect(tab.heard.slice(-2)).toMatchObject([{ kind: 5, body: { seq: 123 } }, { kind: 3, ack: 123 }]);
    expect(tab.refused().map(({ seq }) => seq)).toEqual([21, ...Array.from({ length: 101 }, (_, i) => 23 + i)]);
  });

  it("F2: what was refused is told before the session stops or another socket speaks for it", async () => {
    const rig = new Rig({ eventQueue: 1 });
    const tab = await rig.join();
    for (let i = 0; i < 3; i++) tab.click();
    tab.session.pause();
    expect([tab.refused().map(({ seq }) => seq), tab.session.delivery.handled]).toEqual([[2, 3], 3]);
    tab.session.unpause();
    tab.click();
    tab.session.attach(tab);
    expect([tab.refused().map(({ seq }) => seq), tab.acknowledged]).toEqual([[2, 3, 4], 4]);
    await rig.round();
    expect(tab.refused()).toHaveLength(3);
  });

  it("F2: an event that waited while the page was mounted anew is refused as stale", async () => {
    const rig = new Rig();
    const tab = await rig.join();
    rig.cost = 2;
    for (let i = 0; i < 3; i++) tab.click();
    tab.session.epoch++;
    tab.session.delivery.renumber();
    await rig.round(6);
    expect(tab.shown).toBe(1);
    expect(tab.refused()).toEqual([expect.objectContaining({ code: "VANGO_STALE_EVENT" }), expect.objectContaining({ code: "VANGO_STALE_EVENT" })]);
    expect(tab.session.delivery.handled).toBe(0);
  });
});

describe("long turns", () => {
  it("F5: a turn over turnMs is reported as VANGO_TURN_LONG, of turnMs it is not", async () => {
    const rig = new Rig();
    const tab = await rig.join();
    rig.cost = 50;
    tab.click();
    expect(rig.errors).toEqual([]);
    rig.now += 1000;
    rig.cost = 51;
    tab.click();
    expect(rig.errors).toMatchObject([{ code: "VANGO_TURN_LONG", message: expect.stringContaining("51 ms") as string }]);
  });

  it("F5: a 1 s handler is a violation; the second closes the session with VANGO_TURN_VIOLATION, and the page is told", async () => {
    const rig = new Rig();
    const [bad, good] = [await rig.join(), await rig.join()];
    rig.cost = 1000;
    bad.click();
    expect([bad.shown, bad.closed]).toEqual([1, false]);
    rig.now += 5000;
    bad.click();
    // The turn itself counts: its frame has left before the refusal.
    expect([bad.shown, bad.closed]).toEqual([2, true]);
    expect(bad.heard.at(-1)).toMatchObject({ kind: 6, body: { code: "VANGO_TURN_VIOLATION", retry: -1 } });
    expect(rig.errors.map(({ code }) => code)).toEqual(["VANGO_TURN_VIOLATION", "VANGO_TURN_VIOLATION"]);
    await rig.round(3);
    expect(rig.sessions.count).toBe(1);
    rig.cost = 0;
    good.click();
    expect(good.shown).toBe(1);
  });

  it("F4: after a long turn a session waits while others are there, and its page's acknowledgements wait with it", async () => {
    const rig = new Rig();
    const [bad, good] = [await rig.join(), await rig.join()];
    rig.cost = 50;
    bad.click();
    rig.cost = 0;
    good.click();
    bad.click();
    await rig.round(5);
    expect([bad.shown, bad.acknowledged, good.shown]).toEqual([1, 1, 1]);
    expect(bad.session.lane?.pausedUntil).toBe(550);
  });

  it("F10: a page that does not read makes its session unseen: its turns go on, a fiftieth of the time; one that has described itself is seen", async () => {
    const rig = new Rig();
    const [bad, good] = [await rig.join(), await rig.join()];
    rig.cost = 1;
    bad.slow = true;
    bad.click();
    expect([bad.session.unseen, bad.session.lane?.pausedUntil]).toEqual([true, 51]);
    good.click();
    bad.click();
    await rig.round(5);
    expect(bad.session.delivery).toMatchObject({ received: 2, handled: 1 });
    expect([good.session.unseen, good.shown, good.session.lane]).toEqual([false, 1, undefined]);
    bad.slow = false;
    bad.session.delivery.restart();
    expect(bad.session.unseen).toBe(false);
  });
});
