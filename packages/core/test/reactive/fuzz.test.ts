// Random graphs of signals, memos and effects against a model that computes everything anew.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { component, tx } from "../../src/index.js";
import type { ReadonlySignal, Signal } from "../../src/index.js";
import { openPage } from "../loop/harness.js";
import { atLeast } from "../cases.js";
import { same, sameList } from "../same.js";

const SIGNALS = 4;
/** A memo reads two earlier nodes; with `dynamic` it reads the second only when the first is odd. `mod` makes equal results. */
interface MemoSpec {
  readonly a: number;
  readonly b: number;
  readonly dynamic: boolean;
  readonly mod: number;
}
type Step = { w: { signal: number; to: number }[]; fails: boolean; nested: boolean; peek: number };

const graph = fc.record({
  memos: fc.array(fc.record({ a: fc.nat(30), b: fc.nat(30), dynamic: fc.boolean(), mod: fc.constantFrom(1000, 2, 3) }), { minLength: 1, maxLength: 7 }),
  effects: fc.array(fc.array(fc.nat(30), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
  steps: fc.array(
    fc.record({
      w: fc.array(fc.record({ signal: fc.nat(SIGNALS - 1), to: fc.nat(5) }), { maxLength: 4 }),
      fails: fc.boolean(),
      nested: fc.boolean(),
      peek: fc.nat(30),
    }),
    { minLength: 1, maxLength: 8 },
  ) as fc.Arbitrary<Step[]>,
});

function valuesOf(signals: readonly number[], memos: readonly MemoSpec[]): number[] {
  const out = [...signals];
  for (const m of memos) {
    const a = out[m.a % out.length] as number;
    const b = out[m.b % out.length] as number;
    out.push((m.dynamic && a % 2 === 0 ? a : a + b) % m.mod);
  }
  return out;
}

describe("graph", () => {
  it("RX11: any graph of signals, memos and effects shows what a computation from scratch shows, also after rollbacks", () => {
    let graphs = 0;
    fc.assert(
      fc.property(graph, ({ memos, effects, steps }) => {
        graphs++;
        const first = [0, 1, 2, 3];
        const nodes: ReadonlySignal<number>[] = [];
        const signals: Signal<number>[] = [];
        const seen: string[][] = effects.map(() => []);
        const runs = memos.map(() => 0);
        const live = openPage(
          component((setup) => {
            nodes.length = 0;
            signals.length = 0;
            for (const n of first) signals.push(setup.signal(n));
            nodes.push(...signals);
            memos.forEach((m, i) => {
              const at = nodes.length;
              nodes.push(
                setup.memo(() => {
                  runs[i] = (runs[i] as number) + 1;
                  const a = (nodes[m.a % at] as ReadonlySignal<number>).get();
                  return (m.dynamic && a % 2 === 0 ? a : a + (nodes[m.b % at] as ReadonlySignal<number>).get()) % m.mod;
                }),
              );
            });
            effects.forEach((reads, i) => setup.effect(() => void seen[i]?.push(reads.map((r) => (nodes[r % nodes.length] as ReadonlySignal<number>).get()).join())));
            return () => String((nodes[nodes.length - 1] as ReadonlySignal<number>).get());
          }),
        );
        let model = first;
        let all = valuesOf(model, memos);
        const shows = (): string[] => effects.map((reads) => reads.map((r) => all[r % all.length]).join());
        let shown = shows();
        expect(seen.map((s) => s.splice(0))).toEqual(shown.map((s) => [s]));
        for (const step of steps) {
          runs.fill(0);
          const next = [...model];
          const failure = live.turn(() => {
            for (const { signal, to } of step.w) {
              signals[signal]?.set(to);
              next[signal] = to;
              const now = valuesOf(next, memos);
              const at = step.peek % now.length;
              same(nodes[at]?.peek(), now[at]);
            }
            if (step.nested) {
              expect(() =>
                tx(() => {
                  for (const s of signals) s.update((v) => v + 7);
                  same(nodes[step.peek % nodes.length]?.peek(), valuesOf(next.map((v) => v + 7), memos)[step.peek % nodes.length]);
                  throw new Error("inner");
                }),
              ).toThrow("inner");
            }
            if (step.fails) throw new Error("rolled back");
          });
          same(failure !== undefined, step.fails);
          if (failure !== undefined) expect(failure.message).toContain("rolled back");
          if (!step.fails) model = next;
          all = valuesOf(model, memos);
          sameList(nodes.map((n) => n.peek()), all);
          same(live.html(), String(all[all.length - 1]));
          const after = shows();
          seen.forEach((s, i) => {
            const ran = s.splice(0);
            // At most one run, and it saw the new state; none is missing; none after a rollback.
            if (after[i] !== shown[i]) sameList(ran, [after[i]]);
            else if (step.fails) sameList(ran, []);
            else same(ran.length <= 1, true);
          });
          shown = after;
        }
        expect(live.world.codes().every((c) => c === "VANGO_HANDLER")).toBe(true);
        live.loop.dispose();
        expect(signals.every((s) => (s as unknown as { subs: unknown }).subs === undefined)).toBe(true);
      }),
      { numRuns: 1_500, seed: Number(process.env["VANGO_SEED"] ?? 20261122) },
    );
    expect(graphs).toBeGreaterThanOrEqual(atLeast(1_000));
  }, 300_000);
});
