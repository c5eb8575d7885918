// The embedded store: LMDB, a memory-mapped file that several processes of one machine may have open. Invariants: every change
// is within one LMDB transaction, that builds on the last one, and checks before it writes, so it is all or nothing whenever the
// process ends; what was committed lies in the file's pages and outlives `kill -9`, with `flush` also the machine. The order of
// expiry is an index that is put right when it is swept: a touch writes the head of its record alone.
import type { Database, RootDatabase } from "lmdb";
import { firstEpoch, nextEpoch, type Epoch } from "../epoch.js";
import { PERSIST_LIMITS, type StoreBudgets } from "../limits.js";
import { budgetsOf, checkChanges, checkInit, checkMeta, checkName, checkSessionSize, sizeAfter, type Budgets } from "../measure.js";
import type {
  Changes,
  ClaimOptions,
  ClaimResult,
  CommitResult,
  CreateResult,
  ExchangeResult,
  OwnerResult,
  Refusal,
  SessionInit,
  SessionRecord,
  SessionStore,
  StoreStats,
  Survives,
  SweepResult,
} from "../store.js";
import { closedError, guarded, throwStorage } from "./failing.js";
import { lmdbEnvironment, type LmdbEnvironment } from "./lmdb-environment.js";
import { readHeader, writeHeader, type Header } from "./lmdb-header.js";
import { DONE, FENCED, MISSING } from "../refusal.js";

/** Options of {@link lmdbStore}. */
export interface LmdbStoreOptions {
  /** File of the database; its folder is made. A second file with `-lock` stands beside it. */
  readonly path: string;
  /**
   * A write is done when the disk has all of it: survives the machine, and is slower. Without, a machine that fails may take the
   * last commit back, never damage the file. Default false.
   */
  readonly flush?: boolean;
  /** The store's clock, in milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** Life of a record since its last touch, in milliseconds. Default 24 h. */
  readonly lifetimeMs?: number;
  readonly budgets?: StoreBudgets;
}

/**
 * A session store in a file of this machine.
 *
 * @example
 * const app = createApp({ routes, store: lmdbStore({ path: "data/sessions.lmdb" }) });
 */
export function lmdbStore(options: LmdbStoreOptions): SessionStore {
  return new LmdbStore(options);
}

/** Names hold no control characters, so these bytes stand between id and key, and end the range of an id's keys. */
const GAP = "\u0000";
const AFTER = "\u0001";

const idKey = (id: string): Buffer => Buffer.from(id);
const valueKey = (id: string, key: string): Buffer => Buffer.from(id + GAP + key);
const keysOf = (id: string): { readonly start: Buffer; readonly end: Buffer } => ({ start: Buffer.from(id + GAP), end: Buffer.from(id + AFTER) });

class LmdbStore implements SessionStore {
  readonly name = "lmdb";
  readonly survives: Survives;
  readonly #now: () => number;
  readonly #lifetimeMs: number;
  readonly #budgets: Budgets;
  readonly #database: LmdbEnvironment<Tables>;
  readonly #heads: Tables["heads"];
  readonly #values: Tables["values"];
  readonly #expiry: Tables["expiry"];
  #closed: Promise<void> | undefined = undefined;

