// Slot kinds as small integers for hot loops, and their letters in the table string (docs/architecture.md §2).
// Order matters: kinds below EVENT emit one string each in SSR; CHILD and SOLE are the child ranges.

export const CHILD = 0;
export const SOLE = 1;
export const TEXT = 2;
export const ATTR = 3;
export const URL_ATTR = 4;
export const BOOL = 5;
export const PROP = 6;
export const CLASS = 7;
export const STYLE = 8;
export const HTML = 9;
export const SPREAD = 10;
export const EVENT = 11;

/** One of the slot kinds above. */
export type SlotKind = number;

/** Letter of each kind in a table, at the kind's index. */
export const KIND_LETTERS = "csxaubpkyhze";

/** The kind of a letter, or -1. */
export function kindOf(letter: string): SlotKind {
  return letter.length === 1 ? KIND_LETTERS.indexOf(letter) : -1;
}
