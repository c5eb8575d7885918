// Latest-only work, optimistic values, the order of queued runs, cancellations, storm budgets.
import { describe, expect, it } from "vitest";
import { component, html, tx } from "../../src/index.js";
import type { Latest, Setup, VangoError } from "../../src/index.js";
import type { BudgetName, LoopBudget } from "../../src/loop/budget.js";
import { openWith, World } from "../loop/harness.js";

/** Work that a test answers by hand. */
class Work {
  readonly calls: { arg: string; signal: AbortSignal; ok(v: string): void; fail(e: unknown): void }[] = [];
  readonly run = (arg: string, { signal }: { signal: AbortSignal }): Promise<string> => new Promise((ok, fail) => this.calls.push({ arg, signal, ok, fail }));
  get args(): string[] {
    return this.calls.map((c) => c.arg);
  }
}

describe("latest-only work", () => {
  function open(o: { onError?: (e: unknown, key: string) => void } = {}, world = new World()) {
    const work = new Work();
    const live = openWith((setup) => {
      const shown = setup.signal<readonly string[]>([]);
      const latest = setup.latest(work.run, (value, key: string) => shown.append(`${key}=${value}`), o);
      return { shown, latest, view: () => html`<p>${shown}</p>` };
    }, { world });
    return { live, work, latest: live.it.latest, shown: () => live.it.shown.peek().join(" "), run: (...keys: string[]) => live.turn(() => keys.forEach((k) => live.it.latest.run(k))) };
  }

  it("LA1, scenario 13: the same key starts nothing, a new key aborts the work under way and its late result is ignored", async () => {
    const { live, work, run, shown } = open();
    run("a");
    run("a");
    expect(work.args).toEqual(["a"]);
    run("b");
    expect(work.calls.map((c) => c.signal.aborted)).toEqual([true, false]);
    work.calls[0]?.ok("late");
    work.calls[1]?.ok("B");
    await live.world.settle();
    expect(shown()).toBe("b=B");
    run("b");
    expect(work.args).toEqual(["a", "b"]);
    live.turn(() => live.it.latest.run("b", { force: true }));
    run("a");
    expect(work.args).toEqual(["a", "b", "b", "a"]);
  });

  it("LA1: it may be asked for in an effect that writes nothing; a rolled back turn or tx starts nothing", async () => {
    const work = new Work();
    const live = openWith((setup) => {
      const query = setup.signal("x");
      const found = setup.signal("");
      const search = setup.latest(work.run, (value) => found.set(value));
      setup.effect(() => search.run(query.get()));
      return { query, found, search };
    });
    expect(work.args).toEqual(["x"]);
    live.turn(() => live.it.query.set("y"));
    live.turn(() => {
      live.it.query.set("z");
      live.it.search.run("never");
      throw new Error("x");
    });
    live.turn(() => expect(() => tx(() => { live.it.search.run("never"); throw new Error("x"); })).toThrow());
    work.calls[1]?.ok("found y");
    await live.world.settle();
    expect([work.args, live.it.found.peek()]).toEqual([["x", "y"], "found y"]);
  });

  it("LA2: a failure reaches onError, or is reported; its key can be asked for again; an abort is no failure", async () => {
    const told: string[] = [];
    const a = open({ onError: (e, key) => void told.push(`${key} ${(e as Error).message}`) });
    a.run("a");
    a.work.calls[0]?.fail(new Error("down"));
    await a.live.world.settle();
    a.run("a");
    a.work.calls[1]?.fail(new DOMException("gone", "AbortError"));
    await a.live.world.settle();
    expect([told, a.work.args, a.live.world.codes()]).toEqual([["a down"], ["a", "a"], []]);
    const b = open();
    b.run("a");
    b.work.calls[0]?.fail(new Error("down"));
    await b.live.world.settle();
    expect(b.live.world.codes()).toEqual(["VANGO_DISPATCH"]);
  });

  it("LA3: cancel aborts and forgets the key; so does the end of its component", async () => {
    const { live, work, run, shown } = open();
    run("a");
    live.turn(() => live.it.latest.cancel());
    expect(work.calls[0]?.signal.aborted).toBe(true);
    run("a");
    work.calls[0]?.ok("late");
    work.calls[1]?.ok("A");
    await live.world.settle();
    expect(shown()).toBe("a=A");
    let latest: Latest<string> | undefined;
    const own = new Work();
    const page = openWith((setup) => {
      const on = setup.signal(true);
      const Child = component((s) => ((latest = s.latest(own.run, () => on.set(true))), () => html`<b></b>`));
      return { on, view: () => html`<p>${() => (on.get() ? html`<${Child} />` : null)}</p>` };
    });
    page.turn(() => latest?.run("a"));
    page.turn(() => page.it.on.set(false));
    own.calls[0]?.ok("late");
    page.turn(() => latest?.run("b"));
    await page.world.settle();
    expect([own.calls[0]?.signal.aborted, own.args, page.it.on.peek(), page.world.codes()]).toEqual([true, ["a"], false, []]);
  });
});

