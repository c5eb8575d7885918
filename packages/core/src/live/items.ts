// A list of items in one range that is not an `each`: what arrays and mixed runs give. Entries keep their item by key, or by
// position when they have none: an entry that renders nothing keeps its position, so a sibling never inherits its state.
import { F } from "../template/builtin.js";
import { OP_MOVE, OP_REMOVE, type FrameWriter } from "../protocol/writer.js";
import { ComponentView, ViewNode } from "../view/view-node.js";
import { continueItem, disposeContent, openItem } from "./child.js";
import { fill, Inst, update } from "./inst.js";
import { replaceItem, wireOf, type Item } from "./item.js";
import { writeClear, writeInsertHead } from "./range-ops.js";
import { checkKey, duplicateKey, matchKeys, stable, type Key } from "./keyed.js";
import { isReadable, textOf, type Primitive } from "./values.js";

/** One entry of a flattened array: its value and the key it is matched by. */
export interface Entry {
  readonly key: Key;
  readonly value: unknown;
}

export class Items {
  items: Item[] = [];
  constructor(public entries: readonly Entry[]) {}
}

/** A flattened array that is not all text. */
export class EntryList {
  constructor(readonly entries: readonly Entry[]) {}
}

/** What a slot's value comes to while its reads are tracked: signals are read, arrays flattened. */
export function settle(v: unknown): unknown {
  const value = isReadable(v) ? v.get() : v;
  return Array.isArray(value) ? flatten(value as readonly unknown[]) : value;
}

/** Flattens nested arrays and merges neighbouring texts. All text: the text itself. */
export function flatten(parts: readonly unknown[]): Primitive | EntryList {
  const entries: Entry[] = [];
  let allText = true;
  let text = "";
  let textKey: Key | undefined;
  const walk = (list: readonly unknown[], prefix: string): void => {
    for (let i = 0; i < list.length; i++) {
      const part = list[i];
      if (Array.isArray(part)) {
        walk(part as readonly unknown[], `${prefix}${i}.`);
        continue;
      }
      const value = isReadable(part) ? part.get() : part;
      if (Array.isArray(value)) {
        walk(value as readonly unknown[], `${prefix}${i}.`);
        continue;
      }
      const own = textOf(value);
      if (own !== undefined) {
        if (own === "") continue;
        textKey ??= `${prefix}${i}t`;
        text += String(own);
        continue;
      }
      flush();
      allText = false;
      const key = (value as { key?: Key }).key;
      entries.push({ key: key === undefined ? `${prefix}${i}` : `${prefix}k${checkKey(key)}`, value });
    }
  };
  const flush = (): void => {
    if (textKey !== undefined) entries.push({ key: textKey, value: text });
    textKey = undefined;
    if (entries.length > 0) text = "";
  };
  walk(parts, "");
  if (allText) return text;
  flush();
  return new EntryList(entries);
}

/** Mounts all entries as the content of a row. */
export function mountItems(inst: Inst, items: Items, w: FrameWriter | undefined): void {
  const first = inst.cell.host.allot(items.entries.length);
  assertUnique(items.entries);
  items.entries.forEach((entry, i) => items.items.push(open(inst, entry, first + i)));
  const runs = w === undefined ? 0 : countRuns(items.items);
  w?.varint(runs);
  let i = 0;
  while (i < items.items.length) {
    const end = runEnd(items.items, i, items.items.length);
    if (w !== undefined) {
      w.varint(inst.cell.host.templateNumber(wireOf(items.items[i] as Item).tpl));
      w.varint(first + i);
      w.varint(end - i);
    }
    for (; i < end; i++) fill(wireOf(items.items[i] as Item), w);
  }
}

function open(owner: Inst, entry: Entry, id: number): Item {
  if (entry.value instanceof ViewNode || entry.value instanceof ComponentView) return openItem(owner, entry.value, id, undefined);
  return new Inst(id, F, owner.cell, owner.depth + 1, () => entry.value, undefined);
}

/** The key as the app has given it, without its place in nested arrays. */
const ownKey = (key: Key): Key => String(key).replace(/^[\d.]*k/, "");

function assertUnique(entries: readonly Entry[]): void {
  const seen = new Set<Key>();
  for (const { key } of entries) {
    if (seen.has(key)) throw duplicateKey(ownKey(key));
    seen.add(key);
  }
}

