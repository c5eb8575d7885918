/**
 * The frames that a session holds, in the least memory: none (0), one short frame in a cell (its number), or a buffer of its
 * own until all of it is acknowledged. A session keeps what these functions give back. Invariant: in the steady state (each
 * event acknowledges the frames before) nothing is allocated; buffers that are empty serve the next session that needs one.
 */
import { CELL_FRAME, giveCell, inCell, takeCell } from "./held-cells.js";
import { HeldFrames } from "./held-frames.js";

export type Held = number | HeldFrames;

export const NOTHING_HELD = 0;

/** Empty buffers that wait for a session. */
const spare: HeldFrames[] = [];
const MOST_SPARE = 64;
/** Larger ones give their memory back. */
const SPARE_BYTES = 1024;

/** Holds a copy of the frame behind the others; undefined when it would be more than `limit` bytes in all. */
export function hold(held: Held, frame: Uint8Array, limit: number): Held | undefined {
  if (held === NOTHING_HELD && frame.length <= CELL_FRAME) return frame.length < limit ? takeCell(frame) : undefined;
  const frames = typeof held === "number" ? (spare.pop() ?? new HeldFrames()) : held;
  if (typeof held === "number" && held !== NOTHING_HELD) frames.push(inCell(held), Infinity);
  if (frames.push(frame, limit)) {
    if (typeof held === "number") letGo(held);
    return frames;
  }
  if (frames !== held) letGo(frames);
  return undefined;
}

/** Forgets the oldest. */
export function dropHeld(held: Held, count: number): Held {
  if (typeof held !== "number") {
    held.drop(count);
    if (held.count > 0) return held;
  } else if (count === 0) return held;
  letGo(held);
  return NOTHING_HELD;
}

/** Forgets all: call it and keep `NOTHING_HELD`. */
export function letGo(held: Held): void {
  if (typeof held === "number") {
    if (held !== NOTHING_HELD) giveCell(held);
    return;
  }
  held.clear();
  if (held.size <= SPARE_BYTES && spare.length < MOST_SPARE) spare.push(held);
}

/** Gives the frames behind the first `skip` ones, until `each` says false. A view: valid during the call. */
export function readHeld(held: Held, skip: number, each: (frame: Uint8Array) => boolean): void {
  if (typeof held !== "number") held.read(skip, each);
  else if (held !== NOTHING_HELD && skip === 0) each(inCell(held));
}

/** Frames held. */
export function heldCount(held: Held): number {
  return typeof held !== "number" ? held.count : held === NOTHING_HELD ? 0 : 1;
}

/** Bytes that are reserved for them. */
export function heldBytes(held: Held): number {
  return typeof held !== "number" ? held.size : held === NOTHING_HELD ? 0 : inCell(held).length;
}