describe("optimistic values", () => {
  function open(policy: "latest" | "drop" | "queue") {
    const work = new Work();
    const live = openWith((setup) => {
      const list = setup.signal<readonly string[]>(["old"]);
      const add = setup.action(work.run, { policy, onSuccess: (saved) => list.append(saved) });
      const shown = setup.optimistic(list, add, (now, title) => [...now, `${title}…`]);
      return { list, add, shown, view: () => html`<p>${() => shown.get().join(" ")}</p>` };
    });
    return { live, work, ...live.it, html: () => live.html().slice(3, -4) };
  }

  it("OV1: what a run will change shows at once, and gives way to the result in one frame", async () => {
    const { live, work, add, html: shown } = open("queue");
    live.turn(() => void add.run("a"));
    live.turn(() => void add.run("b"));
    expect([shown(), work.args]).toEqual(["old a… b…", ["a"]]);
    live.world.log.length = 0;
    work.calls[0]?.ok("A");
    await live.world.settle();
    expect([shown(), live.world.log]).toEqual(["old A b…", ["frame"]]);
    work.calls[1]?.ok("B");
    await live.world.settle();
    expect(shown()).toBe("old A B");
  });

  it("OV2: it is taken back when the run fails, is cancelled, superseded, refused or rolled back, and what others wrote stays", async () => {
    const { live, work, add, list, html: shown } = open("queue");
    live.turn(() => void add.run("a"));
    live.turn(() => list.append("other"));
    expect(shown()).toBe("old other a…");
    work.calls[0]?.fail(new Error("no"));
    await live.world.settle();
    expect([shown(), list.peek()]).toEqual(["old other", ["old", "other"]]);
    live.turn(() => (void add.run("b"), void add.run("c")));
    expect(shown()).toBe("old other b… c…");
    live.turn(() => add.cancel());
    expect(shown()).toBe("old other");
    live.turn(() => {
      add.run("d");
      expect(live.it.shown.peek()).toEqual(["old", "other", "d…"]);
      throw new Error("x");
    });
    expect(shown()).toBe("old other");
    const drop = open("drop");
    drop.live.turn(() => (void drop.add.run("a"), void drop.add.run("b")));
    expect(drop.html()).toBe("old a…");
    const latest = open("latest");
    latest.live.turn(() => void latest.add.run("a"));
    latest.live.turn(() => void latest.add.run("b"));
    expect(latest.html()).toBe("old b…");
  });

  it("OV1: its base may be a function, such as the data of a resource; mutate is taken back with its turn", async () => {
    const work = new Work();
    const live = openWith((setup) => {
      const list = setup.resource({ load: async (): Promise<readonly string[]> => ["one"], ssr: "defer" });
      const add = setup.action(work.run, { onSuccess: (saved) => list.mutate((now = []) => [...now, saved]) });
      const shown = setup.optimistic(() => list.data() ?? [], add, (now, title) => [...now, `${title}…`]);
      return { list, add, view: () => html`<p>${() => shown.get().join(" ")}</p>` };
    });
    await live.world.settle();
    live.turn(() => void live.it.add.run("two"));
    expect(live.html()).toBe("<p>one two…</p>");
    work.calls[0]?.ok("two");
    await live.world.settle();
    expect(live.html()).toBe("<p>one two</p>");
    live.turn(() => {
      live.it.list.mutate(() => ["wrong"]);
      throw new Error("x");
    });
    expect(live.html()).toBe("<p>one two</p>");
  });
});

