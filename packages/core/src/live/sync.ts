// The join: brings a client that shows the blob's structure to the live tree. Ranges whose hash agrees are kept; where the
// runs agree, values are set in place; else the range is emptied and inserted. Live instances take over the ids that the
// client derives for what it keeps; what is inserted gets ids above all of them.
import type { FrameWriter } from "../protocol/writer.js";
import type { Template } from "../template/define.js";
import { CHILD, SOLE, SPREAD } from "../template/kinds.js";
import type { ClientContent } from "./client-structure.js";
import { hashTree, runsOf } from "./describe.js";
import { EachContent } from "./each-content.js";
import { writeSet, writeSpread, writeSpreadValue, type Inst } from "./inst.js";
import { Items, runEnd } from "./items.js";
import { wireOf, type Item } from "./item.js";
import { writeClear, writeInsertHead } from "./range-ops.js";
import type { TreeHost } from "./tree-host.js";
import type { Primitive, WireValue } from "./values.js";

/** Writes what differs and renumbers the tree. `hashes` are the client's, one a range with items, in preorder. */
export function syncTree(root: Inst, contents: readonly ClientContent[], hashes: readonly number[], host: TreeHost): void {
  const sync = new Sync(host, hashTree(root), hashes);
  root.tpl.childSlots.forEach((slot, i) => sync.content(root, slot, contents[i] ?? { runs: [], first: 0, hashAt: 0 }));
}

class Sync {
  /** Position in the live tree's hashes. */
  at = 0;

  constructor(
    readonly host: TreeHost,
    readonly mine: readonly number[],
    readonly theirs: readonly number[],
  ) {}

  content(inst: Inst, slot: number, theirs: ClientContent): void {
    const { host } = this;
    const w = host.writer;
    const content = inst.vals[slot];
    const runs = runsOf(content);
    if (runs.length === 0) {
      const text = typeof content === "object" ? "" : (content as Primitive);
      if (theirs.runs.length > 0 && text === "") writeClear(inst, slot, w);
      else writeSet(w, inst.id, slot, text === "" ? null : text);
      return;
    }
    const hash = this.mine[this.at] as number;
    const keys = this.mine[this.at + 1] as number;
    this.at += 2;
    // Other keys, or keys that nobody knows: a row may not become another in place, for a click on its way would reach that one.
    const same =
      (keys === 0 || keys === this.theirs[theirs.hashAt + 1]) &&
      runs.length === theirs.runs.length && runs.every((run, i) => run.tpl.id === theirs.runs[i]?.id && run.count === theirs.runs[i]?.count);
    const rows = rowsOf(content);
    const keep = hash === this.theirs[theirs.hashAt];
    // Which names the client's spreads have is not known, so a changed range with spreads is not set in place.
    if (!same || (!keep && runs.some((run) => run.tpl.kinds.includes(SPREAD)))) {
      if (theirs.runs.length > 0) writeClear(inst, slot, w);
      const from = this.at;
      rows.renumber(host.allot(rows.count));
      this.at = from + countNested(content);
      insertRows(inst, slot, content, host);
      return;
    }
    rows.renumber(theirs.first);
    const nested = childrenOf(theirs);
    let item = 0;
    if (content instanceof EachContent && content.cells === undefined) {
      if (!keep) setFlatRows(content, w);
      return;
    }
    for (const live of itemsOf(content)) {
      const wire = wireOf(live);
      const children = nested[item++] ?? [];
      let child = 0;
      for (const at of wire.tpl.emit) {
        const kind = wire.tpl.kinds[at] as number;
        if (kind === CHILD || kind === SOLE) {
          const theirChild = children[child++] ?? { runs: [], first: 0, hashAt: 0 };
          // Inside a kept range nothing is written, but its instances still take the client's ids.
          if (keep) this.adopt(wire, at, theirChild);
          else this.content(wire, at, theirChild);
        } else if (!keep) setValue(wire, at, w);
      }
    }
  }

  private adopt(inst: Inst, slot: number, theirs: ClientContent): void {
    const content = inst.vals[slot];
    if (runsOf(content).length === 0) return;
    this.at += 2;
    rowsOf(content).renumber(theirs.first);
    const nested = childrenOf(theirs);
    let item = 0;
    for (const live of itemsOf(content)) {
      const wire = wireOf(live);
      const children = nested[item++] ?? [];
      wire.tpl.childSlots.forEach((at, i) => this.adopt(wire, at, children[i] ?? { runs: [], first: 0, hashAt: 0 }));
    }
  }
}

/** Contents of each item's child slots, by position in the range. Items of flat runs hold texts alone. */
function childrenOf(theirs: ClientContent): (readonly ClientContent[])[] {
  return theirs.runs.flatMap((run) => (run.items.length > 0 ? run.items : new Array<readonly ClientContent[]>(run.count).fill([])));
}

