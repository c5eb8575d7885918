// Effects: after the commit, with their cleanups, within their budget.
import { describe, expect, it } from "vitest";
import { component, each, html, tx } from "../../src/index.js";
import type { Signal } from "../../src/index.js";
import type { SelectorNode } from "../../src/reactive/selector.js";
import { MAX_CYCLES } from "../../src/loop/turn.js";
import { openWith, World } from "./harness.js";

describe("effects", () => {
  it("LP1: an effect runs after the frame of its turn was written", () => {
    const world = new World();
    const { it: page, turn } = openWith(
      (setup) => {
        const n = setup.signal(0);
        setup.effect(() => void world.log.push(`effect ${n.get()}`));
        return { n, view: () => html`<p>${n}</p>` };
      },
      { world },
    );
    world.log.length = 0;
    turn(() => page.n.inc());
    expect(world.log).toEqual(["frame", "effect 1"]);
  });

  it("LP2, scenario 10: a cleanup runs before each rerun and at the end, exactly once each, in order", () => {
    const log: string[] = [];
    const { it: page, turn, loop } = openWith((setup) => {
      const on = setup.signal(true);
      const n = setup.signal(0);
      const Child = component((own) => {
        own.onCleanup(() => log.push("first out last"));
        own.effect(() => {
          const at = n.get();
          log.push(`run ${at}`);
          return () => log.push(`clean ${at}`);
        });
        own.onMount(() => {
          log.push("mount");
          return () => log.push("unmount");
        });
        return () => html`<i></i>`;
      });
      return { on, n, view: () => html`<p>${() => (on.get() ? html`<${Child} />` : null)}</p>` };
    });
    // Setup ran for the GET too; there it had no effects, only its cleanup.
    expect(log.splice(0)).toEqual(["first out last", "run 0", "mount"]);
    turn(() => page.n.set(1));
    expect(log.splice(0)).toEqual(["clean 0", "run 1"]);
    turn(() => page.on.set(false));
    expect(log.splice(0)).toEqual(["unmount", "clean 1", "first out last"]);
    turn(() => page.n.set(2));
    loop.dispose();
    expect(log).toEqual([]);
  });

  it("LP2: an effect of a component that goes in the same turn does not run again", () => {
    const log: string[] = [];
    const { it: page, turn } = openWith((setup) => {
      const user = setup.signal<{ name: string } | null>({ name: "Ada" });
      const Child = component((own) => {
        own.effect(() => void log.push((user.get() as { name: string }).name));
        return () => html`<i></i>`;
      });
      return { user, view: () => html`<p>${() => (user.get() === null ? null : html`<${Child} />`)}</p>` };
    });
    turn(() => page.user.set(null));
    expect(log).toEqual(["Ada"]);
  });

  it("LP2: the cleanup of an effect that may write may do so when its component goes", () => {
    const { it: page, turn, world, html: text } = openWith((setup) => {
      const on = setup.signal(true);
      const left = setup.signal(0);
      const Child = component((own) => {
        own.effect(() => (left.get(), () => left.inc()), { writes: true, name: "leaving" });
        return () => html`<i></i>`;
      });
      return { on, view: () => html`<p>${() => (on.get() ? html`<${Child} />` : null)}${left}</p>` };
    });
    turn(() => page.on.set(false));
    expect([text(), world.codes()]).toEqual(["<p>1</p>", []]);
  });

  it("LP3: onChange is not called for the first value, nor for an equal one, and its callback tracks nothing", () => {
    const log: string[] = [];
    const { it: page, turn } = openWith((setup) => {
      const n = setup.signal(1);
      const other = setup.signal(0);
      setup.onChange(() => n.get() % 10, (next, prev) => void log.push(`${prev}→${next}/${other.get()}`));
      return { n, other };
    });
    expect(log).toEqual([]);
    turn(() => page.n.set(2));
    turn(() => page.n.set(12));
    turn(() => page.other.inc());
    turn(() => page.n.set(3));
    expect(log).toEqual(["1→2/0", "2→3/1"]);
  });

  it("LP4: an undeclared write is VANGO_WRITE_IN_EFFECT; the effect stays alive", () => {
    const { it: page, turn, world } = openWith((setup) => {
      const n = setup.signal(0);
      const out = setup.signal(0, { name: "out" });
      setup.effect(() => {
        if (n.get() === 1) out.set(5);
      });
      return { n, out };
    });
    turn(() => page.n.set(1));
    expect(world.codes()).toEqual(["VANGO_WRITE_IN_EFFECT"]);
    expect(world.errors[0]?.message).toContain('"out"');
    expect(page.out.peek()).toBe(0);
  });

  it("LP5: a declared write is another cycle of the turn, with a frame of its own", () => {
    const { it: page, turn, world, html: text } = openWith((setup) => {
      const n = setup.signal(0);
      const twice = setup.signal(0);
      setup.effect(() => twice.set(n.get() * 2), { writes: true });
      setup.onMount(() => n.set(1), { writes: true });
      setup.onChange(() => twice.get(), (next) => n.set(Math.min(next, 8)), { writes: true });
      return { n, twice, view: () => html`<p>${n} ${twice}</p>` };
    });
    expect(text()).toBe("<p>8 16</p>");
    world.log.length = 0;
    turn(() => page.n.set(3));
    expect(text()).toBe("<p>8 16</p>");
    expect(world.log.length).toBeGreaterThan(1);
    expect(world.codes()).toEqual([]);
  });

  it("LP6, scenario 12: an effect that keeps writing stops at 10 cycles with VANGO_EFFECT_LOOP; the session and the effect live on", () => {
    let runs = 0;
    const { it: page, turn, world, html: text } = openWith((setup) => {
      const n = setup.signal(0);
      const go = setup.signal(false);
      const half = setup.memo(() => n.get() / 2);
      setup.effect(
        () => {
          runs++;
          if (go.get()) n.set(half.get() * 2 + 1);
        },
        { writes: true },
      );
      return { n, go, view: () => html`<p>${n}</p>` };
    });
    runs = 0;
    turn(() => page.go.set(true));
    expect(world.codes()).toEqual(["VANGO_EFFECT_LOOP"]);
    expect(runs).toBe(MAX_CYCLES);
    const stopped = page.n.peek();
    expect(text()).toBe(`<p>${stopped}</p>`);
    turn(() => page.go.set(false));
    runs = 0;
    turn(() => page.n.set(-1));
    expect(text()).toBe("<p>-1</p>");
    turn(() => {
      page.go.set(true);
      page.n.set(100);
    });
    expect(runs).toBeGreaterThan(0);
  });

  it("LP7: an effect that throws is VANGO_EFFECT: its writes are taken back, what it had started does not begin, others run", () => {
    const log: string[] = [];
    const { it: page, turn, world, mirror } = openWith((setup) => {
      const n = setup.signal(0);
      const out = setup.signal(0);
      setup.effect(
        () => {
          if (n.get() === 0) return;
          out.set(9);
          setup.ctx.emit("never");
          void setup.ctx.dispatch(() => void log.push("never"));
          throw new Error("no");
        },
        { writes: true },
      );
      setup.effect(() => void log.push(`other ${n.get()}`));
      return { n, out };
    });
    turn(() => page.n.set(1));
    world.run();
    expect(world.codes()).toEqual(["VANGO_EFFECT"]);
    expect([page.out.peek(), log, mirror.emitted]).toEqual([0, ["other 0", "other 1"], []]);
  });

  it("LP7: a cleanup that throws is reported and stops nothing", () => {
    const { it: page, turn, world, html: text } = openWith((setup) => {
      const on = setup.signal(true);
      const Child = component((own) => {
        own.onCleanup(() => {
          throw new Error("a");
        });
        own.effect(() => () => {
          throw new Error("b");
        });
        own.subscribe(() => () => {
          throw new Error("c");
        }, () => undefined);
        return () => html`<i></i>`;
      });
      return { on, view: () => html`<p>${() => (on.get() ? html`<${Child} />` : "gone")}</p>` };
    });
    turn(() => page.on.set(false));
    expect(text()).toBe("<p>gone</p>");
    expect(world.codes()).toEqual(["VANGO_EFFECT", "VANGO_EFFECT", "VANGO_EFFECT"]);
  });
});

