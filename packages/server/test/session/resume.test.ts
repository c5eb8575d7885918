/**
 * Coming back (S20–S29): the same document to its session, another document of the tab to what is persisted, a duplicate to a
 * copy; while it is away the session goes on. Virtual time, no sockets: see tab.ts.
 */
import { component, each, html, sessionKey, type Ctx } from "@vango/core";
import { encodeEvent, encodeResume, PROTOCOL_VERSION } from "@vango/core/protocol";
import { describe, expect, it } from "vitest";
import { diagnostics, type SessionMessage } from "../../src/diagnostics.js";
import type { Middleware } from "../../src/router/types.js";
import { route } from "./raw-client.js";
import { Browser, House, type FakeSocket, type HouseOptions, type Tab } from "./tab.js";

let cleanups = 0;

const Page = component((setup) => {
  const n = setup.signal(0);
  const ticks = setup.signal(0);
  const text = setup.signal("");
  const rows = setup.signal<readonly number[]>([1, 2, 3]);
  setup.interval(500, () => ticks.inc());
  setup.onMount(() => () => void cleanups++);
  return () => html`<main>
    <p id="n">${n}</p><p id="ticks">${ticks}</p><p id="text">${text}</p>
    <button id="inc" onClick=${() => n.inc()}>+</button>
    <button id="fail" onClick=${() => { throw new Error("boom"); }}>x</button>
    <button id="toast" onClick=${() => setup.ctx.toast("info", "hello")}>t</button>
    <button id="go" onClick=${() => setup.ctx.navigate("/other")}>go</button>
    <button id="rotate" onClick=${() => rows.update((all) => [...all.slice(1), (all.at(-1) ?? 0) + 1])}>r</button>
    <input id="in" onInput=${(e: { value: string }) => text.set(e.value)}>
    <ul>${each(rows, (r) => r, (r) => html`<li onClick=${() => text.set(`row ${r}`)}>${r}</li>`)}</ul>
  </main>`;
});
const Other = component(() => () => html`<h1>other</h1>`);

const house = (o: Omit<Partial<HouseOptions>, "routes"> & { routes?: HouseOptions["routes"] } = {}): House => new House({ routes: [route("/", Page), route("/other", Other)], ...o });

async function opened(o: Parameters<typeof house>[0] = {}): Promise<{ h: House; browser: Browser; tab: Tab }> {
  const h = house(o);
  const browser = new Browser();
  return { h, browser, tab: await browser.open(h) };
}

const kinds = (tab: Tab, from = 0): number[] => tab.got.slice(from).map((m) => m.kind);

/** Messages of `vango:session` while `work` runs. */
async function watched(work: () => Promise<void>): Promise<SessionMessage[]> {
  const seen: SessionMessage[] = [];
  const stop = diagnostics.session.subscribe((m) => void seen.push(m));
  try {
    await work();
  } finally {
    stop();
  }
  return seen;
}

