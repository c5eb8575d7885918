// A keyed list in a child range. Rows are flat (one template, only texts and attributes) as long as they can be: then the
// range keeps packed arrays of ids and last values and no object per row, only a RowSub for rows that tracked something.
// The first row that has structure turns the whole range deep: a RowCell per row.
import { OP_MOVE, type FrameWriter } from "../protocol/writer.js";
import { lastEdit } from "../reactive/list-edit.js";
import { endTracking, startTracking, WATCHING } from "../reactive/system.js";
import { WatcherNode } from "../reactive/watcher.js";
import type { Template } from "../template/define.js";
import type { EachView } from "../view/view-node.js";
import type { Owner } from "./cell.js";
import { openView, refreshView } from "./cell-view.js";
import { disposeContent } from "./child.js";
import { disposeRowSub, FLAT_BROKEN, readRow, RowSub, rowTemplate, writeRowChanges } from "./flat-row.js";
import { fill, type Inst } from "./inst.js";
import { patchItems, runEnd, writeRemovals } from "./items.js";
import { wireOf } from "./item.js";
import { checkKey, checkKeys, duplicateKey, matchKeys, stable, type Key } from "./keyed.js";
import { writeClear, writeInsertHead } from "./range-ops.js";
import { RowCell } from "./row-cell.js";
import { isReadable } from "./values.js";

/** Below this many new rows, keys are compared one by one instead of through a set. */
const FEW_ROWS = 4;

export class EachContent extends WatcherNode {
  items: readonly unknown[] = [];
  /** Flat mode: ids by position, last values `stride` a row, subscribers of rows that track. */
  ids: number[] = [];
  vals: unknown[] = [];
  rowSubs: (RowSub | undefined)[] | undefined = undefined;
  tpl: Template | undefined = undefined;
  /** Deep mode: a cell per row; then ids, vals and subs are empty. */
  cells: RowCell[] | undefined = undefined;

  constructor(
    readonly inst: Inst,
    readonly slot: number,
    public view: EachView,
  ) {
    super();
  }

  get depth(): number {
    return this.inst.depth + 1;
  }

  get cell(): Owner {
    return this.inst.cell;
  }

  keyAt(i: number): Key {
    return this.view.keyOf(this.items[i]);
  }

  private read(): readonly unknown[] {
    const list = this.view.list;
    if (!isReadable(list)) return list;
    this.flags = WATCHING;
    const prev = startTracking(this);
    try {
      return list.get() as readonly unknown[];
    } finally {
      endTracking(this, prev);
    }
  }

  /** First content, as part of a row (or without a writer, at the join). */
  mount(w: FrameWriter | undefined): void {
    const items = this.read();
    const n = items.length;
    checkKeys(items, this.view.keyOf);
    const host = this.cell.host;
    const first = host.allot(n);
    this.items = items;
    if (n === 0) {
      w?.varint(0);
      // An empty list is empty text: nothing stands in the range.
      w?.varint(0);
      return;
    }
    const mark = w === undefined ? undefined : host.mark();
    if (this.mountFlat(first, w, true)) return;
    if (mark !== undefined) host.rewind(mark);
    this.mountDeep(first, w);
  }

  /** Fills an empty range of a live instance. */
  insertAll(w: FrameWriter): void {
    const items = this.read();
    checkKeys(items, this.view.keyOf);
    this.items = [];
    this.insertInto(items, w);
  }

  private insertInto(items: readonly unknown[], w: FrameWriter): void {
    const n = items.length;
    this.items = items;
    if (n === 0) return;
    const host = this.cell.host;
    const first = host.allot(n);
    const mark = host.mark();
    if (this.mountFlat(first, w, false)) return;
    host.rewind(mark);
    this.cells = [];
    this.items = items;
    const sources = new Int32Array(n).fill(-1);
    patchItems(this.inst, this.slot, [], sources, (i, id) => this.openRow(items[i], id), (list) => (this.cells = list as RowCell[]));
  }

