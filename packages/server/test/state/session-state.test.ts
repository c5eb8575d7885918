// Persisted state of one session: restore, write-behind, budgets, rollback, fencing (SPEC.md PS1–PS9).
import { sessionKey, tx, type PersistError } from "@vango/core";
import { memoryBus, memoryStore } from "@vango/persist";
import { faultyStore } from "@vango/persist/testing";
import { describe, expect, it } from "vitest";
import { HAND_OFF_MS } from "../../src/state/hand-off.js";
import { BLOCK_MS } from "../../src/state/record-writer.js";
import { WRITE_BEHIND_MS } from "../../src/state/record-keeper.js";
import { Process, SECRET, settle, stored } from "./rig.js";

const ID = "tab1";

describe("restoring", () => {
  it("PS1: a session without persisted state makes no record and costs the store nothing", async () => {
    const store = memoryStore();
    const process = new Process(store);
    const tab = process.open(ID);
    tab.loop.turn(() => undefined);
    tab.cell("never-written", 1);
    await process.advance(1000);
    await tab.state.flush();
    expect(await store.stats()).toEqual({ sessions: 0, bytes: 0 });
    expect(tab.state.values.size).toBe(0);
    await tab.state.release();
    expect(await store.stats()).toEqual({ sessions: 0, bytes: 0 });
  });

  it("PS1: a cell begins with the restored value, others with their own; what no page opens stays in the record", async () => {
    const store = memoryStore();
    const first = new Process(store);
    const tab = first.open(ID);
    tab.set("cart", ["apple"], []);
    tab.set("other", new Map([["k", 1n]]), new Map());
    await tab.state.park();

    const second = new Process(store, "w2");
    const restored = await second.claim(ID, "b1");
    expect(restored?.meta).toEqual({ ...tab.meta, applied: 2 });
    const again = second.open(ID, restored);
    expect(again.cell<string[]>("cart", []).peek()).toEqual(["apple"]);
    expect(again.cell("fresh", "default").peek()).toBe("default");
    again.set("cart", ["pear"]);
    await again.state.flush();
    expect(await stored(store, ID)).toEqual({ "shared:cart": ["pear"], "shared:other": new Map([["k", 1n]]) });
  });

  it("PS1, scenario 56: only what is persisted is restored", async () => {
    const store = memoryStore();
    const tab = new Process(store).open(ID);
    const theme = sessionKey<string>("theme", { default: "light" });
    tab.loop.turn(() => theme.set(tab.loop.ctx, "dark"));
    await tab.state.flush();
    expect(await stored(store, ID)).toEqual({ "session:theme": "dark" });
    tab.loop.turn(() => theme.delete(tab.loop.ctx));
    expect(theme.get(tab.loop.ctx)).toBe("light");
    await tab.state.flush();
    expect(await stored(store, ID)).toEqual({});
    tab.loop.turn(() => theme.set(tab.loop.ctx, "light"));
    await tab.state.flush();
    expect(await stored(store, ID)).toEqual({});
  });

  it("PS2: a record is for its browser alone, and peek takes nothing over", async () => {
    const store = memoryStore();
    const owner = new Process(store);
    const tab = owner.open(ID);
    tab.set("n", 1, 0);
    await tab.state.flush();
    const other = new Process(store, "w2");
    expect(await other.claim(ID, "somebody")).toBeUndefined();
    expect(await other.peek(ID, "somebody")).toBeUndefined();
    expect((await other.peek(ID, "b1"))?.storeEpoch).toBeUndefined();
    expect(await other.claim("unknown", "b1")).toBeUndefined();
    tab.set("n", 2);
    await tab.state.flush();
    expect(tab.fenced).toBe(false);
    expect(await stored(store, ID)).toEqual({ "shared:n": 2 });
  });

  it("PS2, scenario 64: a record that cannot be read is reported, left as it is, and nobody's", async () => {
    const store = memoryStore();
    const tab = new Process(store, "w1", { secrets: ["another secret of thirty-two characters"] }).open(ID);
    tab.set("n", 1, 0);
    await tab.state.park();
    const before = await store.load(ID);
    const process = new Process(store, "w2");
    expect(await process.claim(ID, "b1")).toBeUndefined();
    expect(process.reported.map((e) => e.code)).toEqual(["VANGO_PERSIST_BLOB"]);
    expect(await store.load(ID)).toEqual(before);

    const rotated = new Process(store, "w3", { secrets: [SECRET, "another secret of thirty-two characters"] });
    expect((await rotated.claim(ID, "b1"))?.values.get("shared:n")).toBe(1);
  });

  it("PS3: a fork is a copy that is written without being changed", async () => {
    const store = memoryStore();
    const process = new Process(store);
    const tab = process.open(ID);
    tab.set("n", 1, 0);
    const copy = process.open("tab2", process.keeper.fork(tab.state));
    expect(copy.cell("n", 0).peek()).toBe(1);
    tab.set("n", 5);
    await process.advance(WRITE_BEHIND_MS);
    expect(await stored(store, "tab2")).toEqual({ "shared:n": 1 });
    expect(await stored(store, ID)).toEqual({ "shared:n": 5 });
  });
});