describe("(a) the same document, frames still held", () => {
  it("S21 scenario 46: after 2 s without a network what was missed is replayed; local state, timers and DOM go on", async () => {
    const { h, tab } = await opened();
    await tab.press("#inc");
    const before = tab.mirror.select("#n")[0];
    const from = tab.got.length;
    tab.cut();
    await h.advance(2000);
    expect(tab.text("#ticks")).toBe("0");
    const seen = await watched(() => tab.connect());
    expect(kinds(tab, from)).toEqual([7, 2, 2, 2, 2]);
    expect([tab.how, tab.text("#ticks"), tab.text("#n")]).toEqual(["replayed", "4", "1"]);
    expect(tab.mirror.select("#n")[0]).toBe(before);
    expect(seen.map((m) => [m.kind, m.reason ?? m.how])).toEqual([["open", undefined], ["resume", "replayed"]]);
    await tab.press("#inc");
    expect(tab.text("#n")).toBe("2");
  });

  it("S21: with nothing missed it takes at most 100 bytes both ways", async () => {
    const { tab } = await opened({ limits: { eventQueue: 1000 } });
    for (let i = 0; i < 300; i++) await tab.press("#inc");
    tab.cut();
    tab.bytes = 0;
    await tab.connect();
    expect(tab.how).toBe("replayed");
    expect(tab.bytes).toBeLessThanOrEqual(100);
    await tab.press("#inc");
    expect(tab.text("#n")).toBe("301");
  });

  it("S21 scenario 49: a click during the outage, one that the server never got and one whose answer was lost run once each", async () => {
    const { h, tab } = await opened();
    tab.cut();
    tab.click("#inc");
    await tab.connect();
    expect(tab.text("#n")).toBe("1");
    // Never got: the socket is dead and swallows it.
    const dead = tab.halfOpen();
    tab.socket = dead;
    tab.click("#inc");
    tab.socket = undefined;
    await tab.connect();
    expect([tab.text("#n"), tab.inFlight]).toEqual(["2", 0]);
    // Ran, and the frame with its acknowledgement was lost.
    const lost = tab.socket;
    tab.click("#inc");
    expect(lost).toBeDefined();
    tab.halfOpen();
    await h.settled();
    expect(tab.inFlight).toBe(1);
    await tab.connect();
    expect([tab.text("#n"), tab.inFlight, tab.how]).toEqual(["3", 0, "replayed"]);
  });

  it("S25: a half-open socket gives way to the new one; an event on it that comes late runs no second time", async () => {
    const { h, tab } = await opened();
    const old = tab.halfOpen();
    const late = encodeEvent(1, 0, tab.epoch, targetOf(tab, "#inc").instance, targetOf(tab, "#inc").slot);
    await tab.connect();
    expect(old.closed).toMatchObject({ code: 4001 });
    tab.click("#inc");
    await tab.settled();
    h.sessions.message(old, late);
    await h.settled();
    expect(tab.text("#n")).toBe("1");
    expect(h.sessions.count).toBe(1);
  });

  it("S24: an event that was refused or failed while the answer was lost is told after all", async () => {
    const { tab } = await opened();
    tab.click("#fail");
    tab.halfOpen();
    await tab.settled();
    expect(tab.errors).toEqual([]);
    await tab.connect();
    expect(tab.errors).toMatchObject([{ code: "VANGO_HANDLER", seq: 1 }]);
    expect(tab.inFlight).toBe(0);
  });

  it("S21 scenario 51: repeated events run once; a gap ends the socket, and one RESUME brings what is missing", async () => {
    const { tab } = await opened();
    const { instance, slot } = targetOf(tab, "#inc");
    tab.events = 2;
    tab.say(encodeEvent(1, 0, tab.epoch, instance, slot));
    tab.say(encodeEvent(1, 0, tab.epoch, instance, slot));
    await tab.settled();
    expect(tab.text("#n")).toBe("1");
    const { socket } = tab;
    tab.say(encodeEvent(3, 0, tab.epoch, instance, slot));
    expect(socket?.closed).toMatchObject({ code: 1002, reason: "an event is missing" });
    const from = tab.sent.length;
    tab.events = 3;
    await tab.connect();
    tab.say(encodeEvent(2, 0, tab.epoch, instance, slot));
    tab.say(encodeEvent(3, 0, tab.epoch, instance, slot));
    await tab.settled();
    expect(tab.sent.slice(from).map((m) => m.kind)).toEqual([6, 2, 2]);
    expect(tab.text("#n")).toBe("3");
  });

  it("S20: middleware of the session's address sees the new socket; another user gets a fresh session, the old one is saved and ends", async () => {
    let user: unknown = { id: "ada" };
    const middleware: Middleware = (ctx, next) => {
      ctx.user = user;
      return next();
    };
    const Who = component((setup) => () => html`<p id="n">${() => JSON.stringify(setup.ctx.user)}</p>`);
    const { h, tab } = await opened({ routes: [route("/", Who, { middleware: [() => Promise.resolve({ middleware })] })] });
    const first = tab.sid;
    tab.cut();
    await tab.connect();
    expect([tab.how, tab.sid]).toEqual(["replayed", first]);
    tab.cut();
    user = { id: "bob" };
    await tab.connect();
    await h.settled();
    expect([tab.how, tab.text("#n"), h.sessions.count]).toEqual(["fresh", '{"id":"bob"}', 1]);
    expect(tab.sid).not.toBe(first);
  });

  it("S26: onSessionResume begins inside a turn and may write; if it throws the page gets a fresh session", async () => {
    const name = sessionKey("name", { default: "-" });
    const Named = component((setup) => () => html`<p id="n">${() => name.get(setup.ctx)}</p>`);
    let fail = false;
    const resumes: string[] = [];
    const { h, tab } = await opened({
      routes: [route("/", Named)],
      onSessionStart: (_req: unknown, ctx: Ctx) => name.set(ctx, "start"),
      onSessionResume: (ctx: Ctx) => {
        resumes.push(ctx.session.id);
        name.set(ctx, `resume ${resumes.length}`);
        if (fail) throw new Error("not any more");
      },
    });
    expect(tab.text("#n")).toBe("start");
    tab.cut();
    await tab.connect();
    expect([tab.how, tab.text("#n"), resumes]).toEqual(["replayed", "resume 1", [tab.sid.split(".")[1]]]);
    tab.cut();
    fail = true;
    await tab.connect();
    await h.settled();
    expect([tab.how, tab.text("#n"), h.sessions.count]).toEqual(["fresh", "start", 1]);
  });
});

