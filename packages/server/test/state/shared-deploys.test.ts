/**
 * Values that processes of different builds share (SPEC.md PS22): of the app in a record each, of a browser together in one. No
 * build destroys what another has written.
 */
import type { PersistError, VangoError } from "@vango/core";
import { Loop, type GlobalReplica } from "@vango/core/internal";
import { blobCodec, memoryBus, memoryStore, type Bus, type SessionStore } from "@vango/persist";
import { describe, expect, it } from "vitest";
import type { StateBindings } from "../../src/state/bindings.js";
import { Declared } from "../../src/state/declared.js";
import { RecordCodec } from "../../src/state/record-codec.js";
import { Keeper } from "../../src/state/record-keeper.js";
import { SharedRecords } from "../../src/state/shared-records.js";
import { bindings, entry, isNumber, isText } from "./builds.js";
import { META, SECRET, idleHost, settle } from "./rig.js";
import { VirtualClock } from "../../src/testing/virtual-clock.js";

type Migrate = Record<string, (old: unknown) => unknown>;

class Build {
  readonly shared: SharedRecords;
  readonly keeper: Keeper;
  readonly reported: VangoError[] = [];
  readonly errors: VangoError[] = [];
  readonly heard: PersistError[] = [];

  constructor(store: SessionStore, bus: Bus | undefined, state: StateBindings | undefined, valueBytes = 65536) {
    const codec = new RecordCodec(blobCodec({ secrets: [SECRET] }));
    const declared = state && new Declared(state);
    const common = { store, bus, codec, worker: "w", declared, report: (error: unknown) => void this.reported.push(error as VangoError) };
    this.shared = new SharedRecords({ ...common, budgets: { valueBytes }, wait: () => Promise.resolve() });
    this.keeper = new Keeper({ ...common, clock: new VirtualClock(0), budgets: { valueBytes, sessionBytes: 262144 }, beforeAck: false });
  }

  /** A session that shows a global value, after what that starts has ended. */
  async cell(key: string, initial: unknown, migrate?: Migrate): Promise<{ readonly cell: GlobalReplica; set(value: unknown): Promise<VangoError | undefined> }> {
    const host = idleHost(this.shared.globals, (error) => void this.errors.push(error));
    const loop = new Loop(host, { id: "s" });
    loop.persistHandlers = new Set([(error) => void this.heard.push(error)]);
    this.keeper.open(loop, { recordMeta: () => META, onFenced: () => undefined }, undefined);
    const cell = loop.globalCell(key, initial, migrate === undefined ? undefined : { migrate }) as unknown as GlobalReplica;
    await settle();
    return {
      cell,
      async set(value) {
        const failure = loop.turn(() => cell.set(value));
        await settle();
        return failure;
      },
    };
  }
}

const globals = (...all: Parameters<typeof entry>[]): StateBindings => bindings(all.map(([key, schema, hash, fits, o]) => entry(key, schema, hash, fits, { kind: "global", ...o })));
const V1 = globals(["n", "app#N", "h1", isNumber]);
const codes = (errors: readonly VangoError[]): readonly string[] => errors.map((error) => error.code);

async function world(valueBytes?: number): Promise<{ store: SessionStore; bus: Bus; old: Build; n: Awaited<ReturnType<Build["cell"]>> }> {
  const [store, bus] = [memoryStore(), memoryBus()];
  const old = new Build(store, bus, V1, valueBytes);
  const n = await old.cell("n", 0);
  await n.set(5);
  return { store, bus, old, n };
}

