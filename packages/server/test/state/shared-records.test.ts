// Values that sessions and processes share: globals and browser scope over a store and a bus (SPEC.md PS10–PS14).
import { Loop, type GlobalReplica } from "@vango/core/internal";
import { blobCodec, memoryBus, memoryStore, type Bus, type SessionStore } from "@vango/persist";
import { faultyStore } from "@vango/persist/testing";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { PersistError, VangoError } from "@vango/core";
import { Declared } from "../../src/state/declared.js";
import { RecordCodec } from "../../src/state/record-codec.js";
import { SharedRecords } from "../../src/state/shared-records.js";
import { bindings, entry, isNumber } from "./builds.js";
import { SECRET, idleHost, settle } from "./rig.js";

class Process {
  readonly shared: SharedRecords;
  readonly reported: VangoError[] = [];

  constructor(store: SessionStore, bus?: Bus, valueBytes = 65536, declared?: Declared) {
    this.shared = new SharedRecords({
      store,
      bus,
      codec: new RecordCodec(blobCodec({ secrets: [SECRET] })),
      budgets: { valueBytes },
      worker: "w",
      declared,
      report: (error) => void this.reported.push(error as VangoError),
      wait: () => Promise.resolve(),
    });
  }

  session(): Session {
    return new Session(this);
  }
}

class Session {
  readonly loop: Loop;
  readonly heard: PersistError[] = [];
  readonly errors: VangoError[] = [];

  constructor(process: Process) {
    const host = idleHost(process.shared.globals, (error) => void this.errors.push(error));
    this.loop = new Loop(host, { id: "s" });
    this.loop.persistHandlers = new Set([(error) => void this.heard.push(error)]);
  }

  cell(key: string, initial: unknown): GlobalReplica {
    return this.loop.globalCell(key, initial, undefined) as unknown as GlobalReplica;
  }
}

/** Every write of a store waits until it is let through. */
function gated(store: SessionStore): { store: SessionStore; open(): Promise<void> } {
  const waiting: (() => void)[] = [];
  const wait = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve));
  return {
    store: new Proxy(store, {
      get(target, name) {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== "function") return method;
        const bound = method.bind(target) as (...args: unknown[]) => Promise<unknown>;
        return name === "exchange" || name === "create" ? async (...args: unknown[]) => (await wait(), bound(...args)) : bound;
      },
    }),
    async open() {
      while (waiting.length > 0) {
        for (const go of waiting.splice(0)) go();
        await settle();
      }
    },
  };
}