describe("(b) the same document, too much was missed", () => {
  it("S22 scenario 47: the page is brought up to date in place: one frame, nodes and typed text kept, no reload", async () => {
    const { h, tab } = await opened({ limits: { heldFrames: 5 } });
    await tab.press("#rotate");
    const input = tab.mirror.select("#in")[0] as unknown as { value: string };
    input.value = "typed";
    const row = tab.mirror.select("li")[1];
    const from = tab.got.length;
    const { sid, epoch } = tab;
    tab.cut();
    await h.advance(10_000);
    await tab.connect();
    expect(kinds(tab, from)).toEqual([8, 1, 2]);
    expect([tab.how, tab.sid, tab.epoch, tab.text("#ticks")]).toEqual(["reconciled", sid, epoch, "20"]);
    expect(tab.mirror.select("li")[1]).toBe(row);
    expect(tab.mirror.select("#in")[0]).toBe(input);
    expect(input.value).toBe("typed");
    await tab.press("#inc");
    tab.click("li");
    await tab.settled();
    expect([tab.text("#n"), tab.text("#text")]).toEqual(["1", "row 2"]);
  });

  it("S22: events on their way and captured meanwhile run once each, on the same tree", async () => {
    const { h, tab } = await opened({ limits: { heldFrames: 5 } });
    tab.click("#inc");
    tab.halfOpen().close(1006);
    tab.click("#inc");
    await h.advance(10_000);
    await tab.connect();
    expect([tab.how, tab.text("#n"), tab.unknown, tab.inFlight]).toEqual(["reconciled", "2", 0, 0]);
  });

  it("S22: a page that reads too slowly gets no frames, then one: turns, acknowledgements and toasts go on", async () => {
    const { h, tab } = await opened({ limits: { socketBehindBytes: 200, heldFrames: 100 } });
    const { socket } = tab;
    if (socket === undefined) throw new Error("no socket");
    socket.stalled = true;
    await h.advance(20_000);
    const stuck = socket.waiting.length;
    expect(stuck).toBeLessThan(30);
    tab.click("#toast");
    tab.click("#inc");
    await h.advance(20_000);
    expect(socket.waiting.filter((b) => b[0] === 2)).toHaveLength(stuck);
    const from = tab.got.length;
    socket.drain();
    await tab.settled();
    expect(kinds(tab, from).filter((k) => k !== 2 && k !== 3)).toEqual([8, 1]);
    expect([tab.how, tab.text("#ticks"), tab.text("#n"), tab.inFlight]).toEqual(["reconciled", "80", "1", 0]);
    expect(tab.mirror.emitted).toEqual([{ name: "vango:toast", detail: { level: "info", message: "hello" } }]);
  });

  it("S23: toasts of frames that were not held are told once, and of several addresses the last", async () => {
    const { h, tab } = await opened({ limits: { heldFrames: 3 } });
    tab.click("#toast");
    tab.halfOpen().close(1006);
    await h.advance(5000);
    await tab.connect();
    expect([tab.how, tab.mirror.emitted.length]).toEqual(["reconciled", 1]);
    tab.click("#go");
    tab.halfOpen().close(1006);
    await h.advance(5000);
    await tab.connect();
    expect([tab.text("h1"), tab.mirror.url]).toEqual(["other", "/other"]);
  });

  it("S23: so are those of a frame that was to bring the page up to date, and was lost too", async () => {
    const { h, tab } = await opened({ limits: { heldFrames: 3 } });
    for (const [css, heard] of [["#toast", () => tab.mirror.emitted.length], ["#go", () => Number(tab.mirror.url === "/other")]] as const) {
      (tab.socket as FakeSocket).stalled = true;
      tab.click(css);
      tab.halfOpen().close(1006);
      await h.advance(5000);
      const lost = tab.openSocket();
      lost.dead = true;
      h.sessions.open(lost);
      h.sessions.message(lost, tab.join());
      await h.advance(5000);
      lost.close(1006);
      expect(heard()).toBe(0);
      await tab.connect();
      expect([tab.how, heard()]).toEqual(["reconciled", 1]);
      tab.cut();
      await tab.connect();
      expect([tab.how, heard()]).toEqual(["replayed", 1]);
    }
  });

  it("S22 scenario 48: a page of 500 kB comes back, replayed and reconciled", async () => {
    const Big = component((setup) => {
      const rows = setup.signal(Array.from({ length: 2000 }, (_, i) => ({ i, text: `${"x".repeat(230)} ${i}` })));
      setup.interval(1000, () => rows.updateWhere((r) => r.i === 7, (r) => ({ ...r, text: `${r.text}!` })));
      return () => html`<ul>${each(rows, (r) => r.i, (r) => html`<li>${r.text}</li>`)}</ul>`;
    });
    const { h, tab } = await opened({ routes: [route("/", Big)], limits: { heldFrames: 5 } });
    const row = tab.mirror.select("li")[1999];
    for (const [ms, how] of [[2000, "replayed"], [20_000, "reconciled"], [1000, "replayed"]] as const) {
      tab.cut();
      await h.advance(ms);
      await tab.connect();
      expect(tab.how).toBe(how);
    }
    expect(tab.text("li:nth-of-type(8)")).toMatch(/ 7!{23}$/);
    expect(tab.mirror.select("li")[1999]).toBe(row);
  });

  it("S22: of 1,000 rows after 100 missed updates one round trip, and at most twice the bytes of the updates", async () => {
    const Rows = component((setup) => {
      const rows = setup.signal(Array.from({ length: 1000 }, (_, i) => ({ i, n: 0 })));
      let at = 0;
      setup.interval(100, () => {
        const i = (at += 7) % 1000;
        rows.setAt(i, { i, n: at });
      });
      return () => html`<ul>${each(rows, (r) => r.i, (r) => html`<li>${r.n}</li>`)}</ul>`;
    });
    let updates = 0;
    const stop = diagnostics.frame.subscribe((m) => void (m.direction === "down" && (updates += m.bytes)));
    const { h, tab } = await opened({ routes: [route("/", Rows)] });
    tab.cut();
    updates = 0;
    tab.bytes = 0;
    const from = tab.sent.length;
    await h.advance(10_000);
    const missed = updates;
    stop();
    await tab.connect();
    expect(tab.sent.slice(from)).toHaveLength(1);
    expect([tab.how, missed > 0, tab.bytes <= 2 * missed]).toEqual(["replayed", true, true]);
  });
});

