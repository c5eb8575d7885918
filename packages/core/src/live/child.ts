// What stands in a child range. A content is a text (kept as the primitive), one item, a list of items, or an each. Owns
// the decision whether a new value updates the old content, replaces it, or empties it.
import { F } from "../template/builtin.js";
import type { FrameWriter } from "../protocol/writer.js";
import { coreError } from "../errors.js";
import { ComponentView, EachView, ViewNode } from "../view/view-node.js";
import { Cell } from "./cell.js";
import { ComponentCell, openComponent } from "./component-cell.js";
import { EachContent } from "./each-content.js";
import { disposeInst, fill, Inst, update, writeSet } from "./inst.js";
import { EntryList, Items, mountItems, settle, updateItems } from "./items.js";
import { writeClear, writeInsertHead } from "./range-ops.js";
import { replaceItem, type Item, wireOf } from "./item.js";
import { describe, isContent, textOf, type Primitive } from "./values.js";

/** Content of a child slot: a primitive (text; "" is nothing), one item, Items or an EachContent. */
export type Content = Primitive | Item | Items | EachContent;

/** Mounts the first content of a child slot; with a writer, as part of a row. */
export function mountChild(inst: Inst, slot: number, v: unknown, w: FrameWriter | undefined): void {
  const text = textOf(v);
  if (text !== undefined) {
    inst.vals[slot] = text;
    if (w !== undefined) {
      w.varint(0);
      w.str(typeof text === "string" ? text : String(text));
    }
    return;
  }
  if (v instanceof EntryList) {
    const items = new Items(v.entries);
    inst.vals[slot] = items;
    mountItems(inst, items, w);
    return;
  }
  if (v instanceof EachView) {
    const each = new EachContent(inst, slot, v);
    inst.vals[slot] = each;
    each.mount(w);
    return;
  }
  inst.vals[slot] = "";
  const id = inst.cell.host.allot(1);
  const item = openItem(inst, v, id, undefined);
  inst.vals[slot] = item;
  const wire = wireOf(item);
  if (w !== undefined) {
    w.varint(1);
    w.varint(inst.cell.host.templateNumber(wire.tpl));
    w.varint(id);
    w.varint(1);
  }
  fill(wire, w);
}

/** Makes the item of a single value, unfilled: a component's setup and first render run here. */
export function openItem(owner: Inst, v: unknown, id: number, key: string | number | undefined): Item {
  if (v instanceof ViewNode) return new Inst(id, v.template, owner.cell, owner.depth + 1, v.ev, v.key ?? key);
  if (v instanceof ComponentView) return openComponent(owner.cell, owner.depth, v, id, v.key ?? key);
  if (isContent(v)) return new Inst(id, F, owner.cell, owner.depth + 1, () => v, key);
  throw coreError("VANGO_BAD_CHILD", { message: `Found ${describe(v)}.` });
}

/** True when `v` continues `item`: same template or component, same key. Then it was brought up to date. */
export function continueItem(item: Item, v: unknown): boolean {
  if (item instanceof Inst) {
    if (v instanceof ViewNode) {
      if (item.tpl !== v.template || item.key !== v.key) return false;
      update(item, v.ev);
      return true;
    }
    return false;
  }
  return v instanceof ComponentView && item instanceof ComponentCell && item.continueWith(v);
}

/** Brings a mounted child slot to a new value. */
export function updateChild(inst: Inst, slot: number, v: unknown): void {
  const host = inst.cell.host;
  const w = host.writer;
  const old = inst.vals[slot] as Content;
  const text = textOf(v);
  if (text !== undefined) {
    if (text === old) return;
    if (typeof old === "object") disposeContent(old);
    inst.vals[slot] = text;
    if (text === "" && typeof old === "object") writeClear(inst, slot, w);
    else writeSet(w, inst.id, slot, text === "" ? null : text);
    return;
  }
  if (v instanceof EntryList) {
    if (old instanceof Items) return updateItems(inst, slot, old, v.entries);
  } else if (v instanceof EachView) {
    if (old instanceof EachContent) return old.continueWith(v);
  } else if (old instanceof Inst || old instanceof Cell) {
    if (!continueItem(old, v)) {
      inst.vals[slot] = replaceItem(old, (id) => openItem(inst, v, id, undefined), host, (item) => (inst.vals[slot] = item));
    }
    return;
  }
  // Another kind of content: empty the range, then insert the new one.
  disposeContent(old);
  inst.vals[slot] = "";
  // An INSERT clears a text by itself, but an empty list inserts nothing.
  if (typeof old === "object" || (v instanceof EachView && old !== "")) writeClear(inst, slot, w);
  insertContent(inst, slot, v, w);
}

/** Empties a range whatever it holds and mounts `v`: used when its old content can no longer be trusted. */
export function resetChild(inst: Inst, slot: number, given: unknown): void {
  const w = inst.cell.host.writer;
  disposeContent(inst.vals[slot]);
  inst.vals[slot] = "";
  writeClear(inst, slot, w);
  const v = settle(given);
  const text = textOf(v);
  if (text === undefined) insertContent(inst, slot, v, w);
  else if (text !== "") {
    inst.vals[slot] = text;
    writeSet(w, inst.id, slot, text);
  }
}

/** Fills an empty range of a live instance. */
function insertContent(inst: Inst, slot: number, v: unknown, w: FrameWriter): void {
  if (v instanceof EachView) {
    const each = new EachContent(inst, slot, v);
    inst.vals[slot] = each;
    each.insertAll(w);
    return;
  }
  if (v instanceof EntryList) {
    const items = new Items([]);
    inst.vals[slot] = items;
    updateItems(inst, slot, items, v.entries);
    return;
  }
  const id = inst.cell.host.allot(1);
  const item = openItem(inst, v, id, undefined);
  inst.vals[slot] = item;
  writeInsert(inst, slot, 0, wireOf(item), w);
}

/** INSERT of one item before `before` (an instance id, 0 = at the end), filled. */
export function writeInsert(inst: Inst, slot: number, before: number, wire: Inst, w: FrameWriter): void {
  const number = inst.cell.host.templateNumber(wire.tpl);
  writeInsertHead(inst, slot, before, number, wire.id, 1, w);
  fill(wire, w);
}

export function disposeContent(content: unknown): void {
  if (content instanceof Inst) disposeInst(content);
  else if (content instanceof Cell || content instanceof EachContent) content.dispose();
  else if (content instanceof Items) for (const item of content.items) disposeItem(item);
}

function disposeItem(item: Item): void {
  if (item instanceof Inst) disposeInst(item);
  else item.dispose();
}