describe("actions, further", () => {
  it("AC2: a run from a callback stands behind those that wait; a rejection says why", async () => {
    const work = new Work();
    const why: string[] = [];
    const live = openWith((setup) => {
      const act = setup.action(work.run, { policy: "queue", queue: 2, onSuccess: (r) => { if (r === "A") act.run("from a"); }, onRejected: (e) => void why.push(`${e.code} ${e.message.split(" run. ")[1]}`) });
      return { act };
    });
    live.turn(() => ["a", "b", "c", "d"].forEach((arg) => live.it.act.run(arg)));
    work.calls[0]?.ok("A");
    await live.world.settle();
    expect([live.it.act.pending(), why]).toEqual([["b", "c"], ['VANGO_ACTION_REJECTED 2 are waiting (policy "queue").', 'VANGO_ACTION_REJECTED 2 are waiting (policy "queue").']]);
    work.calls[1]?.ok("B");
    await live.world.settle();
    work.calls[2]?.ok("C");
    await live.world.settle();
    expect([work.args, live.it.act.state(), live.it.act.pending()]).toEqual([["a", "b", "c"], "success", []]);
  });

  it("AC5: a work that ends by an abort or a deadline is idle again, with no error and no onError; the queue goes on", async () => {
    for (const end of [new DOMException("x", "AbortError"), new DOMException("x", "TimeoutError"), Object.assign(new Error("x"), { name: "AbortError" })]) {
      const work = new Work();
      const told: string[] = [];
      const live = openWith((setup) => ({ act: setup.action(work.run, { policy: "queue", onError: () => void told.push("error"), onSuccess: () => void told.push("success") }) }));
      live.turn(() => (void live.it.act.run("a"), void live.it.act.run("b")));
      work.calls[0]?.fail(end);
      await live.world.settle();
      expect([work.args, live.it.act.state(), live.it.act.error()]).toEqual([["a", "b"], "running", undefined]);
      work.calls[1]?.fail(end);
      await live.world.settle();
      expect([live.it.act.state(), live.it.act.error(), told]).toEqual(["idle", undefined, []]);
    }
  });

  it("AC4: onStart and onRejected that throw are VANGO_DISPATCH, and neither the handler nor the queue stops", async () => {
    const work = new Work();
    const fails = (): never => { throw new Error("cb"); };
    const live = openWith((setup) => {
      const n = setup.signal(0);
      return { n, act: setup.action(work.run, { policy: "queue", queue: 1, onStart: fails, onRejected: fails }) };
    });
    live.turn(() => (live.it.n.inc(), void live.it.act.run("a"), void live.it.act.run("b"), void live.it.act.run("c"), live.it.n.inc()));
    expect([live.it.n.peek(), work.args, live.world.codes()]).toEqual([2, ["a"], ["VANGO_DISPATCH", "VANGO_DISPATCH"]]);
    work.calls[0]?.ok("A");
    await live.world.settle();
    expect([work.args, live.it.act.state()]).toEqual([["a", "b"], "running"]);
  });

  it("AC1: the callbacks run in the turn that shows the new state: one frame", async () => {
    const work = new Work();
    const live = openWith((setup) => {
      const n = setup.signal("-");
      const act = setup.action(work.run, { onSuccess: (r) => n.set(r) });
      return { act, view: () => html`<p>${n} ${() => act.state()}</p>` };
    });
    live.turn(() => void live.it.act.run("a"));
    live.world.log.length = 0;
    work.calls[0]?.ok("A");
    await live.world.settle();
    expect([live.html(), live.world.log]).toEqual(["<p>A success</p>", ["frame"]]);
  });

  it("AC3: an action whose component has gone accepts nothing", () => {
    let act: { run(arg: string): boolean } | undefined;
    const work = new Work();
    const page = openWith((setup) => {
      const on = setup.signal(true);
      const Child = component((s) => ((act = s.action(work.run)), () => html`<b></b>`));
      return { on, view: () => html`<p>${() => (on.get() ? html`<${Child} />` : null)}</p>` };
    });
    page.turn(() => page.it.on.set(false));
    page.turn(() => expect(act?.run("a")).toBe(false));
    expect(work.args).toEqual([]);
  });
});

describe("resources, further", () => {
  it("RS2: however often a turn asks, one load starts; what a turn that fails asked for does not, and freshness comes back", async () => {
    let loads = 0;
    const live = openWith((setup) => {
      const key = setup.signal("a");
      const data = setup.resource({ key: () => key.get(), load: async () => ++loads, ssr: "defer", staleTime: 1_000 });
      return { key, data };
    });
    await live.world.settle();
    live.turn(() => (live.it.data.invalidate(), live.it.data.invalidate(), live.it.key.set("b")));
    await live.world.settle();
    expect(loads).toBe(2);
    live.turn(() => {
      live.it.data.invalidate();
      throw new Error("x");
    });
    await live.world.settle();
    live.turn(() => live.it.data.refetch());
    await live.world.settle();
    expect([loads, live.it.data.state()]).toEqual([2, "ready"]);
  });

  it("RS4: a mutate while a load is under way shows at once; the load's answer comes last", async () => {
    const work = new Work();
    const live = openWith((setup) => ({ data: setup.resource({ load: (_k, c) => work.run("", c), ssr: "defer" }) }));
    live.turn(() => live.it.data.mutate(() => "mine"));
    expect([live.it.data.state(), live.it.data.data()]).toEqual(["ready", "mine"]);
    work.calls[0]?.ok("theirs");
    await live.world.settle();
    expect(live.it.data.data()).toBe("theirs");
  });
});

