/**
 * The acceptance scenarios of persistence and deploys in whole apps, on every store: pages run the shipped client in virtual
 * time, processes are apps with a connection of their own to the same store.
 */
import { randomBytes } from "node:crypto";
import { component, html, sessionKey, tx, type Component } from "@vango/core";
import { blobCodec, NO_SCHEMA, PersistError, type SessionStore } from "@vango/persist";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { App, AppOptions } from "../../src/app-options.js";
import { createApp } from "../../src/create-app.js";
import { diagnostics, type StateMessage } from "../../src/diagnostics.js";
import type { StateBinding, StateBindings } from "../../src/state/bindings.js";
import { mount, type Page } from "../../src/testing/index.js";
import { Rig } from "../../src/testing/rig.js";
import { VirtualClock } from "../../src/testing/virtual-clock.js";
import { fewer } from "../cases.js";
import { route, SECRET } from "../session/raw-client.js";
import { Browser, House, type Tab } from "../session/tab.js";
import { bindings, entry, isNumber, isText } from "./builds.js";
import { bound, STORES, type RunningStore } from "./stores.js";

const seen = sessionKey("seen", { default: 0 });

/** A page that shows what it has. */
function pageOf(key: string, initial: unknown, next: unknown, migrate?: Record<string, (old: unknown) => unknown>): Component<object> {
  return component((setup) => {
    const [local, shared, other] = [setup.signal(0), setup.sharedSignal<unknown>(key, initial, migrate === undefined ? {} : { migrate }), setup.sharedSignal("other", "")];
    const failed = setup.signal("");
    setup.onPersistError((e) => failed.set([e.kind, e.key, e.size, e.limit].filter((part) => part !== undefined).join()));
    const both = (): void => tx(() => {
      other.set("visible?");
      shared.set("x".repeat(70_000));
    });
    return () => html`<main>
      <p id="local">${local}</p><p id="shared">${() => JSON.stringify(shared.get()).slice(0, 30)}</p><p id="other">${other}</p><p id="failed">${failed}</p>
      <p id="seen">${() => seen.get(setup.ctx)}</p>
      <button id="inc" onClick=${() => local.inc()}>i</button>
      <button id="set" onClick=${() => { shared.set(next); seen.set(setup.ctx, 1); }}>s</button>
      <button id="big" onClick=${() => shared.set("x".repeat(70_000))}>b</button>
      <button id="odd" onClick=${() => shared.set({ odd: () => undefined })}>o</button>
      <button id="both" onClick=${both}>2</button>
    </main>`;
  });
}

const FIRST = pageOf("value", 0, 7);
const extras = (): StateBinding[] => [entry("other", "app#Other", "o1", isText), entry("seen", "app#Seen", "s1", isNumber, { kind: "session" })];
const state = (...all: StateBinding[]): StateBindings => bindings([...all, ...extras()]);
const OLD = state(entry("value", "app#Value", "h1", isNumber));