  /** Mounts all rows packed; false (and nothing kept) when a row is not flat. */
  private mountFlat(first: number, w: FrameWriter | undefined, asRow: boolean): boolean {
    const tpl = rowTemplate(this, 0);
    if (tpl === undefined) return false;
    this.tpl = tpl;
    const n = this.items.length;
    if (w !== undefined) {
      const number = this.cell.host.templateNumber(tpl);
      if (asRow) {
        w.varint(1);
        w.varint(number);
        w.varint(first);
        w.varint(n);
      } else {
        writeInsertHead(this.inst, this.slot, 0, number, first, n, w);
      }
    }
    this.ids = new Array<number>(n);
    this.vals = [];
    for (let i = 0; i < n; i++) {
      this.ids[i] = first + i;
      if (readRow(this, i, this.vals, w) === FLAT_BROKEN) {
        this.dropFlat();
        return false;
      }
    }
    return true;
  }

  private dropFlat(): void {
    if (this.rowSubs !== undefined) for (const sub of this.rowSubs) if (sub !== undefined) disposeRowSub(sub);
    this.rowSubs = undefined;
    this.tpl = undefined;
    this.ids = [];
    this.vals = [];
  }

  private openRow(item: unknown, id: number): RowCell {
    const row = new RowCell(this, item);
    try {
      openView(row, id);
    } catch (error) {
      row.dispose();
      throw error;
    }
    return row;
  }

  private mountDeep(first: number, w: FrameWriter | undefined): void {
    const cells: RowCell[] = [];
    this.cells = cells;
    for (let i = 0; i < this.items.length; i++) cells.push(this.openRow(this.items[i], first + i));
    let runs = 0;
    for (let i = 0; i < cells.length; i = runEnd(cells, i, cells.length)) runs++;
    w?.varint(runs);
    for (let i = 0; i < cells.length; ) {
      const end = runEnd(cells, i, cells.length);
      if (w !== undefined) {
        w.varint(this.cell.host.templateNumber((cells[i] as RowCell).wire.tpl));
        w.varint(first + i);
        w.varint(end - i);
      }
      for (; i < end; i++) fill((cells[i] as RowCell).wire, w);
    }
  }

  /** A row stopped being flat: gives every row a cell, with the ids it has. */
  private deepen(): void {
    const { items, ids, vals, tpl } = this;
    const stride = tpl === undefined ? 0 : tpl.emit.length;
    this.dropFlat();
    this.cells = items.map((item, i) => {
      const row = new RowCell(this, item);
      row.adopt(ids[i] as number, tpl as Template, vals.slice(i * stride, (i + 1) * stride));
      return row;
    });
    for (const row of this.cells) refreshView(row);
  }

  protected fire(): void {
    this.reconcile(this.read());
  }

  /** The owner rendered again: new list, key and row functions. */
  continueWith(view: EachView): void {
    const sameRow = this.view.row === view.row;
    this.view = view;
    const before = this.items;
    const items = this.read();
    if (items !== before) this.reconcile(items);
    if (!sameRow) this.rerunRows();
  }

  /** Every row again with the new row function. */
  private rerunRows(): void {
    if (this.cells !== undefined) {
      for (const row of this.cells) refreshView(row);
      return;
    }
    for (let i = 0; i < this.items.length; i++) {
      if (!this.updateFlat(i)) return;
    }
  }

  /** Re-evaluates a flat row; false when the range had to turn deep (every row is up to date then). */
  updateFlat(i: number): boolean {
    if (writeRowChanges(this, i) !== FLAT_BROKEN) return true;
    this.deepen();
    return false;
  }