describe("another document", () => {
  it("S27: F5 takes the session over under its id: the old tree's cleanups run, events of the former epoch are refused", async () => {
    const { h, tab } = await opened();
    const before = cleanups;
    const next = await tab.reload();
    expect([next.how, next.sid, next.epoch > tab.epoch, cleanups - before, h.sessions.count]).toEqual(["restored", tab.sid, true, 1, 1]);
    next.say(encodeEvent(1, 0, tab.epoch, targetOf(tab, "#inc").instance, targetOf(tab, "#inc").slot));
    await next.settled();
    expect(next.errors).toMatchObject([{ code: "VANGO_STALE_EVENT" }]);
    await next.press("#inc");
    expect(next.text("#n")).toBe("1");
  });

  it("S27: F5 before the server has noticed that the former document left", async () => {
    const { h, tab } = await opened();
    const { socket } = tab;
    const next = await tab.reload("late");
    expect([next.how, next.sid, h.sessions.count, socket?.closed?.code]).toEqual(["restored", tab.sid, 1, 4001]);
  });

  it("S28: a duplicated tab gets a session of its own while its original lives on", async () => {
    const { h, browser, tab } = await opened();
    await tab.press("#inc");
    const twin = await browser.open(h, "/", tab.storage.copy());
    expect([twin.how, h.sessions.count]).toEqual(["restored", 2]);
    expect(twin.sid).not.toBe(tab.sid);
    await tab.press("#inc");
    await twin.press("#inc");
    expect([tab.text("#n"), twin.text("#n")]).toEqual(["2", "1"]);
  });
});

