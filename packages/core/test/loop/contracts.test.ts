// Contracts: what is refused, and what a person reads who did it: the place of the call, the work that ran, the way out.
import { afterEach, describe, expect, it } from "vitest";
import { component, html, tx } from "../../src/index.js";
import type { Setup, VangoError } from "../../src/index.js";
import { namesOfTurn } from "../../src/reactive/tx.js";
import { namedWorld } from "./async-places.js";
import { openPage, openWith, World } from "./harness.js";

let end: (() => void) | undefined;
afterEach(() => {
  end?.();
  end = undefined;
});

function named(): World {
  const made = namedWorld();
  end = made.end;
  return made.world;
}

/** Component, event slot and both lines of the errors that a page's world has heard. */
const seen = (errors: readonly VangoError[]): unknown[] => errors.map((e) => [e.code, e.related, /contracts\.test\.ts:\d+:\d+/.test(e.at ?? "")]);
const later = (): Promise<void> => Promise.resolve();
const HERE = "contracts.test.ts";

describe("off-loop writes", () => {
  it("RX18, scenario 6: a write after an await names the handler's element and component, and its own line, with and without an async context", async () => {
    for (const world of [new World(), named()]) {
      const Todos = component((setup) => {
        const n = setup.signal(0, { name: "n" });
        const save = async (): Promise<void> => {
          n.set(1);
          await later();
          n.set(2);
        };
        return () => html`<section><button id="a" onClick=${save}>${n}</button><b><input onInput=${() => save()} /></b></section>`;
      }, { name: "Todos" });
      const live = openPage(component(() => () => html`<main><${Todos} /></main>`), { world });
      expect(live.click("button")).toBeUndefined();
      await world.settle();
      expect(live.html()).toContain('<button id="a">1</button>');
      expect(seen(world.errors)).toEqual([["VANGO_OFF_LOOP_WRITE", 'the "click" handler save of <button> in <Todos>', true]]);
      expect(world.errors[0]?.message).toMatch(/^VANGO_OFF_LOOP_WRITE: A signal was written outside its session loop\. The write of "n" is at .*contracts\.test\.ts:\d+:\d+\)?, in the "click" handler save of <button> in <Todos>\.$/);
      expect(world.errors[0]?.fix).toMatch(/setup\.resource.*setup\.action.*ctx\.dispatch/);
      world.errors.length = 0;
      live.click("input", "input");
      await world.settle();
      expect(seen(world.errors)).toEqual([["VANGO_OFF_LOOP_WRITE", 'the "input" handler of <input> in <Todos>', true]]);
    }
  });

  it("RX18: two handlers at once are told apart by the async context; without one both are named", async () => {
    for (const [world, exact] of [[named(), true], [new World(), false]] as const) {
      const gates: (() => void)[] = [];
      const live = openWith((setup) => {
        const n = setup.signal(0);
        const wait = (): Promise<void> => new Promise((ok) => gates.push(ok));
        const one = async (): Promise<void> => (await wait(), n.set(1));
        const two = async (): Promise<void> => (await wait(), n.set(2));
        return { view: () => html`<p><a onClick=${one}></a><b onClick=${two}></b></p>` };
      }, { world });
      live.click("a");
      live.click("b");
      gates[1]?.();
      await world.settle();
      const related = world.errors[0]?.related ?? "";
      expect(related.includes("handler two of <b>")).toBe(true);
      expect(related.includes("handler one of <a>")).toBe(!exact);
      expect(related.startsWith("one of: ")).toBe(!exact);
    }
  });

  it("RX18: loaders, action work, effects, timers, callbacks and dispatches are named the same way", async () => {
    const world = named();
    const live = openWith((setup) => {
      const n = setup.signal(0);
      const write = async (): Promise<void> => (await later(), n.set(9));
      setup.resource({ name: "page", load: write, ssr: "defer", onError: (e) => void world.errors.push(e as VangoError) });
      const work = setup.action(write, { name: "save", onError: (e) => void world.errors.push(e as VangoError) });
      const told = setup.action(() => 1, { onSuccess: write });
      const latest = setup.latest(write, () => undefined, { onError: (e) => void world.errors.push(e as VangoError) });
      setup.effect(write as () => void, { name: "watch" });
      setup.onMount(write as () => void);
      setup.timeout(5, write);
      setup.interval(10, write);
      setup.subscribe<number>((push) => (push(1), () => undefined), write);
      return { work, told, latest, ctx: setup.ctx, n };
    }, { world });
    await world.settle();
    const related = (): unknown[] => world.errors.splice(0).map((e) => (expect([e.code, e.at?.includes(HERE)]).toEqual(["VANGO_OFF_LOOP_WRITE", true]), e.related));
    expect(related().sort()).toEqual(["the callback of setup.subscribe in <component>", "the effect onMount of <component>", "the effect watch of <component>", 'the loader of the resource "page" of <component>']);
    live.turn(() => void live.it.work.run());
    await world.settle();
    expect(related()).toEqual(['the work of the action "save" of <component>']);
    live.turn(() => void live.it.told.run());
    await world.settle();
    expect(related()).toEqual(["a callback of an action of <component>"]);
    live.turn(() => live.it.latest.run(undefined as never));
    await world.settle();
    expect(related()).toEqual(["the latest-only work of <component>"]);
    await world.advance(5);
    expect(related()).toEqual(["the callback of setup.timeout in <component>"]);
    await world.advance(5);
    expect(related()).toEqual(["the callback of setup.interval in <component>"]);
    void live.it.ctx.dispatch(async () => (await later(), live.it.n.set(3)));
    await world.settle();
    expect(related()).toEqual(["a callback of ctx.dispatch"]);
    live.loop.dispose();
  });

  it("RX18: a turn that a loader asked for is not in the loader, nor is what it starts", async () => {
    const world = named();
    const live = openWith((setup) => {
      const n = setup.signal(0);
      setup.resource({ ssr: "defer", load: async () => (await later(), void setup.ctx.dispatch(() => (n.inc(), setTimeout(() => undefined), n.set(n.peek() + 1)))) });
      const memo = setup.memo(() => n.get());
      return { n, memo };
    }, { world });
    await world.settle();
    expect([live.it.n.peek(), world.codes()]).toEqual([2, []]);
  });

  it("RX18: ctx.dispatch is the way back, from every place", async () => {
    const world = named();
    const live = openWith((setup) => {
      const n = setup.signal(0);
      const back = (by: number) => setup.ctx.dispatch(() => n.add(by));
      setup.resource({ ssr: "defer", load: async () => (await later(), back(1)) });
      setup.effect(() => void back(10));
      const work = setup.action(async () => (await back(100), n.peek()));
      return { n, work, back, view: () => html`<button onClick=${async () => (await later(), await back(1_000), back(10_000))}>${n}</button>` };
    }, { world });
    await world.settle();
    live.turn(() => void live.it.work.run());
    live.click("button");
    await world.settle();
    void live.it.back(100_000);
    await world.settle();
    expect([live.it.n.peek(), world.codes()]).toEqual([111_111, []]);
  });

  it("RX18: a signal of another session says so", () => {
    const a = openWith((setup) => ({ n: setup.signal(0, { name: "n" }) }));
    const b = openWith(() => ({}));
    const error = b.turn(() => a.it.n.set(1));
    expect(error).toMatchObject({ code: "VANGO_OFF_LOOP_WRITE", message: expect.stringContaining("in a turn of another session") as string, fix: expect.stringContaining("setup.globalSignal") as string });
  });

  it("RX18: a handler that never settles keeps nothing of a session that has ended", async () => {
    const world = new World();
    const forever = (): Promise<void> => new Promise(() => undefined);
    const a = openWith(() => ({ view: () => html`<p onClick=${forever}></p>` }), { world });
    const b = openWith((setup) => ({ n: setup.signal(0) }), { world });
    for (let i = 0; i < 100; i++) a.click("p");
    a.loop.dispose();
    let error: VangoError | undefined;
    try {
      b.it.n.set(1);
    } catch (e) {
      error = e as VangoError;
    }
    expect([error?.code, error?.related]).toEqual(["VANGO_OFF_LOOP_WRITE", undefined]);
    expect(error?.message).toContain("outside every turn");
  });
});

