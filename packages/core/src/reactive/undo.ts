// The undo log of the running transaction: the first value each cell had, in write order. A rollback restores them and
// marks the dependants again, because a memo may have cached a value computed from a write that is taken back. The arrays keep
// their room between turns; `count` says how much of them is the log.
import { DIRTY, MUTABLE, propagate, type GraphNode } from "./system.js";

/** A cell that a transaction can restore. */
export interface UndoCell extends GraphNode {
  value: unknown;
}

const cells: (UndoCell | undefined)[] = [];
const values: unknown[] = [];
let count = 0;

export function recordUndo(cell: UndoCell): void {
  cells[count] = cell;
  values[count++] = cell.value;
}

/** A point in the log to roll back to. */
export function savepoint(): number {
  return count;
}

/** Restores every cell written since `to`, newest first. */
export function rollback(to: number): void {
  while (count > to) {
    const cell = cells[--count] as UndoCell;
    cell.value = values[count];
    cell.flags = MUTABLE | DIRTY;
    propagate(cell);
    cells[count] = undefined;
    values[count] = undefined;
  }
}

/** Forgets the log: what was written stays. */
export function keepWrites(): void {
  while (count > 0) {
    cells[--count] = undefined;
    values[count] = undefined;
  }
}