describe("detached sessions", () => {
  it("S29 scenario 50: wait for the resume window, timers running, then are parked; the page gets a session in place", async () => {
    const { h, tab } = await opened({ resumeWindowMs: 60_000 });
    const before = cleanups;
    tab.cut();
    await h.advance(59_000);
    expect([h.sessions.count, h.sessions.directory.detached]).toEqual([1, 1]);
    const seen = await watched(() => h.advance(2000));
    expect(seen.map((m) => [m.kind, m.reason])).toEqual([["park", "expired"]]);
    expect([h.sessions.count, cleanups - before]).toEqual([0, 1]);
    await tab.connect();
    expect(tab.how).toBe("restored");
    await tab.press("#inc");
    expect(tab.text("#n")).toBe("1");
  });

  it("S29: count and bytes are bounded, the oldest goes first", async () => {
    const h = house({ limits: { detachedSessions: 3 } });
    const tabs: Tab[] = [];
    for (let i = 0; i < 5; i++) tabs.push(await new Browser().open(h));
    for (const tab of tabs) tab.cut();
    await h.settled();
    expect([h.sessions.count, h.sessions.directory.detached]).toEqual([3, 3]);
    for (const tab of tabs) await tab.connect();
    expect(tabs.map((t) => t.how)).toEqual(["restored", "restored", "replayed", "replayed", "replayed"]);

    const small = house({ limits: { detachedBytes: 15_000 } });
    const many: Tab[] = [];
    for (let i = 0; i < 10; i++) many.push(await new Browser().open(small));
    for (const tab of many) tab.cut();
    await small.settled();
    expect(small.sessions.directory.detachedBytes).toBeLessThanOrEqual(15_000);
    expect(small.sessions.directory.detached).toBeGreaterThan(0);
    expect(small.sessions.directory.detached).toBeLessThan(10);
  });

  it("S29 scenario 71: the 101st session of an address evicts the oldest detached one of it, else it is refused", async () => {
    const h = house({ limits: { sessionsPerIp: 100 } });
    const tabs: Tab[] = [];
    const browser = new Browser("10.1.1.1");
    for (let i = 0; i < 100; i++) tabs.push(await browser.open(h));
    const refused = await browser.open(h);
    expect([refused.refused?.code, (refused.refused?.retry ?? 0) < 0]).toEqual(["VANGO_LIMIT_IP", true]);
    expect((await new Browser("10.1.1.2").open(h)).how).toBe("new");
    tabs[7]?.cut();
    tabs[3]?.cut();
    expect((await browser.open(h)).how).toBe("new");
    await tabs[3]?.connect();
    await tabs[7]?.connect();
    expect(tabs[3]?.how).toBe("replayed");
    // Its session was evicted, and all places are taken.
    expect(tabs[7]?.refused?.code).toBe("VANGO_LIMIT_IP");
    await tabs[0]?.press("#inc");
    expect(tabs[0]?.text("#n")).toBe("1");
  });

  it("S29: at a full address the newcomer takes the place of a session nobody has used, then of the greediest browser's oldest", async () => {
    const h = house({ limits: { sessionsPerIp: 6 } });
    const neighbour = new Browser("10.1.1.1");
    const honest = await neighbour.open(h);
    await honest.press("#inc");
    honest.cut();
    const greedy = new Browser("10.1.1.1");
    const used: Tab[] = [];
    for (let i = 0; i < 4; i++) {
      const tab = await greedy.open(h);
      await tab.press("#inc");
      used.push(tab);
    }
    const unused = await greedy.open(h);
    for (const tab of [...used, unused]) tab.cut();
    await h.settled();
    // Each newcomer stays, so that one more place is taken: the unused page's, then those of who has most, until all have one.
    const newcomers: Tab[] = [];
    for (let i = 0; i < 4; i++) newcomers.push(await new Browser("10.1.1.1").open(h));
    expect(newcomers.map((tab) => tab.how)).toEqual(["new", "new", "new", "new"]);
    expect(h.sessions.directory.detached).toBe(2);
    await used[3]?.connect();
    expect(used[3]?.how).toBe("replayed");
    await honest.connect();
    expect(honest.how).toBe("replayed");
    expect(honest.text("#n")).toBe("1");
    expect((await greedy.open(h)).refused?.code).toBe("VANGO_LIMIT_IP");
  });

  it("S29: what is over leaves nothing: no session, no timer, no count", async () => {
    const { h, browser, tab } = await opened({ resumeWindowMs: 10_000 });
    const twin = await browser.open(h, "/", tab.storage.copy());
    const next = await tab.reload();
    next.cut();
    twin.cut();
    await h.advance(11_000);
    const { directory } = h.sessions;
    expect([directory.count, directory.detached, directory.detachedBytes, directory.ofIp(browser.ip)]).toEqual([0, 0, 0, 0]);
    expect(h.clock.pending).toBe(0);
  });
});

