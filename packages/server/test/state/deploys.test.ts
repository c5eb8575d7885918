/**
 * What becomes of a tab's saved state when another version of the app meets it (SPEC.md PS16–PS19): houses on one store are
 * processes, and each has the bindings of its build.
 */
import { component, html, type Component } from "@vango/core";
import { memoryStore, type SessionStore } from "@vango/persist";
import { describe, expect, it } from "vitest";
import type { StateBindings } from "../../src/state/bindings.js";
import { diagnostics, type StateMessage } from "../../src/diagnostics.js";
import { VirtualClock } from "../../src/testing/virtual-clock.js";
import { Browser, House, type HouseOptions, type Tab } from "../session/tab.js";
import { route } from "../session/raw-client.js";
import { bindings, entry, isNumber, isText } from "./builds.js";

type Migrate = Record<string, (old: unknown) => unknown>;

/** A page with one shared value, shown as JSON, which two buttons set. */
function pageOf(key: string, initial: unknown, next: unknown, migrate?: Migrate): Component<object> {
  return component((setup) => {
    const value = setup.sharedSignal<unknown>(key, initial, migrate === undefined ? {} : { migrate });
    const failed = setup.signal("");
    setup.onPersistError((error) => failed.set(`${error.code} ${error.kind} ${error.key}`));
    return () => html`<main><p id="value">${() => JSON.stringify(value.get())}</p><p id="failed">${failed}</p><button onClick=${() => value.set(next)}>set</button></main>`;
  });
}

interface Build extends Partial<HouseOptions> {
  readonly state?: StateBindings;
  readonly page: Component<object>;
}

class World {
  readonly clock = new VirtualClock(0);
  readonly store: SessionStore = memoryStore();
  readonly said: StateMessage[] = [];

  house({ page, ...o }: Build): House {
    return new House({ buildId: "a", dev: true, store: this.store, clock: this.clock, ...o, routes: [route("/", page)] });
  }

  /** A tab of `before` that has set its value, and whose process has gone. */
  async saved(before: Build): Promise<Tab> {
    const house = this.house(before);
    const tab = await new Browser().open(house);
    await tab.press("button");
    await house.sessions.drain();
    await house.settled();
    return tab;
  }

  /** The tab meets a process of `after`. */
  async meets(tab: Tab, after: Build): Promise<House> {
    const house = this.house(after);
    const stop = diagnostics.state.subscribe((message) => void this.said.push(message));
    try {
      await tab.connect(house);
      await house.advance(100);
    } finally {
      stop();
    }
    return house;
  }

  async stored(tab: Tab): Promise<readonly string[]> {
    return [...((await this.store.load(tab.sid.split(".")[1] ?? ""))?.values.keys() ?? [])];
  }

  /** The bytes of a record, to see whether it was touched. */
  async bytes(sid: string): Promise<string> {
    const record = await this.store.load(sid.split(".")[1] ?? "");
    return JSON.stringify([record?.epoch, record?.owner, await this.values(sid)]);
  }

  async values(sid: string): Promise<string> {
    const record = await this.store.load(sid.split(".")[1] ?? "");
    return JSON.stringify([...(record?.values ?? [])].map(([name, blob]) => [name, Buffer.from(blob).toString("hex")]));
  }
}

const cart1 = entry("cart", "shop:Cart", "h1", isNumber);
const cart = (hash: string, fits: (value: never) => boolean, o: Parameters<typeof entry>[4] = {}): StateBindings => bindings([entry("cart", "shop:Cart", hash, fits, o)]);
const BEFORE: Build = { state: bindings([cart1]), page: pageOf("cart", 0, 7) };