describe("a value of the app", () => {
  it("PS22: of a version that is read is there, and written as this build's without being asked", async () => {
    const { store, bus, n } = await world();
    const next = new Build(store, bus, globals(["n", "app#N", "h2", isNumber, { previous: ["h1"], reads: ["h1"] }]));
    expect((await next.cell("n", 0)).cell.peek()).toBe(5);
    expect((await new Build(store, bus, globals(["n", "app#N", "h2", isNumber])).cell("n", 0)).cell.peek()).toBe(5);
    // Old and new go on together: what fits both is read by both.
    await n.set(6);
    expect((await next.cell("n", 0)).cell.peek()).toBe(6);
  });

  it("PS22: is migrated on load with compare and set, once among several processes, and shown so by a GET", async () => {
    const { store, bus } = await world();
    const state = globals(["n", "app#N:v2", "h2", isText, { migrates: ["h1"] }]);
    let runs = 0;
    const migrate: Migrate = { h1: (old) => `${(runs++, old)}!` };
    const builds = [new Build(store, bus, state), new Build(store, bus, state), new Build(store, bus, state)];
    const cells = await Promise.all(builds.map((build) => build.cell("n", "", migrate)));
    await settle();
    expect(cells.map(({ cell }) => cell.peek())).toEqual(["5!", "5!", "5!"]);
    expect(runs).toBeLessThanOrEqual(3);
    await cells[0]?.set("six");
    expect(cells.map(({ cell }) => cell.peek())).toEqual(["six", "six", "six"]);
    expect(builds.flatMap(({ reported }) => codes(reported))).toEqual([]);
    // A loop that only renders.
    const fresh = await world();
    const reader = new Build(fresh.store, fresh.bus, state);
    await reader.shared.loaded();
    expect(reader.shared.globals.open("global:n", "", migrate).value).toBe("5!");
  });

  it("PS22: a migration that fails leaves the stored value, shows the initial one and is told once", async () => {
    const { store, bus, old } = await world();
    const state = globals(["n", "app#N:v2", "h2", isText, { migrates: ["h1"] }]);
    const next = new Build(store, bus, state);
    const boom: Migrate = { h1: () => { throw new Error("no"); } };
    for (let i = 0; i < 2; i++) expect((await next.cell("n", "first", boom)).cell.peek()).toBe("first");
    expect(codes(next.reported)).toEqual(["VANGO_PERSIST_SCHEMA"]);
    expect((await old.cell("n", 0)).cell.peek()).toBe(5);
    // What cannot be stored is shown here and stays there.
    const small = new Build(store, bus, state, 200);
    expect((await small.cell("n", "", { h1: () => "x".repeat(300) })).cell.peek()).toBe("x".repeat(300));
    expect(codes(small.reported)).toEqual(["VANGO_PERSIST_VALUE_BUDGET"]);
    expect((await new Build(store, bus, V1).cell("n", 0)).cell.peek()).toBe(5);
  });

  it("PS22: of a newer build is never written over: the older one shows its initial value, says so once and refuses writes with a reason", async () => {
    const { store, bus, old, n } = await world();
    const state = globals(["n", "app#N", "h2", isText, { previous: ["h1"] }]);
    const next = new Build(store, bus, state);
    const seen = await next.cell("n", "");
    // Cold: the older value is not readable, said once; a write replaces it.
    expect([seen.cell.peek(), codes(next.reported)]).toEqual(["", ["VANGO_PERSIST_SCHEMA"]]);
    await seen.set("newer");
    expect(n.cell.peek()).toBe(0);
    expect(codes(old.reported)).toEqual(["VANGO_PERSIST_SCHEMA"]);
    const refused = await n.set(9);
    expect(refused).toMatchObject({ code: "VANGO_PERSIST_NEWER", kind: "codec", key: "n" });
    expect([n.cell.peek(), old.heard.map((e) => e.code)]).toEqual([0, ["VANGO_PERSIST_NEWER"]]);
    expect(() => old.shared.globals.open("global:n", 0).apply({ value: 3 })).toThrow(/newer version/);
    expect((await new Build(store, bus, state).cell("n", "")).cell.peek()).toBe("newer");
  });

  it("PS22: a write that is on its way when a newer build writes is taken back and told to its writer", async () => {
    const [store, bus] = [memoryStore(), memoryBus()];
    const old = new Build(store, undefined, V1);
    const n = await old.cell("n", 0);
    const next = new Build(store, bus, globals(["n", "app#N", "h2", isText]));
    await (await next.cell("n", "")).set("newer");
    // It has no bus, so it does not know.
    expect(await n.set(4)).toBeUndefined();
    expect([n.cell.peek(), old.heard.map((e) => e.code)]).toEqual([0, ["VANGO_PERSIST_NEWER"]]);
    expect((await new Build(store, bus, globals(["n", "app#N", "h2", isText])).cell("n", "")).cell.peek()).toBe("newer");
  });

  it("PS22: under a former key is found, kept under the present one, and stays for the builds that use it", async () => {
    const { store, bus, n } = await world();
    const state = globals(["count", "app#N", "h1", isNumber, { aliases: ["n"] }]);
    const next = new Build(store, bus, state);
    const count = await next.cell("count", 0);
    expect(count.cell.peek()).toBe(5);
    await n.set(6);
    expect([(await new Build(store, bus, state).cell("count", 0)).cell.peek(), n.cell.peek()]).toEqual([5, 6]);
    await count.set(7);
    expect([n.cell.peek(), (await new Build(store, bus, V1).cell("n", 0)).cell.peek()]).toEqual([6, 6]);
  });

  it("PS15: a key that is not in the bindings is VANGO_STATE_UNDECLARED", async () => {
    const { old } = await world();
    await expect(old.cell("stray", 0)).rejects.toMatchObject({ code: "VANGO_STATE_UNDECLARED" });
  });
});

describe("values of a browser", () => {
  const browser = (...all: Parameters<typeof entry>[]): StateBindings => bindings(all.map(([key, schema, hash, fits, o]) => entry(key, schema, hash, fits, { kind: "session", scope: "browser", ...o })));

  it("PS22: former names, migrations and keys of other builds: each build has its own, none loses any", async () => {
    const [store, bus] = [memoryStore(), memoryBus()];
    const old = new Build(store, bus, browser(["theme", "app#T", "t1", isText], ["size", "app#S", "s1", isNumber]));
    const topics = await old.shared.browser("b1");
    topics.open("browser:theme", "light").apply({ value: "dark" });
    topics.open("browser:size", 1).apply({ value: 2 });
    await settle();
    const next = new Build(store, bus, browser(["look", "app#T", "t1", isText, { aliases: ["theme"] }], ["size", "app#S:v2", "s2", isText, { migrates: ["s1"] }]));
    const there = await next.shared.browser("b1");
    expect(there.open("browser:look", "light").value).toBe("dark");
    expect(there.open("browser:size", "", { s1: (n) => `${String(n)}em` }).value).toBe("2em");
    await settle();
    const record = await store.load("b:b1");
    expect([...(record?.values.keys() ?? [])].sort()).toEqual(["browser:look", "browser:size", "browser:theme"]);
    // The older build: its theme is where it was, the size is the newer build's.
    const again = await new Build(store, bus, browser(["theme", "app#T", "t1", isText], ["size", "app#S", "s1", isNumber])).shared.browser("b1");
    expect(again.open("browser:theme", "light").value).toBe("dark");
    expect(again.open("browser:size", 1).value).toBe(1);
    expect(() => again.open("browser:size", 1).apply({ value: 5 })).toThrow(/newer version/);
    expect(() => again.open("browser:look", "")).toThrow(/state bindings/);
  });
});
