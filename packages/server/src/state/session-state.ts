/**
 * Persisted state of one session: what its cells start with, what a turn may keep, what is handed to the writer. Invariants: a
 * value is encoded and measured before its turn commits, so nothing is shown that cannot be stored; a session that keeps
 * nothing holds a few words and no map.
 */
import { PersistError, nameBytes, type Epoch } from "@vango/persist";
import type { Loop, PersistedCell, PersistPort } from "@vango/core/internal";
import { diagnostics } from "../diagnostics.js";
import type { Keeper } from "./record-keeper.js";
import type { SessionState, StateOwner } from "./keeper.js";
import { RecordWriter, type WriterOwner } from "./record-writer.js";

/** A value that a turn wants to keep, encoded. */
interface Draft {
  readonly value: unknown;
  readonly blob: Uint8Array | undefined;
  readonly size: number;
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

export class KeptState implements SessionState, PersistPort, WriterOwner {
  #values: Map<string, unknown> | undefined;
  /** Bytes of each value in the store, and of all with their names. */
  #sizes: Map<string, number> | undefined = undefined;
  #total = 0;
  #writer: RecordWriter | undefined = undefined;
  #ended = false;

  constructor(
    readonly keeper: Keeper,
    readonly loop: Loop,
    readonly owner: StateOwner,
  ) {
    loop.persist = this;
  }

  /** The values of a claimed record. */
  restore(values: ReadonlyMap<string, unknown>, sizes: ReadonlyMap<string, number>, epoch: Epoch): void {
    if (values.size > 0) {
      this.#values = new Map(values);
      this.#sizes = new Map(sizes);
      for (const [name, size] of sizes) this.#total += nameBytes(name) + size;
    }
    this.#writer = new RecordWriter(this.id, this.keeper, this, epoch);
  }

  /** Values that no record has yet. One that cannot be kept is left out and reported. */
  adopt(values: ReadonlyMap<string, unknown>): void {
    const changes = new Map<string, Uint8Array | null>();
    for (const [name, value] of values) {
      try {
        const blob = this.keeper.codec.encode(this.id, name, value, keyOf(name));
        this.#put(name, value, blob.length);
        changes.set(name, blob);
      } catch (error) {
        this.keeper.report(error, this.loop.id);
      }
    }
    if (changes.size > 0) this.#write(changes);
  }

  /** Of the record: the session's. */
  get id(): string {
    return this.loop.id;
  }

  // ---- for the session

  get values(): ReadonlyMap<string, unknown> {
    return this.#values ?? NONE;
  }

  get unsaved(): boolean {
    return this.#writer?.unsaved === true;
  }

  get blocked(): boolean {
    return this.#writer?.blocked === true;
  }

  get holding(): boolean {
    return this.#writer?.holding === true;
  }

  hold(send: () => void): void {
    if (this.#writer === undefined) send();
    else this.#writer.hold(send);
  }

  flush(): Promise<void> {
    return this.#writer?.flush() ?? Promise.resolve();
  }

  async park(): Promise<void> {
    if (this.#ended) return;
    await this.#theWriter().close(true);
    this.#end();
  }

  async release(): Promise<void> {
    if (this.#ended) return;
    await this.#writer?.close(false);
    this.#end();
  }

  dispose(): void {
    this.#writer?.dispose();
    this.#end();
  }

  // ---- for the loop

  restored(name: string): { readonly value: unknown } | undefined {
    return this.#values?.has(name) === true ? { value: this.#values.get(name) } : undefined;
  }

  check(cells: readonly PersistedCell[]): void {
    const { budgets } = this.keeper;
    let total = this.#total;
    let last = "";
    for (const cell of cells) {
      const { name, key } = cell;
      const draft = this.#draft(cell);
      if (draft === undefined) continue;
      if (draft.size > budgets.valueBytes) throw new PersistError("value-budget", { key, size: draft.size, limit: budgets.valueBytes });
      if (!cell.own) continue;
      const before = this.#sizes?.get(name);
      if (before !== undefined) total -= nameBytes(name) + before;
      if (draft.blob !== undefined) total += nameBytes(name) + draft.size;
      last = key;
    }
    if (total > this.#total && total > budgets.sessionBytes) throw new PersistError("session-budget", { key: last, size: total, limit: budgets.sessionBytes });
  }

  keep(cells: readonly PersistedCell[]): void {
    let changes: Map<string, Uint8Array | null> | undefined;
    for (const cell of cells) {
      const draft = this.#draft(cell);
      cell.kept = cell.value;
      if (draft === undefined || !cell.own) continue;
      const { name } = cell;
      if (draft.blob === undefined) this.#drop(name);
      else this.#put(name, cell.value, draft.size);
      (changes ??= new Map()).set(name, draft.blob ?? null);
    }
    if (changes !== undefined && !this.#ended) this.#write(changes);
  }

  /** What a cell would store now; undefined: it is stored so, or was never stored and is to be removed. */
  #draft(cell: PersistedCell): Draft | undefined {
    const { name, value } = cell;
    if (cell.presence?.value === false) return this.#sizes?.has(name) === true ? REMOVAL : undefined;
    if (Object.is(value, cell.kept) && (cell.presence === undefined || this.#sizes?.has(name) === true)) return undefined;
    const known = cell.draft as Draft | undefined;
    if (known !== undefined && Object.is(known.value, value)) return known;
    const blob = this.keeper.codec.encode(this.id, name, value, cell.key);
    const draft: Draft = { value, blob, size: blob.length };
    cell.draft = draft;
    return draft;
  }

  // ---- for the writer

  metaBlob(): Uint8Array {
    return this.keeper.codec.encodeMeta(this.id, this.owner.recordMeta());
  }

  allBlobs(): Map<string, Uint8Array> {
    const all = new Map<string, Uint8Array>();
    for (const [name, value] of this.values) all.set(name, this.keeper.codec.encode(this.id, name, value, keyOf(name)));
    return all;
  }

  trouble(error: PersistError | undefined): void {
    if (diagnostics.state.watched) diagnostics.state.publish({ kind: error === undefined ? "saved" : "unsaved", session: this.loop.id });
    if (error === undefined) return;
    this.keeper.report(error, this.loop.id);
    this.loop.persistFailed(error);
  }

  refused(error: PersistError): void {
    this.keeper.report(error, this.loop.id);
    this.loop.persistFailed(error);
  }

  fenced(): void {
    if (diagnostics.state.watched) diagnostics.state.publish({ kind: "fenced", session: this.loop.id });
    this.#end();
    this.owner.onFenced();
  }

  block(blocked: boolean): void {
    this.owner.onBlocked?.(blocked);
  }

  #write(changes: ReadonlyMap<string, Uint8Array | null>): void {
    this.#theWriter().commit(changes);
  }

  #theWriter(): RecordWriter {
    return (this.#writer ??= new RecordWriter(this.id, this.keeper, this, undefined));
  }

  #put(name: string, value: unknown, size: number): void {
    this.#drop(name);
    (this.#values ??= new Map()).set(name, value);
    (this.#sizes ??= new Map()).set(name, size);
    this.#total += nameBytes(name) + size;
  }

  #drop(name: string): void {
    const size = this.#sizes?.get(name);
    if (size === undefined) return;
    this.#total -= nameBytes(name) + size;
    this.#sizes?.delete(name);
    this.#values?.delete(name);
  }

  #end(): void {
    this.#ended = true;
  }
}

const REMOVAL: Draft = { value: undefined, blob: undefined, size: 0 };

/** The key as the app wrote it. */
function keyOf(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