describe("hostile pages", () => {
  it("S20: the sid of another browser is worth nothing, nor is one's own with another nonce", async () => {
    const { h, tab } = await opened();
    const thief = await new Browser().open(h);
    for (const [sid, nonce] of [[tab.sid, tab.nonce], [thief.sid, "document-99999999"], ["x.y", ""], ["", ""]] as const) {
      const socket = thief.openSocket();
      thief.cut();
      thief.socket = socket;
      h.sessions.open(socket);
      const from = thief.got.length;
      thief.say(encodeResume(PROTOCOL_VERSION, 1, 0, 0, sid, nonce));
      await h.settled();
      expect(thief.got[from]?.kind, sid).toBe(8);
    }
    // As a JOIN: a session of its own, and the victim's lives on.
    thief.storage.sid = tab.sid;
    thief.storage.left = tab.nonce;
    const stolen = await thief.browser.open(h, "/", thief.storage);
    expect(stolen.how).toBe("fresh");
    expect(stolen.sid).not.toBe(tab.sid);
    await tab.press("#inc");
    expect(tab.text("#n")).toBe("1");
  });

  it("S20: numbers and epochs that never were are answered by AGAIN, and the page that they come from goes on", async () => {
    const { h, tab } = await opened();
    await tab.press("#inc");
    for (const [epoch, received, sent] of [[tab.epoch, 99, 1], [tab.epoch, 1, 0], [tab.epoch + 1, 1, 1], [0, 0, 0], [2 ** 40, 2 ** 40, 2 ** 40]] as const) {
      const from = tab.got.length;
      tab.cut();
      tab.socket = tab.openSocket();
      h.sessions.open(tab.socket);
      tab.say(encodeResume(PROTOCOL_VERSION, epoch, received, sent, tab.sid, tab.nonce));
      await tab.settled();
      expect(kinds(tab, from).slice(0, 2), String([epoch, received, sent])).toEqual([8, 1]);
      expect(tab.how).toBe("reconciled");
    }
    await tab.press("#inc");
    expect(tab.text("#n")).toBe("2");
  });

  it("S20: another version is refused; RESUME counts once a socket; after AGAIN only JOIN is heard", async () => {
    const { h, tab } = await opened();
    const say = async (...messages: Uint8Array[]): Promise<ReturnType<Tab["openSocket"]>> => {
      const socket = tab.openSocket();
      h.sessions.open(socket);
      for (const bytes of messages) h.sessions.message(socket, bytes);
      await h.settled();
      return socket;
    };
    const wrong = encodeResume(PROTOCOL_VERSION, 9, 9, 9, tab.sid, tab.nonce);
    expect((await say(encodeResume(PROTOCOL_VERSION + 1, 1, 0, 0, tab.sid, tab.nonce))).closed).toMatchObject({ code: 1008, reason: "VANGO_PROTOCOL_VERSION" });
    expect((await say(wrong, wrong)).closed).toMatchObject({ code: 1002 });
    expect((await say(wrong, encodeEvent(1, 0, 1, 1, 0))).closed).toMatchObject({ code: 1002 });
    await tab.press("#inc");
    expect(tab.text("#n")).toBe("1");
  });

  it("S20: a flood of RESUMEs moves the session from socket to socket and leaves one", async () => {
    const { h, tab } = await opened();
    for (let i = 0; i < 150; i++) {
      tab.halfOpen();
      await tab.connect();
    }
    expect([h.sessions.count, tab.how]).toEqual([1, "replayed"]);
    await tab.press("#inc");
    expect(tab.text("#n")).toBe("1");
  });

  it("S20: a JOIN that is played again takes nothing from the page it came from", async () => {
    const { h, browser, tab } = await opened();
    await tab.press("#inc");
    const replayed = tab.join();
    const socket = tab.openSocket();
    h.sessions.open(socket);
    h.sessions.message(socket, replayed);
    await h.settled();
    // Whoever has cookie, nonce and blob is the document: it gets the session, the events that ran are not run again.
    expect(h.sessions.count).toBe(1);
    tab.socket = undefined;
    await tab.connect();
    expect(tab.text("#n")).toBe("1");
    // Of another browser it is nothing.
    const other = new Browser();
    await h.get("/", other.cookies);
    const stranger = await other.open(h);
    const foreign = stranger.openSocket();
    h.sessions.open(foreign);
    h.sessions.message(foreign, replayed);
    await h.settled();
    expect(foreign.closed).toMatchObject({ code: 1008, reason: "VANGO_JOIN_BOOT" });
    expect(browser.cookies.size).toBe(1);
  });
});

function targetOf(tab: Tab, css: string): { instance: number; slot: number } {
  const el = tab.mirror.select(css)[0];
  const found = el && tab.mirror.eventAt(el, "click");
  if (found === undefined) throw new Error(css);
  return found;
}
