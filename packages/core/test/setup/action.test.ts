// Actions and other work that comes back onto the loop: policies, cancelling, timers, subscriptions, shared state, URL.
import { describe, expect, it } from "vitest";
import { component, html } from "../../src/index.js";
import type { ActionOptions } from "../../src/index.js";
import { openWith, World } from "../loop/harness.js";

function open(o: ActionOptions<string> = {}) {
  const calls: { arg: number; signal: AbortSignal; ok(v: string): void; fail(e: unknown): void }[] = [];
  const told: string[] = [];
  const live = openWith((setup) => {
    const act = setup.action(
      (arg: number, { signal }) => new Promise<string>((ok, fail) => calls.push({ arg, signal, ok, fail })),
      { onStart: () => void told.push("start"), onSuccess: (r) => void told.push(r), onError: (e) => void told.push(`error ${(e as Error).message}`), onRejected: () => void told.push("rejected"), ...o },
    );
    const view = () => html`<p>${() => act.match({ idle: () => "idle", running: () => "running", success: (r) => `success ${r}`, error: (e) => `error ${(e as Error).message}` })}</p>`;
    return { act, view };
  });
  const run = (...args: number[]): boolean[] => {
    const out: boolean[] = [];
    live.turn(() => args.forEach((a) => out.push(live.it.act.run(a))));
    return out;
  };
  const answer = async (i: number, v: string | Error): Promise<string> => {
    if (v instanceof Error) calls[i]?.fail(v);
    else calls[i]?.ok(v);
    await live.world.settle();
    return live.html().slice(3, -4);
  };
  return { live, act: live.it.act, calls, told, run, answer, shown: () => live.html().slice(3, -4) };
}

describe("actions", () => {
  it("AC1: idle, running, success; the work starts when the turn commits", async () => {
    const a = open();
    expect(a.shown()).toBe("idle");
    a.live.turn(() => {
      expect(a.act.run(1)).toBe(true);
      expect([a.act.state(), a.calls.length]).toEqual(["running", 0]);
    });
    expect([a.shown(), a.calls.length]).toEqual(["running", 1]);
    expect(await a.answer(0, "ok")).toBe("success ok");
    expect([a.act.result(), a.act.error(), a.told]).toEqual(["ok", undefined, ["start", "ok"]]);
  });

  it("AC1, scenario 37: work that throws is the error state; a next run clears it", async () => {
    const a = open();
    a.run(1);
    expect(await a.answer(0, new Error("no"))).toBe("error no");
    a.run(2);
    expect([a.shown(), a.act.error()]).toEqual(["running", undefined]);
    expect(await a.answer(1, "yes")).toBe("success yes");
    expect(a.live.world.codes()).toEqual([]);
    const { turn, world, it: page } = openWith((setup) => ({ act: setup.action((): string => { throw new Error("sync"); }) }));
    turn(() => void page.act.run());
    await world.settle();
    expect([page.act.state(), world.codes()]).toEqual(["error", []]);
  });

  it("AC2, scenario 35: latest aborts the run under way, whose result and error are ignored", async () => {
    const a = open();
    a.run(1);
    a.run(2);
    expect(a.calls.map((c) => c.signal.aborted)).toEqual([true, false]);
    expect(await a.answer(0, new Error("aborted"))).toBe("running");
    expect(await a.answer(1, "two")).toBe("success two");
    expect(a.told).toEqual(["start", "start", "two"]);
  });

  it("AC2, scenario 33: drop refuses while running, also within one turn, without an error state", async () => {
    const a = open({ policy: "drop" });
    expect(a.run(1, 2)).toEqual([true, false]);
    expect(a.run(3)).toEqual([false]);
    expect(await a.answer(0, "one")).toBe("success one");
    expect([a.calls.length, a.told]).toEqual([1, ["start", "rejected", "rejected", "one"]]);
    expect(a.run(4)).toEqual([true]);
  });

  it("AC2, scenario 34: queue(2) runs three of four in order; the fourth is rejected and is no error", async () => {
    const a = open({ policy: "queue", queue: 2 });
    expect(a.run(1, 2, 3, 4)).toEqual([true, true, true, false]);
    for (const [i, v] of ["a", "b", "c"].entries()) {
      expect(a.calls.map((c) => c.arg)).toEqual([1, 2, 3].slice(0, i + 1));
      expect(await a.answer(i, v)).toBe(i < 2 ? "running" : "success c");
    }
    expect(a.told.filter((t) => t === "rejected")).toHaveLength(1);
  });

  it("AC2: an error does not stop the queue; ten wait by default", async () => {
    const a = open({ policy: "queue" });
    expect(a.run(...Array.from({ length: 12 }, (_, i) => i)).map(Number).join("")).toBe("111111111110");
    await a.answer(0, new Error("x"));
    expect(a.calls.map((c) => c.arg)).toEqual([0, 1]);
  });

  it("AC3: cancel aborts and forgets what waits; reset forgets the result too", async () => {
    const a = open({ policy: "queue" });
    a.run(1, 2);
    a.live.turn(() => a.act.cancel());
    expect([a.shown(), a.calls[0]?.signal.aborted]).toEqual(["idle", true]);
    expect(await a.answer(0, "late")).toBe("idle");
    expect(a.calls).toHaveLength(1);
    a.run(3);
    await a.answer(1, "three");
    a.live.turn(() => a.act.reset());
    expect([a.shown(), a.act.result()]).toEqual(["idle", undefined]);
    a.live.turn(() => (a.act.run(4), a.act.cancel()));
    expect([a.shown(), a.calls.length]).toEqual(["idle", 2]);
  });

  it("AC3, scenario 36: the component's end aborts the work; nothing is written", async () => {
    let signal: AbortSignal | undefined;
    const told: string[] = [];
    const { it: page, turn, world } = openWith((setup) => {
      const on = setup.signal(true);
      let run: (() => void) | undefined;
      const Child = component((own) => {
        const act = own.action((_: void, c) => ((signal = c.signal), Promise.resolve("x")), { onSuccess: (r) => void told.push(r) });
        run = () => void act.run();
        return () => html`<b></b>`;
      });
      return { on, run: () => run?.(), view: () => html`<p>${() => (on.get() ? html`<${Child} />` : "")}</p>` };
    });
    turn(() => page.run());
    turn(() => page.on.set(false));
    await world.settle();
    expect([signal?.aborted, told, world.codes()]).toEqual([true, [], []]);
  });

  it("AC4: a callback that throws is VANGO_DISPATCH; the action is settled and usable", async () => {
    const a = open({ policy: "drop", onSuccess: () => { throw new Error("cb"); } });
    a.run(1);
    expect(await a.answer(0, "one")).toBe("success one");
    expect(a.live.world.codes()).toEqual(["VANGO_DISPATCH"]);
    expect(a.run(2)).toEqual([true]);
  });
});

