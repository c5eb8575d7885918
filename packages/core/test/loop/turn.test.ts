// Turns: transactions, one after the other; what fails, what leaves with the frame, what comes back onto the loop.
import { describe, expect, it } from "vitest";
import { component, html, sessionKey } from "../../src/index.js";
import type { Setup, VangoError } from "../../src/index.js";
import { Loop } from "../../src/loop/loop.js";
import type { PageCommand } from "../../src/loop/outgoing.js";
import { openPage, openWith, World } from "./harness.js";

describe("turns", () => {
  it("LP8, scenario 1 and 3: a click is one frame, whatever the number of writes", () => {
    const { click, world, html: text } = openWith((setup) => {
      const [a, b, c] = [setup.signal(0), setup.signal(0), setup.signal(0)];
      return { view: () => html`<button onClick=${() => (a.inc(), b.inc(), c.inc())}>${a}${b}${c}</button>` };
    });
    world.log.length = 0;
    click("button");
    expect([world.log, text()]).toEqual([["frame"], "<button>111</button>"]);
  });

  it("LP8, scenario 2: the frame of a turn is written before the next handler starts", () => {
    const world = new World();
    const { loop, it: page } = openWith((setup) => {
      const n = setup.signal(0);
      const handler = (name: string) => () => (world.log.push(name), n.inc());
      return { one: handler("one"), two: handler("two"), view: () => html`<p>${n}</p>` };
    }, { world });
    world.log.length = 0;
    loop.post(page.one);
    loop.post(page.two);
    expect([world.log, loop.waiting]).toEqual([[], 2]);
    world.run();
    expect(world.log).toEqual(["one", "frame", "two", "frame"]);
  });

  it("LP9, scenario 5: a handler that throws takes everything back: signals, memos, actions, resources, commands; the next event works", async () => {
    const loads: string[] = [];
    const { it: page, turn, world, html: text, mirror, loop } = openWith((setup) => {
      const n = setup.signal(1);
      const list = setup.signal<readonly number[]>([1]);
      const shared = setup.sharedSignal("s", "first");
      const param = setup.urlParam("q", { default: "" });
      const double = setup.memo(() => n.get() * 2);
      const seen: number[] = [];
      setup.effect(() => void seen.push(double.get()));
      const save = setup.action(async (x: number) => (loads.push(`save ${x}`), x));
      const data = setup.resource({ load: async () => (loads.push("load"), "data") });
      return { n, list, shared, param, double, save, data, seen, ctx: setup.ctx, view: () => html`<p title=${shared}>${n} ${double} ${list} ${() => save.state()} ${() => data.state()}</p>` };
    });
    await world.settle();
    loads.length = 0;
    world.log.length = 0;
    const before = text();
    const everything = (): void => {
      page.n.set(9);
      page.list.append(2);
      page.shared.set("other");
      page.param.set("x");
      expect(page.double.peek()).toBe(18);
      expect(page.save.run(1)).toBe(true);
      expect(page.save.state()).toBe("running");
      page.data.refetch();
      page.ctx.emit("e");
      page.ctx.toast("info", "t");
      page.ctx.navigate("/other");
      void page.ctx.dispatch(() => page.n.set(-1));
    };
    const failure = turn(() => {
      everything();
      throw new Error("late");
    });
    await world.settle();
    expect(failure).toMatchObject({ code: "VANGO_HANDLER", cause: new Error("late") });
    expect(world.codes()).toEqual(["VANGO_HANDLER"]);
    expect([text(), world.log, loads, mirror.emitted, world.navigated, page.param.peek(), page.save.state(), page.seen]).toEqual([before, [], [], [], [], "", "idle", [2]]);
    expect(page.double.peek()).toBe(2);
    expect(loop.waiting).toBe(0);
    expect(turn(everything)).toBeUndefined();
    await world.settle();
    expect([world.navigated, mirror.emitted.map((e) => e.name), page.param.peek(), page.save.state(), page.n.peek()]).toEqual([["/other"], ["e", "vango:toast"], "x", "success", -1]);
    expect(loads.sort()).toEqual(["load", "save 1"]);
    expect(page.seen).toEqual([2, 18, -2]);
  });

  it("LP9: a VangoError of a handler keeps its code; a failing posted turn is VANGO_DISPATCH", () => {
    const { loop, world, it: page, turn } = openWith((setup) => ({ n: setup.signal(0) }));
    expect(turn(() => page.n.set((() => { throw new TypeError("x"); })()))?.code).toBe("VANGO_HANDLER");
    loop.post(() => {
      throw new Error("timer");
    });
    world.run();
    expect(world.codes()).toEqual(["VANGO_HANDLER", "VANGO_DISPATCH"]);
  });

  it("LP9: a failed turn of one session takes back nothing of another", () => {
    const make = (setup: Setup) => {
      const seen = setup.signal("");
      // What the GET loaded is handed over: onSuccess writes during the mount.
      setup.resource({ load: () => "x", onSuccess: (v: string) => seen.set(v) });
      return { seen };
    };
    const results = new Map([["x", { value: "x" }]]);
    const pool = { results, missing: 0, take: () => ({ value: "handed" }) } as never;
    const a = openWith(make, { results: pool });
    const b = openWith(make);
    expect(a.it.seen.peek()).toBe("handed");
    b.turn(() => {
      throw new Error("b");
    });
    expect(a.it.seen.peek()).toBe("handed");
  });

  it("LP9: a page that cannot be mounted leaves nothing for the next session", () => {
    const started: string[] = [];
    const Bad = component((setup) => {
      setup.effect(() => void started.push("effect"));
      setup.timeout(1, () => void started.push("timer"));
      setup.resource({ load: () => void started.push("load"), ssr: "defer" });
      if (setup.ctx.session.live) throw new Error("no mount");
      return () => html`<p></p>`;
    });
    expect(() => openPage(component(() => () => html`<div><${Bad} /></div>`))).toThrow("no mount");
    const { world, turn, it: page } = openWith((setup) => ({ n: setup.signal(0) }));
    turn(() => page.n.inc());
    expect([started, world.codes(), world.timers.size]).toEqual([[], [], 0]);
  });

  it("LP10: an event that names no element this page ever had is VANGO_UNKNOWN_TARGET; a null handler does nothing", () => {
    const { loop, world, click } = openWith(() => ({ view: () => html`<p class=${"x"} onClick=${null}>a</p>` }));
    expect(loop.event(99, 0, (type) => ({ type }))?.code).toBe("VANGO_UNKNOWN_TARGET");
    expect(loop.event(1, 0, (type) => ({ type }))?.code).toBe("VANGO_UNKNOWN_TARGET");
    expect(loop.event(1, 7, (type) => ({ type }))?.code).toBe("VANGO_UNKNOWN_TARGET");
    expect(click("p")).toBeUndefined();
    expect(world.codes()).toEqual([]);
  });

  it("LP10: an event of an instance that has gone runs nothing and is VANGO_UNKNOWN_TARGET; the loop knows it from one that never was", () => {
    const heard: string[] = [];
    const { it: page, turn, loop } = openWith((setup) => {
      const open = setup.signal(true);
      return { open, view: () => (open.get() ? html`<p onClick=${() => heard.push("gone")}>a</p>` : html`<b>closed</b>`) };
    });
    expect(loop.event(1, 0, (type) => ({ type }))).toBeUndefined();
    expect([heard, loop.gone(1), loop.gone(99)]).toEqual([["gone"], false, false]);
    turn(() => page.open.set(false));
    expect(loop.event(1, 0, (type) => ({ type }))?.code).toBe("VANGO_UNKNOWN_TARGET");
    expect([heard, loop.gone(1), loop.gone(99)]).toEqual([["gone"], true, false]);
  });

  it("LP10: the handler of the current render runs", () => {
    const heard: number[] = [];
    const { it: page, turn, click } = openWith((setup) => {
      const n = setup.signal(1);
      return { n, view: () => { const at = n.get(); return html`<button onClick=${() => heard.push(at)}>x</button>`; } };
    });
    click("button");
    turn(() => page.n.set(2));
    click("button");
    expect(heard).toEqual([1, 2]);
  });

  it("LP11: what is emitted comes after the frame's DOM changes, in order; it is encoded when it is emitted", () => {
    const { it: page, turn, mirror } = openWith((setup) => {
      const n = setup.signal(0);
      setup.onChange(() => n.get(), () => setup.ctx.emit("effect"));
      return { n, ctx: setup.ctx, view: () => html`<p>${n}</p>` };
    });
    mirror.clear();
    turn(() => {
      const detail = { at: 1 };
      page.ctx.emit("first", detail);
      detail.at = 2;
      page.ctx.toast("success", "Saved", { title: "T" });
      page.n.set(5);
    });
    expect(mirror.ops()).toEqual([
      { op: "text", at: "body>p", value: "5" },
      { op: "emit", name: "first", detail: { at: 1 } },
      { op: "emit", name: "vango:toast", detail: { level: "success", message: "Saved", title: "T" } },
      { op: "emit", name: "effect", detail: null },
    ]);
  });

  it("LP11: what cannot be sent throws in the handler and spoils no later frame", () => {
    const { it: page, turn, html: text } = openWith((setup) => {
      const n = setup.signal(0);
      return { n, ctx: setup.ctx, view: () => html`<p>${n}</p>` };
    });
    expect(turn(() => page.ctx.emit("x", { f: () => 1 }))).toBeDefined();
    turn(() => page.n.set(1));
    expect(text()).toBe("<p>1</p>");
  });

  it("LP14: a host may take the commands of a turn: the frame has the DOM changes alone", () => {
    const { it: page, turn, mirror, loop } = openWith((setup) => {
      const n = setup.signal(0);
      return { n, ctx: setup.ctx, view: () => html`<p>${n}</p>` };
    });
    mirror.clear();
    const kept: PageCommand[] = [];
    let takes = true;
    loop.host.keepCommands = (commands) => {
      kept.push(...commands);
      return takes;
    };
    const both = (): void => {
      page.ctx.emit("heard");
      page.n.update((v) => v + 1);
    };
    turn(both);
    expect(mirror.ops()).toEqual([{ op: "text", at: "body>p", value: "1" }]);
    takes = false;
    turn(both);
    expect(mirror.ops().slice(1)).toEqual([{ op: "text", at: "body>p", value: "2" }, { op: "emit", name: "heard", detail: null }]);
    expect(kept).toHaveLength(2);
  });

  it("LP12: dispatch is a turn from anywhere: it settles after it, rejects with what it threw, or with VANGO_DISPOSED", async () => {
    const { it: page, turn, world, loop } = openWith((setup) => ({ n: setup.signal(0), ctx: setup.ctx }));
    const done = page.ctx.dispatch(() => page.n.set(3));
    expect(page.n.peek()).toBe(0);
    world.run();
    await done;
    expect(page.n.peek()).toBe(3);
    const failed = page.ctx.dispatch(() => {
      page.n.set(9);
      throw new Error("inside");
    });
    world.run();
    await expect(failed).rejects.toThrow("inside");
    expect([page.n.peek(), world.codes()]).toEqual([3, ["VANGO_DISPATCH"]]);
    let inner: Promise<void> | undefined;
    turn(() => {
      inner = page.ctx.dispatch(() => page.n.inc());
      page.n.set(10);
    });
    world.run();
    await inner;
    expect(page.n.peek()).toBe(11);
    const waiting = page.ctx.dispatch(() => undefined);
    loop.dispose();
    await expect(waiting).rejects.toMatchObject({ code: "VANGO_DISPOSED" });
    await expect(page.ctx.dispatch(() => undefined)).rejects.toMatchObject({ code: "VANGO_DISPOSED" });
  });

  it("LP12: a session key belongs to the session: tracked, transactional, gone with it", () => {
    const theme = sessionKey<string>("theme", { default: "light" });
    const { it: page, turn, html: text, loop } = openWith((setup) => ({ ctx: setup.ctx, view: () => html`<p>${() => theme.get(setup.ctx)}</p>` }));
    turn(() => theme.set(page.ctx, "dark"));
    expect(text()).toBe("<p>dark</p>");
    turn(() => {
      theme.set(page.ctx, "red");
      throw new Error("x");
    });
    expect(text()).toBe("<p>dark</p>");
    turn(() => theme.delete(page.ctx));
    expect(text()).toBe("<p>light</p>");
    expect(() => theme.set(page.ctx, "x")).toThrow(/VANGO_OFF_LOOP_WRITE/);
    loop.dispose();
    expect(() => theme.get(page.ctx)).toThrow(/VANGO_DISPOSED/);
    expect(() => theme.get({} as never)).toThrow(/VANGO_PHASE/);
  });

  it("LP13: a turn inside a turn is VANGO_PHASE; a disposed loop runs nothing", () => {
    const { turn, loop, it: page } = openWith((setup) => ({ n: setup.signal(0) }));
    const other = new Loop(new World().host, { id: "other" });
    expect(turn(() => void loop.turn(() => undefined))?.code).toBe("VANGO_PHASE");
    expect(turn(() => void other.turn(() => undefined))?.code).toBe("VANGO_PHASE");
    loop.dispose();
    loop.post(() => page.n.set(1));
    expect([loop.waiting, turn(() => page.n.set(1)), page.n.peek()]).toEqual([0, undefined, 0]);
  });
});