describe.each(STORES)("%s", (name, start) => {
  let running: RunningStore;
  const stores: SessionStore[] = [];
  beforeAll(async () => {
    running = await start();
  }, 120_000);
  afterAll(async () => {
    for (const store of stores) await store.close();
    await running.stop();
  }, 60_000);

  const connect = (): SessionStore => {
    const store = running.connect();
    stores.push(store);
    return store;
  };
  let shared: SessionStore | undefined;
  /** One connection for processes that live in one time. */
  const store = (): SessionStore => (shared ??= connect());

  interface Process {
    readonly app: App;
    readonly errors: string[];
  }
  function start1(page: Component<object>, o: Partial<AppOptions> = {}): Process {
    const errors: string[] = [];
    const app = createApp({ routes: { buildId: "b", routes: [route("/", page)] }, secret: SECRET, store: store(), onError: (e) => void errors.push(e.code), ...o });
    return { app, errors };
  }
  const open = async (app: App): Promise<Page> => {
    const page = await mount(app, "/");
    onTestFinished(() => page.close().catch(() => undefined));
    return page;
  };
  const text = (page: Page, id: string): string => page.locator(`#${id}`).text();
  const click = async (page: Page, ...ids: string[]): Promise<void> => {
    for (const id of ids) await page.locator(`#${id}`).click();
    await page.clock.advance(100);
    await page.settled();
  };
  const said = (): StateMessage[] => {
    const all: StateMessage[] = [];
    onTestFinished(diagnostics.state.subscribe((message) => void all.push(message)));
    return all;
  };

  it(`scenario 50 (${name}): when the resume window has passed the tab gets its page back with what is persisted`, async () => {
    const { app } = start1(FIRST);
    const page = await open(app);
    await click(page, "inc", "set");
    await page.disconnect();
    await page.clock.advance(6 * 60_000);
    expect(await page.resume()).toBe("restored");
    expect([text(page, "local"), text(page, "shared"), text(page, "seen"), page.reloads]).toEqual(["0", "7", "1", 0]);
  });

  it(`scenario 56 (${name}): after a kill and a restart the shared value is there, the local one is not`, async () => {
    const first = start1(FIRST);
    const page = await open(first.app);
    await click(page, "inc", "set");
    expect([text(page, "local"), text(page, "shared")]).toEqual(["1", "7"]);
    await page.disconnect();
    Rig.of(first.app, () => new VirtualClock(0)).kill();
    expect(await page.resume({ app: start1(FIRST).app })).toBe("restored");
    expect([text(page, "local"), text(page, "shared"), text(page, "seen")]).toEqual(["0", "7", "1"]);
  });

  /** A page of one build that has set its value, drained, and met by another build. */
  async function deployed(to: { page: Component<object>; state: StateBindings }, from = { page: FIRST, state: OLD }): Promise<Process & { page: Page; how: string }> {
    const before = start1(from.page, { state: from.state });
    const page = await open(before.app);
    await click(page, "set");
    await page.disconnect();
    await before.app.drain();
    const after = start1(to.page, { state: to.state, routes: { buildId: "c", routes: [route("/", to.page)] } });
    const how = await page.resume({ app: after.app });
    await page.clock.advance(100);
    await page.settled();
    return { ...after, page, how };
  }

  it(`scenario 58 (${name}): a value that is new begins with its default, the others are there`, async () => {
    const next = component((setup) => {
      const [value, more] = [setup.sharedSignal("value", 0), setup.sharedSignal("more", "none")];
      return () => html`<p id="shared">${value}</p><p id="more">${more}</p>`;
    });
    const { page, how, errors } = await deployed({ page: next, state: state(entry("value", "app#Value", "h1", isNumber), entry("more", "app#More", "m1", isText)) });
    expect([how, text(page, "shared"), text(page, "more"), errors]).toEqual(["restored", "7", "none", []]);
  });

  it(`scenario 59, 61 (${name}): of a type that changed without a way the page begins anew, once, in place, and is told`, async () => {
    const messages = said();
    const to = { page: pageOf("value", "anew", "again"), state: state(entry("value", "app#Value", "h2", isText, { previous: ["h1"] })) };
    const { page, how, errors, app } = await deployed(to);
    expect([how, text(page, "shared"), errors, page.errors().map((e) => e.code), page.reloads]).toEqual(["fresh", '"anew"', ["VANGO_STATE_COLD"], ["VANGO_STATE_COLD"], 0]);
    expect(messages).toMatchObject([{ kind: "cold", key: "value" }]);
    await click(page, "set");
    await page.disconnect();
    await app.drain();
    const again = start1(to.page, { state: to.state });
    expect(await page.resume({ app: again.app })).toBe("restored");
    expect([text(page, "shared"), again.errors]).toEqual(['"again"', []]);
  });

  it(`scenario 60 (${name}): under a stable schema id, a former key or with a migration the data is still there`, async () => {
    const ways: readonly (readonly [Component<object>, StateBinding, string])[] = [
      [pageOf("value", 0, 8), entry("value", "app#Value", "h2", isNumber, { previous: ["h1"], reads: ["h1"] }), "7"],
      [pageOf("renamed", 0, 8), entry("renamed", "app#Value", "h1", isNumber, { aliases: ["value"] }), "7"],
      [pageOf("value", "", "x", { "app#Value": (old) => `${String(old)} kept` }), entry("value", "shop:Value:v2", "h3", isText, { migrates: ["app#Value"] }), '"7 kept"'],
    ];
    for (const [page, value, shown] of ways) {
      const met = await deployed({ page, state: state(value) });
      expect([met.how, text(met.page, "shared"), met.errors]).toEqual(["restored", shown, []]);
    }
  });

  it(`scenario 61 (${name}): a rollback sends the page elsewhere, then it begins anew; the newer record is as it was`, async () => {
    const newer = { page: pageOf("value", "", "newer"), state: state(entry("value", "app#Value", "h2", isText, { previous: ["h1"] })) };
    const messages = said();
    const { page, how, errors, app } = await deployed({ page: FIRST, state: OLD }, newer);
    expect([how, text(page, "shared"), errors, messages.map((m) => m.kind)]).toEqual(["fresh", "0", ["VANGO_STATE_COLD"], Array(6).fill("newer")]);
    await click(page, "set");
    expect(text(page, "shared")).toBe("7");
    await app.drain();
  });

  it(`scenario 62 (${name}): a value over its budget, one that cannot be encoded, a session over its budget: refused, the previous value stays, the app knows kind, key, size and limit`, async () => {
    const { app } = start1(FIRST, { limits: { persistedSessionBytes: 66_000 } });
    const page = await open(app);
    await click(page, "set", "big");
    expect(text(page, "failed")).toMatch(/^value-budget,value,70\d\d\d,65536$/);
    await click(page, "odd");
    expect(text(page, "failed")).toBe("codec,value");
    const full = start1(pageOf("value", "", "y".repeat(65_400)), { limits: { persistedSessionBytes: 65_450 } });
    const other = await open(full.app);
    await click(other, "set");
    expect(text(other, "failed")).toMatch(/^session-budget,seen,\d+,65450$/);
    expect([text(page, "shared"), text(other, "shared"), text(other, "seen")]).toEqual(["7", '""', "0"]);
    // The store has what the pages show.
    await page.disconnect();
    await app.drain();
    expect(await page.resume({ app: start1(FIRST).app })).toBe("restored");
    expect(text(page, "shared")).toBe("7");
  });

  it(`scenario 62 (${name}): while the store fails values stay in memory, the app knows, and what it has is written when the store is back`, async () => {
    const messages = said();
    let down = false;
    const real = store();
    const fragile: SessionStore = { ...bound(real), commit: (...args) => (down ? Promise.reject(new PersistError("storage", { message: "down" })) : real.commit(...args)), create: (...args) => (down ? Promise.reject(new Error("gone")) : real.create(...args)) };
    const { app, errors } = start1(FIRST, { store: fragile });
    const page = await open(app);
    down = true;
    await click(page, "set");
    expect([text(page, "shared"), text(page, "failed"), errors]).toEqual(["7", "storage,", ["VANGO_PERSIST_STORAGE"]]);
    down = false;
    await page.clock.advance(10_000);
    await page.settled();
    expect(messages.map((m) => m.kind)).toEqual(["unsaved", "saved"]);
    await page.disconnect();
    await app.drain();
    const after = start1(FIRST, { store: { ...fragile } });
    expect(await page.resume({ app: after.app })).toBe("restored");
    expect(text(page, "shared")).toBe("7");
  });

  it(`scenario 63 (${name}): of two writes of a transaction whose second fails neither is visible nor stored`, async () => {
    const first = start1(FIRST);
    const page = await open(first.app);
    await click(page, "set", "both");
    expect([text(page, "shared"), text(page, "other")]).toEqual(["7", ""]);
    await page.disconnect();
    await first.app.drain();
    expect(await page.resume({ app: start1(FIRST).app })).toBe("restored");
    expect([text(page, "shared"), text(page, "other")]).toEqual(["7", ""]);
  });

  // ---- what somebody did to the bytes

  /** Writes into a record past the app, as a broken disk or somebody with access to the store does. */
  async function tampered(id: string, change: (blob: Uint8Array, whole: ReadonlyMap<string, Uint8Array>) => Uint8Array, what: "value" | "meta"): Promise<void> {
    const claim = await store().claim(id, { owner: "somebody" });
    if (!claim.ok) throw new Error(claim.reason);
    const { values, meta, epoch } = claim.record;
    const blob = values.get("shared:value");
    if (blob === undefined) throw new Error("no value");
    await (what === "meta" ? store().commit(id, epoch, new Map(), change(meta, values)) : store().commit(id, epoch, new Map([["shared:value", change(blob, values)]])));
    await store().release(id, epoch);
  }
  const flip = (at: number) => (blob: Uint8Array): Uint8Array => blob.map((byte, i) => (i === (at + blob.length) % blob.length ? byte ^ 1 : byte));
  const WAYS: readonly (readonly [reason: string, change: (blob: Uint8Array, whole: ReadonlyMap<string, Uint8Array>) => Uint8Array])[] = [
    ["truncated", (blob) => blob.subarray(0, 9)],
    ["truncated", () => new Uint8Array()],
    ["tampered", (blob) => blob.subarray(0, -1)],
    ["tampered", flip(-33)],
    ["tampered", flip(-1)],
    ["foreign", () => new Uint8Array(randomBytes(80)).fill(0x7b, 0, 1)],
    ["future", (blob) => flip(1)(blob)],
    ["unknown-key", flip(4)],
    ["tampered", (_blob, whole) => whole.get("session:seen") ?? new Uint8Array()],
    ["unknown-key", () => blobCodec({ secrets: ["a stranger's secret of more than 32 characters"] }).seal(Uint8Array.of(7), NO_SCHEMA, "anywhere")],
  ];

  it(`PS2, scenario 64 (${name}): a corrupted, cut, moved, foreign or future blob is counted, logged and set aside, and the page begins anew under another id`, async () => {
    const messages = said();
    for (const what of ["value", "meta"] as const) {
      for (const [reason, change] of WAYS) {
        messages.length = 0;
        const house = new House({ routes: [route("/", FIRST)], store: store() });
        const tab = await joined(new Browser().open(house));
        tab.click("#set");
        await until(() => tab.text("#shared") === "7");
        await house.sessions.drain();
        const { sid } = tab;
        const id = sid.split(".")[1] ?? "";
        await tampered(id, change, what);
        const before = await store().load(id);
        const next = new House({ routes: [route("/", FIRST)], store: store() });
        await tab.connect(next);
        await until(() => tab.how === "fresh");
        expect([tab.sid.split(".")[1] === id, tab.text("#shared"), next.errors.map((e) => e.code), messages], `${what} ${reason}`).toEqual([false, "0", ["VANGO_PERSIST_BLOB"], [{ kind: "unreadable", reason }]]);
        // Set aside: as it was.
        expect(await store().load(id), `${what} ${reason}`).toEqual(before);
        await next.sessions.drain();
      }
    }
  });

  it(`scenario 65 (${name}): of two processes that hold one session the newer owner alone writes; the other drops it`, async () => {
    const [a, b] = [new House({ routes: [route("/", FIRST)], store: connect() }), new House({ routes: [route("/", FIRST)], store: connect() })];
    const tab = await joined(new Browser().open(a));
    tab.click("#set");
    await until(() => tab.text("#shared") === "7");
    await a.advance(100);
    await until(async () => (await store().load(tab.sid.split(".")[1] ?? "")) !== null);
    const old = tab.halfOpen();
    const id = tab.sid.split(".")[1] ?? "";
    await tab.connect(b);
    await until(() => tab.how === "restored");
    const epoch = (await store().load(id))?.epoch;
    // The former owner goes on, unaware: what its turns write reaches nobody.
    const session = a.sessions.directory.get(id);
    session?.loop.turn(() => session.loop.sharedCell<unknown>("other", "", undefined).set("from the past"));
    await a.advance(1000);
    await until(() => a.sessions.count === 0);
    expect(old.closed?.code).toBe(4002);
    tab.click("#inc");
    await until(() => tab.text("#local") === "1");
    await b.sessions.drain();
    const record = await store().load(id);
    expect([record?.epoch, [...(record?.values.keys() ?? [])].sort()]).toEqual([epoch, ["session:seen", "shared:value"]]);
  });

  it(`scenario 65 (${name}): of many processes that claim one session at once one has it`, async () => {
    const houses = Array.from({ length: 4 }, () => new House({ routes: [route("/", FIRST)], store: connect() }));
    const [first] = houses as [House];
    const tab = await joined(new Browser().open(first));
    tab.click("#set");
    await until(() => tab.text("#shared") === "7");
    await first.sessions.drain();
    const id = tab.sid.split(".")[1] ?? "";
    const browser = first.app.http.cookie.read([...tab.browser.cookies].map(([key, value]) => `${key}=${value}`).join("; ")) ?? "";
    const found = await Promise.all(houses.slice(1).map((house) => house.sessions.keeper.claim(id, browser, "")));
    const epochs = found.flatMap((each) => (each.kind === "restored" ? [each.from.storeEpoch ?? 0] : []));
    expect(epochs.length).toBeGreaterThan(0);
    // Whoever claimed last may write, nobody else.
    const latest = Math.max(...epochs);
    const results = await Promise.all(epochs.map(async (epoch) => [epoch, (await store().commit(id, epoch, new Map())).ok] as const));
    expect(results.filter(([, ok]) => ok)).toEqual([[latest, true]]);
  });

  it(`S31, scenario 53 (${name}): 1,000 tabs of a process that goes away find their state in another, each after a time of its own`, async () => {
    const TABS = fewer(1000);
    const options = { routes: [route("/", component((setup) => {
      const kept = setup.sharedSignal("kept", 0);
      return () => html`<p id="kept">${kept}</p><button id="keep" onClick=${() => kept.inc()}>+</button>`;
    }))], limits: { sessionsPerIp: 5000 }, clock: new VirtualClock(0), store: store() };
    const [a, b] = [new House(options), new House(options)];
    const tabs: Tab[] = [];
    const many = async (work: (i: number) => Promise<void>): Promise<void> => {
      for (let from = 0; from < TABS; from += 100) await Promise.all(Array.from({ length: 100 }, (_, k) => work(from + k)));
    };
    await many(async (i) => {
      const tab = await joined(new Browser().open(a));
      for (let k = 0; k < i % 3; k++) tab.click("#keep");
      tabs[i] = tab;
    });
    await a.settled();
    await a.sessions.drain();
    expect([a.sessions.count, a.clock.pending]).toEqual([0, 0]);
    await until(() => tabs.every((tab) => tab.refused !== undefined));
    const retries = tabs.map((tab) => tab.refused?.retry ?? 0);
    expect(tabs.every((tab) => tab.refused?.code === "VANGO_DRAINING" && tab.socket === undefined)).toBe(true);
    expect(new Set(retries).size).toBeGreaterThan(TABS / 2);
    expect(Math.max(...retries) - Math.min(...retries)).toBeGreaterThan(4000);
    // Meanwhile the draining process takes nobody, and says so.
    expect((await new Browser().open(a)).refused).toMatchObject({ code: "VANGO_DRAINING" });
    await many(async (i) => {
      const tab = tabs[i] as Tab;
      tab.how = "";
      await tab.connect(b);
      await until(() => tab.how !== "");
    });
    expect(tabs.filter((tab) => tab.how === "restored")).toHaveLength(TABS);
    expect(tabs.every((tab, i) => tab.text("#kept") === String(i % 3) && tab.unknown === 0)).toBe(true);
    expect(b.sessions.count).toBe(TABS);
    await b.sessions.drain();
  }, 120_000);

  it(`PS10, PS13, scenario 67 (${name}): a global value that one process changes shows in the sessions of another within a second, and a process that has no bus says so once`, async () => {
    const key = `motd-${randomBytes(4).toString("hex")}`;
    const page = component((setup) => {
      const motd = setup.globalSignal(key, "hello");
      return () => html`<p id="motd">${motd}</p><button id="news" onClick=${() => motd.update((before) => `${before}!`)}>n</button>`;
    });
    const buses = [running.bus(), running.bus()];
    onTestFinished(async () => void (await Promise.all(buses.map((bus) => bus.close()))));
    const [a, b] = buses.map((bus) => start1(page, { store: connect(), bus }).app) as [App, App];
    const [one, two] = [await open(a), await open(b)];
    await one.locator("#news").click();
    await until(() => text(two, "motd") === "hello!");
    await two.locator("#news").click();
    await until(() => text(one, "motd") === "hello!!");
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    onTestFinished(() => warned.mockRestore());
    const [c, d] = [start1(page, { store: connect() }).app, start1(page, { store: connect() }).app];
    const [three, four] = [await open(c), await open(d)];
    await until(() => text(three, "motd") === "hello!!" && text(four, "motd") === "hello!!");
    let before = (await store().load(`g:${key}`))?.epoch;
    // Nobody tells them: each meets the other's write when it writes itself.
    let shown = "hello!!";
    for (const each of [three, four, three, four, three]) {
      await each.locator("#news").click();
      shown += "!";
      await until(() => text(each, "motd") === shown);
      await until(async () => (await store().load(`g:${key}`))?.epoch !== before);
      before = (await store().load(`g:${key}`))?.epoch;
    }
    // Once in each of the two processes.
    expect(warned.mock.calls.map(([line]) => /without a bus/.test(String(line)))).toEqual([true, true]);
  });
});

/** The tab has joined: real stores need real turns of the event loop. */
async function joined(opening: Promise<Tab>): Promise<Tab> {
  const tab = await opening;
  await until(() => tab.how !== "");
  return tab;
}

/** Lets what is under way come to its end; the test's own time bounds it. */
async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setImmediate(resolve));
}