describe("intervals", () => {
  it("TM4: while the loop is busy at most one tick waits, and ticks stay on their grid", async () => {
    const world = new World();
    const at: number[] = [];
    openWith((setup) => (setup.interval(100, () => void at.push(world.time)), {}), { world });
    await world.advance(250);
    expect(at).toEqual([100, 200]);
    // The timers go on while the loop gets no time.
    world.time = 250;
    for (const late of [305, 400, 503]) {
      const [id, timer] = [...world.timers][0] as [number, { fn(): void }];
      world.timers.delete(id);
      world.time = late;
      timer.fn();
    }
    expect(at).toHaveLength(2);
    await world.settle();
    expect(at).toEqual([100, 200, 503]);
    await world.advance(100);
    expect(at.at(-1)).toBe(600);
    // A sleeping machine: no ticks are made up for.
    world.time = 10_000;
    await world.advance(150);
    expect(at.slice(4).length).toBeLessThanOrEqual(2);
    // The clock goes back: the next tick is one interval away at most.
    world.time = 5_000;
    const due = [...world.timers.values()][0]?.at ?? 0;
    expect(due).toBeGreaterThan(world.time);
  });
});

describe("storm budgets", () => {
  function storm<T>(budget: Partial<LoopBudget>, setup: (s: Setup) => T & object) {
    const world = new World();
    const refused: BudgetName[] = [];
    Object.assign(world.host, { budget: { effectsPerTurn: 1_000, resourcesPerSecond: 50, actionsPerSecond: 100, latestPerSecond: 50, ...budget }, onBudget: (name: BudgetName) => void refused.push(name) });
    return { ...openWith(setup, { world }), world, refused };
  }

  it("SB1, scenario 73: loads over the budget are the error state with VANGO_BUDGET_EXCEEDED; a second later they work", async () => {
    let loads = 0;
    const told: string[] = [];
    const live = storm({ resourcesPerSecond: 3 }, (setup) => ({ data: setup.resource({ load: async () => ++loads, ssr: "defer", onError: (e) => void told.push((e as VangoError).code) }) }));
    await live.world.settle();
    for (let i = 0; i < 5; i++) {
      live.turn(() => live.it.data.invalidate());
      await live.world.settle();
    }
    expect([loads, live.it.data.state(), (live.it.data.error() as VangoError).code, told]).toEqual([3, "error", "VANGO_BUDGET_EXCEEDED", Array(3).fill("VANGO_BUDGET_EXCEEDED")]);
    expect([live.refused, live.world.codes()]).toEqual([Array(3).fill("resourcesPerSecond"), ["VANGO_BUDGET_EXCEEDED"]]);
    expect(live.world.errors[0]?.message).toContain("resourcesPerSecond is 3");
    await live.world.advance(1_000);
    live.turn(() => live.it.data.invalidate());
    await live.world.settle();
    expect([loads, live.it.data.state()]).toEqual([4, "ready"]);
  });

  it("SB2, scenario 73: runs over the budget are refused with the reason; state is untouched", async () => {
    const why: string[] = [];
    const live = storm({ actionsPerSecond: 2 }, (setup) => ({ act: setup.action((n: number) => n, { onRejected: (e) => void why.push(e.code) }) }));
    const runs: boolean[] = [];
    live.turn(() => void runs.push(live.it.act.run(1), live.it.act.run(2), live.it.act.run(3)));
    await live.world.settle();
    expect([runs, why, live.it.act.state(), live.it.act.result(), live.refused]).toEqual([[true, true, false], ["VANGO_BUDGET_EXCEEDED"], "success", 2, ["actionsPerSecond"]]);
  });

  it("SB3: latest-only work over the budget does not start and reaches onError", async () => {
    const told: string[] = [];
    const live = storm({ latestPerSecond: 2 }, (setup) => ({ latest: setup.latest(async (n: number) => n, () => undefined, { onError: (e) => void told.push((e as VangoError).code) }) }));
    for (let i = 0; i < 4; i++) live.turn(() => live.it.latest.run(i));
    await live.world.settle();
    expect([told, live.refused]).toEqual([["VANGO_BUDGET_EXCEEDED"], ["latestPerSecond", "latestPerSecond"]]);
  });

  it("SB4: effects that rerun over the budget of a turn do not run; first runs are not counted; the session and its effects live on", () => {
    let runs = 0;
    const live = storm({ effectsPerTurn: 10 }, (setup) => {
      const n = setup.signal(0);
      for (let i = 0; i < 25; i++) setup.effect(() => void (n.get(), runs++));
      return { n, view: () => html`<p>${n}</p>` };
    });
    expect(runs).toBe(25);
    live.turn(() => live.it.n.set(1));
    expect([runs, live.world.codes(), live.refused, live.html()]).toEqual([35, ["VANGO_BUDGET_EXCEEDED"], ["effectsPerTurn"], "<p>1</p>"]);
    live.turn(() => live.it.n.set(2));
    expect(runs).toBe(45);
  });
});