  private reconcile(next: readonly unknown[]): void {
    const old = this.items;
    if (next === old) return;
    const { view, cell, inst, slot } = this;
    const w = cell.host.writer;
    if (old.length === 0) {
      checkKeys(next, view.keyOf);
      this.insertInto(next, w);
      return;
    }
    if (next.length === 0) {
      this.disposeRows();
      this.items = next;
      writeClear(inst, slot, w);
      return;
    }
    let start = 0;
    let oldEnd = old.length;
    let newEnd = next.length;
    if (lastEdit.to === next && lastEdit.from === old) {
      ({ start, oldEnd, newEnd } = lastEdit);
      if (lastEdit.swapped) {
        this.items = next;
        this.swapRows(start, newEnd - 1);
        return;
      }
    } else {
      while (start < oldEnd && start < newEnd && old[start] === next[start]) start++;
      while (oldEnd > start && newEnd > start && old[oldEnd - 1] === next[newEnd - 1]) {
        oldEnd--;
        newEnd--;
      }
    }
    if (start === oldEnd && start === newEnd) {
      this.items = next;
      return;
    }
    if (oldEnd - start === newEnd - start && this.replaceOrSwap(old, next, start, newEnd)) return;
    if (start === old.length && this.cells === undefined) {
      checkKeys(next, view.keyOf);
      if (this.appendFlat(old, next)) return;
      this.deepen();
      this.patchDeep(old, next, start, oldEnd, newEnd, new Int32Array(newEnd - start).fill(-1));
      return;
    }
    if (newEnd > start) this.checkInserted(old, next, start, oldEnd, newEnd);
    const { keyOf } = view;
    const sources = matchKeys((i) => keyOf(old[i]), start, oldEnd, (i) => keyOf(next[i]), start, newEnd);
    if (this.cells === undefined && oldEnd - start === old.length && sources.every((from) => from < 0)) {
      // No row stays: an empty range is filled without a look at the rows that go.
      this.disposeRows();
      writeClear(inst, slot, w);
      this.insertInto(next, w);
      return;
    }
    this.patch(old, next, start, oldEnd, newEnd, sources);
  }

  /** New rows behind the packed ones: nothing that is there is copied. False, and everything as before, when one is not flat. */
  private appendFlat(old: readonly unknown[], next: readonly unknown[]): boolean {
    const host = this.cell.host;
    const w = host.writer;
    const count = old.length;
    const mark = host.mark();
    const first = host.allot(next.length - count);
    this.items = next;
    writeInsertHead(this.inst, this.slot, 0, host.templateNumber(this.tpl as Template), first, next.length - count, w);
    for (let i = count; i < next.length; i++) {
      this.ids.push(first + i - count);
      if (readRow(this, i, this.vals, w) !== FLAT_BROKEN) continue;
      for (const sub of this.rowSubs?.splice(count) ?? []) if (sub !== undefined) disposeRowSub(sub);
      this.ids.length = count;
      this.vals.length = count * (this.tpl as Template).emit.length;
      this.items = old;
      host.rewind(mark);
      return false;
    }
    if (this.rowSubs !== undefined) this.rowSubs.length = next.length;
    return true;
  }

  /** New keys must not repeat a key of the rows outside the changed window. */
  private checkInserted(old: readonly unknown[], next: readonly unknown[], start: number, oldEnd: number, newEnd: number): void {
    const { keyOf } = this.view;
    const outside = old.length - (oldEnd - start);
    if (outside === 0) return;
    const count = newEnd - start;
    if (count <= FEW_ROWS) {
      for (let i = start; i < newEnd; i++) {
        const key = keyOf(next[i]);
        for (let k = 0; k < start; k++) if (keyOf(old[k]) === key) throw duplicateKey(key);
        for (let k = oldEnd; k < old.length; k++) if (keyOf(old[k]) === key) throw duplicateKey(key);
      }
      return;
    }
    const inside = new Set<Key>();
    for (let i = start; i < newEnd; i++) inside.add(keyOf(next[i]));
    for (let k = 0; k < old.length; k++) {
      if (k === start) k = oldEnd;
      if (k < old.length && inside.has(keyOf(old[k]))) throw duplicateKey(keyOf(old[k]));
    }
  }

  /** Same length, same keys in place: rows changed where they stand. Or two rows changed places. True if that was all. */
  private replaceOrSwap(old: readonly unknown[], next: readonly unknown[], start: number, end: number): boolean {
    const { keyOf } = this.view;
    const last = end - 1;
    if (old[start] === next[last] && old[last] === next[start] && last > start) {
      for (let i = start + 1; i < last; i++) if (old[i] !== next[i]) return false;
      this.items = next;
      this.swapRows(start, last);
      return true;
    }
    for (let i = start; i < end; i++) if (old[i] !== next[i] && checkKey(keyOf(next[i])) !== keyOf(old[i])) return false;
    this.items = next;
    for (let i = start; i < end; i++) {
      if (old[i] === next[i]) continue;
      if (this.cells !== undefined) (this.cells[i] as RowCell).continueWith(next[i]);
      else if (!this.updateFlat(i)) return true;
    }
    return true;
  }

