/**
 * What is persisted outlives its session (S27–S32): parked and found again, taken over by another process, copied for a duplicated
 * tab, shown by the GET of a reload. Two houses on one store are two processes.
 */
import { component, each, html, sessionKey } from "@vango/core";
import { encodeEvent } from "@vango/core/protocol";
import { memoryStore } from "@vango/persist";
import { describe, expect, it } from "vitest";
import type { Middleware } from "../../src/router/types.js";
import { VirtualClock } from "../../src/testing/virtual-clock.js";
import { route } from "./raw-client.js";
import { Browser, House, TabStorage, type HouseOptions, type Tab } from "./tab.js";

const theme = sessionKey("theme", { default: "light" });

const Page = component((setup) => {
  const n = setup.signal(0);
  const kept = setup.sharedSignal("kept", 0);
  const rows = setup.sharedSignal<readonly number[]>("rows", [1, 2, 3]);
  return () => html`<main>
    <p id="n">${n}</p><p id="kept">${kept}</p><p id="theme">${() => theme.get(setup.ctx)}</p>
    <button id="inc" onClick=${() => n.inc()}>+</button>
    <button id="keep" onClick=${() => kept.inc()}>+</button>
    <button id="dark" onClick=${() => theme.set(setup.ctx, "dark")}>d</button>
    <button id="shift" onClick=${() => rows.update((all) => all.slice(1))}>s</button>
    <input id="in">
    <ul>${each(rows, (r) => `row${r}`, (r) => html`<li>${r}</li>`)}</ul>
  </main>`;
});

const ROUTES = [route("/", Page)];

/** Processes that share a store and a clock. */
function world(o: Omit<Partial<HouseOptions>, "store" | "clock"> = {}): (over?: Partial<HouseOptions>) => House {
  const clock = new VirtualClock(0);
  const store = memoryStore();
  return (over = {}) => new House({ routes: ROUTES, ...o, clock, store, ...over });
}

describe("the same process", () => {
  it("S29 scenario 50: a parked session is restored in place: persisted values kept, local ones start anew, nodes stay", async () => {
    const h = world()();
    const tab = await new Browser().open(h);
    for (const css of ["#inc", "#keep", "#keep", "#dark", "#shift"]) await tab.press(css);
    const row = tab.mirror.select("li")[1];
    const { sid, epoch } = tab;
    tab.cut();
    tab.click("#inc");
    await h.advance(6 * 60_000);
    expect(h.sessions.count).toBe(0);
    await tab.connect();
    expect([tab.how, tab.sid, tab.epoch > epoch, tab.unknown]).toEqual(["restored", sid, true, 1]);
    expect([tab.text("#n"), tab.text("#kept"), tab.text("#theme"), tab.text("li")]).toEqual(["0", "2", "dark", "2"]);
    expect(tab.mirror.select("li")[1]?.textContent).toBe(row?.textContent);
    await tab.press("#keep");
    expect(tab.text("#kept")).toBe("3");
  });

  it("S27 S32: F5 keeps what is persisted, and its first HTML shows it: the join needs no frame", async () => {
    const h = world()();
    const tab = await new Browser().open(h);
    await tab.press("#keep");
    await tab.press("#inc");
    for (const how of ["cut", "late"] as const) {
      const next = await tab.reload(how);
      expect(next.html).toContain('<p id="kept">1</p>');
      expect([next.how, next.sid, next.got.map((m) => m.kind)]).toEqual(["restored", tab.sid, [1]]);
      expect([next.text("#n"), next.text("#kept"), h.sessions.count]).toEqual(["0", "1", 1]);
      next.cut();
      await tab.connect();
      expect(tab.how).toBe("restored");
    }
  });

  it("S32: the cookie of a tab gives another browser, another user and a forger nothing, and takes nothing over", async () => {
    let user: unknown;
    const middleware: Middleware = (ctx, next) => {
      ctx.user = user;
      return next();
    };
    const h = world({ routes: [route("/", Page, { middleware: [() => Promise.resolve({ middleware })] })] })();
    user = { id: 1 };
    const browser = new Browser();
    const tab = await browser.open(h);
    await tab.press("#keep");
    const asked = async (cookies: Map<string, string>, sid: string): Promise<string> => {
      const own = new Map(cookies).set("vango_tab", sid);
      return /id="kept">(\d)/.exec(await h.get("/", own))?.[1] ?? "";
    };
    const other = new Browser();
    await h.get("/", other.cookies);
    expect(await asked(browser.cookies, tab.sid)).toBe("1");
    expect(await asked(other.cookies, tab.sid)).toBe("0");
    expect(await asked(browser.cookies, "nonsense")).toBe("0");
    expect(await asked(browser.cookies, "aaaaaaaa.aaaaaaaaaaaaaaaa")).toBe("0");
    user = { id: 2 };
    expect(await asked(browser.cookies, tab.sid)).toBe("0");
    user = { id: 1 };
    await tab.press("#keep");
    expect([tab.text("#kept"), h.sessions.count]).toEqual(["2", 1]);
    // Once it is parked the record is read, and left where it is.
    tab.cut();
    await h.advance(6 * 60_000);
    expect([await asked(browser.cookies, tab.sid), await asked(other.cookies, tab.sid)]).toEqual(["2", "0"]);
    await tab.connect();
    expect([tab.how, tab.text("#kept")]).toEqual(["restored", "2"]);
  });

  it("S28: a duplicated tab starts with a copy; from then on each has its own", async () => {
    const h = world()();
    const browser = new Browser();
    const tab = await browser.open(h);
    await tab.press("#keep");
    const twin = await browser.open(h, "/", tab.storage.copy());
    await h.advance(1000);
    await twin.press("#keep");
    await twin.press("#keep");
    expect([twin.how, twin.text("#kept"), tab.text("#kept")]).toEqual(["restored", "3", "1"]);
    // Both survive by themselves.
    for (const t of [tab, twin]) t.cut();
    await h.advance(6 * 60_000);
    for (const t of [tab, twin]) await t.connect();
    expect([tab.text("#kept"), twin.text("#kept")]).toEqual(["1", "3"]);
  });

  it("S29: a session whose store fails while it is parked is told to the app, and ends", async () => {
    const store = memoryStore();
    const h = new House({ routes: ROUTES, store: { ...bound(store), create: () => Promise.reject(new Error("disk full")) } });
    const tab = await new Browser().open(h);
    tab.cut();
    await h.advance(6 * 60_000);
    expect(h.errors.some((e) => e.message.includes("disk full"))).toBe(true);
    expect(h.sessions.count).toBe(0);
    await tab.connect();
    expect(tab.how).toBe("fresh");
  });
});

