// The conformance suite of the store port: stories, the model and the race, for any store and any test runner.
// The two random parts run a fixed number of cases and print their seed when they fail.
import fc from "fast-check";
import { storyCases } from "./cases.js";
import { withStore, type ConformanceCase, type OpenStore } from "./harness.js";
import { commands, runModel } from "./model.js";
import { ownerPlans, runRace } from "./race.js";

/** How thorough the random parts are. */
export interface ConformanceOptions {
  /** Random runs of each property. Default 200; slow stores may take fewer, soak runs more. */
  readonly runs?: number;
  /** Seed of the random parts. Default random; the failing seed is in the error. */
  readonly seed?: number;
}

/**
 * All cases that a session store must pass.
 *
 * @example
 * for (const { title, run } of storeConformance((options) => memoryStore(options))) it(title, run);
 */
export function storeConformance(open: OpenStore, options: ConformanceOptions = {}): readonly ConformanceCase[] {
  const parameters = { numRuns: options.runs ?? 200, ...(options.seed === undefined ? {} : { seed: options.seed }) };
  return [
    ...storyCases(open),
    {
      title: "P13: random commands of several owners do what the model does",
      run: () => fc.assert(fc.asyncProperty(commands(), (given) => withStore(open, (store, clock) => runModel(store, clock, given))), parameters),
    },
    {
      title: "P14: owners that run at the same time never both write",
      run: () =>
        fc.assert(
          fc.asyncProperty(ownerPlans, fc.infiniteStream(fc.nat(40)), (plans, pauses) =>
            withStore(open, (store) => runRace(store, plans, () => hops(pauses.next().value))),
          ),
          parameters,
        ),
    },
  ];
}

/** Gives way to other owners `count` times: interleaves them in the middle of each other's operations. */
async function hops(count: number): Promise<void> {
  for (let at = 0; at < count; at++) await Promise.resolve();
}
