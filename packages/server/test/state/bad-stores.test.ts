/**
 * Stores that do not keep what the port promises (issue "Bad input"): slow, full, read-only, gone, lying about compare and set. Never
 * a crash, never a loss in silence, never half a commit.
 */
import { component, html, tx } from "@vango/core";
import { memoryStore, PersistError, type SessionStore } from "@vango/persist";
import { describe, expect, it } from "vitest";
import { diagnostics, type StateMessage } from "../../src/diagnostics.js";
import { VirtualClock } from "../../src/testing/virtual-clock.js";
import { route } from "../session/raw-client.js";
import { Browser, House, type HouseOptions, type Tab } from "../session/tab.js";
import { bound } from "./stores.js";

const Page = component((setup) => {
  const [a, b] = [setup.sharedSignal("a", 0), setup.sharedSignal("b", 0)];
  const failed = setup.signal("");
  setup.onPersistError((e) => failed.set(`${e.kind} ${e.key}`));
  const both = (): void => tx(() => {
    a.inc();
    b.inc();
  });
  return () => html`<main><p id="n">${a} ${b}</p><p id="failed">${failed}</p><button id="both" onClick=${both}>+</button></main>`;
});

type Operation = "create" | "commit" | "claim" | "load" | "release" | "touch";

class World {
  readonly clock = new VirtualClock(0);
  readonly real = memoryStore();
  readonly messages: StateMessage[] = [];

  house(over: Partial<SessionStore> = {}, o: Partial<HouseOptions> = {}): House {
    return new House({ clock: this.clock, ...o, routes: [route("/", Page)], store: { ...bound(this.real), ...over } });
  }

  async stored(tab: Tab): Promise<readonly string[] | undefined> {
    const record = await this.real.load(tab.sid.split(".")[1] ?? "");
    return record === null ? undefined : [...record.values.keys()];
  }

  /** Runs with the messages of `vango:state` kept. */
  async watched<T>(run: () => Promise<T>): Promise<T> {
    const stop = diagnostics.state.subscribe((message) => void this.messages.push(message));
    try {
      return await run();
    } finally {
      stop();
    }
  }

  get kinds(): readonly string[] {
    return this.messages.map(({ kind }) => kind);
  }
}

const refuses = (message: string, ...operations: readonly Operation[]): Partial<SessionStore> =>
  Object.fromEntries(operations.map((name) => [name, () => Promise.reject(new PersistError("storage", { message }))]));

describe("a store that is", () => {
  it("PS6: full or read-only: pages go on with what they have and are told; when it has room again all of it is there, whole", async () => {
    for (const message of ["disk full", "read-only file system"]) {
      const world = new World();
      let broken = true;
      const failure = (): Promise<never> => Promise.reject(new PersistError("storage", { message }));
      const house = world.house({
        create: (...args) => (broken ? failure() : world.real.create(...args)),
        commit: (...args) => (broken ? failure() : world.real.commit(...args)),
      });
      const tab = await new Browser().open(house);
      await world.watched(async () => {
        for (let i = 0; i < 3; i++) {
          await tab.press("#both");
          await house.advance(1000);
        }
        expect([tab.text("#n"), tab.text("#failed"), await world.stored(tab)]).toEqual(["3 3", "storage ", undefined]);
        broken = false;
        await house.advance(10_000);
      });
      expect([await world.stored(tab), world.kinds, house.errors.map((e) => e.code)]).toEqual([["shared:a", "shared:b"], ["unsaved", "saved"], ["VANGO_PERSIST_STORAGE"]]);
    }
  });

  it("PS6: gone while a page comes back: the page waits and comes again, its record is not given up", async () => {
    const world = new World();
    const first = world.house();
    const tab = await new Browser().open(first);
    await tab.press("#both");
    await first.sessions.drain();
    for (const operations of [["load"], ["claim"]] as const) {
      const house = world.house(refuses("gone", ...operations));
      await tab.connect(house);
      await house.settled();
      expect([tab.refused?.code, tab.refused?.retry, house.errors.map((e) => e.code), house.sessions.count]).toEqual(["VANGO_JOIN_FAILED", 5000, ["VANGO_PERSIST_STORAGE"], 0]);
    }
    await tab.connect(world.house());
    expect([tab.how, tab.text("#n")]).toEqual(["restored", "1 1"]);
  });

  it("PS6: gone while a GET asks for a tab's values: the page shows its defaults and its join repairs them", async () => {
    const world = new World();
    const first = world.house();
    const tab = await new Browser().open(first);
    await tab.press("#both");
    await first.sessions.drain();
    const house = world.house(refuses("gone", "load"));
    expect(await house.get("/", new Map(tab.browser.cookies).set("vango_tab", tab.sid))).toContain("0 0");
    expect(house.errors.map((e) => e.code)).toEqual(["VANGO_PERSIST_STORAGE"]);
  });

  it("PS4: slow: writes of one record do not overtake each other, and what came meanwhile is one more", async () => {
    const world = new World();
    const under: number[] = [];
    let now = 0;
    const late = async <T>(run: () => Promise<T>): Promise<T> => {
      under.push(++now);
      await new Promise<void>((resolve) => void world.clock.setTimer(3000, resolve));
      now--;
      return run();
    };
    const house = world.house({ create: (...args) => late(() => world.real.create(...args)), commit: (...args) => late(() => world.real.commit(...args)) });
    const tab = await new Browser().open(house);
    for (let i = 0; i < 20; i++) {
      await tab.press("#both");
      await house.advance(100);
    }
    await house.advance(10_000);
    expect([tab.text("#n"), under]).toEqual(["20 20", [1, 1]]);
    tab.cut();
    const drained = house.sessions.drain();
    await house.settled();
    await house.advance(5000);
    await drained;
    await tab.connect(world.house());
    expect([tab.how, tab.text("#n")]).toEqual(["restored", "20 20"]);
  });
});

