// An item of a range: an instance, or a component or row that stands for exactly one instance.
import { OP_REPLACE } from "../protocol/writer.js";
import type { Cell } from "./cell.js";
import { disposeContent } from "./child.js";
import { fill, Inst } from "./inst.js";
import type { TreeHost } from "./tree-host.js";

export type Item = Inst | Cell;

/** The instance that stands for the item on the wire. */
export function wireOf(item: Item): Inst {
  return item instanceof Inst ? item : item.wire;
}

/** Replaces an item in place: disposes the old one, opens the new one under a new id and writes it. */
export function replaceItem(old: Item, open: (id: number) => Item, host: TreeHost, store: (item: Item) => void): Item {
  const oldId = wireOf(old).id;
  disposeContent(old);
  const id = host.allot(1);
  const item = open(id);
  store(item);
  writeReplace(host, oldId, wireOf(item));
  return item;
}

export function writeReplace(host: TreeHost, oldId: number, wire: Inst): void {
  const w = host.writer;
  const number = host.templateNumber(wire.tpl);
  w.op(oldId, OP_REPLACE);
  w.varint(number);
  w.varint(wire.id);
  fill(wire, w);
}