describe("timers and subscriptions", () => {
  function child(start: (own: Parameters<Parameters<typeof component>[0]>[0], tick: (n?: number) => void) => void) {
    const world = new World();
    const live = openWith((setup) => {
      const on = setup.signal(true);
      const n = setup.signal(0);
      const Child = component((own) => {
        start(own, (by = 1) => n.add(by));
        return () => html`<b>${n}</b>`;
      });
      return { on, n, view: () => html`<p>${() => (on.get() ? html`<${Child} />` : "")}</p>` };
    }, { world });
    return { live, n: () => live.it.n.peek(), world };
  }

  it("TM1, scenario 11: an interval ticks in turns of its own and stops with its component", async () => {
    const { live, n, world } = child((own, tick) => own.interval(1_000, tick));
    expect(n()).toBe(0);
    await world.advance(3_500);
    expect([n(), live.html()]).toEqual([3, "<p><b>3</b></p>"]);
    live.turn(() => live.it.on.set(false));
    await world.advance(5_000);
    expect([n(), world.timers.size]).toEqual([3, 0]);
  });

  it("TM1: immediate ticks at once; a timeout runs once; both can be cancelled, also in setup", async () => {
    let stop: (() => void) | undefined;
    const { n, world } = child((own, tick) => {
      own.interval(1_000, () => tick(100), { immediate: true });
      stop = own.timeout(50, tick);
      own.timeout(60, tick);
      own.timeout(70, tick)();
    });
    await world.settle();
    expect(n()).toBe(100);
    stop?.();
    await world.advance(500);
    expect(n()).toBe(101);
    await world.advance(500);
    expect(n()).toBe(201);
  });

  it("TM2: a tick that throws is VANGO_DISPATCH and the next one comes", async () => {
    let calls = 0;
    const { world, n } = child((own, tick) => own.interval(10, () => { tick(); if (++calls === 1) throw new Error("x"); }));
    await world.advance(20);
    expect([world.codes(), n()]).toEqual([["VANGO_DISPATCH"], 1]);
  });

  it("TM3: a source is followed from the commit on, each value a turn, until the component goes; a source that fails is reported", async () => {
    const pushes: ((v: number) => void)[] = [];
    let stopped = 0;
    const { live, n, world } = child((own, tick) => {
      own.subscribe<number>((push) => (pushes.push(push), () => stopped++), (v) => tick(v));
      own.subscribe(() => { throw new Error("source"); }, () => undefined);
    });
    expect(world.codes()).toEqual(["VANGO_DISPATCH"]);
    pushes[0]?.(5);
    expect(n()).toBe(0);
    await world.settle();
    expect(n()).toBe(5);
    pushes[0]?.(7);
    live.turn(() => live.it.on.set(false));
    await world.settle();
    pushes[0]?.(9);
    await world.settle();
    expect([n(), stopped]).toEqual([5, 1]);
  });
});

