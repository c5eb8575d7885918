// A keyed selection: readers subscribe to one key, so moving the selection from a to b wakes the readers of a and b only.
// A row reads it through a compact subscription (one map entry, no link) because lists hold thousands of them.
import { DIRTY, running, LAZY, WATCHING, type GraphNode, type Watcher } from "./system.js";
import { SignalNode } from "./signal.js";
import type { ReadonlySignal, Selector } from "../view/types.js";
import { WatcherNode } from "./watcher.js";

/** A subscriber that can hold one selector key in its own fields: rows. */
export interface KeyedSubscriber extends GraphNode, Watcher {
  selector: SelectorNode<unknown> | undefined;
  selectorKey: unknown;
}

/**
 * The row that read the key it follows, in its running evaluation: it keeps its place in the map. Taking every row out and in
 * again at each rerun cost more than the row, and grew with the number of rows.
 */
export const keptSelection: { row: KeyedSubscriber | undefined } = { row: undefined };

export class SelectorNode<K> extends WatcherNode implements Selector<K> {
  readonly depth = 0;
  #current: K;
  #rows: Map<K, KeyedSubscriber | KeyedSubscriber[]> = new Map();
  #cells: Map<K, SignalNode<boolean>> | undefined = undefined;

  constructor(
    readonly source: ReadonlySignal<K>,
    readonly loop: SignalNode<unknown>["loop"],
    /** The component that made it: its boundary shows what the source throws. */
    readonly cell: object | undefined = undefined,
  ) {
    super();
    this.#current = this.#read();
  }

  is(key: K): boolean {
    const selected = Object.is(this.source.peek(), key);
    let sub = running.sub;
    if (sub === undefined) return selected;
    if (sub === LAZY) {
      sub = (running.make as () => GraphNode)();
      running.sub = sub;
    }
    if ("selectorKey" in sub) {
      const row = sub as KeyedSubscriber;
      if (row.selector === undefined) {
        row.selector = this as SelectorNode<unknown>;
        row.selectorKey = key;
        this.#add(key, row);
        keptSelection.row = row;
        return selected;
      }
      if (row.selector === (this as SelectorNode<unknown>) && Object.is(row.selectorKey, key)) {
        keptSelection.row = row;
        return selected;
      }
    }
    // Other subscribers, and rows that follow more than one key, use an ordinary signal per key.
    this.#cells ??= new Map();
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      const cells = this.#cells;
      cell = new KeyCell(selected, this.loop, () => cells.delete(key));
      cells.set(key, cell);
    }
    cell.get();
    return selected;
  }

  /** Ends a row's compact subscription. */
  remove(row: KeyedSubscriber): void {
    const key = row.selectorKey as K;
    const entry = this.#rows.get(key);
    if (entry === row) this.#rows.delete(key);
    else if (Array.isArray(entry)) {
      const at = entry.indexOf(row);
      if (at >= 0) entry.splice(at, 1);
      if (entry.length === 0) this.#rows.delete(key);
    }
    row.selector = undefined;
    row.selectorKey = undefined;
  }

  protected fire(): void {
    const before = this.#current;
    const after = this.#read();
    if (Object.is(before, after)) return;
    this.#current = after;
    this.#wake(before, false);
    this.#wake(after, true);
  }

  #read(): K {
    const prev = running.sub;
    running.sub = this;
    try {
      this.depsTail = undefined;
      running.cycle++;
      return this.source.get();
    } finally {
      running.sub = prev;
    }
  }

  #add(key: K, row: KeyedSubscriber): void {
    const entry = this.#rows.get(key);
    if (entry === undefined) this.#rows.set(key, row);
    else if (Array.isArray(entry)) entry.push(row);
    else this.#rows.set(key, [entry, row]);
  }

  #wake(key: K, selected: boolean): void {
    const entry = this.#rows.get(key);
    if (entry !== undefined) for (const row of Array.isArray(entry) ? entry.slice() : [entry]) wakeRow(row);
    this.#cells?.get(key)?.force(selected);
  }

  /** Keys that others than rows follow now. */
  get followed(): number {
    return this.#cells?.size ?? 0;
  }
}

/** Whether one key is selected. Its selector forgets it with its last reader. */
class KeyCell extends SignalNode<boolean> {
  constructor(
    selected: boolean,
    loop: SignalNode<unknown>["loop"],
    readonly release: () => void,
  ) {
    super(selected, loop, undefined);
  }
}

function wakeRow(row: KeyedSubscriber): void {
  const flags = row.flags;
  if (flags === 0) return;
  row.flags = (flags | DIRTY) & ~WATCHING;
  if ((flags & WATCHING) !== 0) running.loop?.enqueue(row);
}
