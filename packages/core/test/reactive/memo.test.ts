// Memos: lazy, cached, cut off by equality, honest about cycles and errors.
import { describe, expect, it } from "vitest";
import { component, html, untrack } from "../../src/index.js";
import type { ReadonlySignal } from "../../src/index.js";
import { MemoNode } from "../../src/reactive/memo.js";
import type { SignalNode } from "../../src/reactive/signal.js";
import { openWith } from "../loop/harness.js";

describe("memos", () => {
  it("RX5: a memo computes when it is read, once for each change of its sources", () => {
    let runs = 0;
    const { it: page, turn } = openWith((setup) => {
      const n = setup.signal(1);
      return { n, double: setup.memo(() => (runs++, n.get() * 2)) };
    });
    expect(runs).toBe(0);
    expect([page.double.peek(), page.double.peek(), runs]).toEqual([2, 2, 1]);
    turn(() => {
      page.n.set(5);
      page.n.set(6);
      expect(runs).toBe(1);
      expect(page.double.peek()).toBe(12);
      expect(runs).toBe(2);
    });
    expect(runs).toBe(2);
  });

  it("RX5, scenario 9: over A and B: C leaves it alone, A and B in one turn are one run", () => {
    let runs = 0;
    const { it: page, turn, html: text } = openWith((setup) => {
      const [a, b, c] = [setup.signal(1), setup.signal(2), setup.signal(3)];
      const sum = setup.memo(() => (runs++, a.get() + b.get()));
      return { a, b, c, view: () => html`<p>${sum} ${c}</p>` };
    });
    runs = 0;
    turn(() => page.c.inc());
    expect(runs).toBe(0);
    turn(() => {
      page.a.inc();
      page.b.inc();
    });
    expect([runs, text()]).toEqual([1, "<p>5 4</p>"]);
  });

  it("RX6: an equal result stops the change: neither memos above it nor slots run", () => {
    const runs = { top: 0, render: 0 };
    const { it: page, turn } = openWith((setup) => {
      const n = setup.signal(1);
      const odd = setup.memo(() => n.get() % 2 === 1);
      const list = setup.memo(() => [n.get() > 100], { equals: (a, b) => a[0] === b[0] });
      const top = setup.memo(() => (runs.top++, `${odd.get()}${list.get()[0]}`));
      return { n, view: () => (runs.render++, html`<p>${top.get()}</p>`) };
    });
    const before = { ...runs };
    turn(() => page.n.set(3));
    expect(runs).toEqual(before);
    turn(() => page.n.set(4));
    expect(runs.top).toBe(before.top + 1);
  });

  it("RX7: a cycle is VANGO_CYCLE and names its path; the rest of the page lives", () => {
    const { it: page, turn } = openWith((setup) => {
      const on = setup.signal(false);
      const a: ReadonlySignal<number> = setup.memo((): number => (on.get() ? b.get() : 1), { name: "a" });
      const b: ReadonlySignal<number> = setup.memo((): number => c.get() + 1, { name: "b" });
      const c: ReadonlySignal<number> = setup.memo((): number => (on.get() ? a.get() : 2));
      const self: ReadonlySignal<number> = setup.memo((): number => self.get());
      return { on, a, b, self };
    });
    expect([page.a.peek(), page.b.peek()]).toEqual([1, 3]);
    expect(turn(() => page.self.peek())).toMatchObject({ code: "VANGO_CYCLE" });
    turn(() => page.on.set(true));
    expect(() => page.a.peek()).toThrow(/VANGO_CYCLE.* a → (b → )?memo → a$/);
    turn(() => page.on.set(false));
    expect([page.a.peek(), page.b.peek()]).toEqual([1, 3]);
  });

  it("RX8: a memo that threw is computed again by its next reader, and its readers hear of the recovery", () => {
    const seen: string[] = [];
    const { it: page, turn, world } = openWith((setup) => {
      const n = setup.signal(1);
      const bad = setup.memo(() => {
        if (n.get() === 0) throw new Error("zero");
        return 10 / n.get();
      });
      const above = setup.memo(() => bad.get() + 1);
      setup.effect(() => void seen.push(String(above.get())));
      setup.effect(() => void seen.push(`n${n.get()}`));
      return { n, bad, above };
    });
    expect(seen.splice(0)).toEqual(["11", "n1"]);
    turn(() => page.n.set(0));
    expect(world.codes()).toEqual(["VANGO_EFFECT"]);
    expect(seen.splice(0)).toEqual(["n0"]);
    expect(() => page.above.peek()).toThrow("zero");
    turn(() => page.n.set(2));
    expect(seen.splice(0)).toEqual(["6", "n2"]);
    turn(() => page.n.set(5));
    expect(seen.splice(0)).toEqual(["3", "n5"]);
  });

  it("RX9: a memo that nobody follows any more lets its sources go", () => {
    const { it: page, turn } = openWith((setup) => {
      const on = setup.signal(true);
      const n = setup.signal(1);
      const memo = setup.memo(() => n.get());
      return { on, n, memo, view: () => html`<p>${() => (on.get() ? memo.get() : "off")}</p>` };
    });
    const subs = (): unknown => (page.n as unknown as SignalNode<number>).subs;
    expect(subs()).toBeDefined();
    turn(() => page.on.set(false));
    expect(subs()).toBeUndefined();
    turn(() => page.n.set(7));
    expect(page.memo.peek()).toBe(7);
  });

  it("RX9: a memo that was only peeked lets its sources go with its component", () => {
    const { it: page, turn, html: text } = openWith((setup) => {
      const on = setup.signal(true);
      const shared = setup.signal(1);
      let memo: ReadonlySignal<number> | undefined;
      const Child = component((own) => {
        const mine = own.memo(() => shared.get() + 1);
        memo = mine;
        return () => html`<b>${() => untrack(() => mine.peek())}</b>`;
      });
      return { on, shared, memo: () => memo, view: () => html`<p>${() => (on.get() ? html`<${Child} />` : "gone")}</p>` };
    });
    expect(text()).toBe("<p><b>2</b></p>");
    expect((page.shared as unknown as SignalNode<number>).subs).toBeDefined();
    turn(() => page.on.set(false));
    expect((page.shared as unknown as SignalNode<number>).subs).toBeUndefined();
    turn(() => page.shared.set(5));
    expect(page.memo()?.peek()).toBe(6);
  });

  it("RX10: a memo is pure: a write in it is refused, in a handler too", () => {
    const { it: page, turn } = openWith((setup) => {
      const n = setup.signal(1);
      const memo = setup.memo(() => (n.set(2), 1));
      return { n, memo };
    });
    expect(turn(() => page.memo.peek())?.code).toBe("VANGO_WRITE_IN_RENDER");
    expect(page.n.peek()).toBe(1);
  });

  it("RX5: a memo works without a loop", () => {
    let runs = 0;
    const memo = new MemoNode(() => ++runs, undefined);
    expect([memo.peek(), memo.get(), memo.get()]).toEqual([1, 1, 1]);
  });
});