describe("warm", () => {
  it("PS16, scenario 58: the same schema, and one more value: all is there, the new value has its default", async () => {
    const world = new World();
    const tab = await world.saved(BEFORE);
    const more = component((setup) => {
      const [a, b] = [setup.sharedSignal("cart", 0), setup.sharedSignal("notes", "none")];
      return () => html`<p id="value">${a}${b}</p>`;
    });
    await world.meets(tab, { buildId: "b", state: bindings([cart1, entry("notes", "shop:Notes", "n1", isText)]), page: more });
    expect([tab.how, tab.text("#value"), world.said]).toEqual(["restored", "7none", []]);
  });

  it("PS16: a schema that reads the old one: the value is there and is written as this build's at once", async () => {
    const world = new World();
    const tab = await world.saved(BEFORE);
    await world.meets(tab, { state: cart("h2", isNumber, { previous: ["h1"], reads: ["h1"] }), page: pageOf("cart", 0, 8) });
    expect([tab.how, tab.text("#value")]).toEqual(["restored", "7"]);
    // A build that has never heard of h1 reads it now.
    tab.cut();
    await world.meets(tab, { state: cart("h2", isNumber), page: pageOf("cart", 0, 8) });
    expect([tab.how, tab.text("#value")]).toEqual(["restored", "7"]);
  });

  it("PS16, scenario 60: a former name is read, and rewritten under the present one in the same commit", async () => {
    const world = new World();
    const tab = await world.saved(BEFORE);
    expect(await world.stored(tab)).toEqual(["shared:cart"]);
    await world.meets(tab, { state: bindings([entry("basket", "shop:Cart", "h1", isNumber, { aliases: ["older", "cart"] })]), page: pageOf("basket", 0, 8) });
    expect([tab.how, tab.text("#value"), await world.stored(tab)]).toEqual(["restored", "7", ["shared:basket"]]);
  });

  it("PS16: what was stored before the app had bindings is read where it fits", async () => {
    for (const [fits, shown] of [[isNumber, "7"], [isText, '"none"']] as const) {
      const world = new World();
      const tab = await world.saved({ page: pageOf("cart", 0, 7) });
      const house = await world.meets(tab, { state: cart("h1", fits), page: pageOf("cart", "none", 8) });
      expect([tab.how, tab.text("#value")]).toEqual(["restored", shown]);
      if (fits === isText) expect(house.errors.map(({ code }) => code)).toEqual(["VANGO_PERSIST_SCHEMA"]);
    }
  });

  it("PS16: without bindings everything that is stored is read as it is", async () => {
    const world = new World();
    const tab = await world.saved(BEFORE);
    await world.meets(tab, { page: pageOf("cart", 0, 8) });
    expect([tab.how, tab.text("#value")]).toEqual(["restored", "7"]);
  });
});

describe("migrations", () => {
  const v2 = (migrates: readonly string[]): StateBindings => bindings([entry("cart", "shop:Cart:v2", "h2", isText, { migrates })]);
  const text = (old: unknown): string => `was ${String(old)}`;

  it("PS17: run when the cell opens, by schema id or hash; the result is stored as this build's", async () => {
    for (const name of ["shop:Cart", "h1"]) {
      const world = new World();
      const tab = await world.saved(BEFORE);
      await world.meets(tab, { state: v2([name]), page: pageOf("cart", "", "x", { [name]: text }) });
      expect([tab.how, tab.text("#value")]).toEqual(["restored", '"was 7"']);
      tab.cut();
      await world.meets(tab, { state: v2([]), page: pageOf("cart", "", "x") });
      expect([tab.how, tab.text("#value")]).toEqual(["restored", '"was 7"']);
    }
  });

  it("PS17: the GET of a reload shows what the migration gives, and writes nothing", async () => {
    const world = new World();
    const tab = await world.saved(BEFORE);
    const before = await world.bytes(tab.sid);
    const house = world.house({ state: v2(["h1"]), page: pageOf("cart", "", "x", { h1: text }) });
    const page = await house.get("/", new Map(tab.browser.cookies).set("vango_tab", tab.sid));
    expect(page).toContain("was 7");
    expect(await world.bytes(tab.sid)).toBe(before);
  });

  it("PS17: of a key that no page opens the value waits, through a fork and a lost record too", async () => {
    const world = new World();
    const tab = await world.saved(BEFORE);
    const state = bindings([entry("cart", "shop:Cart:v2", "h2", isText, { migrates: ["h1"] }), entry("other", "app#Other", "o1", isNumber)]);
    const house = await world.meets(tab, { state, page: pageOf("other", 0, 5) });
    const twin = await tab.browser.open(house, "/", tab.storage.copy());
    await twin.press("button");
    await house.sessions.drain();
    for (const each of [tab, twin]) {
      await world.meets(each, { state, page: pageOf("cart", "", "x", { h1: text }) });
      expect([each.how, each.text("#value")]).toEqual(["restored", '"was 7"']);
    }
  });

  it("PS17: one that throws, or gives what does not fit or cannot be kept: the initial value, told by key to the app and the page, the stored value stays", async () => {
    const wrong: readonly (readonly [code: string, migrate: Migrate])[] = [
      ["VANGO_PERSIST_SCHEMA", { h1: () => { throw new Error("no"); } }],
      ["VANGO_PERSIST_SCHEMA", { h1: () => 5 }],
      ["VANGO_PERSIST_SCHEMA", { h1: () => Promise.resolve("late") }],
      ["VANGO_PERSIST_VALUE_BUDGET", { h1: () => "x".repeat(70_000) }],
      ["VANGO_PERSIST_SCHEMA", {}],
    ];
    for (const [code, migrate] of wrong) {
      const world = new World();
      const tab = await world.saved(BEFORE);
      const before = await world.values(tab.sid);
      const house = await world.meets(tab, { state: v2(["h1"]), page: pageOf("cart", "first", "x", migrate) });
      expect([tab.how, tab.text("#value")]).toEqual(["restored", '"first"']);
      expect(tab.text("#failed")).toMatch(new RegExp(`^${code} [a-z-]+ cart$`));
      expect(house.errors.map((e) => e.code)).toEqual([code]);
      expect(tab.errors.map((e) => e.code)).toEqual([code]);
      expect(world.said).toMatchObject([{ kind: "lost", key: "cart" }]);
      expect(await world.values(tab.sid)).toBe(before);
      // The next build has it right.
      tab.cut();
      await house.sessions.drain();
      await world.meets(tab, { state: v2(["h1"]), page: pageOf("cart", "first", "x", { h1: text }) });
      expect(tab.text("#value")).toBe('"was 7"');
    }
  });

  it("PS17: a write replaces what could not be migrated, under its former name too", async () => {
    const world = new World();
    const tab = await world.saved(BEFORE);
    const state = bindings([entry("basket", "shop:Cart:v2", "h2", isText, { migrates: ["h1"], aliases: ["cart"] })]);
    const house = await world.meets(tab, { state, page: pageOf("basket", "first", "written") });
    expect(await world.stored(tab)).toEqual(["shared:cart"]);
    await tab.press("button");
    await house.advance(100);
    expect(await world.stored(tab)).toEqual(["shared:basket"]);
  });
});

