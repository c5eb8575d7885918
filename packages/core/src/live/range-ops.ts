// The operations on a range that more than one kind of content writes: emptying it, and the head of an insert before its rows.
import { OP_CLEAR, OP_INSERT, type FrameWriter } from "../protocol/writer.js";
import type { Inst } from "./inst.js";

export function writeClear(inst: Inst, slot: number, w: FrameWriter): void {
  w.op(inst.id, OP_CLEAR);
  w.varint(slot);
}

/** Head of an INSERT of `count` items with ids from `first`, before item `before` (0 = at the end); their rows follow. */
export function writeInsertHead(inst: Inst, slot: number, before: number, template: number, first: number, count: number, w: FrameWriter): void {
  w.op(inst.id, OP_INSERT);
  w.varint(slot);
  w.varint(before === 0 ? 0 : before + 1);
  w.varint(template);
  w.varint(first);
  w.varint(count);
}