  private swapRows(a: number, b: number): void {
    const w = this.cell.host.writer;
    const idAt = (i: number): number => (this.cells === undefined ? (this.ids[i] as number) : (this.cells[i] as RowCell).wire.id);
    const count = this.items.length;
    const idA = idAt(a);
    const idB = idAt(b);
    // b goes before a; a goes before what stood behind b.
    w.op(idB, OP_MOVE);
    w.varint(idA + 1);
    if (b !== a + 1) {
      w.op(idA, OP_MOVE);
      w.varint(b + 1 < count ? idAt(b + 1) + 1 : 0);
    }
    if (this.cells !== undefined) {
      swap(this.cells, a, b);
      return;
    }
    swap(this.ids, a, b);
    const stride = (this.tpl as Template).emit.length;
    for (let k = 0; k < stride; k++) swap(this.vals, a * stride + k, b * stride + k);
    if (this.rowSubs !== undefined) {
      swap(this.rowSubs, a, b);
      for (const i of [a, b]) {
        const sub = this.rowSubs[i];
        if (sub !== undefined) sub.index = i;
      }
    }
  }

  private patch(old: readonly unknown[], next: readonly unknown[], start: number, oldEnd: number, newEnd: number, sources: Int32Array): void {
    if (this.cells !== undefined) {
      this.patchDeep(old, next, start, oldEnd, newEnd, sources);
      return;
    }
    const host = this.cell.host;
    const mark = host.mark();
    if (this.patchFlat(old, next, start, oldEnd, newEnd, sources)) return;
    // A new row has structure: take everything back, make the old rows deep and patch them so.
    host.rewind(mark);
    this.items = old;
    this.deepen();
    this.patchDeep(old, next, start, oldEnd, newEnd, sources);
  }

  private patchDeep(old: readonly unknown[], next: readonly unknown[], start: number, oldEnd: number, newEnd: number, sources: Int32Array): void {
    const cells = this.cells as RowCell[];
    const all = widen(sources, start, oldEnd, newEnd, old.length, next.length);
    this.items = next;
    const after = patchItems(this.inst, this.slot, cells, all, (i, id) => this.openRow(next[i], id), (list) => (this.cells = list as RowCell[]));
    for (let i = start; i < newEnd; i++) {
      const from = sources[i - start] as number;
      if (from >= 0 && old[from] !== next[i]) (after[i] as RowCell).continueWith(next[i]);
    }
  }

