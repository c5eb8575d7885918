// The sync: brings a client that shows some structure to the live tree, at a join and at a resume. In each range what is gone is
// removed, what stays is moved with the fewest moves, what is new is inserted; values of what stays are set, the applier writes
// those that differ. Invariant: afterwards both sides have the same ids. By id, that is so before; else live instances that
// stay take the client's ids, and what is inserted gets ids above all of them.
import { OP_MOVE, type FrameWriter } from "../protocol/writer.js";
import type { Template } from "../template/define.js";
import { CHILD, SOLE, SPREAD } from "../template/kinds.js";
import { NO_CONTENT, type ClientContent } from "./client-structure.js";
import { hashTree } from "./describe.js";
import { EachContent } from "./each-content.js";
import { writeSet, writeSpread, writeSpreadOnly, writeSpreadValue, type Inst } from "./inst.js";
import { Items, writeRemovals } from "./items.js";
import type { Item } from "./item.js";
import { stable } from "./keyed.js";
import { byHash, byId, byKey, type Matcher } from "./match.js";
import { writeClear, writeInsertHead } from "./range-ops.js";
import { rowsOf, type Rows } from "./rows.js";
import type { TreeHost } from "./tree-host.js";
import type { Primitive, WireValue } from "./values.js";

/**
 * What tells which item is which: the hashes of the GET that the client shows; "id" when it is a client of this very tree; "key"
 * when it shows another tree of the same page.
 */
export type SyncBy = readonly number[] | "id" | "key";

/** Writes what differs. Unless by id, ids must be allotted above the client's before, and the tree is renumbered. */
export function syncTree(root: Inst, contents: readonly ClientContent[], by: SyncBy, host: TreeHost): void {
  const match = by === "id" ? byId : by === "key" ? byKey : byHash(hashTree(root), by, hashPositions(root));
  const sync = new Sync(host, match, by !== "id");
  root.tpl.childSlots.forEach((slot, i) => sync.content(root, slot, contents[i] ?? NO_CONTENT));
}

class Sync {
  constructor(
    readonly host: TreeHost,
    readonly match: Matcher,
    readonly renumber: boolean,
  ) {}

  content(inst: Inst, slot: number, theirs: ClientContent): void {
    const w = this.host.writer;
    const content = inst.vals[slot];
    const rows = rowsOf(content);
    if (rows === undefined) {
      const text = typeof content === "object" ? "" : (content as Primitive);
      if (theirs.count > 0 && text === "") writeClear(inst, slot, w);
      else writeSet(w, inst.id, slot, text === "" ? null : text);
      return;
    }
    const { sources, same } = this.match(content as object, rows, theirs);
    this.place(inst, slot, rows, theirs, sources);
    const nested = childrenOf(theirs);
    for (let i = 0; i < rows.count; i++) {
      const from = sources[i] as number;
      if (from < 0) continue;
      const children = nested[from] ?? [];
      const item = rows.instAt(i);
      if (item === undefined) {
        if (!same) setPackedRow(rows.packed as EachContent, i, w);
      } else if (same) item.tpl.childSlots.forEach((at, c) => this.adopt(item, at, children[c] ?? NO_CONTENT));
      else this.values(item, children);
    }
  }

  /** Removes, inserts and moves; afterwards the client's items stand as the live ones do. */
  private place(inst: Inst, slot: number, rows: Rows, theirs: ClientContent, sources: Int32Array): void {
    const { host } = this;
    const w = host.writer;
    const kept = new Uint8Array(theirs.count);
    let keptCount = 0;
    for (const from of sources) {
      if (from < 0) continue;
      kept[from] = 1;
      keptCount++;
    }
    writeRemovals(inst, slot, Array.from(kept, (_, i) => theirs.idAt(i)), kept, keptCount, w);
    if (this.renumber) this.number(rows, theirs, sources);
    const stay = stable(sources);
    let next = 0;
    for (let at = rows.count - 1; at >= 0; at--) {
      if ((sources[at] as number) >= 0) {
        if (stay[at] === 0) {
          w.op(rows.idAt(at), OP_MOVE);
          w.varint(next === 0 ? 0 : next + 1);
        }
      } else {
        const end = at + 1;
        while (at > 0 && (sources[at - 1] as number) < 0 && follows(rows, at)) at--;
        writeInsertHead(inst, slot, next, host.templateNumber(rows.tplAt(at)), rows.idAt(at), end - at, w);
        for (let i = at; i < end; i++) this.row(rows, i);
      }
      next = rows.idAt(at);
    }
  }

  /** What stays takes the client's ids; neighbours that are new get ids in a row. */
  private number(rows: Rows, theirs: ClientContent, sources: Int32Array): void {
    for (let i = 0; i < rows.count; ) {
      const from = sources[i] as number;
      if (from >= 0) {
        rows.setId(i++, theirs.idAt(from));
        continue;
      }
      let end = i;
      while (end < rows.count && (sources[end] as number) < 0) end++;
      for (let id = this.host.allot(end - i); i < end; ) rows.setId(i++, id++);
    }
  }