describe("warm with loss", () => {
  it("PS18: a dropped key goes with the first commit, and is told", async () => {
    const world = new World();
    const tab = await world.saved(BEFORE);
    const state = bindings([entry("other", "app#Other", "o1", isNumber)], [{ kind: "shared", key: "cart", hashes: ["h1"] }]);
    const house = await world.meets(tab, { state, page: pageOf("other", 1, 2) });
    expect([tab.how, tab.text("#value"), await world.stored(tab)]).toEqual(["restored", "1", []]);
    expect(tab.text("#failed")).toBe("VANGO_PERSIST_SCHEMA codec cart");
    expect([house.errors.map((e) => e.code), tab.errors.map((e) => e.code), world.said.map((m) => m.kind)]).toEqual([["VANGO_PERSIST_SCHEMA"], ["VANGO_PERSIST_SCHEMA"], ["lost"]]);
  });

  it("PS18: a value of a version that is read with loss is there where it fits, else it is told", async () => {
    for (const [fits, shown, told] of [[isNumber, "7", []], [isText, '""', ["VANGO_PERSIST_SCHEMA"]]] as const) {
      const world = new World();
      const tab = await world.saved(BEFORE);
      const house = await world.meets(tab, { state: cart("h2", fits, { previous: ["h1"], readsWithLoss: ["h1"] }), page: pageOf("cart", "", "x") });
      expect([tab.how, tab.text("#value"), house.errors.map((e) => e.code)]).toEqual(["restored", shown, told]);
    }
  });
});

describe("cold", () => {
  const COLD: Build = { buildId: "b", state: cart("h2", isText, { previous: ["h1"] }), page: pageOf("cart", "anew", "again") };

  it("PS19, scenario 61: the page gets one fresh session in its place and is told; the old record stays as it was", async () => {
    const world = new World();
    const tab = await world.saved(BEFORE);
    const { sid } = tab;
    const before = await world.bytes(sid);
    const house = await world.meets(tab, COLD);
    expect([tab.how, tab.sid === sid, tab.text("#value"), tab.errors.map((e) => e.code)]).toEqual(["fresh", false, '"anew"', ["VANGO_STATE_COLD"]]);
    expect(house.errors.map((e) => e.code)).toEqual(["VANGO_STATE_COLD"]);
    expect(world.said).toMatchObject([{ kind: "cold", key: "cart" }]);
    expect(await world.bytes(sid)).toBe(before);
    // Not again: from now on it is this build's.
    await tab.press("button");
    tab.cut();
    await house.sessions.drain();
    await world.meets(tab, COLD);
    expect([tab.how, tab.text("#value")]).toEqual(["restored", '"again"']);
  });

  it("PS19: the GET of a reload shows defaults", async () => {
    const world = new World();
    const tab = await world.saved(BEFORE);
    const page = await world.house(COLD).get("/", new Map(tab.browser.cookies).set("vango_tab", tab.sid));
    expect(page).toContain("anew");
  });
});

