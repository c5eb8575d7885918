// Actions and resources under random interleavings, in virtual time, against small models: whatever runs, answers, failures,
// cancels, rollbacks and unmounts are mixed, no run is lost, none runs twice, and what shows is what the model says.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { component, html } from "../../src/index.js";
import type { Action, Resource } from "../../src/index.js";
import { openWith } from "../loop/harness.js";
import { atLeast } from "../cases.js";

interface Call {
  readonly arg: number;
  readonly signal: AbortSignal;
  ok(v: number): void;
  fail(e: unknown): void;
  open: boolean;
}

type Step =
  | { kind: "turn"; ops: ("run" | "cancel" | "reset")[]; fails: boolean }
  | { kind: "answer"; which: number; how: "ok" | "error" | "abort" }
  | { kind: "unmount" };

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("turn" as const), ops: fc.array(fc.constantFrom("run" as const, "run" as const, "run" as const, "cancel" as const, "reset" as const), { minLength: 1, maxLength: 4 }), fails: fc.boolean() }) },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant("answer" as const), which: fc.nat(5), how: fc.constantFrom("ok" as const, "ok" as const, "error" as const, "abort" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("unmount" as const) }) },
  ),
  { minLength: 5, maxLength: 40 },
);

/** What an action is, in the fewest words. */
class ActionModel {
  state = "idle";
  result: number | undefined = undefined;
  error: string | undefined = undefined;
  running: number | undefined = undefined;
  waiting: number[] = [];
  started: number[] = [];
  told: string[] = [];
  gone = false;

  constructor(
    readonly policy: "latest" | "drop" | "queue",
    readonly queue: number,
  ) {}

  copy(): ActionModel {
    return Object.assign(new ActionModel(this.policy, this.queue), this, { waiting: [...this.waiting], started: [...this.started], told: [...this.told] });
  }

  run(arg: number): boolean {
    if (this.gone) return false;
    if (this.running !== undefined && this.policy === "drop") return false;
    if (this.running !== undefined && this.policy === "queue") {
      if (this.waiting.length >= this.queue) return false;
      this.waiting.push(arg);
      return true;
    }
    this.begin(arg);
    return true;
  }

  begin(arg: number): void {
    this.running = arg;
    this.state = "running";
    this.error = undefined;
  }

  /** A turn has committed: its last begun run starts. */
  commit(before: number | undefined): void {
    if (this.running !== undefined && this.running !== before) this.started.push(this.running);
  }

  answer(arg: number, how: "ok" | "error" | "abort"): void {
    if (this.gone || this.running !== arg) return;
    this.running = undefined;
    this.state = how === "ok" ? "success" : how === "error" ? "error" : "idle";
    if (how === "ok") {
      this.result = arg * 10;
      this.error = undefined;
      this.told.push(`success ${arg * 10}`);
    }
    if (how === "error") {
      this.error = `no ${arg}`;
      this.told.push(`error no ${arg}`);
    }
    const next = this.waiting.shift();
    if (next === undefined) return;
    this.begin(next);
    this.started.push(next);
  }

  cancel(): void {
    if (this.running !== undefined) this.state = "idle";
    this.running = undefined;
    this.waiting = [];
  }

  reset(): void {
    this.cancel();
    this.state = "idle";
    this.result = undefined;
    this.error = undefined;
  }
}