describe("a store that lies about compare and set", () => {
  const joined = async (world: World, house: House): Promise<Tab> => {
    const tab = await new Browser().open(house);
    await tab.press("#both");
    await house.advance(100);
    expect(await world.stored(tab)).toEqual(["shared:a", "shared:b"]);
    return tab;
  };

  it("PS7: says fenced though nobody has taken over: the session gives way, is told, and the page finds what was stored", async () => {
    const world = new World();
    let lies = false;
    const house = world.house({ commit: (...args) => (lies ? Promise.resolve({ ok: false, reason: "fenced" }) : world.real.commit(...args)) });
    const tab = await joined(world, house);
    lies = true;
    await world.watched(async () => {
      await tab.press("#both");
      await house.advance(100);
    });
    expect([house.sessions.count, world.kinds, tab.socket]).toEqual([0, ["fenced"], undefined]);
    await tab.connect(world.house());
    expect([tab.how, tab.text("#n")]).toEqual(["restored", "1 1"]);
  });

  it("PS6: says missing though the record is there: it is taken back, not made twice and not lost", async () => {
    const world = new World();
    let lies = 0;
    const house = world.house({ commit: (...args) => (lies-- > 0 ? Promise.resolve({ ok: false, reason: "missing" }) : world.real.commit(...args)) });
    const tab = await joined(world, house);
    lies = 1;
    await tab.press("#both");
    await house.advance(100);
    expect(house.sessions.count).toBe(1);
    await house.sessions.drain();
    await tab.connect(world.house());
    expect([tab.how, tab.text("#n")]).toEqual(["restored", "2 2"]);
  });

  it("PS6: says ok and keeps nothing: what a page gets then is one whole commit, an older one", async () => {
    const world = new World();
    let lies = false;
    const house = world.house({ commit: (...args) => (lies ? Promise.resolve({ ok: true, size: 1 }) : world.real.commit(...args)) });
    const tab = await joined(world, house);
    lies = true;
    for (let i = 0; i < 3; i++) await tab.press("#both");
    await house.sessions.drain();
    await tab.connect(world.house());
    expect([tab.how, tab.text("#n")]).toEqual(["restored", "1 1"]);
  });

  it("PS7: gives a claim to two: the store's epoch still lets one of them write", async () => {
    const world = new World();
    const tab = await joined(world, world.house());
    const id = tab.sid.split(".")[1] ?? "";
    // Both claims win although both named the same epoch.
    const careless: Partial<SessionStore> = { claim: (one, { owner }) => world.real.claim(one, { owner }) };
    const [a, b] = [world.house(careless), world.house(careless)];
    const twin = tab.storage.copy();
    tab.cut();
    await tab.connect(a);
    const other = await tab.browser.open(b, "/", twin);
    expect([tab.text("#n"), other.text("#n")]).toEqual(["1 1", "1 1"]);
    await other.press("#both");
    await tab.press("#both");
    await a.advance(1000);
    expect([a.sessions.count, b.sessions.count, tab.socket]).toEqual([0, 1, undefined]);
    await b.sessions.drain();
    expect((await world.real.load(id))?.values.size).toBe(2);
    await tab.connect(world.house());
    expect(tab.text("#n")).toBe("2 2");
  });

  it("PS6: create says exists for an id that nobody has: the session gives way rather than write over it", async () => {
    const world = new World();
    const house = world.house({ create: () => Promise.resolve({ ok: false, reason: "exists" }) });
    const tab = await new Browser().open(house);
    await tab.press("#both");
    await house.advance(100);
    expect([house.sessions.count, await world.stored(tab)]).toEqual([0, undefined]);
    const next = world.house();
    await tab.connect(next);
    expect([tab.how, tab.text("#n")]).toEqual(["fresh", "0 0"]);
  });
});
