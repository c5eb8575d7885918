// The floor of T3 to T7: the table page's state as plain data, each operation written out by hand for its frame.
// State changes copy on write, as the framework's list helpers do.
import type { Row } from "../pages/rows.js";
import { CLEAR, FLAG, HandEncoder, INSERT, MOVE, SET } from "../lib/hand-encoder.js";

/** Where the rows stand on the wire. */
export interface TableAddress {
  /** Instance and slot of the list's range. */
  readonly list: number;
  readonly listSlot: number;
  readonly template: number;
  readonly classSlot: number;
  readonly labelSlot: number;
  /** Instance ids of the first rows, in order. */
  readonly ids: readonly number[];
  /** The next instance id. */
  readonly next: number;
}

export class HandTable {
  readonly #out = new HandEncoder();
  #ids: number[];
  /** Instance by row id: a selection names its row by id, as a handler does. */
  readonly #byId = new Map<number, number>();
  #next: number;
  #selected = 0;

  constructor(
    public rows: readonly Row[],
    readonly at: TableAddress,
  ) {
    this.#ids = at.ids.slice();
    this.#next = at.next;
    for (const [index, row] of rows.entries()) this.#byId.set(row.id, at.ids[index] as number);
  }

  setLabel(index: number, label: string): Uint8Array {
    const out = this.#out;
    const next = this.rows.slice();
    next[index] = { id: (next[index] as Row).id, label };
    this.rows = next;
    out.begin();
    this.#label(this.#ids[index] as number, label);
    return out.end(1, 1);
  }

  everyTenth(suffix: string): Uint8Array {
    const out = this.#out;
    const next = this.rows.slice();
    out.begin();
    for (let index = 0; index < next.length; index += 10) {
      const row = next[index] as Row;
      const label = row.label.slice(0, 8) + suffix;
      next[index] = { id: row.id, label };
      this.#label(this.#ids[index] as number, label);
    }
    this.rows = next;
    return out.end(1, 1);
  }

  /** 0 selects nothing, as on the page. */
  select(id: number): Uint8Array {
    const out = this.#out;
    out.begin();
    const before = this.#byId.get(this.#selected);
    if (before !== undefined) {
      out.op(before, FLAG);
      out.uint(this.at.classSlot);
      out.uint(0);
    }
    this.#selected = id;
    out.op(this.#byId.get(id) as number, SET);
    out.uint(this.at.classSlot);
    out.text("danger");
    return out.end(1, 1);
  }

  swap(a: number, b: number): Uint8Array {
    const out = this.#out;
    const next = this.rows.slice();
    const ids = this.#ids;
    const [rowA, rowB, idA, idB] = [next[a] as Row, next[b] as Row, ids[a] as number, ids[b] as number];
    next[a] = rowB;
    next[b] = rowA;
    this.rows = next;
    out.begin();
    out.op(idB, MOVE);
    out.uint(idA + 1);
    out.op(idA, MOVE);
    out.uint((ids[b + 1] ?? -1) + 1);
    ids[a] = idB;
    ids[b] = idA;
    return out.end(1, 1);
  }

  append(added: readonly Row[]): Uint8Array {
    this.rows = [...this.rows, ...added];
    this.#out.begin();
    this.#insert(added);
    return this.#out.end(1, 1);
  }

  /** Takes the last rows off again; not part of a figure. */
  truncate(length: number): void {
    this.rows = this.rows.slice(0, length);
    this.#ids.length = length;
  }

  replace(rows: readonly Row[]): Uint8Array {
    const out = this.#out;
    this.rows = rows;
    out.begin();
    out.op(this.at.list, CLEAR);
    out.uint(this.at.listSlot);
    this.#ids = [];
    this.#insert(rows);
    return out.end(1, 1);
  }

  #label(id: number, label: string): void {
    const out = this.#out;
    out.op(id, SET);
    out.uint(this.at.labelSlot);
    out.text(label);
  }

  #insert(rows: readonly Row[]): void {
    const out = this.#out;
    out.op(this.at.list, INSERT);
    out.uint(this.at.listSlot);
    out.uint(0);
    out.uint(this.at.template);
    out.uint(this.#next);
    out.uint(rows.length);
    for (const row of rows) {
      this.#ids.push(this.#next++);
      out.uint(0);
      out.rowText(String(row.id));
      out.rowText(row.label);
    }
  }
}