async function checkAction(policy: "latest" | "drop" | "queue", queue: number, script: readonly Step[]): Promise<void> {
  const calls: Call[] = [];
  const told: string[] = [];
  let act!: Action<number, number>;
  const page = openWith((setup) => {
    const on = setup.signal(true);
    const Child = component((s) => {
      act = s.action((arg: number, { signal }) => new Promise<number>((ok, fail) => calls.push({ arg, signal, ok, fail, open: true })), {
        policy,
        queue,
        onSuccess: (r) => void told.push(`success ${r}`),
        onError: (e) => void told.push(`error ${(e as Error).message}`),
      });
      return () => html`<b>${() => act.state()}</b>`;
    });
    return { on, view: () => html`<p>${() => (on.get() ? html`<${Child} />` : null)}</p>` };
  });
  let model = new ActionModel(policy, queue);
  let nextArg = 1;
  for (const step of script) {
    if (step.kind === "unmount") {
      page.turn(() => page.it.on.set(false));
      model.gone = true;
      model.running = undefined;
      await page.world.settle();
      expect(calls.every((c) => !c.open || c.signal.aborted)).toBe(true);
      continue;
    }
    if (step.kind === "turn") {
      const after = model.copy();
      page.turn(() => {
        for (const op of step.ops) {
          if (op === "run") expect(act.run(nextArg)).toBe(after.run(nextArg++));
          else if (!after.gone) {
            act[op]();
            after[op]();
          }
        }
        if (step.fails) throw new Error("rolled back");
      });
      if (!step.fails) {
        after.commit(model.running);
        model = after;
      }
    } else {
      const open = calls.filter((c) => c.open);
      const call = open[step.which % Math.max(1, open.length)];
      if (call === undefined) continue;
      call.open = false;
      if (step.how === "ok") call.ok(call.arg * 10);
      else call.fail(step.how === "error" ? new Error(`no ${call.arg}`) : new DOMException("x", "AbortError"));
      await page.world.settle();
      model.answer(call.arg, step.how);
    }
    await page.world.settle();
    expect(calls.map((c) => c.arg)).toEqual(model.started);
    expect(told).toEqual(model.told);
    // At most one run is wanted; every other one that is open was told to stop.
    for (const c of calls) if (c.open) expect(c.signal.aborted).toBe(c.arg !== model.running);
    if (model.gone) continue;
    expect([act.state(), act.result(), (act.error() as Error | undefined)?.message, act.pending()]).toEqual([
      model.state, model.result, model.error, model.running === undefined ? [] : [model.running, ...model.waiting],
    ]);
    expect(page.html()).toBe(`<p><b>${model.state}</b></p>`);
  }
  page.loop.dispose();
}

type ResourceStep =
  | { kind: "turn"; ops: ("A" | "B" | "C" | "refetch" | "invalidate" | "mutate")[]; fails: boolean }
  | { kind: "answer"; which: number; ok: boolean }
  | { kind: "time"; ms: number }
  | { kind: "unmount" };

const resourceSteps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("turn" as const), ops: fc.array(fc.constantFrom("A" as const, "B" as const, "C" as const, "refetch" as const, "invalidate" as const, "mutate" as const), { minLength: 1, maxLength: 3 }), fails: fc.boolean() }) },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant("answer" as const), which: fc.nat(5), ok: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.constantFrom(10, 60, 300) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("unmount" as const) }) },
  ),
  { minLength: 5, maxLength: 40 },
);

const STALE = 200;
const DELAY = 50;

interface ResourceModel {
  state: string;
  data: string | undefined;
  error: string | undefined;
  key: string;
  /** Key of the load that is under way or was promised. */
  loading: boolean;
  loadedAt: number;
}