  private values(inst: Inst, children: readonly ClientContent[]): void {
    const w = this.host.writer;
    const { emit, kinds } = inst.tpl;
    let child = 0;
    for (const slot of emit) {
      const kind = kinds[slot] as number;
      if (kind === CHILD || kind === SOLE) this.content(inst, slot, children[child++] ?? NO_CONTENT);
      else if (kind === SPREAD) setSpread(inst, slot, w);
      else writeSet(w, inst.id, slot, inst.vals[slot] as WireValue);
    }
  }

  /** Inside a range whose hash agrees nothing is written, but its instances still take the client's ids. */
  private adopt(inst: Inst, slot: number, theirs: ClientContent): void {
    const rows = rowsOf(inst.vals[slot]);
    if (rows === undefined) return;
    const nested = childrenOf(theirs);
    for (let i = 0; i < rows.count; i++) {
      rows.setId(i, theirs.idAt(i));
      const item = rows.instAt(i);
      item?.tpl.childSlots.forEach((at, c) => this.adopt(item, at, nested[i]?.[c] ?? NO_CONTENT));
    }
  }

  /** A new row from the values that the tree has, nested ranges included. */
  private row(rows: Rows, i: number): void {
    const w = this.host.writer;
    const inst = rows.instAt(i);
    const { emit, kinds } = rows.tplAt(i);
    for (let e = 0; e < emit.length; e++) {
      const slot = emit[e] as number;
      const kind = kinds[slot] as number;
      const v = inst === undefined ? (rows.packed as EachContent).vals[i * emit.length + e] : inst.vals[slot];
      if (kind === CHILD || kind === SOLE) this.newContent(v);
      else if (kind === SPREAD) writeSpread(w, v as Record<string, WireValue>);
      else w.value(v as WireValue);
    }
  }

  private newContent(content: unknown): void {
    const { host } = this;
    const w = host.writer;
    const rows = rowsOf(content);
    if (rows === undefined) {
      w.varint(0);
      w.str(typeof content === "object" ? "" : String(content));
      return;
    }
    if (this.renumber) for (let i = 0, id = host.allot(rows.count); i < rows.count; ) rows.setId(i++, id++);
    let runs = 1;
    for (let i = 1; i < rows.count; i++) if (!follows(rows, i)) runs++;
    w.varint(runs);
    for (let i = 0; i < rows.count; ) {
      let end = i + 1;
      while (end < rows.count && follows(rows, end)) end++;
      w.varint(host.templateNumber(rows.tplAt(i)));
      w.varint(rows.idAt(i));
      w.varint(end - i);
      for (; i < end; i++) this.row(rows, i);
    }
  }
}

/** Is item `i` of one run with the item before it? */
const follows = (rows: Rows, i: number): boolean => rows.idAt(i) === rows.idAt(i - 1) + 1 && rows.tplAt(i) === rows.tplAt(i - 1);

/** Contents of each item's child slots, by position in the range. Items of flat runs hold texts alone. */
function childrenOf(theirs: ClientContent): (readonly ClientContent[])[] {
  return theirs.runs.flatMap((run) => (run.items.length > 0 ? run.items : new Array<readonly ClientContent[]>(run.count).fill([])));
}

/** Which names the client has is not known: all others go, then each is set. */
function setSpread(inst: Inst, slot: number, w: FrameWriter): void {
  const values = inst.vals[slot] as Readonly<Record<string, WireValue>>;
  writeSpreadOnly(w, inst.id, slot, Object.keys(values));
  for (const [name, value] of Object.entries(values)) writeSpreadValue(w, inst.id, slot, name, value);
}

function setPackedRow(each: EachContent, i: number, w: FrameWriter): void {
  const { emit, kinds } = each.tpl as Template;
  for (let e = 0; e < emit.length; e++) {
    const slot = emit[e] as number;
    const kind = kinds[slot] as number;
    const v = each.vals[i * emit.length + e] as WireValue;
    writeSet(w, each.ids[i] as number, slot, (kind === CHILD || kind === SOLE) && v === "" ? null : v);
  }
}

/** Where the hashes of each content with items stand in `hashTree`: in preorder, two a range. */
function hashPositions(root: Inst): Map<object, number> {
  const positions = new Map<object, number>();
  const visit = (inst: Inst): void => {
    for (const slot of inst.tpl.childSlots) {
      const content = inst.vals[slot];
      const rows = rowsOf(content);
      if (rows === undefined) continue;
      positions.set(content as object, positions.size * 2);
      for (let i = 0; i < rows.count; i++) {
        const item = rows.instAt(i);
        if (item !== undefined) visit(item);
      }
    }
  };
  visit(root);
  return positions;
}

/** Items that have an instance of their own: none for texts and flat rows. */
export function itemsOf(content: unknown): readonly Item[] {
  if (content instanceof EachContent) return content.cells ?? [];
  if (content instanceof Items) return content.items;
  return typeof content === "object" && content !== null ? [content as Item] : [];
}
