// Matching two keyed lists: which old row each new row is, and which rows may stay where they are. The rows that stay are a
// longest increasing subsequence, so the number of moves is minimal.
import { coreError } from "../errors.js";

export type Key = string | number;

/** Throws when a key is no stable key. */
export function checkKey(key: unknown): Key {
  if (typeof key === "string" || (typeof key === "number" && Number.isFinite(key))) return key;
  throw coreError("VANGO_BAD_KEY", { message: `Found ${key === null || typeof key === "number" ? String(key) : typeof key}.` });
}

/**
 * Throws when a key of the list is no key or stands twice. Keys that rise are unique without a look at the rest, and most
 * lists are ordered by id; the others pay for a set.
 */
export function checkKeys(items: readonly unknown[], keyOf: (item: unknown) => Key): void {
  let last = -Infinity;
  for (let i = 0; i < items.length; i++) {
    const key = keyOf(items[i]);
    if (typeof key === "number" && key > last && key < Infinity) last = key;
    else return checkAll(items, keyOf);
  }
}

function checkAll(items: readonly unknown[], keyOf: (item: unknown) => Key): void {
  const seen = new Set<Key>();
  for (let i = 0; i < items.length; i++) {
    const key = checkKey(keyOf(items[i]));
    seen.add(key);
    if (seen.size !== i + 1) throw duplicateKey(key);
  }
}

export function duplicateKey(key: Key): Error {
  return coreError("VANGO_DUPLICATE_KEY", { message: `Key ${JSON.stringify(key)}.` });
}

/**
 * For each new position in [newFrom, newTo): the old position with the same key, or -1. Throws on duplicate new keys, with the
 * key as `shown` gives it: the app's own.
 */
export function matchKeys(
  oldKey: (i: number) => Key, oldFrom: number, oldTo: number,
  newKey: (i: number) => Key, newFrom: number, newTo: number,
  shown: (key: Key) => Key = (key) => key,
): Int32Array {
  const sources = new Int32Array(newTo - newFrom).fill(-1);
  const positions = new Map<Key, number>();
  for (let i = newFrom; i < newTo; i++) {
    const key = checkKey(newKey(i));
    if (positions.has(key)) throw duplicateKey(shown(key));
    positions.set(key, i);
  }
  for (let i = oldFrom; i < oldTo; i++) {
    const at = positions.get(oldKey(i));
    if (at !== undefined) sources[at - newFrom] = i;
  }
  return sources;
}

/** Marks (1) the positions of `sources` that belong to one longest increasing run of old positions; -1 never does. */
export function stable(sources: Int32Array): Uint8Array {
  const n = sources.length;
  const keep = new Uint8Array(n);
  const previous = new Int32Array(n);
  const tails = new Int32Array(n);
  let length = 0;
  for (let i = 0; i < n; i++) {
    const value = sources[i] as number;
    if (value < 0) continue;
    let low = 0;
    let high = length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if ((sources[tails[mid] as number] as number) < value) low = mid + 1;
      else high = mid;
    }
    previous[i] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = i;
    if (low === length) length++;
  }
  for (let i = length > 0 ? (tails[length - 1] as number) : -1; i >= 0; i = previous[i] as number) keep[i] = 1;
  return keep;
}
