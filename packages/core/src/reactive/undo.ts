// The undo log of the running transaction: the first value each cell had, in write order. A rollback restores them and
// marks the dependants again, because a memo may have cached a value computed from a write that is taken back.
import { DIRTY, MUTABLE, propagate, type GraphNode } from "./system.js";

/** A cell that a transaction can restore. */
export interface UndoCell extends GraphNode {
  value: unknown;
}

const cells: UndoCell[] = [];
const values: unknown[] = [];

export function recordUndo(cell: UndoCell): void {
  cells.push(cell);
  values.push(cell.value);
}

/** A point in the log to roll back to. */
export function savepoint(): number {
  return cells.length;
}

/** Restores every cell written since `to`, newest first. */
export function rollback(to: number): void {
  for (let i = cells.length - 1; i >= to; i--) {
    const cell = cells[i] as UndoCell;
    cell.value = values[i];
    cell.flags = MUTABLE | DIRTY;
    propagate(cell);
  }
  cells.length = to;
  values.length = to;
}

/** Forgets the log: what was written stays. */
export function keepWrites(): void {
  cells.length = 0;
  values.length = 0;
}