describe("global signals", () => {
  it("PS10, scenario 67: a change on one process reaches the sessions of another over the bus", async () => {
    const [store, bus] = [memoryStore(), memoryBus()];
    const [a, b] = [new Process(store, bus), new Process(store, bus)];
    const [one, two, other] = [a.session(), a.session(), b.session()];
    const cells = [one, two, other].map((session) => session.cell("motd", "hello"));
    await settle();
    one.loop.turn(() => cells[0]?.set("news"));
    expect(cells[0]?.peek()).toBe("news");
    await settle();
    expect(cells.map((cell) => cell.peek())).toEqual(["news", "news", "news"]);
    // And whoever comes later begins with it.
    const late = new Process(store, bus);
    late.session().cell("motd", "hello");
    await settle();
    expect(late.session().cell("motd", "hello").peek()).toBe("news");
  });

  it("PS10: values that are named before the start are there for the first session", async () => {
    const store = memoryStore();
    const first = new Process(store).session();
    const cell = first.cell("n", 0);
    await settle();
    first.loop.turn(() => cell.set(7));
    await settle();
    const next = new Process(store, undefined, undefined, new Declared(bindings([entry("n", "app#N", "h1", isNumber, { kind: "global" })])));
    await next.shared.loaded();
    expect(next.session().cell("n", 0).peek()).toBe(7);
  });

  it("PS11: functions of the value run again on what another process wrote: none is lost", async () => {
    const [inner, bus] = [memoryStore(), memoryBus()];
    const gates = [gated(inner), gated(inner), gated(inner)];
    const sessions = gates.map(({ store }) => new Process(store, bus).session());
    const counts = sessions.map((session) => session.cell("count", 0));
    const lists = sessions.map((session) => session.cell("list", []));
    await settle();
    sessions.forEach((session, i) => {
      session.loop.turn(() => {
        counts[i]?.inc();
        lists[i]?.append(`from ${i}`);
      });
      session.loop.turn(() => counts[i]?.update((n) => (n as number) + 1));
    });
    expect(counts.map((cell) => cell.peek())).toEqual([2, 2, 2]);
    for (let round = 0; round < 10; round++) for (const gate of gates) await gate.open();
    expect(counts.map((cell) => cell.peek())).toEqual([6, 6, 6]);
    expect([...(lists.map((list) => list.peek() as string[])[0] ?? [])].sort()).toEqual(["from 0", "from 1", "from 2"]);
    expect(lists[1]?.peek()).toEqual(lists[0]?.peek());
  });

  it("PS11: any interleaving of increments in several processes and sessions counts each once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ session: fc.nat(5), by: fc.integer({ min: 1, max: 5 }), wait: fc.boolean() }), { minLength: 1, maxLength: 30 }), async (steps) => {
        const [store, bus] = [memoryStore(), memoryBus()];
        const processes = [0, 1, 2].map(() => new Process(store, bus));
        const sessions = [0, 1, 2, 3, 4, 5].map((n) => (processes[n % 3] as Process).session());
        const cells = sessions.map((session) => session.cell("n", 0));
        for (const { session, by, wait } of steps) {
          sessions[session]?.loop.turn(() => cells[session]?.add(by));
          if (wait) await settle();
        }
        for (let i = 0; i < 10; i++) await settle();
        const sum = steps.reduce((total, { by }) => total + by, 0);
        expect(cells.map((cell) => cell.peek())).toEqual(cells.map(() => sum));
        expect(processes.flatMap((process) => process.reported)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("PS11: a write whose answer was lost counts once, also when others have written since", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom("before", "after", undefined, undefined), { minLength: 1, maxLength: 12 }), fc.array(fc.nat(2), { minLength: 1, maxLength: 15 }), async (faults, steps) => {
        const [inner, bus] = [memoryStore(), memoryBus()];
        let calls = 0;
        const faulty = faultyStore(inner, (op) => (op === "exchange" || op === "create" ? faults[calls++] : undefined));
        const processes = [new Process(faulty, bus), new Process(faulty, bus), new Process(inner, bus)];
        const sessions = processes.map((process) => process.session());
        const cells = sessions.map((session) => session.cell("n", 0));
        for (const at of steps) {
          sessions[at]?.loop.turn(() => cells[at]?.inc());
          if (at === 2) await settle();
        }
        for (let i = 0; i < 20; i++) await settle();
        // Who gave up has told its writer; no more than five failures follow each other here only in long lists of faults.
        const lost = sessions.reduce((n, session) => n + session.heard.length, 0);
        if (lost === 0) expect(cells.map((cell) => cell.peek())).toEqual(cells.map(() => steps.length));
        expect(new Set(cells.map((cell) => cell.peek())).size).toBe(1);
      }),
      { numRuns: 150 },
    );
  });

  it("PS12: a turn that is taken back publishes nothing", async () => {
    const process = new Process(memoryStore());
    const [one, two] = [process.session(), process.session()];
    const [a, b] = [one.cell("n", 0), two.cell("n", 0)];
    one.loop.turn(() => {
      a.set(1);
      throw new Error("no");
    });
    await settle();
    expect([a.peek(), b.peek()]).toEqual([0, 0]);
  });

  it("PS12: a store that fails takes the change back everywhere, and its writer hears of it", async () => {
    let down = false;
    const process = new Process(faultyStore(memoryStore(), (op) => (down && (op === "exchange" || op === "create") ? "before" : undefined)));
    const [one, two] = [process.session(), process.session()];
    const [a, b] = [one.cell("n", 0), two.cell("n", 0)];
    await settle();
    one.loop.turn(() => a.set(1));
    await settle();
    down = true;
    one.loop.turn(() => a.set(2));
    for (let i = 0; i < 10; i++) await settle();
    expect([a.peek(), b.peek()]).toEqual([1, 1]);
    expect(one.heard).toMatchObject([{ kind: "storage", key: "n" }]);
    expect(two.heard).toEqual([]);
    down = false;
    two.loop.turn(() => b.inc());
    await settle();
    expect([a.peek(), b.peek()]).toEqual([2, 2]);
  });

  it("PS12: a function that throws on what another process wrote has no effect, and is told", async () => {
    const [inner, bus] = [memoryStore(), memoryBus()];
    const gate = gated(inner);
    const [one, two] = [new Process(gate.store, bus).session(), new Process(inner, bus).session()];
    const [a, b] = [one.cell("v", [1]), two.cell("v", [1])];
    await settle();
    one.loop.turn(() => a.removeAt(0));
    two.loop.turn(() => b.set([]));
    await settle();
    for (let i = 0; i < 5; i++) await gate.open();
    expect([a.peek(), b.peek()]).toEqual([[], []]);
    expect(one.loop.disposed).toBe(false);
  });

  it("PS12: a value that outgrows its budget only together with what another process wrote is refused", async () => {
    const [inner, bus] = [memoryStore(), memoryBus()];
    const gate = gated(inner);
    const [one, two] = [new Process(gate.store, bus, 200).session(), new Process(inner, bus, 200).session()];
    const [a, b] = [one.cell("v", ""), two.cell("v", "")];
    await settle();
    one.loop.turn(() => a.update((v) => `${String(v)}${"x".repeat(80)}`));
    two.loop.turn(() => b.set("y".repeat(80)));
    await settle();
    for (let i = 0; i < 5; i++) await gate.open();
    expect([a.peek(), b.peek()]).toEqual(["y".repeat(80), "y".repeat(80)]);
    await settle();
    expect(one.heard).toMatchObject([{ kind: "value-budget", key: "v", limit: 200 }]);
  });

  it("PS13: without a bus a process that meets another's write says so once, and goes on", async () => {
    const store = memoryStore();
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    try {
      const [one, two] = [new Process(store).session(), new Process(store).session()];
      const [a, b] = [one.cell("n", 0), two.cell("n", 0)];
      await settle();
      for (let i = 0; i < 3; i++) {
        one.loop.turn(() => a.inc());
        await settle();
        two.loop.turn(() => b.inc());
        await settle();
      }
      expect(b.peek()).toBe(6);
      expect(warn).toHaveBeenCalledTimes(2);
      expect(warn.mock.calls[0]?.[0]).toContain("without a bus");
    } finally {
      warn.mockRestore();
    }
  });

  it("PS13: messages that were missed are made up for", async () => {
    const store = memoryStore();
    let missed: (() => void) | undefined;
    const deaf: Bus = {
      name: "deaf",
      publish: () => Promise.resolve(),
      subscribe: (_channel, _listener, lost) => {
        missed = lost;
        return Promise.resolve(() => Promise.resolve());
      },
      close: () => Promise.resolve(),
    };
    const [one, two] = [new Process(store, memoryBus()).session(), new Process(store, deaf).session()];
    const [a, b] = [one.cell("n", 0), two.cell("n", 0)];
    await settle();
    one.loop.turn(() => a.set(5));
    await settle();
    expect(b.peek()).toBe(0);
    missed?.();
    await settle();
    expect(b.peek()).toBe(5);
  });

  it("PS13: a value that cannot be read is reported, and the next write replaces it", async () => {
    const store = memoryStore();
    await store.create("g:n", { owner: "x", values: new Map([["global:n", Uint8Array.of(1, 2, 3)]]), keep: true });
    const process = new Process(store);
    const session = process.session();
    const cell = session.cell("n", 0);
    await settle();
    expect([cell.peek(), process.reported.map((e) => e.code)]).toEqual([0, ["VANGO_PERSIST_BLOB"]]);
    session.loop.turn(() => cell.set(3));
    await settle();
    const again = new Process(store);
    again.session().cell("n", 0);
    await settle();
    expect(again.session().cell("n", 0).peek()).toBe(3);
  });
});