describe("selectors", () => {
  function rows() {
    const ran: number[] = [];
    const live = openWith((setup) => {
      const picked = setup.signal(1);
      const hot = setup.signal(2);
      const list = setup.signal<readonly { id: number }[]>([1, 2, 3, 4].map((id) => ({ id })));
      const isPicked = setup.selector(picked);
      const isHot = setup.selector(hot);
      const memo = setup.memo(() => isPicked.is(3));
      setup.effect(() => void ran.push(isPicked.is(4) ? 400 : 401));
      const view = () => html`<ul title=${() => String(isPicked.is(2))}>${each(list, (t) => t.id, (t) => (ran.push(t.id), html`<li class=${[isPicked.is(t.id) && "on", isHot.is(t.id) && "hot"]}>${t.id}</li>`))}</ul><p>${() => String(memo.get())}${() => (isPicked.is(1) ? "one" : "other")}</p>`;
      return { picked, hot, list, view };
    });
    return { live, ran, page: live.it };
  }

  it("RX12: a change wakes the readers of two keys, be they rows, slots, memos or effects", () => {
    const { live, ran, page } = rows();
    expect(live.html()).toBe('<ul title="false"><li class="on">1</li><li class="hot">2</li><li>3</li><li>4</li></ul><p>falseone</p>');
    ran.length = 0;
    live.turn(() => page.picked.set(2));
    expect(ran.sort()).toEqual([1, 2]);
    expect(live.html()).toBe('<ul title="true"><li>1</li><li class="on hot">2</li><li>3</li><li>4</li></ul><p>falseother</p>');
    live.turn(() => page.picked.set(3));
    expect(live.html()).toBe('<ul title="false"><li>1</li><li class="hot">2</li><li class="on">3</li><li>4</li></ul><p>trueother</p>');
    ran.length = 0;
    live.turn(() => page.picked.set(4));
    expect(ran).toEqual([3, 4, 400]);
  });

  it("RX12: one row follows several selectors; a removed row is not woken, a row of the same key later is", () => {
    const { live, ran, page } = rows();
    live.turn(() => page.hot.set(1));
    expect(live.html()).toContain('<li class="on hot">1</li><li>2</li>');
    live.turn(() => page.list.removeAt(0));
    ran.length = 0;
    live.turn(() => {
      page.picked.set(9);
      page.hot.set(9);
    });
    expect(ran).toEqual([]);
    live.turn(() => page.list.append({ id: 9 }));
    expect(live.html()).toContain('<li class="on hot">9</li>');
    live.turn(() => page.picked.set(3));
    expect(live.html()).toContain('<li class="on">3</li><li>4</li><li class="hot">9</li>');
  });

  it("RX12: a key that nobody follows any more is forgotten", () => {
    const Row = component<{ id: number; is: (id: number) => boolean }>((_, props) => () => html`<li>${() => String(props.get().is(props.get().id))}</li>`);
    const { it: page, turn, html: text } = openWith((setup) => {
      const picked = setup.signal(2);
      const ids = setup.signal<readonly number[]>([1, 2, 3]);
      const selection = setup.selector(picked);
      return { picked, ids, selection, view: () => html`<ul>${each(ids, (id) => id, (id) => html`<${Row} id=${id} is=${(k: number) => selection.is(k)} />`)}</ul>` };
    });
    const followed = (): number => (page.selection as unknown as SelectorNode<number>).followed;
    expect(followed()).toBe(3);
    turn(() => page.ids.set([2, 9]));
    expect([followed(), text()]).toEqual([2, "<ul><li>true</li><li>false</li></ul>"]);
    turn(() => page.picked.set(9));
    expect(text()).toBe("<ul><li>false</li><li>true</li></ul>");
    turn(() => page.ids.set([]));
    expect(followed()).toBe(0);
    turn(() => page.ids.set([9]));
    expect(text()).toBe("<ul><li>true</li></ul>");
  });

  it("RX12: a selection that is set and set back wakes nobody; a rolled back one neither", () => {
    const { live, ran, page } = rows();
    ran.length = 0;
    live.turn(() => {
      page.picked.set(2);
      page.picked.set(1);
    });
    live.turn(() => {
      page.picked.set(3);
      throw new Error("no");
    });
    expect(ran).toEqual([]);
    expect(live.html()).toContain('<li class="on">1</li>');
  });
});

