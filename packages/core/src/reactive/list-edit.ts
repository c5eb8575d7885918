// What the last list helper did, for the list that shows it: where the old and the new array differ. A hint, never needed: it
// counts only if both arrays are the ones it names, and it is forgotten when the turn ends.

interface ListEdit {
  from: readonly unknown[] | undefined;
  to: readonly unknown[] | undefined;
  /** `from[start, oldEnd)` became `to[start, newEnd)`; everything else is the same. */
  start: number;
  oldEnd: number;
  newEnd: number;
  /** The items at `start` and `newEnd - 1` changed places, nothing else. */
  swapped: boolean;
}

export const lastEdit: ListEdit = { from: undefined, to: undefined, start: 0, oldEnd: 0, newEnd: 0, swapped: false };

export function noteEdit(from: readonly unknown[], to: readonly unknown[], start: number, oldEnd: number, newEnd: number, swapped = false): void {
  lastEdit.from = from;
  lastEdit.to = to;
  lastEdit.start = start;
  lastEdit.oldEnd = oldEnd;
  lastEdit.newEnd = newEnd;
  lastEdit.swapped = swapped;
}

export function forgetEdit(): void {
  lastEdit.from = undefined;
  lastEdit.to = undefined;
}
