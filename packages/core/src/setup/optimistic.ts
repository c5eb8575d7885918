// An optimistic value: what a value will be when the runs of an action that are under way have succeeded. It is derived, never
// written: a run that fails, is cancelled, superseded or rolled back takes its change with it, and what others wrote stays.
import { MemoNode } from "../reactive/memo.js";
import type { ReadonlySignal } from "../view/types.js";
import type { Action } from "./types.js";

export function optimisticNode<T, A>(
  base: ReadonlySignal<T> | (() => T),
  action: Pick<Action<A, never>, "pending">,
  change: (value: T, arg: A) => T,
): MemoNode<T> {
  const read = typeof base === "function" ? base : (): T => base.get();
  return new MemoNode<T>(() => {
    let value = read();
    for (const arg of action.pending()) value = change(value, arg);
    return value;
  }, undefined);
}