describe("keeping", () => {
  it("PS4: what turns commit is written within 50 ms, coalesced into one commit with the meta of then", async () => {
    let commits = 0;
    const store = faultyStore(memoryStore(), (op) => void (commits += op === "commit" || op === "create" ? 1 : 0) as undefined);
    const process = new Process(store);
    const tab = process.open(ID);
    for (let n = 1; n <= 10; n++) tab.set("n", n, 0);
    await process.advance(WRITE_BEHIND_MS - 1);
    expect(commits).toBe(0);
    await process.advance(1);
    expect(commits).toBe(1);
    expect((await process.peek(ID, "b1"))?.meta.applied).toBe(10);
    expect(await stored(store, ID)).toEqual({ "shared:n": 10 });
    tab.set("n", 10);
    await process.advance(1000);
    expect(commits).toBe(1);
  });

  it("PS5, scenario 62: a value over its budget is refused, the previous value stays, and the handler learns kind, key, size and limit", async () => {
    const store = memoryStore();
    const process = new Process(store, "w1", { budgets: { valueBytes: 200, sessionBytes: 600 } });
    const tab = process.open(ID);
    const heard: PersistError[] = [];
    tab.loop.persistHandlers = new Set([(e) => void heard.push(e)]);
    tab.set("text", "small", "");
    const failure = tab.set("text", "x".repeat(300));
    expect(failure?.code).toBe("VANGO_PERSIST_VALUE_BUDGET");
    expect(tab.cell("text", "").peek()).toBe("small");
    await settle();
    expect(heard).toMatchObject([{ kind: "value-budget", key: "text", limit: 200 }]);
    expect(heard[0]?.size).toBeGreaterThan(300);
    for (const key of ["a", "b", "c", "d", "e"]) tab.set(key, "x".repeat(60), "");
    await settle();
    expect(heard[1]).toMatchObject({ kind: "session-budget", limit: 600 });
    expect(tab.set("text", Symbol("no") as unknown as string)?.code).toBe("VANGO_PERSIST_CODEC");
    await settle();
    expect(heard.at(-1)).toMatchObject({ kind: "codec", key: "text" });
    await tab.state.flush();
    const { size } = (await store.load(ID)) ?? { size: 0 };
    expect(size).toBeLessThanOrEqual(600);
    expect(await stored(store, ID)).toMatchObject({ "shared:text": "small" });
  });

  it("PS5, scenario 63: of two persisted writes whose second fails, neither is visible nor stored", async () => {
    const store = memoryStore();
    const process = new Process(store);
    const tab = process.open(ID);
    const a = tab.cell("a", 0);
    const b = tab.cell<unknown>("b", 0);
    const failure = tab.loop.turn(() => {
      a.set(1);
      b.set(() => 1);
    });
    expect(failure?.code).toBe("VANGO_PERSIST_CODEC");
    expect([a.peek(), b.peek()]).toEqual([0, 0]);
    await process.advance(1000);
    expect(await store.stats()).toEqual({ sessions: 0, bytes: 0 });
  });

  it("PS5: tx takes back its own group, and the turn goes on when the handler caught it", async () => {
    const tab = new Process().open(ID);
    const a = tab.cell("a", 0);
    const b = tab.cell<unknown>("b", 0);
    let caught: unknown;
    const failure = tab.loop.turn(() => {
      a.set(1);
      try {
        tx(() => {
          a.set(2);
          b.set(() => 1);
        });
      } catch (error) {
        caught = error;
      }
    });
    expect(failure).toBeUndefined();
    expect(caught).toMatchObject({ code: "VANGO_PERSIST_CODEC" });
    expect([a.peek(), b.peek()]).toEqual([1, 0]);
    await tab.state.flush();
    expect(await stored(tab.process.store, ID)).toEqual({ "shared:a": 1 });
  });

  it("PS5: a handler of onPersistError that fails itself is not called for ever", async () => {
    const tab = new Process().open(ID);
    const b = tab.cell<unknown>("b", 0);
    let calls = 0;
    tab.loop.persistHandlers = new Set([
      () => {
        calls++;
        b.set(() => 1);
      },
    ]);
    tab.loop.turn(() => b.set(() => 1));
    await settle();
    expect(calls).toBe(1);
    expect(tab.errors.map((e) => e.code)).toEqual(["VANGO_PERSIST_CODEC", "VANGO_PERSIST_CODEC"]);
  });

  it("PS6: a store that is down is tried again; values stay in memory, the app is told once, and what failed is written", async () => {
    let down = true;
    const memory = memoryStore();
    const store = faultyStore(memory, (op) => (down && (op === "commit" || op === "create") ? "before" : undefined));
    const process = new Process(store);
    const tab = process.open(ID);
    const heard: PersistError[] = [];
    tab.loop.persistHandlers = new Set([(e) => void heard.push(e)]);
    tab.set("n", 1, 0);
    await process.advance(10_000);
    expect(tab.state.unsaved).toBe(true);
    tab.set("n", 2);
    await process.advance(10_000);
    expect(heard).toMatchObject([{ kind: "storage" }]);
    expect(process.reported).toHaveLength(1);
    expect(tab.cell("n", 0).peek()).toBe(2);
    down = false;
    await process.advance(10_000);
    expect(tab.state.unsaved).toBe(false);
    expect(await stored(memory, ID)).toEqual({ "shared:n": 2 });
  });

  it("PS6: a create and a commit whose answers were lost are written again and keep one record", async () => {
    for (const op of ["create", "commit"] as const) {
      const memory = memoryStore();
      const store = faultyStore(memory, (o, n) => (o === op && n === 0 ? "after" : undefined));
      const process = new Process(store);
      const tab = process.open(ID);
      tab.set("n", 1, 0);
      await process.advance(1000);
      tab.set("n", 2);
      await process.advance(1000);
      expect(await stored(memory, ID)).toEqual({ "shared:n": 2 });
      expect(tab.fenced).toBe(false);
    }
  });

  it("PS6: a record that vanished under a live session is made again, whole", async () => {
    const store = memoryStore();
    const process = new Process(store);
    const tab = process.open(ID);
    tab.set("a", 1, 0);
    tab.set("b", 2, 0);
    await tab.state.flush();
    const record = await store.load(ID);
    await store.delete(ID, record?.epoch ?? 0);
    tab.set("a", 3);
    await tab.state.flush();
    expect(await stored(store, ID)).toEqual({ "shared:a": 3, "shared:b": 2 });
  });
});

