// A memo: a lazy, cached, derived value. It recomputes when it is read after one of its sources changed, and wakes its
// readers only if its value changed by `equals`. A memo that is read while it computes is a cycle, reported with its path.
import type { Link } from "alien-signals/system";
import type { SignalOptions } from "../view/types.js";
import { coreError } from "../errors.js";
import {
  DIRTY,
  endTracking,
  isStale,
  MUTABLE,
  NONE,
  RECURSED_CHECK,
  running,
  shallowPropagate,
  startTracking,
  track,
  unlinkAll,
  type GraphNode,
} from "./system.js";

const UNSET = Symbol("unset");
/** Memos that are computing now, outermost first: the path of a cycle. */
const computing: MemoNode<unknown>[] = [];

// A method named with # costs each object a field and each call a check; these are private by type alone.
export class MemoNode<T> implements GraphNode {
  flags: number = NONE;
  deps: Link | undefined = undefined;
  depsTail: Link | undefined = undefined;
  subs: Link | undefined = undefined;
  subsTail: Link | undefined = undefined;
  value: T | typeof UNSET = UNSET;

  constructor(
    readonly fn: () => T,
    readonly options: SignalOptions<T> | undefined,
  ) {}

  get(): T {
    if (running.sub === undefined) return this.peek();
    try {
      return this.peek();
    } finally {
      // A reader follows a memo that throws, too: it runs again when the memo recovers. A memo that reads itself is a cycle.
      if ((this.flags & RECURSED_CHECK) === 0) track(this);
    }
  }

  peek(): T {
    if ((this.flags & RECURSED_CHECK) !== 0) throw this.cycle();
    if (this.value === UNSET || isStale(this)) {
      if (this.compute()) shallowPropagate(this);
    }
    return this.value as T;
  }

  /** Called by the graph when a dependant checks whether this changed. An error is a change: the dependant reads it and sees it. */
  refresh(): boolean {
    try {
      return this.compute();
    } catch {
      return true;
    }
  }

  private compute(): boolean {
    const writable = running.writable;
    const phase = running.phase;
    running.writable = undefined;
    if (phase === "handler" || phase === "effect") running.phase = "render";
    this.flags = MUTABLE | RECURSED_CHECK;
    const prev = startTracking(this);
    computing.push(this as MemoNode<unknown>);
    let done = false;
    try {
      const next = this.fn();
      done = true;
      const old = this.value;
      const equals = this.options?.equals;
      if (old !== UNSET && (equals === undefined ? Object.is(old, next) : equals(old as T, next))) return false;
      this.value = next;
      return true;
    } finally {
      computing.pop();
      this.flags &= ~RECURSED_CHECK;
      endTracking(this, prev);
      running.writable = writable;
      running.phase = phase;
      // A memo that threw has no value, so the next reader computes again. It is not dirty: a dirty node passes no change on.
      if (!done) this.value = UNSET;
    }
  }

  /** Its component is gone: without readers it lets its sources go. It can still be read. */
  dispose(): void {
    if (this.subs !== undefined || this.deps === undefined) return;
    this.flags = MUTABLE | DIRTY;
    unlinkAll(this);
  }

  private cycle(): Error {
    const from = computing.indexOf(this as MemoNode<unknown>);
    const path = [...computing.slice(from), this as MemoNode<unknown>].map((m, i) => m.options?.name ?? m.fn.name ?? `memo ${i + 1}`);
    return coreError("VANGO_CYCLE", { message: path.map((p) => (p === "" ? "memo" : p)).join(" → ") });
  }
}
