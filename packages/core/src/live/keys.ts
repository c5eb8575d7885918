// Key hashes: what a client remembers of the keys of its items, so that after a restart, when all ids are new, a row is found
// again. The server keeps nothing for it: hashes are made when they are asked for.
import { foldPrimitive, SEED, unsigned } from "./hash.js";
import type { Inst } from "./inst.js";
import type { Key } from "./keyed.js";
import { rowsOf } from "./rows.js";

/** 32-bit hash of a key, never 0: that says "no key". Equal in every process. */
export const keyHash = (key: Key): number => unsigned(foldPrimitive(SEED, key)) || 1;

/** The key hashes of the instances in `runs` (first, count, …) in their order; 0 for what has no key or is gone. */
export function keysOf(root: Inst, runs: readonly number[]): Uint32Array {
  const wanted = new Map<number, number>();
  let total = 0;
  for (let r = 0; r + 1 < runs.length; r += 2) {
    const first = runs[r] as number;
    for (let i = 0; i < (runs[r + 1] as number); i++) wanted.set(first + i, total++);
  }
  const out = new Uint32Array(total);
  const visit = (inst: Inst): void => {
    for (const slot of inst.tpl.childSlots) {
      const rows = rowsOf(inst.vals[slot]);
      if (rows === undefined) continue;
      for (let i = 0; i < rows.count; i++) {
        const at = wanted.get(rows.idAt(i));
        if (at !== undefined) {
          const key = rows.keyAt(i);
          out[at] = key === undefined ? 0 : keyHash(key);
        }
        const nested = rows.instAt(i);
        if (nested !== undefined) visit(nested);
      }
    }
  };
  visit(root);
  return out;
}