describe("before-ack", () => {
  it("S33: nothing is shown or acknowledged before the store has it, also not to a page that comes back meanwhile", async () => {
    const store = memoryStore();
    const waiting: (() => void)[] = [];
    let slow = false;
    const late = <R>(work: () => Promise<R>): Promise<R> => (slow ? new Promise<void>((resolve) => waiting.push(resolve)).then(work) : work());
    const h = new House({
      routes: ROUTES,
      durability: "before-ack",
      store: { ...bound(store), commit: (...args) => late(() => store.commit(...args)), create: (...args) => late(() => store.create(...args)) },
    });
    const tab = await new Browser().open(h);
    await tab.press("#keep");
    await h.settled();
    expect([tab.text("#kept"), tab.inFlight]).toEqual(["1", 0]);
    slow = true;
    await tab.press("#keep");
    expect([tab.text("#kept"), tab.inFlight]).toEqual(["1", 1]);
    tab.cut();
    await tab.connect();
    expect([tab.text("#kept"), tab.inFlight]).toEqual(["1", 1]);
    // Nor does a document that is loaded anew.
    expect(await h.get("/", new Map(tab.browser.cookies).set("vango_tab", tab.sid))).toMatch(/id="kept"[^>]*>1</);
    slow = false;
    for (const go of waiting.splice(0)) go();
    await tab.settled();
    expect([tab.how, tab.text("#kept"), tab.inFlight]).toEqual(["replayed", "2", 0]);
    await tab.press("#keep");
    expect(tab.text("#kept")).toBe("3");
  });
});