describe("tx", () => {
  function two() {
    return openWith((setup) => {
      const a = setup.signal(1);
      const b = setup.signal(1);
      const sum = setup.memo(() => a.get() + b.get());
      return { a, b, sum, ctx: setup.ctx, view: () => html`<p>${sum}</p>` };
    });
  }
  const boom = (s: Signal<number>): void => {
    s.set(50);
    throw new Error("inner");
  };

  it("RX13, scenario 3: the writes of a turn are one frame; tx gives its result", () => {
    const { it: page, turn, world } = two();
    world.log.length = 0;
    turn(() => {
      expect(tx("named", () => (page.a.set(2), page.b.set(3), page.sum.peek()))).toBe(5);
    });
    expect(world.log).toEqual(["frame"]);
  });

  it("RX13: a group that throws is taken back alone, nested groups likewise, with what they started", () => {
    const { it: page, turn, world, html: text, mirror } = two();
    let started = 0;
    turn(() => {
      page.a.set(10);
      tx(() => {
        page.b.set(20);
        expect(() =>
          tx("inner", () => {
            page.ctx.emit("never");
            page.ctx.toast("error", "never");
            void page.ctx.dispatch(() => void started++);
            boom(page.a);
          }),
        ).toThrow("inner");
        expect([page.a.peek(), page.sum.peek()]).toEqual([10, 30]);
        page.ctx.emit("once");
      });
    });
    world.run();
    expect([text(), started, mirror.emitted.map((e) => e.name)]).toEqual(["<p>30</p>", 0, ["once"]]);
  });

  it("RX13: outside a phase that may write tx is VANGO_PHASE", () => {
    expect(() => tx(() => 1)).toThrow(/VANGO_PHASE/);
  });
});