describe("shared state and URL", () => {
  it("ST1: a shared signal is one for all components of a session, a global one for all sessions", async () => {
    const make = () =>
      openWith((setup) => {
        const Show = component((own) => {
          const mine = own.sharedSignal("test.shared", 1);
          const all = own.globalSignal("test.global", 10);
          return () => html`<b>${mine}/${all}</b>`;
        });
        return { mine: setup.sharedSignal("test.shared", 1), all: setup.globalSignal("test.global", 10), view: () => html`<p><${Show} /></p>` };
      });
    const [a, b] = [make(), make()];
    a.turn(() => {
      a.it.mine.inc();
      a.it.all.inc();
    });
    b.world.run();
    expect([a.html(), b.html()]).toEqual(["<p><b>2/11</b></p>", "<p><b>1/11</b></p>"]);
    b.turn(() => {
      b.it.all.set(99);
      throw new Error("x");
    });
    a.world.run();
    expect([a.html(), b.html()]).toEqual(["<p><b>2/11</b></p>", "<p><b>1/11</b></p>"]);
    b.loop.dispose();
    a.turn(() => a.it.all.inc());
    const c = make();
    expect(c.html()).toBe("<p><b>1/12</b></p>");
  });

  it("ST4: two sessions that add to a global signal at the same time both count", () => {
    const make = () => openWith((setup) => ({ n: setup.globalSignal("test.adds", 0), list: setup.globalSignal<readonly string[]>("test.appends", []), view: () => html`<p></p>` }));
    const [a, b] = [make(), make()];
    for (const [session, name] of [[a, "a"], [b, "b"]] as const) {
      session.turn(() => {
        session.it.n.add(5);
        session.it.n.update((n) => n * 2);
        session.it.list.append(name);
      });
    }
    for (const { world } of [a, b]) world.run();
    expect([a.it.n.peek(), b.it.n.peek()]).toEqual([30, 30]);
    expect([...b.it.list.peek()]).toEqual(["a", "b"]);
    expect(a.it.list.peek()).toEqual(b.it.list.peek());
  });

  it("ST2: a URL parameter changes at once; the address follows in the turn's frame, or after the debounce, once", async () => {
    const { it: page, turn, world, mirror } = openWith((setup) => {
      const q = setup.urlParam("q", { default: "" });
      const n = setup.urlParam("n", { default: 1, mode: "push" });
      const slow = setup.urlParam("s", { default: "", debounce: 300 });
      return { q, n, slow, view: () => html`<p>${q}</p>` };
    });
    mirror.clear();
    turn(() => page.q.set("a b"));
    expect(mirror.ops()).toEqual([{ op: "text", at: "body>p", value: "a b" }, { op: "url", href: "/?q=a+b", replace: true }]);
    turn(() => page.n.set(2));
    expect(mirror.ops().at(-1)).toEqual({ op: "url", href: "/?q=a+b&n=2", replace: false });
    turn(() => page.q.set(""));
    expect(mirror.url).toBe("/?n=2");
    mirror.clear();
    for (const text of ["x", "xy", "xyz"]) {
      turn(() => page.slow.set(text));
      await world.advance(100);
    }
    expect([mirror.ops(), page.slow.peek()]).toEqual([[], "xyz"]);
    await world.advance(300);
    expect(mirror.ops()).toEqual([{ op: "url", href: "/?n=2&s=xyz", replace: true }]);
  });

  it("ST2: a URL parameter is read by its kind; what does not parse is the default", () => {
    const world = new World();
    for (const [k, v] of Object.entries({ n: "7", bad: "x", b: "true", p: "3,4", throws: "x" })) world.query.set(k, v);
    const { it: page } = openWith((setup) => ({
      n: setup.urlParam("n", { default: 1 }),
      bad: setup.urlParam("bad", { default: 1 }),
      b: setup.urlParam("b", { default: false }),
      p: setup.urlParam<readonly number[]>("p", { default: [], parse: (s) => s.split(",").map(Number) }),
      throws: setup.urlParam("throws", { default: "d", parse: () => { throw new Error("x"); } }),
    }), { world });
    expect([page.n.peek(), page.bad.peek(), page.b.peek(), page.p.peek(), page.throws.peek()]).toEqual([7, 1, true, [3, 4], "d"]);
  });
});

describe("the setup object", () => {
  it("ST3: its methods can be taken off it; after setup they are refused all the same", () => {
    let late: (() => unknown) | undefined;
    const { it: page, turn, html: shown } = openWith(({ signal, memo }) => {
      const n = signal(1);
      const twice = memo(() => n.get() * 2);
      late = () => signal(2);
      return { n, view: () => html`<p>${twice}</p>` };
    });
    expect(shown()).toBe("<p>2</p>");
    turn(() => page.n.set(4));
    expect(shown()).toBe("<p>8</p>");
    expect(() => late?.()).toThrow(expect.objectContaining({ code: "VANGO_SETUP_CLOSED" }));
  });
});
