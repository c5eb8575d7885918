// A live instance of a template: its last sent slot values, its evaluator, and one subscriber per slot that tracked
// something. Rows of flat lists have no Inst; everything else on the page has one.
import { CHILD, EVENT, SOLE, SPREAD } from "../template/kinds.js";
import type { Template } from "../template/define.js";
import type { FrameWriter } from "../protocol/writer.js";
import { OP_FLAG, OP_SET } from "../protocol/writer.js";
import { DIRTY, endTracking, LAZY, running, startTracking, WATCHING, type GraphNode } from "../reactive/system.js";
import { WatcherNode } from "../reactive/watcher.js";
import type { Evaluator } from "../view/view-node.js";
import { F } from "../template/builtin.js";
import type { Owner } from "./cell.js";
import { BoundaryCell } from "./component-cell.js";
import { disposeContent, mountChild, updateChild } from "./child.js";
import { settle } from "./items.js";
import { isReadable, spreadValues, wireValue, type WireValue } from "./values.js";

export class Inst {
  /** By slot: a wire value, a text, or the content of a child range. */
  readonly vals: unknown[];
  subs: SlotSub | undefined = undefined;

  constructor(
    public id: number,
    readonly tpl: Template,
    /** The component or row that owns this instance: its errors and context. */
    readonly cell: Owner,
    readonly depth: number,
    public ev: Evaluator,
    readonly key: string | number | undefined,
  ) {
    this.vals = new Array<unknown>(tpl.slotCount);
  }
}

/** A slot that tracked a signal. */
export class SlotSub extends WatcherNode {
  next: SlotSub | undefined;

  constructor(
    readonly inst: Inst,
    readonly slot: number,
  ) {
    super();
    this.next = inst.subs;
    inst.subs = this;
  }

  get depth(): number {
    return this.inst.depth;
  }

  get cell(): Owner {
    return this.inst.cell;
  }

  protected fire(): void {
    const { inst, slot } = this;
    setSlot(inst, slot, readTracked(this, inst, slot), inst.cell.host.writer);
  }
}

let lazyInst: Inst;
let lazySlot = 0;
const makeSlotSub = (): GraphNode => {
  const sub = new SlotSub(lazyInst, lazySlot);
  sub.depsTail = undefined;
  return sub;
};

/** Evaluates a slot for the first time: a subscriber is made only if something is tracked. */
function readLazily(inst: Inst, slot: number): unknown {
  lazyInst = inst;
  lazySlot = slot;
  running.make = makeSlotSub;
  running.sub = LAZY;
  running.cycle++;
  let v = inst.ev(slot);
  if (typeof v === "object" && v !== null) v = settleSlot(inst, slot, v);
  running.sub = undefined;
  return v;
}

function readTracked(sub: SlotSub, inst: Inst, slot: number): unknown {
  sub.flags = WATCHING;
  const prev = startTracking(sub);
  try {
    const v = inst.ev(slot);
    return typeof v === "object" && v !== null ? settleSlot(inst, slot, v) : v;
  } finally {
    endTracking(sub, prev);
  }
}

/** Signals are read here, inside the tracked run; arrays of children are flattened, which reads the signals in them. */
function settleSlot(inst: Inst, slot: number, v: object): unknown {
  const kind = inst.tpl.kinds[slot] as number;
  if (kind === CHILD || kind === SOLE) return settle(v);
  return isReadable(v) ? v.get() : v;
}

function subOf(inst: Inst, slot: number): SlotSub | undefined {
  let sub = inst.subs;
  while (sub !== undefined && sub.slot !== slot) sub = sub.next;
  return sub;
}

/** What evaluates a slot again in the flush, whatever the slot has read. */
export function wakeSlot(inst: Inst, slot: number): SlotSub {
  const sub = subOf(inst, slot) ?? new SlotSub(inst, slot);
  sub.flags |= DIRTY;
  return sub;
}

/** Evaluates and stores every slot of a new instance; with a writer, writes them as the body of a row. */
export function fill(inst: Inst, w: FrameWriter | undefined): void {
  if (inst.tpl === F && inst.cell instanceof BoundaryCell && inst.cell.inst === inst) inst.cell.fillBoundary(fillPlain, w);
  else fillPlain(inst, w);
}