describe("owning", () => {
  it("PS7, scenario 65: who was taken over writes nothing any more and is told", async () => {
    const store = memoryStore();
    const first = new Process(store);
    const tab = first.open(ID);
    tab.set("n", 1, 0);
    await tab.state.flush();
    const second = new Process(store, "w2");
    const taken = second.open(ID, await second.claim(ID, "b1"));
    tab.set("n", 100);
    await first.advance(1000);
    expect(tab.fenced).toBe(true);
    taken.set("n", 2);
    await taken.state.flush();
    expect(await stored(store, ID)).toEqual({ "shared:n": 2 });
    tab.set("n", 101);
    await first.advance(1000);
    await tab.state.flush();
    expect(await stored(store, ID)).toEqual({ "shared:n": 2 });
  });

  it("PS7: the owner is asked over the bus, writes what it has and lets go", async () => {
    const [store, bus] = [memoryStore(), memoryBus()];
    const first = new Process(store, "w1", { bus });
    const tab = first.open(ID);
    tab.set("n", 1, 0);
    await tab.state.flush();
    tab.set("n", 2);
    const second = new Process(store, "w2", { bus });
    const restored = await second.claim(ID, "b1");
    expect(restored?.values.get("shared:n")).toBe(2);
    expect(tab.fenced).toBe(true);
  });

  it("PS7: an owner that does not answer is waited for a second, and fenced", async () => {
    const [store, bus] = [memoryStore(), memoryBus()];
    const dead = new Process(store, "dead");
    const tab = dead.open(ID);
    tab.set("n", 1, 0);
    await tab.state.flush();
    const second = new Process(store, "w2", { bus });
    let restored: unknown = "waiting";
    void second.claim(ID, "b1").then((found) => (restored = found?.values.get("shared:n")));
    await settle();
    await second.advance(HAND_OFF_MS - 1);
    expect(restored).toBe("waiting");
    await second.advance(1);
    expect(restored).toBe(1);
    tab.set("n", 2);
    await dead.advance(1000);
    expect(tab.fenced).toBe(true);
  });

  it("PS8: park writes values and meta, makes the record if there is none, and lets it go; release makes none", async () => {
    const store = memoryStore();
    const process = new Process(store);
    await process.open("quiet", undefined, { url: "/board" }).state.release();
    expect(await store.load("quiet")).toBeNull();
    const tab = process.open("parked", undefined, { url: "/board" });
    await tab.state.park();
    expect((await process.peek("parked", "b1"))?.meta.url).toBe("/board");
    expect((await store.load("parked"))?.owner).toBe("");
  });

  it("PS8: a park that fails says so, and the session's values are tried again", async () => {
    let down = true;
    const memory = memoryStore();
    const process = new Process(faultyStore(memory, () => (down ? "before" : undefined)));
    const tab = process.open(ID);
    tab.set("n", 1, 0);
    await expect(tab.state.park()).rejects.toMatchObject({ kind: "storage" });
    down = false;
    await process.advance(10_000);
    expect(await stored(memory, ID)).toEqual({ "shared:n": 1 });
  });

  it("PS8: a park of a saved session that fails writes its meta again, once the store is back, and nothing spins or stays unsaved", async () => {
    let down = false;
    const memory = memoryStore();
    const process = new Process(faultyStore(memory, () => (down ? "before" : undefined)));
    const tab = process.open(ID, undefined, { url: "/before" });
    tab.set("n", 1, 0);
    await process.advance(1000);
    expect(tab.state.unsaved).toBe(false);
    down = true;
    await expect(tab.state.park()).rejects.toMatchObject({ kind: "storage" });
    await process.advance(1000);
    expect(tab.state.unsaved).toBe(true);
    down = false;
    await process.advance(10_000);
    expect(tab.state.unsaved).toBe(false);
    expect(await stored(memory, ID)).toEqual({ "shared:n": 1 });
  });

  it("PS8: records live as long as their sessions", async () => {
    let now = 0;
    const store = memoryStore({ now: () => now, lifetimeMs: 4 * 3600_000 });
    const process = new Process(store);
    const tab = process.open(ID);
    tab.set("n", 1, 0);
    await tab.state.flush();
    for (let hour = 0; hour < 10; hour++) {
      now += 3600_000;
      await process.advance(3600_000);
      await process.keeper.touch();
    }
    expect(await store.load(ID)).not.toBeNull();
  });
});