describe("other calls in the wrong place", () => {
  const thrown = (fn: () => unknown): VangoError => {
    try {
      fn();
    } catch (error) {
      return error as VangoError;
    }
    throw new Error("nothing was thrown");
  };

  it("RX17: commands, runs and tx off the loop say where and how to get back", async () => {
    const world = named();
    const errors: VangoError[] = [];
    const live = openWith((setup) => {
      const act = setup.action(() => 1);
      const latest = setup.latest(() => 1, () => undefined);
      const calls = [() => setup.ctx.navigate("/x"), () => setup.ctx.emit("x"), () => setup.ctx.toast("info", "x"), () => act.run(), () => latest.run(1), () => latest.cancel(), () => tx(() => 1)];
      return { view: () => html`<p onClick=${async () => (await later(), errors.push(...calls.map(thrown)))}></p>` };
    }, { world });
    live.click("p");
    await world.settle();
    expect(errors.map((e) => e.code)).toEqual(Array<string>(7).fill("VANGO_PHASE"));
    for (const e of errors) {
      expect(e.message).toMatch(/The call of .* is at .*contracts\.test\.ts:\d+/);
      expect(e.fix).toMatch(/ctx\.dispatch/);
    }
    expect(errors[0]?.related).toBe('the "click" handler of <p> in <component>');
  });

  it("RX17: navigate in setup and render names its line", () => {
    const c = component((setup) => () => (setup.ctx.navigate("/x"), html`<p></p>`));
    expect(thrown(() => openPage(c))).toMatchObject({ code: "VANGO_NAVIGATE_IN_RENDER", at: expect.stringContaining(HERE) as string, message: expect.stringContaining("while rendering") as string });
  });

  it("RX15: allocation says where: in render, in a handler, in an effect, in a tracked computation, in a callback", async () => {
    const where = async (probe: (setup: Setup, allocate: () => void) => { view?: () => never; run?: () => void }): Promise<string> => {
      let error: VangoError | undefined;
      const live = openWith((setup) => probe(setup, () => void (error = thrown(() => setup.signal(0)))));
      live.turn(() => live.it.run?.());
      await live.world.advance(1);
      expect([error?.code, error?.at?.includes(HERE)]).toEqual(["VANGO_SETUP_CLOSED", true]);
      return /, ([a-z ]+)\.$/.exec(error?.message ?? "")?.[1] ?? "?";
    };
    expect(await where((_s, allocate) => ({ view: () => (allocate(), "x") as never }))).toBe("while rendering");
    expect(await where((_s, allocate) => ({ run: allocate }))).toBe("in a handler or callback");
    expect(await where((s, allocate) => (s.effect(allocate), {}))).toBe("in an effect");
    expect(await where((s, allocate) => (s.memo(allocate).get(), {}))).toBe("inside a tracked computation");
    expect(await where((s, allocate) => (s.resource({ key: allocate, load: () => 1 }), {}))).toBe("inside a tracked computation");
    expect(await where((s, allocate) => (s.timeout(1, allocate), {}))).toBe("in a handler or callback");
  });

  it("LP13: a turn inside a turn names the way", () => {
    const { loop, turn } = openWith(() => ({}));
    expect(turn(() => void loop.turn(() => undefined))).toMatchObject({ code: "VANGO_PHASE", fix: expect.stringContaining("ctx.dispatch") as string });
  });

  it("RX16: an effect, timer or callback that is async never ends the process: its rejection is reported with its code", async () => {
    const rejected: unknown[] = [];
    const note = (e: unknown): void => void rejected.push(e);
    process.on("unhandledRejection", note);
    const fails = async (): Promise<never> => {
      await later();
      throw new Error("later");
    };
    const live = openWith((setup) => {
      setup.effect(fails as never);
      setup.timeout(0, fails as never);
      const act = setup.action(() => 1, { onSuccess: fails as never });
      return { act, ctx: setup.ctx };
    });
    await live.world.advance(0);
    live.turn(() => void live.it.act.run());
    await live.world.settle();
    void live.it.ctx.dispatch(fails as never);
    await live.world.settle();
    live.turn(() => {
      void live.it.ctx.dispatch(() => undefined);
      throw new Error("rolled back");
    });
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect([rejected, live.world.codes()]).toEqual([[], ["VANGO_EFFECT", "VANGO_DISPATCH", "VANGO_DISPATCH", "VANGO_DISPATCH", "VANGO_HANDLER"]]);
  });
});