  constructor(options: LmdbStoreOptions) {
    this.#now = options.now ?? Date.now;
    this.#lifetimeMs = options.lifetimeMs ?? PERSIST_LIMITS.recordLifetimeMs;
    this.#budgets = budgetsOf(options.budgets);
    const flush = options.flush === true;
    this.survives = flush ? "machine" : "process";
    this.#database = lmdbEnvironment({ path: options.path, flush, maxDbs: 4, tables: tablesOf });
    ({ heads: this.#heads, values: this.#values, expiry: this.#expiry } = this.#database.tables);
  }

  async create(id: string, init: SessionInit): Promise<CreateResult> {
    this.#open(id);
    const size = checkInit(init, this.#budgets);
    // The caller may change its bytes before the transaction runs.
    const values = copied(init.values ?? new Map());
    const header: Header = { epoch: firstEpoch(), touchedAt: 0, size, keep: init.keep === true, owner: init.owner, meta: init.meta?.slice() ?? new Uint8Array() };
    return this.#write((): CreateResult => {
      if (this.#find(id) !== undefined) return { ok: false, reason: "exists" };
      this.#erase(id);
      for (const [key, value] of values) if (value !== null) this.#values.putSync(valueKey(id, key), value);
      this.#touched(id, header);
      if (!header.keep) this.#expiry.putSync([header.touchedAt, id], EMPTY);
      return { ok: true, epoch: header.epoch, size };
    });
  }

  async commit(id: string, epoch: Epoch, changes: Changes, meta?: Uint8Array): Promise<CommitResult> {
    const done = await this.#change(id, epoch, changes, meta, false);
    return done.ok ? { ok: true, size: done.size } : done;
  }

  async exchange(id: string, epoch: Epoch, changes: Changes, meta?: Uint8Array): Promise<ExchangeResult> {
    return this.#change(id, epoch, changes, meta, true);
  }

  async #change(id: string, epoch: Epoch, changes: Changes, meta: Uint8Array | undefined, raise: boolean): Promise<ExchangeResult> {
    this.#open(id);
    checkChanges(changes, this.#budgets);
    checkMeta(meta);
    const copy = copied(changes);
    const newMeta = meta?.slice();
    return this.#write((): ExchangeResult => {
      const header = this.#owned(id, epoch);
      if (!("touchedAt" in header)) return header;
      const size = sizeAfter(header.size, copy, (key) => this.#values.getBinaryFast(valueKey(id, key))?.length);
      if (size > header.size) checkSessionSize(size, this.#budgets);
      for (const [key, value] of copy) {
        if (value === null) this.#values.removeSync(valueKey(id, key));
        else this.#values.putSync(valueKey(id, key), value);
      }
      header.size = size;
      if (newMeta !== undefined) header.meta = newMeta;
      if (raise) header.epoch = nextEpoch(header.epoch);
      this.#touched(id, header);
      return { ok: true, epoch: header.epoch, size };
    });
  }

  async claim(id: string, { owner, ifEpoch }: ClaimOptions): Promise<ClaimResult> {
    this.#open(id);
    checkName("owner", owner);
    return this.#write((): ClaimResult => {
      const header = this.#find(id);
      if (header === undefined) return MISSING;
      if (ifEpoch !== undefined && ifEpoch !== header.epoch) return FENCED;
      header.epoch = nextEpoch(header.epoch);
      header.owner = owner;
      this.#touched(id, header);
      return { ok: true, record: this.#record(id, header) };
    });
  }

  async load(id: string): Promise<SessionRecord | null> {
    this.#open(id);
    return this.#read(() => {
      const header = this.#find(id);
      return header === undefined ? null : this.#record(id, header);
    });
  }

  async touch(id: string, epoch: Epoch): Promise<OwnerResult> {
    return this.#owner(id, epoch, (header) => this.#touched(id, header));
  }

  async release(id: string, epoch: Epoch): Promise<OwnerResult> {
    return this.#owner(id, epoch, (header) => {
      header.owner = "";
      this.#heads.putSync(idKey(id), writeHeader(header));
    });
  }

  async delete(id: string, epoch: Epoch): Promise<OwnerResult> {
    return this.#owner(id, epoch, () => this.#erase(id));
  }

  async #owner(id: string, epoch: Epoch, act: (header: Header) => void): Promise<OwnerResult> {
    this.#open(id);
    return this.#write((): OwnerResult => {
      const header = this.#owned(id, epoch);
      if (!("touchedAt" in header)) return header;
      act(header);
      return DONE;
    });
  }

  async sweep(limit: number = PERSIST_LIMITS.sweepBatch): Promise<SweepResult> {
    this.#open();
    return this.#write(() => {
      let removed = 0;
      const due = [...this.#expiry.getKeys({ end: [this.#now() - this.#lifetimeMs + 1] as unknown as [number, string], limit: limit + DUE_AT_ONCE })] as [number, string][];
      for (const entry of due) {
        const [at, id] = entry;
        const header = this.#head(id);
        // Removed, made again, or swept at another time: its own entry says when.
        if (header === undefined || header.keep) this.#expiry.removeSync(entry);
        else if (!this.#expired(header)) {
          this.#expiry.removeSync(entry);
          this.#expiry.putSync([header.touchedAt, id], EMPTY);
        } else {
          if (removed >= limit) return { removed, more: true };
          this.#expiry.removeSync([at, id]);
          this.#erase(id);
          removed++;
        }
      }
      return { removed, more: due.length === limit + DUE_AT_ONCE };
    });
  }

  async stats(): Promise<StoreStats> {
    this.#open();
    return this.#read(() => {
      let sessions = 0;
      let bytes = 0;
      for (const { value } of this.#heads.getRange()) {
        sessions++;
        bytes += readHeader(value).size;
      }
      return { sessions, bytes };
    });
  }

  close(): Promise<void> {
    return (this.#closed ??= guarded(() => this.#database.close()));
  }

  #open(id?: string): void {
    if (this.#closed !== undefined) throw closedError();
    if (id !== undefined) checkName("session id", id);
  }

  /** What throws has written nothing. */
  #write<T>(run: () => T): Promise<T> {
    return this.#database.write(run).catch(throwStorage);
  }

  #read<T>(run: () => T): Promise<T> {
    return this.#database.read(run).catch(throwStorage);
  }

  #head(id: string): Header | undefined {
    const bytes = this.#heads.get(idKey(id));
    return bytes === undefined ? undefined : readHeader(bytes);
  }

  #find(id: string): Header | undefined {
    const header = this.#head(id);
    return header === undefined || this.#expired(header) ? undefined : header;
  }

  #owned(id: string, epoch: Epoch): Header | Refusal {
    const header = this.#find(id);
    if (header === undefined) return MISSING;
    return header.epoch === epoch ? header : FENCED;
  }

  #expired(header: Header): boolean {
    return !header.keep && this.#now() - header.touchedAt >= this.#lifetimeMs;
  }

  #touched(id: string, header: Header): void {
    header.touchedAt = this.#now();
    this.#heads.putSync(idKey(id), writeHeader(header));
  }

  #erase(id: string): void {
    for (const key of [...this.#values.getKeys(keysOf(id))]) this.#values.removeSync(key);
    this.#heads.removeSync(idKey(id));
  }

  #record(id: string, { epoch, owner, meta, size, touchedAt }: Header): SessionRecord {
    const values = new Map<string, Uint8Array>();
    const skip = Buffer.byteLength(id) + 1;
    for (const { key, value } of this.#values.getRange(keysOf(id))) values.set(key.toString("utf8", skip), new Uint8Array(value));
    return { epoch, owner, values, meta, size, touchedAt };
  }
}

/** Entries of records that live on, and are put right by one sweep, at most. */
const DUE_AT_ONCE = 1000;

const EMPTY = Buffer.alloc(0);

interface Tables {
  readonly heads: Database<Buffer, Buffer>;
  readonly values: Database<Buffer, Buffer>;
  /** [time, id] → nothing. The time is that of the record's making or of the last sweep that met it. */
  readonly expiry: Database<Buffer, [number, string]>;
}

function tablesOf(root: RootDatabase<unknown, string>): Tables {
  return {
    heads: root.openDB({ name: "heads", encoding: "binary", keyEncoding: "binary" }),
    values: root.openDB({ name: "values", encoding: "binary", keyEncoding: "binary" }),
    expiry: root.openDB({ name: "expiry", encoding: "binary" }),
  };
}

function copied(changes: Changes): Map<string, Buffer | null> {
  return new Map([...changes].map(([key, value]) => [key, value === null ? null : Buffer.from(value)]));
}