function setValue(inst: Inst, slot: number, w: FrameWriter): void {
  const v = inst.vals[slot];
  if (inst.tpl.kinds[slot] === SPREAD) {
    for (const [name, value] of Object.entries(v as Record<string, WireValue>)) writeSpreadValue(w, inst.id, slot, name, value);
  } else writeSet(w, inst.id, slot, v as WireValue);
}

function setFlatRows(each: EachContent, w: FrameWriter): void {
  const tpl = each.tpl as Template;
  const { emit, kinds } = tpl;
  each.ids.forEach((id, i) => {
    for (let e = 0; e < emit.length; e++) {
      const slot = emit[e] as number;
      const kind = kinds[slot] as number;
      const v = each.vals[i * emit.length + e] as WireValue;
      writeSet(w, id, slot, (kind === CHILD || kind === SOLE) && v === "" ? null : v);
    }
  });
}

/** Items that have an instance of their own: none for texts and flat rows. */
export function itemsOf(content: unknown): readonly Item[] {
  if (content instanceof EachContent) return content.cells ?? [];
  if (content instanceof Items) return content.items;
  return typeof content === "object" && content !== null ? [content as Item] : [];
}

function rowsOf(content: unknown): { readonly count: number; renumber(first: number): void } {
  if (content instanceof EachContent && content.cells === undefined) {
    return {
      count: content.ids.length,
      renumber: (first) => {
        for (let i = 0; i < content.ids.length; i++) content.ids[i] = first + i;
      },
    };
  }
  const items = itemsOf(content);
  return { count: items.length, renumber: (first) => items.forEach((item, i) => (wireOf(item).id = first + i)) };
}

/** Hashes of the ranges below a content: how many to skip. */
function countNested(content: unknown): number {
  let n = 0;
  for (const item of itemsOf(content)) {
    const { tpl, vals } = wireOf(item);
    for (const slot of tpl.childSlots) if (runsOf(vals[slot]).length > 0) n += 2 + countNested(vals[slot]);
  }
  return n;
}

/** INSERTs a mounted content whose items are numbered; what is nested in it is numbered here. */
function insertRows(inst: Inst, slot: number, content: unknown, host: TreeHost): void {
  const w = host.writer;
  if (content instanceof EachContent && content.cells === undefined) {
    insertHead(inst, slot, content.tpl as Template, content.ids[0] as number, content.ids.length, host);
    writeFlatRows(content, w);
    return;
  }
  const items = itemsOf(content);
  for (let i = 0; i < items.length; ) {
    const end = runEnd(items, i, items.length);
    const wire = wireOf(items[i] as Item);
    insertHead(inst, slot, wire.tpl, wire.id, end - i, host);
    for (; i < end; i++) writeRow(wireOf(items[i] as Item), host);
  }
}

function insertHead(inst: Inst, slot: number, tpl: Template, first: number, count: number, host: TreeHost): void {
  writeInsertHead(inst, slot, 0, host.templateNumber(tpl), first, count, host.writer);
}

/** A row from stored values, nested ranges included. */
function writeRow(inst: Inst, host: TreeHost): void {
  const w = host.writer;
  for (const slot of inst.tpl.emit) {
    const kind = inst.tpl.kinds[slot] as number;
    const v = inst.vals[slot];
    if (kind === CHILD || kind === SOLE) writeContent(v, host);
    else if (kind === SPREAD) writeSpread(w, v as Record<string, WireValue>);
    else w.value(v as WireValue);
  }
}

function writeContent(content: unknown, host: TreeHost): void {
  const w = host.writer;
  const runs = runsOf(content);
  if (runs.length === 0) {
    w.varint(0);
    w.str(typeof content === "object" ? "" : String(content));
    return;
  }
  const rows = rowsOf(content);
  const first = host.allot(rows.count);
  rows.renumber(first);
  w.varint(runs.length);
  const items = itemsOf(content);
  let i = 0;
  for (const run of runs) {
    w.varint(host.templateNumber(run.tpl));
    w.varint(first + i);
    w.varint(run.count);
    if (items.length === 0) writeFlatRows(content as EachContent, w);
    else for (let k = 0; k < run.count; k++) writeRow(wireOf(items[i + k] as Item), host);
    i += run.count;
  }
}

function writeFlatRows(each: EachContent, w: FrameWriter): void {
  const { emit, kinds } = each.tpl as Template;
  let at = 0;
  for (let i = 0; i < each.ids.length; i++) {
    for (let e = 0; e < emit.length; e++, at++) {
      const kind = kinds[emit[e] as number] as number;
      const v = each.vals[at];
      if (kind === CHILD || kind === SOLE) {
        w.varint(0);
        w.str(String(v));
      } else w.value(v as WireValue);
    }
  }
}