async function checkResource(script: readonly ResourceStep[]): Promise<void> {
  const calls: (Omit<Call, "arg" | "ok"> & { key: string; ok(v: string): void; tries: number })[] = [];
  let data!: Resource<string>;
  const page = openWith((setup) => {
    const on = setup.signal(true);
    const key = setup.signal("A");
    const Child = component((s) => {
      data = s.resource<string, string>({
        key: () => key.get(),
        load: (k, { signal }) => new Promise((ok, fail) => calls.push({ key: k, signal, ok, fail, open: true, tries: 0 })),
        ssr: "defer",
        staleTime: STALE,
        retry: { count: 1, delay: DELAY },
      });
      return () => html`<b>${() => data.state()}</b>`;
    });
    return { on, key, view: () => html`<p>${() => (on.get() ? html`<${Child} />` : null)}</p>` };
  });
  let model: ResourceModel = { state: "pending", data: undefined, error: undefined, key: "A", loading: true, loadedAt: -Infinity };
  let expected = 1;
  let failedOnce = false;
  let retryAt = Infinity;
  let gone = false;
  let n = 0;
  await page.world.settle();
  const last = (): (typeof calls)[number] => calls[calls.length - 1] as (typeof calls)[number];
  const start = (): void => {
    expected++;
    failedOnce = false;
    retryAt = Infinity;
  };
  for (const step of script) {
    if (step.kind === "unmount") {
      page.turn(() => page.it.on.set(false));
      await page.world.settle();
      gone = true;
    } else if (step.kind === "turn") {
      const after = { ...model };
      const before = model.key;
      let asked = false;
      page.turn(() => {
        for (const op of step.ops) {
          if (op === "mutate") {
            const value = `mine ${++n}`;
            if (!gone) data.mutate(() => value);
            Object.assign(after, { state: "ready", data: value, error: undefined });
          } else if (op === "refetch" || op === "invalidate") {
            if (op === "invalidate") after.loadedAt = -Infinity;
            if (!gone) data[op]();
            if (op === "invalidate" || after.state !== "ready" || page.world.time - after.loadedAt >= STALE) {
              asked = true;
              Object.assign(after, { state: after.state === "pending" ? "pending" : "loading", error: undefined });
            }
          } else {
            page.it.key.set(op);
            after.key = op;
          }
        }
        if (step.fails) throw new Error("rolled back");
      });
      if (!step.fails) {
        model = after;
        if (after.key !== before) {
          asked = true;
          Object.assign(model, { state: model.state === "pending" ? "pending" : "loading", error: undefined });
        }
        if (asked && !gone) {
          model.loading = true;
          start();
        }
      }
    } else if (step.kind === "time") {
      await page.world.advance(step.ms);
      if (!gone && retryAt <= page.world.time) {
        expected++;
        retryAt = Infinity;
      }
    } else {
      const open = calls.filter((c) => c.open);
      const call = open[step.which % Math.max(1, open.length)];
      if (call === undefined) continue;
      call.open = false;
      const value = `${call.key} ${calls.indexOf(call)}`;
      if (step.ok) call.ok(value);
      else call.fail(new Error(`no ${value}`));
      await page.world.settle();
      if (!gone && call === last() && model.loading && retryAt === Infinity) {
        if (step.ok) {
          Object.assign(model, { state: "ready", data: value, error: undefined, loading: false, loadedAt: page.world.time });
        } else if (!failedOnce) {
          failedOnce = true;
          retryAt = page.world.time + DELAY;
        } else Object.assign(model, { state: "error", error: `no ${value}`, loading: false });
      }
    }
    await page.world.settle();
    expect(calls.length).toBe(expected);
    for (const c of calls) if (c.open) expect(c.signal.aborted).toBe(gone || c !== last());
    if (gone) {
      expect(page.world.timers.size).toBe(0);
      continue;
    }
    if (expected > 0 && model.loading) expect(last().key).toBe(model.key);
    expect([data.state(), data.data(), (data.error() as Error | undefined)?.message]).toEqual([model.state, model.data, model.error]);
    expect(page.html()).toBe(`<p><b>${model.state}</b></p>`);
  }
  page.loop.dispose();
}

const RUNS = 400;

describe("actions and resources under random interleavings", () => {
  for (const [policy, queue] of [["latest", 0], ["drop", 0], ["queue", 2]] as const) {
    it(`AC6: "${policy}" follows its model`, async () => {
      let seen = 0;
      await fc.assert(fc.asyncProperty(steps, async (script) => {
        seen++;
        await checkAction(policy, queue, script);
      }), { numRuns: RUNS });
      expect(seen).toBeGreaterThanOrEqual(atLeast(RUNS));
    }, 120_000);
  }

  it("RS8: a resource follows its model", async () => {
    let seen = 0;
    await fc.assert(fc.asyncProperty(resourceSteps, async (script) => {
      seen++;
      await checkResource(script);
    }), { numRuns: RUNS });
    expect(seen).toBeGreaterThanOrEqual(atLeast(RUNS));
  }, 120_000);
});