describe("another process", () => {
  it("S30: a process that dies leaves what it has written: restored as a new epoch, with events applied, lost or unknown", async () => {
    const at = world();
    const a = at();
    const tab = await new Browser().open(a);
    await tab.press("#keep");
    await tab.press("#keep");
    await a.advance(100);
    // Applied and answered, the answer was lost; not written either.
    tab.click("#inc");
    tab.halfOpen();
    tab.click("#inc");
    const b = at();
    const { epoch } = tab;
    await tab.connect(b);
    expect([tab.how, tab.epoch > epoch, tab.text("#kept"), tab.text("#n")]).toEqual(["restored", true, "2", "0"]);
    expect(tab.unknown).toBe(2);
    await tab.press("#keep");
    expect(tab.text("#kept")).toBe("3");
    // What is stale is refused, not run on another tree.
    const { instance, slot } = targetOf(tab, "#keep");
    tab.say(encodeEvent(1, 0, epoch, instance, slot));
    await tab.settled();
    expect([tab.errors.at(-1)?.code, tab.text("#kept")]).toEqual(["VANGO_STALE_EVENT", "3"]);
  });

  it("S30: an event whose effect is in the record is known to be applied", async () => {
    const at = world();
    const a = at();
    const tab = await new Browser().open(a);
    tab.click("#keep");
    const dead = tab.halfOpen();
    await a.advance(100);
    dead.close(1006);
    expect(tab.inFlight).toBe(1);
    await tab.connect(at());
    expect([tab.how, tab.text("#kept"), tab.unknown]).toEqual(["restored", "1", 0]);
  });

  it("S30: the former owner is fenced: it drops the session and closes its socket", async () => {
    const at = world();
    const a = at();
    const tab = await new Browser().open(a);
    await tab.press("#keep");
    await a.advance(100);
    const old = tab.halfOpen();
    await tab.connect(at());
    expect(tab.text("#kept")).toBe("1");
    // The half-open page does something on the old process: its write is refused.
    const { instance, slot } = targetOf(tab, "#keep");
    a.sessions.message(old, encodeEvent(2, 0, 1, instance, slot));
    await a.advance(1000);
    expect([a.sessions.count, old.closed?.code]).toEqual([0, 4002]);
    await tab.press("#keep");
    expect(tab.text("#kept")).toBe("2");
  });

  it("S31: a store that hangs does not hold the drain longer than drainMs", async () => {
    const h = new House({ routes: ROUTES, limits: { drainMs: 2000 }, store: { ...bound(memoryStore()), commit: () => new Promise(() => undefined), release: () => new Promise(() => undefined) } });
    const tab = await new Browser().open(h);
    await tab.press("#keep");
    await h.advance(100);
    await tab.press("#keep");
    const done = h.sessions.drain();
    let ended = false;
    void done.then(() => (ended = true));
    await h.advance(1000);
    expect(ended).toBe(false);
    await h.advance(1100);
    expect(ended).toBe(true);
    await h.settled();
    expect(tab.refused?.code).toBe("VANGO_DRAINING");
  });

  it("S30: a page that this build does not know is left for another process: VANGO_TRY_ELSEWHERE, then a fresh session; the record stays", async () => {
    const at = world();
    const next = at({ buildId: "new", routes: [...ROUTES, route("/new", Page)] });
    const old = at({ buildId: "old" });
    const tab = await new Browser().open(next, "/new");
    await tab.press("#keep");
    await next.sessions.drain();
    const { sid } = tab;
    for (let tries = 1; tries <= 5; tries++) {
      await tab.connect(old);
      expect([tab.refused?.code, tab.tries]).toEqual(["VANGO_TRY_ELSEWHERE", tries]);
    }
    expect(tab.refused?.retry).toBeGreaterThanOrEqual(0);
    await tab.connect(old);
    expect(tab.how).toBe("fresh");
    expect(tab.sid.split(".")[1]).not.toBe(sid.split(".")[1]);
    // The new build finds it where it was.
    const again = await tab.browser.open(at({ buildId: "new", routes: [...ROUTES, route("/new", Page)] }), "/new", new TabStorage(sid));
    expect([again.how, again.text("#kept")]).toEqual(["restored", "1"]);
  });

  it("S30: two documents of a duplicated tab after a restart: the first has the session, the other a copy", async () => {
    const at = world();
    const a = at();
    const browser = new Browser();
    const tab = await browser.open(a);
    await tab.press("#keep");
    await a.sessions.drain();
    const b = at();
    const copy = tab.storage.copy();
    await tab.connect(b);
    const twin = await browser.open(b, "/", copy);
    expect([tab.how, twin.how, twin.text("#kept"), b.sessions.count]).toEqual(["restored", "restored", "1", 2]);
    expect(twin.sid).not.toBe(tab.sid);
  });

  it("S20: a record is found by its browser and its user alone", async () => {
    let user: unknown = "ada";
    const middleware: Middleware = (ctx, next) => {
      ctx.user = user;
      return next();
    };
    const at = world({ routes: [route("/", Page, { middleware: [() => Promise.resolve({ middleware })] })] });
    const a = at();
    const tab = await new Browser().open(a);
    await tab.press("#keep");
    await a.sessions.drain();
    const thief = await new Browser().open(at(), "/", tab.storage.copy());
    expect([thief.how, thief.text("#kept")]).toEqual(["fresh", "0"]);
    user = "bob";
    const [, id = ""] = tab.sid.split(".");
    const before = await a.core.state.store.load(id);
    const other = await tab.browser.open(at(), "/", tab.storage.copy());
    expect([other.how, other.text("#kept")]).toEqual(["fresh", "0"]);
    // Nor is it taken from whoever holds it.
    expect(await a.core.state.store.load(id)).toEqual(before);
  });
});

/** The methods of a store, to be overridden one by one. */
function bound(store: ReturnType<typeof memoryStore>): ReturnType<typeof memoryStore> {
  const methods = ["create", "commit", "claim", "load", "touch", "release", "delete", "sweep", "stats", "close"] as const;
  const own = Object.fromEntries(methods.map((m) => [m, (store[m] as (...args: unknown[]) => unknown).bind(store)]));
  return { name: store.name, survives: store.survives, ...own } as unknown as ReturnType<typeof memoryStore>;
}

function targetOf(tab: Tab, css: string): { instance: number; slot: number } {
  const el = tab.mirror.select(css)[0];
  const found = el && tab.mirror.eventAt(el, "click");
  if (found === undefined) throw new Error(css);
  return found;
}