  /** Flat mode: false when a new or changed row is not flat; then only `mark` must be rewound, nothing was changed here. */
  private patchFlat(old: readonly unknown[], next: readonly unknown[], start: number, oldEnd: number, newEnd: number, sources: Int32Array): boolean {
    const { inst, slot } = this;
    const host = this.cell.host;
    const w = host.writer;
    const tpl = this.tpl as Template;
    const stride = tpl.emit.length;
    const before = { items: this.items, ids: this.ids, vals: this.vals, rowSubs: this.rowSubs };
    const oldCount = oldEnd - start;
    const newCount = newEnd - start;
    const kept = new Uint8Array(oldCount);
    let keptCount = 0;
    for (const from of sources) {
      if (from >= 0) {
        kept[from - start] = 1;
        keptCount++;
      }
    }
    const everyRowGoes = keptCount === 0 && oldCount === old.length;
    writeRemovals(inst, slot, before.ids.slice(start, oldEnd), kept, keptCount, w, everyRowGoes);
    // Before any row runs: if one throws, nothing of the removed rows is left behind.
    if (before.rowSubs !== undefined) {
      for (let i = 0; i < oldCount; i++) {
        const sub = kept[i] === 0 ? before.rowSubs[start + i] : undefined;
        if (sub !== undefined) disposeRowSub(sub);
      }
    }
    const ids = new Array<number>(newCount);
    const vals = new Array<unknown>(newCount * stride);
    const subs = before.rowSubs === undefined ? undefined : new Array<RowSub | undefined>(newCount);
    const fresh: number[] = [];
    for (let i = 0; i < newCount; i++) {
      const from = sources[i] as number;
      if (from < 0) {
        if (i === 0 || (sources[i - 1] as number) >= 0) {
          let end = i + 1;
          while (end < newCount && (sources[end] as number) < 0) end++;
          fresh.push(host.allot(end - i), i);
        }
        const run = fresh.length - 2;
        ids[i] = (fresh[run] as number) + i - (fresh[run + 1] as number);
        continue;
      }
      ids[i] = before.ids[from] as number;
      for (let k = 0; k < stride; k++) vals[i * stride + k] = before.vals[from * stride + k];
      if (subs !== undefined) subs[i] = (before.rowSubs as (RowSub | undefined)[])[from];
    }
    this.items = next;
    this.ids = splice(before.ids, start, oldEnd, ids);
    this.vals = splice(before.vals, start * stride, oldEnd * stride, vals);
    if (subs !== undefined) this.rowSubs = splice(before.rowSubs as (RowSub | undefined)[], start, oldEnd, subs);
    this.renumberSubs(start);
    const stay = stable(sources);
    let nextId = newEnd < next.length ? (this.ids[newEnd] as number) : 0;
    let broken = false;
    for (let at = newCount - 1; at >= 0 && !broken; ) {
      const id = ids[at] as number;
      if ((sources[at] as number) >= 0) {
        if (stay[at] === 0) {
          w.op(id, OP_MOVE);
          w.varint(nextId === 0 ? 0 : nextId + 1);
        }
        nextId = id;
        at--;
        continue;
      }
      let from = at;
      while (from > 0 && (sources[from - 1] as number) < 0) from--;
      writeInsertHead(this.inst, this.slot, nextId, host.templateNumber(tpl), ids[from] as number, at - from + 1, w);
      for (let i = from; i <= at && !broken; i++) broken = readRow(this, start + i, this.vals, w) === FLAT_BROKEN;
      nextId = ids[from] as number;
      at = from - 1;
    }
    for (let i = 0; i < newCount && !broken; i++) {
      const from = sources[i] as number;
      if (from >= 0 && old[from] !== next[start + i]) broken = writeRowChanges(this, start + i) === FLAT_BROKEN;
    }
    if (broken) {
      // `deepen` follows: every row gets a cell, so no packed row's subscriber stays, old or new.
      for (const sub of this.rowSubs ?? []) if (sub !== undefined) disposeRowSub(sub);
      Object.assign(this, before);
      return false;
    }
    return true;
  }

  private renumberSubs(from: number): void {
    if (this.rowSubs === undefined) return;
    for (let i = from; i < this.rowSubs.length; i++) {
      const sub = this.rowSubs[i];
      if (sub !== undefined) sub.index = i;
    }
  }

  private disposeRows(): void {
    if (this.cells !== undefined) for (const row of this.cells) disposeContent(row);
    this.cells = undefined;
    this.dropFlat();
  }

  override dispose(): void {
    super.dispose();
    if (this.cells !== undefined) for (const row of this.cells) row.dispose();
    if (this.rowSubs !== undefined) for (const sub of this.rowSubs) if (sub !== undefined) disposeRowSub(sub);
  }

  /** The instance id of row `i`. */
  idAt(i: number): number {
    return this.cells === undefined ? (this.ids[i] as number) : wireOf(this.cells[i] as RowCell).id;
  }
}

/** `list` with [from, to) replaced. In place where the middle keeps its length or stands at the end. */
function splice<T>(list: T[], from: number, to: number, middle: readonly T[]): T[] {
  const out = new Array<T>(list.length - (to - from) + middle.length);
  for (let i = 0; i < from; i++) out[i] = list[i] as T;
  for (let i = 0; i < middle.length; i++) out[from + i] = middle[i] as T;
  for (let i = to; i < list.length; i++) out[from + middle.length + i - to] = list[i] as T;
  return out;
}

/** Sources of the whole list from those of its changed window. */
function widen(sources: Int32Array, start: number, oldEnd: number, newEnd: number, oldLength: number, newLength: number): Int32Array {
  const all = new Int32Array(newLength);
  for (let i = 0; i < start; i++) all[i] = i;
  all.set(sources, start);
  for (let i = newEnd; i < newLength; i++) all[i] = i - newEnd + oldEnd;
  if (oldLength - oldEnd !== newLength - newEnd) throw new RangeError("the windows do not end together");
  return all;
}

function swap<T>(list: T[], a: number, b: number): void {
  const held = list[a] as T;
  list[a] = list[b] as T;
  list[b] = held;
}