describe("before-ack", () => {
  it("PS9: what is sent waits for what was committed before it, in order", async () => {
    let release: (() => void)[] = [];
    const memory = memoryStore();
    const slow = new Proxy(memory, {
      get(target, name) {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== "function") return method;
        const bound = method.bind(target) as (...args: unknown[]) => Promise<unknown>;
        if (name !== "commit" && name !== "create") return bound;
        return async (...args: unknown[]) => {
          await new Promise<void>((resolve) => release.push(resolve));
          return bound(...args);
        };
      },
    });
    const process = new Process(slow, "w1", { beforeAck: true });
    const tab = process.open(ID);
    const sent: string[] = [];
    const send = (what: string): void => (tab.state.holding ? tab.state.hold(() => sent.push(what)) : void sent.push(what));
    send("before");
    tab.set("n", 1, 0);
    send("one");
    await settle();
    tab.set("n", 2);
    send("two");
    send("two again");
    await settle();
    expect(sent).toEqual(["before"]);
    release.shift()?.();
    await settle();
    expect(sent).toEqual(["before", "one"]);
    expect(await stored(memory, ID)).toEqual({ "shared:n": 1 });
    release.shift()?.();
    await settle();
    expect(sent).toEqual(["before", "one", "two", "two again"]);
    expect(tab.state.holding).toBe(false);
    send("after");
    expect(sent.at(-1)).toBe("after");
    release = [];
  });

  it("PS9: the meta of a write knows the event whose turn it keeps", async () => {
    const store = memoryStore();
    const process = new Process(store, "w1", { beforeAck: true });
    const tab = process.open(ID);
    tab.set("n", 1, 0);
    await settle();
    expect((await process.peek(ID, "b1"))?.meta.applied).toBe(1);
  });

  it("PS9: two seconds without the store block the session; then what was held goes out", async () => {
    let down = true;
    const store = faultyStore(memoryStore(), () => (down ? "before" : undefined));
    const process = new Process(store, "w1", { beforeAck: true });
    const tab = process.open(ID);
    const sent: string[] = [];
    tab.set("n", 1, 0);
    tab.state.hold(() => sent.push("one"));
    await settle();
    await process.advance(BLOCK_MS - 1);
    expect([tab.state.blocked, tab.blocked]).toEqual([false, []]);
    await process.advance(1);
    expect([tab.state.blocked, tab.blocked]).toEqual([true, [true]]);
    down = false;
    await process.advance(10_000);
    expect([tab.state.blocked, tab.blocked]).toEqual([false, [true, false]]);
    expect(sent).toEqual(["one"]);
  });

  it("PS9: what is held dies with the session", async () => {
    const process = new Process(faultyStore(memoryStore(), () => "before"), "w1", { beforeAck: true });
    const tab = process.open(ID);
    const sent: string[] = [];
    tab.set("n", 1, 0);
    tab.state.hold(() => sent.push("one"));
    tab.state.dispose();
    await process.advance(10_000);
    expect(sent).toEqual([]);
    await tab.state.flush();
  });
});
