// The structure that a client says it shows, parsed from the boot blob's integers: contents, runs, and the ids the client
// derives for them. Input is untrusted in shape: every read is checked.
import { F, R } from "../template/builtin.js";
import { coreError } from "../errors.js";

export interface ClientRun {
  /** Content id of the template. */
  readonly id: string;
  readonly count: number;
  /** Contents of each item's child slots; empty for flat runs. */
  readonly items: readonly (readonly ClientContent[])[];
}

export interface ClientContent {
  /** Empty for text. */
  readonly runs: readonly ClientRun[];
  /** Instance id of the first item. */
  readonly first: number;
  /** Position of the range's hash in the blob. */
  readonly hashAt: number;
}

export interface ClientStructure {
  readonly contents: readonly ClientContent[];
  /** First id that the client has not used. */
  readonly nextId: number;
  /** Template ids by number: F, R, then those of the blob. */
  readonly templates: readonly string[];
}

/** Parses `t` and `s` of a boot blob for a root with `slots` child slots. `limit` bounds the number of instances. */
export function parseStructure(t: readonly string[], s: readonly number[], slots = 2, limit = 200_000): ClientStructure {
  const ids: string[] = [F.id, R.id];
  const childCounts: number[] = [1, 2];
  for (let i = 0; i + 1 < t.length; i += 2) {
    ids.push(t[i] as string);
    childCounts.push(countChildSlots(t[i + 1]));
  }
  let at = 0;
  let next = 1;
  let hashAt = 0;
  const read = (): number => {
    const n = s[at++];
    if (n === undefined || !Number.isInteger(n) || n < 0 || n > MAX_INT) throw bad(`at ${at - 1}`);
    return n;
  };
  const content = (depth: number): ClientContent => {
    if (depth > MAX_DEPTH) throw bad("too deep");
    const runCount = read();
    if (runCount === 0) return { runs: [], first: 0, hashAt: 0 };
    // The items of all runs take their ids before anything nested in them, so the runs are read ahead once for their counts.
    const start = at;
    const own = hashAt;
    hashAt += 2;
    const total = skim(runCount, depth);
    const first = next;
    next += total;
    if (next > limit) throw bad("too many instances");
    at = start;
    const runs: ClientRun[] = [];
    for (let r = 0; r < runCount; r++) {
      const head = read();
      const count = read();
      const number = head >> 1;
      const id = ids[number];
      if (id === undefined) throw bad(`template ${number}`);
      const items: ClientContent[][] = [];
      if ((head & 1) === 0) {
        for (let i = 0; i < count; i++) {
          const children: ClientContent[] = [];
          for (let c = 0; c < (childCounts[number] as number); c++) children.push(content(depth + 1));
          items.push(children);
        }
      }
      runs.push({ id, count, items });
    }
    return { runs, first, hashAt: own };
  };
  /** Sums the counts of the runs at the cursor, skipping what is nested. */
  const skim = (runCount: number, depth: number): number => {
    if (depth > MAX_DEPTH) throw bad("too deep");
    let total = 0;
    for (let r = 0; r < runCount; r++) {
      const head = read();
      const count = read();
      if (count === 0 || count > limit) throw bad("a run's count");
      total += count;
      if ((head & 1) === 1) continue;
      const children = (childCounts[head >> 1] ?? 0) * count;
      for (let c = 0; c < children; c++) {
        const nested = read();
        if (nested > 0) skim(nested, depth + 1);
      }
    }
    return total;
  };
  const contents: ClientContent[] = [];
  for (let i = 0; i < slots; i++) contents.push(content(0));
  if (at !== s.length) throw bad("trailing numbers");
  return { contents, nextId: next, templates: ids };
}

const MAX_DEPTH = 256;
const MAX_INT = 0x7fffffff;

function countChildSlots(table: unknown): number {
  if (typeof table !== "string") throw bad("a template's table");
  let n = 0;
  for (const slot of table.split(" ").slice(1)) if (slot.startsWith("c") || slot.startsWith("s")) n++;
  return n;
}

function bad(message: string): Error {
  return coreError("VANGO_BAD_STRUCTURE", { message });
}
