// A signal: one value of one loop. Reads are tracked, writes go through the guard, the equality cut-off and the undo log.
// The typed helpers (inc, append, setKey …) live on the prototype and check the value's kind at run time.
import type { Link } from "alien-signals/system";
import type { SignalOptions } from "../view/types.js";
import { coreError } from "../errors.js";
import { DIRTY, MUTABLE, propagate, running, track, type GraphNode, type WatcherQueue } from "./system.js";
import { noteEdit } from "./list-edit.js";
import { recordUndo } from "./undo.js";
import { writeError } from "./write-error.js";

export class SignalNode<T> implements GraphNode {
  flags: number = MUTABLE;
  declare deps: Link | undefined;
  declare depsTail: Link | undefined;
  subs: Link | undefined = undefined;
  subsTail: Link | undefined = undefined;

  constructor(
    public value: T,
    readonly loop: WatcherQueue,
    readonly options: SignalOptions<T> | undefined,
  ) {}

  get(): T {
    if (running.sub !== undefined) track(this);
    return this.value;
  }

  peek(): T {
    return this.value;
  }

  set(next: T): void {
    if (this.loop !== running.writable) throw writeError(this.options?.name, this.loop);
    const equals = this.options?.equals;
    if (equals === undefined ? Object.is(this.value, next) : equals(this.value, next)) return;
    recordUndo(this);
    this.value = next;
    this.flags = MUTABLE | DIRTY;
    propagate(this);
  }

  update(fn: (prev: T) => T): void {
    this.set(fn(this.value));
  }

  /** Sets the value from inside a flush: framework cells (props, selector keys) that follow committed state. */
  force(next: T): void {
    if (Object.is(this.value, next)) return;
    this.value = next;
    this.flags = MUTABLE | DIRTY;
    propagate(this);
  }

  /** Called by the graph when a dependant checks whether this changed. */
  refresh(): boolean {
    this.flags = MUTABLE;
    return true;
  }

  inc(): void {
    this.add(1);
  }
  dec(): void {
    this.add(-1);
  }
  add(n: number): void {
    if (typeof this.value !== "number") throw coreError("VANGO_LIST_HELPER", { message: `Expected a number, found ${kindOf(this.value)}.` });
    this.set((this.value + n) as T);
  }
  toggle(): void {
    if (typeof this.value !== "boolean") throw coreError("VANGO_LIST_HELPER", { message: `Expected a boolean, found ${kindOf(this.value)}.` });
    this.set(!this.value as T);
  }
  append(...items: unknown[]): void {
    const list = asList(this.value);
    if (items.length === 0) return;
    const next = list.concat(items);
    noteEdit(list, next, list.length, list.length, next.length);
    this.set(next as T);
  }
  insertAt(i: number, ...items: unknown[]): void {
    const list = asList(this.value);
    inRange(i, list.length + 1);
    if (items.length === 0) return;
    const next = list.slice();
    next.splice(i, 0, ...items);
    noteEdit(list, next, i, i, i + items.length);
    this.set(next as T);
  }
  removeAt(i: number, count = 1): void {
    const list = asList(this.value);
    inRange(i, list.length);
    const next = list.slice();
    const removed = next.splice(i, count).length;
    if (removed === 0) return;
    noteEdit(list, next, i, i + removed, i);
    this.set(next as T);
  }
  removeWhere(test: (e: unknown, i: number) => boolean): void {
    const list = asList(this.value);
    const kept = list.filter((e, i) => !test(e, i));
    if (kept.length !== list.length) this.set(kept as T);
  }
  setAt(i: number, e: unknown): void {
    const list = asList(this.value);
    inRange(i, list.length);
    if (Object.is(list[i], e)) return;
    const next = list.slice();
    next[i] = e;
    noteEdit(list, next, i, i + 1, i + 1);
    this.set(next as T);
  }
  updateWhere(test: (e: unknown, i: number) => boolean, fn: (e: unknown) => unknown): void {
    const list = asList(this.value);
    let next: unknown[] | undefined;
    for (let i = 0; i < list.length; i++) {
      if (!test(list[i], i)) continue;
      const changed = fn(list[i]);
      if (Object.is(changed, list[i])) continue;
      next ??= list.slice();
      next[i] = changed;
    }
    if (next !== undefined) this.set(next as T);
  }
  move(from: number, to: number): void {
    const list = asList(this.value);
    inRange(from, list.length);
    inRange(to, list.length);
    if (from === to) return;
    const next = list.slice();
    next.splice(to, 0, ...next.splice(from, 1));
    this.set(next as T);
  }
  swap(a: number, b: number): void {
    const list = asList(this.value);
    inRange(a, list.length);
    inRange(b, list.length);
    if (a === b) return;
    const next = list.slice();
    next[a] = list[b];
    next[b] = list[a];
    noteEdit(list, next, Math.min(a, b), Math.max(a, b) + 1, Math.max(a, b) + 1, true);
    this.set(next as T);
  }
  setKey(key: unknown, value: unknown): void {
    const now: unknown = this.value;
    if (now instanceof Map) {
      if (now.has(key) && Object.is(now.get(key), value)) return;
      this.set(new Map(now).set(key, value) as T);
      return;
    }
    const record = asRecord(now);
    const name = safeKey(key);
    if (Object.hasOwn(record, name) && Object.is(record[name], value)) return;
    this.set({ ...record, [name]: value } as T);
  }
  removeKey(key: unknown): void {
    const now: unknown = this.value;
    if (now instanceof Map) {
      if (!now.has(key)) return;
      const next = new Map(now);
      next.delete(key);
      this.set(next as T);
      return;
    }
    const record = asRecord(now);
    const name = safeKey(key);
    if (!Object.hasOwn(record, name)) return;
    const { [name]: _removed, ...rest } = record;
    this.set(rest as T);
  }
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw coreError("VANGO_LIST_HELPER", { message: `Expected a list, found ${kindOf(value)}.` });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw coreError("VANGO_LIST_HELPER", { message: `Expected a Map or a record, found ${kindOf(value)}.` });
}

function safeKey(key: unknown): string {
  const name = String(key);
  if (name === "__proto__") throw coreError("VANGO_UNSAFE_KEY", { message: 'Found "__proto__".' });
  return name;
}

function inRange(i: number, end: number): void {
  if (!Number.isInteger(i) || i < 0 || i >= end) {
    throw coreError("VANGO_LIST_INDEX", { message: `Index ${i}, length ${end}.` });
  }
}

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
}