describe("newer", () => {
  const AFTER: Build = { buildId: "b", state: cart("h2", isText, { previous: ["h1"] }), page: pageOf("cart", "", "newer") };

  it("PS20: the page is sent elsewhere five times, a little later each time, then begins anew under another id; the newer record is left alone", async () => {
    const world = new World();
    const tab = await world.saved(AFTER);
    const { sid } = tab;
    const before = await world.bytes(sid);
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 5; i++) {
      await world.meets(tab, { ...BEFORE, dev: false });
      expect(tab.refused?.code).toBe("VANGO_TRY_ELSEWHERE");
      waits.push(tab.refused?.retry);
    }
    expect(waits).toEqual([250, 500, 750, 1000, 1250]);
    const house = await world.meets(tab, { ...BEFORE, dev: false });
    expect([tab.how, tab.sid === sid, tab.text("#value"), tab.errors.map((e) => e.code)]).toEqual(["fresh", false, "0", ["VANGO_STATE_COLD"]]);
    await tab.press("button");
    await house.sessions.drain();
    expect(await world.bytes(sid)).toBe(before);
    // The newer build finds what it has left.
    tab.storage.sid = sid;
    tab.sid = sid;
    await world.meets(tab, AFTER);
    expect([tab.how, tab.text("#value")]).toEqual(["restored", '"newer"']);
  });

  it("PS20: while a newer process lives it keeps its session: nobody asks it to let go", async () => {
    const world = new World();
    const newer = world.house(AFTER);
    const tab = await new Browser().open(newer);
    await tab.press("button");
    await newer.advance(100);
    const before = await world.bytes(tab.sid);
    tab.cut();
    await world.meets(tab, { ...BEFORE, dev: false });
    expect([tab.refused?.code, await world.bytes(tab.sid)]).toEqual(["VANGO_TRY_ELSEWHERE", before]);
    await tab.connect(newer);
    expect(tab.text("#value")).toBe('"newer"');
  });

  it("PS20: in development there is no other process: the page begins anew at once", async () => {
    const world = new World();
    const tab = await world.saved(AFTER);
    await world.meets(tab, BEFORE);
    expect([tab.how, tab.text("#value")]).toEqual(["fresh", "0"]);
  });

  it("PS20: a newer value that fits is shown, and stays the newer build's until this one writes it", async () => {
    const world = new World();
    const wide: Build = { buildId: "b", state: bindings([entry("cart", "shop:Cart", "h2", isNumber, { previous: ["h1"], reads: ["h1"] }), entry("more", "shop:More", "m1", isText)]), page: pageOf("cart", 0, 8) };
    const extra: Build = { ...wide, page: pageOf("more", "", "kept") };
    const tab = await world.saved(wide);
    await world.meets(tab, extra);
    await tab.press("button");
    await tab.house.sessions.drain();
    // Back to the old build: the newer value is there, and what it does not know stays.
    const before = await world.values(tab.sid);
    const old = await world.meets(tab, BEFORE);
    expect([tab.how, tab.text("#value")]).toEqual(["restored", "8"]);
    await old.sessions.drain();
    expect(await world.values(tab.sid)).toBe(before);
    const again = await world.meets(tab, BEFORE);
    await tab.press("button");
    await again.sessions.drain();
    expect(await world.stored(tab)).toEqual(["shared:cart", "shared:more"]);
    await world.meets(tab, wide);
    expect([tab.how, tab.text("#value")]).toEqual(["restored", "7"]);
    tab.cut();
    await world.meets(tab, extra);
    expect(tab.text("#value")).toBe('"kept"');
  });
});

describe("declarations", () => {
  it("PS15: a page with a key that is not in the bindings is VANGO_STATE_UNDECLARED, in its GET and live", async () => {
    const world = new World();
    const house = world.house({ state: bindings([cart1]), page: pageOf("stray", 0, 1) });
    const page = await house.get("/", new Map());
    expect(page).toContain("VANGO_STATE_UNDECLARED");
    expect(house.errors.map((e) => [e.code, /sharedSignal "stray" at .*deploys\.test/.test(e.message)])).toEqual([["VANGO_STATE_UNDECLARED", true]]);
  });

  it("PS21: in development a write that is not of the declared type is said once, and kept", async () => {
    const world = new World();
    for (const dev of [true, false]) {
      const house = world.house({ dev, state: bindings([cart1]), page: pageOf("cart", 0, "text") });
      const [one, two] = [await new Browser().open(house), await new Browser().open(house)];
      await one.press("button");
      await two.press("button");
      expect([one.text("#value"), house.errors.map((e) => e.code)]).toEqual(['"text"', dev ? ["VANGO_STATE_MISMATCH"] : []]);
    }
  });
});
