// The structure that a client says it shows, parsed from the integers of a boot blob or of JOIN's `now`: contents, runs, and
// the ids and key hashes of their items. Input is untrusted in shape: every read is checked.
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
  /** Number of items. */
  readonly count: number;
  /** Instance id of an item. */
  idAt(i: number): number;
  /** Key hashes of the items, 0 = unknown; undefined when none is known. */
  readonly keys: readonly number[] | undefined;
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

/** Text, or a range that the client does not have. */
export const NO_CONTENT: ClientContent = { runs: [], count: 0, idAt: () => 0, keys: undefined, hashAt: 0 };

/** Instances of one page. */
const LIMIT = 200_000;
/** Child slots of the root. */
const SLOTS = 2;

/** Parses what a client tells: of a page of the GET `t` and `s` alone, then the ids are those of the preorder. */
export function parseStructure(t: readonly string[], s: readonly number[], i?: readonly number[], k?: readonly number[]): ClientStructure {
  const given = i === undefined ? undefined : readIds(i);
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
    if (runCount === 0) return NO_CONTENT;
    // The items of all runs take their ids before anything nested in them, so the runs are read ahead once for their counts.
    const start = at;
    const own = hashAt;
    hashAt += 2;
    const total = skim(runCount, depth);
    const first = next;
    next += total;
    if (next > LIMIT) throw bad("too many instances");
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
    const idAt = given === undefined ? (at: number): number => first + at : (at: number): number => given[first - 1 + at] as number;
    return { runs, count: total, idAt, keys: k?.slice(first - 1, first - 1 + total), hashAt: own };
  };
  /** Sums the counts of the runs at the cursor, skipping what is nested. */
  const skim = (runCount: number, depth: number): number => {
    if (depth > MAX_DEPTH) throw bad("too deep");
    let total = 0;
    for (let r = 0; r < runCount; r++) {
      const head = read();
      const count = read();
      if (count === 0 || count > LIMIT) throw bad("a run's count");
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
  for (let i = 0; i < SLOTS; i++) contents.push(content(0));
  if (at !== s.length) throw bad("trailing numbers");
  if (given !== undefined && given.length !== next - 1) throw bad("the number of ids");
  if (k !== undefined && (k.length !== next - 1 || !k.every((hash) => Number.isInteger(hash) && hash >= 0 && hash <= MAX_HASH))) throw bad("key hashes");
  return { contents, nextId: given === undefined ? next : given.reduce((most, id) => (id > most ? id : most), 0) + 1, templates: ids };
}

const MAX_DEPTH = 256;
const MAX_INT = 0x7fffffff;
const MAX_HASH = 0xffffffff;
/** Far above what a session can reach, and id * 8 is still a varint. */
const MAX_ID = 2 ** 40;

/** The ids that pairs of first and count stand for: none twice, none of the root. */
function readIds(runs: readonly number[]): number[] {
  const ids: number[] = [];
  for (let r = 0; r < runs.length; r += 2) {
    const first = runs[r] as number;
    const count = runs[r + 1];
    if (!Number.isInteger(first) || first < 1 || first > MAX_ID || count === undefined || !Number.isInteger(count) || count < 1) throw bad("ids");
    if (ids.length + count > LIMIT) throw bad("too many instances");
    for (let i = 0; i < count; i++) ids.push(first + i);
  }
  if (new Set(ids).size !== ids.length) throw bad("an id stands twice");
  return ids;
}

function countChildSlots(table: unknown): number {
  if (typeof table !== "string") throw bad("a template's table");
  let n = 0;
  for (const slot of table.split(" ").slice(1)) if (slot.startsWith("c") || slot.startsWith("s")) n++;
  return n;
}

function bad(message: string): Error {
  return coreError("VANGO_BAD_STRUCTURE", { message });
}