describe("phase guard", () => {
  /** Runs `body` in a phase and gives the code it was answered with. */
  function codeIn(phase: "setup" | "render" | "memo" | "row" | "key" | "effect", body: (setup: Setup, n: { set(v: number): void }) => void): string | undefined {
    let code: string | undefined;
    const probe = (setup: Setup, n: { set(v: number): void }): void => {
      try {
        body(setup, n);
      } catch (error) {
        code = (error as VangoError).code;
      }
    };
    openWith((setup) => {
      const n = setup.signal(0);
      if (phase === "setup") probe(setup, n);
      if (phase === "effect") setup.effect(() => probe(setup, n));
      const memo = setup.memo(() => probe(setup, n));
      return { view: () => (phase === "render" ? probe(setup, n) : phase === "memo" ? memo.get() : undefined, "x") };
    });
    return code;
  }

  it("RX14: a write in setup, render, memo or undeclared effect has a code each", () => {
    const write = (_: Setup, n: { set(v: number): void }): void => n.set(1);
    expect(codeIn("setup", write)).toBe("VANGO_WRITE_IN_SETUP");
    expect(codeIn("render", write)).toBe("VANGO_WRITE_IN_RENDER");
    expect(codeIn("memo", write)).toBe("VANGO_WRITE_IN_RENDER");
    expect(codeIn("effect", write)).toBe("VANGO_WRITE_IN_EFFECT");
  });

  it("RX14, scenario 6: off the loop every write is VANGO_OFF_LOOP_WRITE and says where: timers, after await, loaders, work", async () => {
    const codes: string[] = [];
    const attempt = (fn: () => void): void => {
      try {
        fn();
      } catch (error) {
        codes.push((error as VangoError).code);
        expect((error as VangoError).at).toContain("turn.test.ts");
        expect((error as VangoError).message).toContain('"n"');
      }
    };
    const { it: page, turn, world } = openWith((setup) => {
      const n = setup.signal(0, { name: "n" });
      setup.resource({ load: async () => { attempt(() => n.set(1)); await Promise.resolve(); attempt(() => n.set(2)); } });
      const work = setup.action(async () => { attempt(() => n.inc()); await Promise.resolve(); attempt(() => n.add(2)); });
      return { n, work };
    });
    turn(() => void page.work.run());
    attempt(() => page.n.set(9));
    await new Promise<void>((resolve) => queueMicrotask(() => (attempt(() => page.n.set(8)), resolve())));
    await world.settle();
    const failure = turn(async () => {
      page.n.set(100);
      await Promise.resolve();
      page.n.set(200);
    });
    expect(failure).toBeUndefined();
    await world.settle();
    expect(codes).toEqual(Array<string>(6).fill("VANGO_OFF_LOOP_WRITE"));
    expect(world.codes()).toEqual(["VANGO_OFF_LOOP_WRITE"]);
    expect(page.n.peek()).toBe(100);
  });

  it("RX14: a signal of another session is off the loop", () => {
    const a = openWith((setup) => ({ n: setup.signal(0) }));
    const b = openWith(() => ({}));
    expect(b.turn(() => a.it.n.set(1))?.code).toBe("VANGO_OFF_LOOP_WRITE");
  });

  it("RX15, scenario 7: allocation after setup is VANGO_SETUP_CLOSED and names the line", () => {
    const calls: ((setup: Setup) => unknown)[] = [
      (s) => s.signal(0),
      (s) => s.sharedSignal("k", 0),
      (s) => s.globalSignal("k", 0),
      (s) => s.memo(() => 0),
      (s) => s.selector({ get: () => 0, peek: () => 0 }),
      (s) => s.resource({ load: () => 0 }),
      (s) => s.action(() => 0),
      (s) => s.effect(() => undefined),
      (s) => s.onMount(() => undefined),
      (s) => s.onChange(() => 0, () => undefined),
      (s) => s.onCleanup(() => undefined),
      (s) => s.timeout(1, () => undefined),
      (s) => s.interval(1, () => undefined),
      (s) => s.subscribe(() => () => undefined, () => undefined),
      (s) => s.urlParam("q", { default: "" }),
      (s) => s.provide({ default: 0 }, 1),
      (s) => s.use({ default: 0 }),
    ];
    for (const call of calls) {
      expect(codeIn("render", (setup) => void call(setup)), String(call)).toBe("VANGO_SETUP_CLOSED");
      expect(codeIn("effect", (setup) => void call(setup)), String(call)).toBe("VANGO_SETUP_CLOSED");
    }
    let at: string | undefined;
    codeIn("render", (setup) => {
      try {
        setup.signal(0);
      } catch (error) {
        at = (error as VangoError).at;
      }
    });
    expect(at).toMatch(/turn\.test\.ts:\d+/);
  });

  it("RX16: a setup or render that is async, or a setup without render, has a code; a later rejection ends nothing", async () => {
    const rejected: unknown[] = [];
    const note = (e: unknown): void => void rejected.push(e);
    process.on("unhandledRejection", note);
    const fails = async (): Promise<never> => {
      await Promise.resolve();
      throw new Error("later");
    };
    expect(() => openPage(component(fails as never))).toThrow(/VANGO_SETUP_ASYNC/);
    expect(() => openPage(component((() => fails) as never))).toThrow(/VANGO_SETUP_ASYNC/);
    expect(() => openPage(component((() => html`<p></p>`) as never))).toThrow(/VANGO_SETUP_RESULT/);
    expect(() => openPage(component((() => undefined) as never))).toThrow(/VANGO_SETUP_RESULT/);
    expect(() => openPage(component(() => () => html`<p>${() => fails() as never}</p>`))).toThrow(/VANGO_BAD_CHILD/);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(rejected).toEqual([]);
  });

  it("RX17, scenario 45: navigate in setup or render is VANGO_NAVIGATE_IN_RENDER; commands elsewhere off the loop are VANGO_PHASE", () => {
    for (const phase of ["setup", "render", "memo"] as const) expect(codeIn(phase, (s) => s.ctx.navigate("/x"))).toBe("VANGO_NAVIGATE_IN_RENDER");
    expect(codeIn("render", (s) => s.ctx.emit("x"))).toBe("VANGO_PHASE");
    expect(codeIn("setup", (s) => s.ctx.toast("info", "x"))).toBe("VANGO_PHASE");
    expect(codeIn("effect", (s) => s.ctx.navigate("/x"))).toBeUndefined();
    const { it: page } = openWith((setup) => ({ ctx: setup.ctx, act: setup.action(() => 1) }));
    expect(() => page.ctx.navigate("/x")).toThrow(/VANGO_PHASE/);
    expect(() => page.act.run()).toThrow(/VANGO_PHASE/);
  });
});
