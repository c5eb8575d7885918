/**
 * The model-based test of delivery and resume (SPEC.md S34): random sequences of events, faults and deaths of processes against a
 * reference that knows what ran. A failure prints its seed and path, shrunk; `pnpm soak` runs many times as many, with new seeds.
 *
 * Proved against mutants of the product, each of which it fails: the gate of `before-ack` open; no acknowledgement but in frames;
 * the duplicate check skipped; RESUMED, or the record, claiming one event too many; a missed target that nobody is told of. Two
 * mutants pass: a replay that leaves its first frame out, which the page heals by describing itself; `received` kept over a new
 * epoch, which takes a page that could not apply two frames in a row. Change what it watches, and prove it again.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SHARE } from "../cases.js";
import { STEPS, World, type Step, type WorldOptions } from "./world.js";

const MIN_STEPS = 50_000;
const LENGTH = 240;
/** Lists are half as long on average. */
const RUNS = 440;
/** Of fewer lists less can be asked, and their average length is another. */
const ENOUGH = SHARE < 1 ? SHARE / 2 : 1;
const seed = 20261128;

const step = fc.record({
  name: fc.oneof(...Object.entries(STEPS).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name as Step["name"]) }))),
  x: fc.nat(2 ** 20),
});
const steps = fc.array(step, { minLength: 1, maxLength: LENGTH, size: "max" });

async function play(list: readonly Step[], o: WorldOptions): Promise<World> {
  const world = new World(o);
  try {
    await world.start();
    for (const one of list) await world.run(one);
    await world.check();
  } finally {
    world.rig.kill();
  }
  return world;
}

describe("whatever happens", () => {
  it(`S34: in ${MIN_STEPS} steps nothing is lost, nothing runs twice, everything is accounted for, both sides agree (seed ${seed})`, async () => {
    let count = 0;
    const hows: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (list, beforeAck) => {
        const world = await play(list, { beforeAck });
        count += world.steps;
        for (const [how, n] of Object.entries(world.hows)) hows[how] = (hows[how] ?? 0) + n;
      }),
      { numRuns: RUNS, seed },
    );
    expect(count).toBeGreaterThanOrEqual(ENOUGH * MIN_STEPS);
    for (const how of ["new", "replayed", "reconciled", "restored", "fresh"]) expect(hows[how], how).toBeGreaterThan(20 * ENOUGH);
  }, 600_000);
});