describe("transactions", () => {
  it("LP12: a dispatch of a turn that is rolled back is VANGO_TURN_ABORTED; so is that of a tx and of an effect", async () => {
    const codes: string[] = [];
    const live = openWith((setup) => {
      const go = setup.signal(0);
      const ask = (): void => void setup.ctx.dispatch(() => codes.push("ran")).then(() => codes.push("done"), (e: VangoError) => codes.push(e.code));
      setup.effect(() => {
        if (go.get() === 0) return;
        ask();
        throw new Error("effect");
      });
      return { go, ask };
    });
    live.turn(() => {
      live.it.ask();
      throw new Error("x");
    });
    live.turn(() => {
      live.it.ask();
      expect(() => tx(() => { live.it.ask(); throw new Error("inner"); })).toThrow("inner");
    });
    await live.world.settle();
    expect(codes).toEqual(["ran", "VANGO_TURN_ABORTED", "VANGO_TURN_ABORTED", "done"]);
    codes.length = 0;
    live.turn(() => live.it.go.set(1));
    await live.world.settle();
    expect([codes, live.world.codes()]).toEqual([["VANGO_TURN_ABORTED"], ["VANGO_HANDLER", "VANGO_EFFECT"]]);
  });

  it("LP9: code that takes the server for the browser is told where it runs", () => {
    const { turn, world } = openWith((setup) => ({ n: setup.signal(0) }));
    turn(() => { throw new ReferenceError("location is not defined"); });
    turn(() => { throw new ReferenceError("total is not defined"); });
    expect(world.errors.map(({ message }) => message)).toEqual([
      "VANGO_HANDLER: An event handler threw. location is not defined: `location` is the browser's, and handlers and pages run on the server",
      "VANGO_HANDLER: An event handler threw. total is not defined",
    ]);
  });

  it("RX13: the error of a named tx says which, innermost with its path; a caught one names no later failure", () => {
    const { turn, world, it: page } = openWith((setup) => ({ n: setup.signal(0) }));
    turn(() => tx("checkout", () => tx("pay", () => { page.n.set(1); throw new Error("no funds"); })));
    expect(world.errors[0]?.message).toBe('VANGO_HANDLER: An event handler threw. no funds (in tx "checkout › pay")');
    turn(() => {
      expect(() => tx("inner", () => { throw new Error("caught"); })).toThrow();
      throw new Error("other");
    });
    expect(world.errors[1]?.message).not.toContain("in tx");
    expect(page.n.peek()).toBe(0);
    turn(() => (tx("one", () => tx("two", () => undefined)), tx("one", () => undefined)));
    expect(namesOfTurn()).toBe("one, two");
    turn(() => undefined);
    expect(namesOfTurn()).toBeUndefined();
  });

  it("LP6: VANGO_EFFECT_LOOP names the effects that still wait", () => {
    const { turn, world, it: page } = openWith((setup) => {
      const n = setup.signal(0);
      setup.effect(() => { if (n.get() > 0) n.inc(); }, { writes: true, name: "counts itself" });
      return { n };
    });
    turn(() => page.n.set(1));
    expect(world.errors[0]?.message).toContain("the effect counts itself of <component>");
  });
});
