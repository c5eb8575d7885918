// Reads just enough of a patch frame to find out where things stand, and compares frames of candidate and floor.
import { Ext, Op, readFrame } from "@vango/core/protocol";

/** Kind, sequence number, acknowledgement. */
export const HEADER = 3;

export interface FirstSet {
  readonly instance: number;
  readonly slot: number;
}

export interface FirstInsert {
  readonly instance: number;
  readonly slot: number;
  readonly template: number;
  readonly first: number;
}

/** Instance and slot of the frame's first operation, which must be SET. */
export function firstSet(frame: Uint8Array): FirstSet {
  const { uint } = readFrame(frame, HEADER);
  const head = uint();
  if (head % 8 !== Op.SET) throw new Error(`expected SET, found operation ${head % 8}`);
  return { instance: (head - (head % 8)) / 8, slot: uint() };
}

/** The frame's first INSERT; template definitions, SET, FLAG and CLEAR before it are stepped over. */
export function firstInsert(frame: Uint8Array): FirstInsert {
  const { uint, str, more } = readFrame(frame, HEADER);
  while (more()) {
    const head = uint();
    const op = head % 8;
    const instance = (head - op) / 8;
    if (op === Op.INSERT) {
      const slot = uint();
      uint();
      return { instance, slot, template: uint(), first: uint() };
    }
    if (op === Op.EXT && instance === Ext.TEMPLATE) {
      uint();
      str();
      str();
      str();
    } else if (op === Op.CLEAR) uint();
    else if (op === Op.SET) {
      uint();
      str();
    } else if (op === Op.FLAG) {
      uint();
      uint();
    } else break;
  }
  throw new Error("the frame has no INSERT where one was expected");
}

/** How candidate and floor compare in bytes: `""` when equal. */
export function difference(candidate: Uint8Array, floor: Uint8Array): string {
  // Sequence number and acknowledgement differ by nature.
  const same = candidate.length === floor.length && candidate.every((byte, at) => at === 1 || at === 2 || byte === floor[at]);
  return same ? "" : `${candidate.length} B, floor ${floor.length} B`;
}
