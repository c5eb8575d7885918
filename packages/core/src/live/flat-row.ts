// One row of a flat list: evaluating it into the packed values, comparing it with what was sent, and the subscriber of a row
// that tracked something. No evaluator is kept: the row function runs again, it is pure.
import { CHILD, SOLE, SPREAD } from "../template/kinds.js";
import type { Template } from "../template/define.js";
import type { FrameWriter } from "../protocol/writer.js";
import { endTracking, LAZY, running, startTracking, WATCHING, type GraphNode } from "../reactive/system.js";
import { keptSelection, type KeyedSubscriber, type SelectorNode } from "../reactive/selector.js";
import { WatcherNode } from "../reactive/watcher.js";
import { ViewNode } from "../view/view-node.js";
import type { Owner } from "./cell.js";
import type { EachContent } from "./each-content.js";
import { writeSet } from "./inst.js";
import { isReadable, textOf, wireValue, type WireValue } from "./values.js";

/** A row turned out to have structure; what was written for it must be taken back. */
export const FLAT_BROKEN = 1;
export const FLAT_KEPT = 0;

export class RowSub extends WatcherNode implements KeyedSubscriber {
  selector: SelectorNode<unknown> | undefined = undefined;
  selectorKey: unknown = undefined;

  constructor(
    readonly each: EachContent,
    public index: number,
  ) {
    super();
  }

  get depth(): number {
    return this.each.depth + 1;
  }

  get cell(): Owner {
    return this.each.cell;
  }

  protected fire(): void {
    this.each.updateFlat(this.index);
  }
}

export function disposeRowSub(sub: RowSub): void {
  sub.selector?.remove(sub);
  sub.dispose();
}

let lazyEach: EachContent;
let lazyIndex = 0;
const makeRowSub = (): GraphNode => {
  const sub = new RowSub(lazyEach, lazyIndex);
  lazyEach.rowSubs ??= new Array<RowSub | undefined>(lazyEach.items.length);
  lazyEach.rowSubs[lazyIndex] = sub;
  return sub;
};

function startLazy(each: EachContent, i: number): void {
  lazyEach = each;
  lazyIndex = i;
  running.make = makeRowSub;
  running.sub = LAZY;
  running.cycle++;
}

/** The template that rows seem to have, or undefined when row `i` is no single view or cannot be flat. */
export function rowTemplate(each: EachContent, i: number): Template | undefined {
  const prev = running.sub;
  running.sub = undefined;
  const v = each.view.row(each.items[i]);
  running.sub = prev;
  return v instanceof ViewNode && !v.template.kinds.includes(SPREAD) ? v.template : undefined;
}

/** Evaluates a new row into `vals` and writes it as a row. */
export function readRow(each: EachContent, i: number, vals: unknown[], w: FrameWriter | undefined): number {
  startLazy(each, i);
  const tpl = each.tpl as Template;
  const v = each.view.row(each.items[i]);
  if (!(v instanceof ViewNode) || v.template !== tpl) return broken();
  const { emit, kinds, names } = tpl;
  const at = i * emit.length;
  const ev = v.ev;
  for (let e = 0; e < emit.length; e++) {
    const slot = emit[e] as number;
    const kind = kinds[slot] as number;
    let value = ev(slot);
    if (typeof value === "object" && isReadable(value)) value = value.get();
    if (kind === CHILD || kind === SOLE) {
      const text = textOf(value);
      if (text === undefined) return broken();
      vals[at + e] = text;
      if (w !== undefined) {
        w.varint(0);
        w.str(typeof text === "string" ? text : String(text));
      }
    } else {
      const wire = wireValue(kind, names[slot] as string, value);
      vals[at + e] = wire;
      w?.value(wire);
    }
  }
  running.sub = undefined;
  return FLAT_KEPT;
}

function broken(): number {
  running.sub = undefined;
  return FLAT_BROKEN;
}

/** Evaluates a mounted row again and writes the slots that changed. */
export function writeRowChanges(each: EachContent, i: number): number {
  const sub = each.rowSubs?.[i];
  if (sub === undefined) {
    startLazy(each, i);
    const result = compareRow(each, i);
    running.sub = undefined;
    return result;
  }
  keptSelection.row = undefined;
  sub.flags = WATCHING;
  const prev = startTracking(sub);
  try {
    return compareRow(each, i);
  } finally {
    endTracking(sub, prev);
    if (keptSelection.row !== sub) sub.selector?.remove(sub);
  }
}

function compareRow(each: EachContent, i: number): number {
  const tpl = each.tpl as Template;
  const v = each.view.row(each.items[i]);
  if (!(v instanceof ViewNode) || v.template !== tpl) return FLAT_BROKEN;
  const { emit, kinds, names } = tpl;
  const vals = each.vals;
  const at = i * emit.length;
  const w = each.cell.host.writer;
  const ev = v.ev;
  for (let e = 0; e < emit.length; e++) {
    const slot = emit[e] as number;
    const kind = kinds[slot] as number;
    let value = ev(slot);
    if (typeof value === "object" && isReadable(value)) value = value.get();
    if (kind === CHILD || kind === SOLE) {
      const text = textOf(value);
      if (text === undefined) return FLAT_BROKEN;
      if (text === vals[at + e]) continue;
      vals[at + e] = text;
      writeSet(w, each.ids[i] as number, slot, text === "" ? null : text);
    } else {
      const wire: WireValue = wireValue(kind, names[slot] as string, value);
      if (wire === vals[at + e]) continue;
      vals[at + e] = wire;
      writeSet(w, each.ids[i] as number, slot, wire);
    }
  }
  return FLAT_KEPT;
}