function fillPlain(inst: Inst, w: FrameWriter | undefined): void {
  const { tpl, vals } = inst;
  const { emit, kinds, names } = tpl;
  for (let e = 0; e < emit.length; e++) {
    const slot = emit[e] as number;
    const kind = kinds[slot] as number;
    const v = readLazily(inst, slot);
    if (kind === CHILD || kind === SOLE) {
      mountChild(inst, slot, v, w);
    } else if (kind === SPREAD) {
      const values = spreadValues(v);
      vals[slot] = values;
      if (w !== undefined) writeSpread(w, values);
    } else {
      const value = wireValue(kind, names[slot] as string, v);
      vals[slot] = value;
      w?.value(value);
    }
  }
}

export function writeSpread(w: FrameWriter, values: Readonly<Record<string, WireValue>>): void {
  const names = Object.keys(values);
  w.varint(names.length);
  for (const name of names) {
    w.str(name);
    w.value(values[name] as WireValue);
  }
}

/** A new evaluator of the same template: every slot is evaluated again and compared. */
export function update(inst: Inst, ev: Evaluator): void {
  inst.ev = ev;
  const w = inst.cell.host.writer;
  for (const slot of inst.tpl.emit) {
    setSlot(inst, slot, readAgain(inst, slot), w);
  }
}

/** Evaluates a slot of a live instance: what it tracked before is forgotten. */
export function readAgain(inst: Inst, slot: number): unknown {
  const sub = inst.subs === undefined ? undefined : subOf(inst, slot);
  return sub === undefined ? readLazily(inst, slot) : readTracked(sub, inst, slot);
}

/** Brings one slot to a new value and writes what changed. */
function setSlot(inst: Inst, slot: number, v: unknown, w: FrameWriter): void {
  const kind = inst.tpl.kinds[slot] as number;
  if (kind === CHILD || kind === SOLE) {
    updateChild(inst, slot, v);
  } else if (kind === SPREAD) {
    const before = inst.vals[slot] as Readonly<Record<string, WireValue>>;
    const after = spreadValues(v);
    inst.vals[slot] = after;
    writeSpreadChanges(w, inst.id, slot, before, after);
  } else if (kind !== EVENT) {
    const value = wireValue(kind, inst.tpl.names[slot] as string, v);
    if (value === inst.vals[slot]) return;
    inst.vals[slot] = value;
    writeSet(w, inst.id, slot, value);
  }
}

/** One attribute, property or text changed. */
export function writeSet(w: FrameWriter, id: number, slot: number, value: WireValue): void {
  if (value === null || value === true || value === "") {
    w.op(id, OP_FLAG);
    w.varint(slot);
    w.varint(value === null ? 0 : 1);
  } else {
    w.op(id, OP_SET);
    w.varint(slot);
    w.str(typeof value === "string" ? value : String(value));
  }
}

function writeSpreadChanges(
  w: FrameWriter, id: number, slot: number,
  before: Readonly<Record<string, WireValue>>, after: Readonly<Record<string, WireValue>>,
): void {
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) writeSpreadValue(w, id, slot, name, null);
  for (const [name, value] of Object.entries(after)) if (before[name] !== value) writeSpreadValue(w, id, slot, name, value);
}

export function writeSpreadValue(w: FrameWriter, id: number, slot: number, name: string, value: WireValue): void {
  if (value === null || value === true || value === "") {
    w.op(id, OP_FLAG);
    w.varint(slot);
    w.varint(value === null ? 0 : 1);
    w.str(name);
  } else {
    w.op(id, OP_SET);
    w.varint(slot);
    w.str(name);
    w.str(String(value));
  }
}

/** Takes all attributes but these away from the element of a spread. */
export function writeSpreadOnly(w: FrameWriter, id: number, slot: number, names: readonly string[]): void {
  w.op(id, OP_SET);
  w.varint(slot);
  w.str("");
  // The parser makes HTML names lower case.
  w.str(` ${names.flatMap((name) => (name === name.toLowerCase() ? name : [name, name.toLowerCase()])).join(" ")} `);
}

/** The evaluator of an instance that is no longer on the page. */
const gone: Evaluator = () => undefined;

/** False once it was disposed: the loop may still know it as the one that was clicked last. */
export function onPage(inst: Inst): boolean {
  return inst.ev !== gone;
}

export function disposeInst(inst: Inst): void {
  inst.ev = gone;
  for (let sub = inst.subs; sub !== undefined; sub = sub.next) sub.dispose();
  for (const slot of inst.tpl.childSlots) disposeContent(inst.vals[slot]);
}