/** Brings the items of a live range to new entries with minimal operations. */
export function updateItems(inst: Inst, slot: number, items: Items, entries: readonly Entry[]): void {
  const before = items.items;
  const beforeEntries = items.entries;
  const sources = matchKeys((i) => (beforeEntries[i] as Entry).key, 0, before.length, (i) => (entries[i] as Entry).key, 0, entries.length, ownKey);
  const after = patchItems(inst, slot, before, sources, (i, id) => open(inst, entries[i] as Entry, id), (list) => (items.items = list));
  items.entries = entries;
  for (let i = 0; i < entries.length; i++) {
    if ((sources[i] as number) < 0) continue;
    const item = after[i] as Item;
    const value = (entries[i] as Entry).value;
    if (continueEntry(item, value)) continue;
    replaceItem(item, (id) => open(inst, entries[i] as Entry, id), inst.cell.host, (next) => (after[i] = next));
  }
}

function continueEntry(item: Item, value: unknown): boolean {
  if (value instanceof ViewNode || value instanceof ComponentView) return continueItem(item, value);
  if (!(item instanceof Inst) || item.tpl !== F) return false;
  update(item, () => value);
  return true;
}

function countRuns(items: readonly Item[]): number {
  let runs = 0;
  for (let i = 0; i < items.length; i = runEnd(items, i, items.length)) runs++;
  return runs;
}

/** End of the run of items with one template that starts at `i`. */
export function runEnd(items: readonly Item[], i: number, limit: number): number {
  const tpl = wireOf(items[i] as Item).tpl;
  let end = i + 1;
  while (end < limit && wireOf(items[end] as Item).tpl === tpl) end++;
  return end;
}

/**
 * Removes, inserts and moves the items of a range. `sources[i]` is the old position of new item i, or -1 for a new one, which
 * `make` opens. Moves are minimal; neighbouring new items of one template are one INSERT.
 */
export function patchItems(
  inst: Inst, slot: number, before: readonly Item[], sources: Int32Array,
  make: (i: number, id: number) => Item, store: (list: Item[]) => void,
): Item[] {
  const host = inst.cell.host;
  const w = host.writer;
  const n = sources.length;
  const kept = new Uint8Array(before.length);
  let keptCount = 0;
  for (const from of sources) {
    if (from >= 0) {
      kept[from] = 1;
      keptCount++;
    }
  }
  writeRemovals(inst, slot, before.map((item) => wireOf(item).id), kept, keptCount, w);
  before.forEach((item, i) => kept[i] === 0 && disposeContent(item));
  const after = new Array<Item>(n);
  for (let i = 0; i < n; i++) if ((sources[i] as number) >= 0) after[i] = before[sources[i] as number] as Item;
  // New items exist, unfilled, before anything is stored: disposal of a half-done range finds them all.
  let i = 0;
  while (i < n) {
    if ((sources[i] as number) >= 0) {
      i++;
      continue;
    }
    let end = i;
    while (end < n && (sources[end] as number) < 0) end++;
    const first = host.allot(end - i);
    let k = i;
    try {
      for (; k < end; k++) after[k] = make(k, first + k - i);
    } catch (error) {
      for (let made = 0; made < k; made++) if ((sources[made] as number) < 0) disposeContent(after[made]);
      throw error;
    }
    i = end;
  }
  store(after);
  const stay = stable(sources);
  let next = 0;
  for (let at = n - 1; at >= 0; ) {
    const item = after[at] as Item;
    if ((sources[at] as number) >= 0) {
      const id = wireOf(item).id;
      if (stay[at] === 0) {
        w.op(id, OP_MOVE);
        w.varint(next === 0 ? 0 : next + 1);
      }
      next = id;
      at--;
      continue;
    }
    let start = at;
    const tpl = wireOf(item).tpl;
    while (start > 0 && (sources[start - 1] as number) < 0 && wireOf(after[start - 1] as Item).tpl === tpl) start--;
    const first = wireOf(after[start] as Item).id;
    const number = host.templateNumber(tpl);
    writeInsertHead(inst, slot, next, number, first, at - start + 1, w);
    for (let k = start; k <= at; k++) fill(wireOf(after[k] as Item), w);
    next = first;
    at = start - 1;
  }
  return after;
}

/** Removes the items that are not kept: CLEAR when the whole range goes, else runs of consecutive ids. */
export function writeRemovals(inst: Inst, slot: number, ids: readonly number[], kept: Uint8Array, keptCount: number, w: FrameWriter, clears = keptCount === 0): void {
  if (ids.length === keptCount) return;
  if (clears) {
    writeClear(inst, slot, w);
    return;
  }
  for (let i = 0; i < ids.length; i++) {
    if (kept[i] !== 0) continue;
    const first = ids[i] as number;
    let count = 1;
    while (i + 1 < ids.length && kept[i + 1] === 0 && ids[i + 1] === first + count) {
      count++;
      i++;
    }
    w.op(first, OP_REMOVE);
    w.varint(count);
  }
}
