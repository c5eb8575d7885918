/**
 * Persisted state of one session: what its cells start with, what a turn may keep, what is handed to the writer. Invariants: a
 * value is encoded and measured before its turn commits, so nothing is shown that cannot be stored; a session that keeps
 * nothing holds a few words and no map.
 */
import { PersistError, nameBytes, type Epoch } from "@vango/persist";
import { GlobalReplica, type Loop, type Migrations, type PersistedCell, type PersistPort } from "@vango/core/internal";
import { diagnostics } from "../diagnostics.js";
import type { DeclaredValue } from "./declared.js";
import type { Keeper } from "./record-keeper.js";
import type { Restored, SessionState, StateOwner } from "./keeper.js";
import { migrated } from "./migration.js";
import { keyOf } from "./names.js";
import { noOthers, type Others, type StateValues } from "./read-values.js";
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
  #others: Others | undefined = undefined;
  #writer: RecordWriter | undefined = undefined;
  #ended = false;

  constructor(
    readonly keeper: Keeper,
    readonly loop: Loop,
    readonly owner: StateOwner,
  ) {
    loop.persist = this;
  }

  /** The values of a claimed record. What earlier builds wrote, or under a former name, is written anew in one commit. */
  restore(record: Restored, epoch: Epoch): void {
    const { sizes } = record;
    if (sizes.size > 0) {
      this.#values = new Map(record.values);
      this.#sizes = new Map(sizes);
      for (const [name, size] of sizes) this.#total += nameBytes(name) + size;
      this.#others = record.others && copyOf(record.others);
    }
    this.#writer = new RecordWriter(this.id, this.keeper, this, epoch);
    const changes = new Map<string, Uint8Array | null>();
    for (const stored of record.gone) {
      this.#drop(stored);
      changes.set(stored, null);
    }
    for (const name of record.upgrades) {
      const value = record.values.get(name);
      const blob = this.#encode(name, value);
      this.#put(name, value, blob.length);
      changes.set(name, blob);
    }
    if (changes.size > 0) this.#write(changes);
    for (const error of record.lost) this.#lost(error);
  }

  /** Values that no record has yet. One that cannot be kept is left out and reported. */
  adopt({ values, others }: StateValues): void {
    this.#others = others && copyOf(others);
    const changes = new Map<string, Uint8Array | null>();
    for (const [name, value] of values) {
      try {
        const blob = this.#encode(name, value);
        this.#put(name, value, blob.length);
        changes.set(name, blob);
      } catch (error) {
        this.keeper.report(error, this.loop.id);
      }
    }
    for (const [name, blob] of this.#othersSealed()) {
      (this.#sizes ??= new Map()).set(name, blob.length);
      this.#total += nameBytes(name) + blob.length;
      changes.set(name, blob);
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

  get others(): Others | undefined {
    return this.#others;
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

  restored(name: string, migrate: Migrations | undefined): { readonly value: unknown } | undefined {
    const of = this.keeper.declared?.get(name);
    if (this.#values?.has(name) === true) return { value: this.#values.get(name) };
    return of === undefined ? undefined : this.#migrated(of, migrate);
  }

  /** The value that an earlier build has left for a migration; it is written at once, and stays as it is where that cannot be. */
  #migrated(of: DeclaredValue, migrate: Migrations | undefined): { readonly value: unknown } | undefined {
    const { name, binding } = of;
    const { codec, declared, budgets } = this.keeper;
    const old = this.#others?.old.get(name);
    // One that was found not to fit is no matter of migrations.
    if (old === undefined || declared?.reading(old.stored, old.schema).as !== "migrates") return undefined;
    const result = migrated(codec, of, old, migrate);
    if ("error" in result) return this.#lost(result.error);
    const { value } = result;
    try {
      const blob = this.#encode(name, value);
      const before = this.#sizes?.get(old.stored) ?? 0;
      this.#fits(binding.key, blob.length);
      if (blob.length > before && this.#total + blob.length - before > budgets.sessionBytes) {
        throw new PersistError("session-budget", { key: binding.key, size: this.#total + blob.length - before, limit: budgets.sessionBytes });
      }
      const changes = new Map<string, Uint8Array | null>();
      this.#replaceOld(name, changes);
      this.#put(name, value, blob.length);
      this.#write(changes.set(name, blob));
      return { value };
    } catch (error) {
      return this.#lost(error instanceof PersistError ? error : new PersistError("codec", { key: binding.key, cause: error }));
    }
  }

  /** Told to the log, to the app's handlers and to the page. */
  #lost(error: PersistError): undefined {
    if (diagnostics.state.watched) diagnostics.state.publish({ kind: "lost", session: this.loop.id, key: error.key, reason: error.message });
    this.keeper.report(error, this.loop.id);
    this.loop.persistLost(error);
    this.owner.onLost?.(error);
  }

  check(cells: readonly PersistedCell[]): void {
    const { budgets } = this.keeper;
    let total = this.#total;
    let last = "";
    for (const cell of cells) {
      const { name, key } = cell;
      const draft = this.#draft(cell);
      if (draft === undefined) continue;
      this.#fits(key, draft.size);
      if (!cell.own) {
        const refusal = cell instanceof GlobalReplica ? cell.topic.refusal(key) : undefined;
        if (refusal !== undefined) throw refusal;
        continue;
      }
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
      changes ??= new Map();
      if (this.#others !== undefined) this.#replaceOld(name, changes);
      changes.set(name, draft.blob ?? null);
    }
    if (changes !== undefined && !this.#ended) this.#write(changes);
  }

  /** What a cell would store now; undefined: it is stored so, or was never stored and is to be removed. */
  #draft(cell: PersistedCell): Draft | undefined {
    const { name, value } = cell;
    if (cell.presence?.value === false) return this.#sizes?.has(name) === true || this.#others?.old.has(name) === true ? REMOVAL : undefined;
    if (Object.is(value, cell.kept) && (cell.presence === undefined || this.#sizes?.has(name) === true)) return undefined;
    const known = cell.draft as Draft | undefined;
    if (known !== undefined && Object.is(known.value, value)) return known;
    if (this.keeper.dev) this.keeper.mismatch(name, value, this.loop.id);
    const blob = this.#encode(name, value);
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
    for (const [name, value] of this.values) all.set(name, this.#encode(name, value));
    for (const [name, blob] of this.#othersSealed()) all.set(name, blob);
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

  /** Under the schema of this build, or that of the build which has written the value. */
  #encode(name: string, value: unknown): Uint8Array {
    const { codec, declared } = this.keeper;
    const kept = this.#others?.schemas.get(name);
    const schema = kept !== undefined && Object.is(this.#values?.get(name), value) ? kept : declared?.find(name)?.schema;
    return codec.encode(this.id, name, value, keyOf(name), schema);
  }

  *#othersSealed(): Iterable<readonly [name: string, blob: Uint8Array]> {
    const { codec } = this.keeper;
    for (const blob of this.#others?.old.values() ?? []) yield [blob.stored, codec.seal(this.id, blob.stored, blob)];
    for (const [name, blob] of this.#others?.unknown ?? []) yield [name, codec.seal(this.id, name, blob)];
  }

  /** This build writes the value: what another has left of it goes with the same commit. */
  #replaceOld(name: string, changes: Map<string, Uint8Array | null>): void {
    const { schemas, old } = this.#others ?? noOthers();
    schemas.delete(name);
    const left = old.get(name);
    if (left === undefined) return;
    old.delete(name);
    if (left.stored === name) return;
    this.#drop(left.stored);
    changes.set(left.stored, null);
  }

  #fits(key: string, size: number): void {
    const { valueBytes } = this.keeper.budgets;
    if (size > valueBytes) throw new PersistError("value-budget", { key, size, limit: valueBytes });
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

const copyOf = ({ schemas, old, unknown }: Others): Others => ({ schemas: new Map(schemas), old: new Map(old), unknown: new Map(unknown) });

const REMOVAL: Draft = { value: undefined, blob: undefined, size: 0 };
