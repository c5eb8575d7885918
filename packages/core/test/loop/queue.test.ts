// The flush queue: nothing is lost, parents first, first come first served among equals.
import fc from "fast-check";
import { expect, it } from "vitest";
import { enqueueWatcher, takeWatcher } from "../../src/loop/queue.js";
import type { Watcher } from "../../src/reactive/system.js";

it("flush: gives every watcher once, by depth and then by arrival, also while more arrive (seed 815)", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(6), { maxLength: 12 }), { maxLength: 6 }), (batches) => {
      let arrival = 0;
      const waiting: { depth: number; flags: number; arrival: number }[] = [];
      const enqueue = (depths: readonly number[]): void => {
        for (const depth of depths) {
          const watcher = { depth, flags: 2, arrival: arrival++ };
          waiting.push(watcher);
          enqueueWatcher(watcher as unknown as Watcher);
        }
      };
      for (const batch of batches) {
        enqueue(batch);
        // One is taken between batches: the head of the queue moves.
        waiting.sort((a, b) => a.depth - b.depth || a.arrival - b.arrival);
        expect(takeWatcher()).toBe(waiting.shift());
      }
      for (let next = takeWatcher(); next !== undefined; next = takeWatcher()) expect(next).toBe(waiting.shift());
      expect(waiting).toEqual([]);
    }),
    { seed: 815, numRuns: 500 },
  );
});
