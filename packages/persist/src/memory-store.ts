// The store of tests and of development: a Map. It survives nothing, and is the reference for what the port means.
// Invariant: an operation checks everything before it changes anything, and is one synchronous step, so it is atomic.
import { firstEpoch, nextEpoch, type Epoch } from "./epoch.js";
import { PersistError } from "./errors.js";
import { PERSIST_LIMITS, type StoreBudgets } from "./limits.js";
import { budgetsOf, checkChanges, checkInit, checkMeta, checkName, checkSessionSize, sizeAfter, type Budgets } from "./measure.js";
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
  SweepResult,
  Survives,
} from "./store.js";
import { DONE, FENCED, MISSING } from "./refusal.js";

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** The store's clock, in milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** Life of a record since its last touch, in milliseconds. Default 24 h. */
  readonly lifetimeMs?: number;
  readonly budgets?: StoreBudgets;
}

interface Entry {
  epoch: Epoch;
  owner: string;
  readonly values: Map<string, Uint8Array>;
  meta: Uint8Array;
  size: number;
  touchedAt: number;
  readonly keep: boolean;
}


/**
 * A session store in the memory of this process, for tests and development.
 *
 * @example
 * const store = memoryStore({ now: () => clock.now() });
 */
export function memoryStore(options: MemoryStoreOptions = {}): SessionStore {
  return new MemoryStore(options);
}

class MemoryStore implements SessionStore {
  readonly name = "memory";
  readonly survives: Survives = "nothing";
  readonly #now: () => number;
  readonly #lifetimeMs: number;
  readonly #budgets: Budgets;
  /** In order of last touch, oldest first: a sweep looks at the front only. */
  readonly #entries = new Map<string, Entry>();
  #closed = false;

  constructor(options: MemoryStoreOptions) {
    this.#now = options.now ?? Date.now;
    this.#lifetimeMs = options.lifetimeMs ?? PERSIST_LIMITS.recordLifetimeMs;
    this.#budgets = budgetsOf(options.budgets);
  }

  async create(id: string, init: SessionInit): Promise<CreateResult> {
    this.#open(id);
    const size = checkInit(init, this.#budgets);
    if (this.#find(id) !== undefined) return { ok: false, reason: "exists" };
    const values = new Map<string, Uint8Array>();
    for (const [key, value] of init.values ?? []) values.set(key, value.slice());
    const entry: Entry = { epoch: firstEpoch(), owner: init.owner, values, meta: init.meta?.slice() ?? new Uint8Array(), size, touchedAt: 0, keep: init.keep === true };
    this.#touchEntry(id, entry);
    return { ok: true, epoch: entry.epoch, size };
  }

  async commit(id: string, epoch: Epoch, changes: Changes, meta?: Uint8Array): Promise<CommitResult> {
    const done = this.#change(id, epoch, changes, meta);
    return isRefusal(done) ? done : { ok: true, size: done.size };
  }

  async exchange(id: string, epoch: Epoch, changes: Changes, meta?: Uint8Array): Promise<ExchangeResult> {
    const done = this.#change(id, epoch, changes, meta);
    if (isRefusal(done)) return done;
    done.epoch = nextEpoch(done.epoch);
    return { ok: true, epoch: done.epoch, size: done.size };
  }

  #change(id: string, epoch: Epoch, changes: Changes, meta: Uint8Array | undefined): Entry | Refusal {
    this.#open(id);
    checkChanges(changes, this.#budgets);
    checkMeta(meta);
    const entry = this.#owned(id, epoch);
    if (isRefusal(entry)) return entry;
    const size = sizeAfter(entry.size, changes, (key) => entry.values.get(key)?.length);
    // A record may be over a budget that was lowered since; it may still shrink.
    if (size > entry.size) checkSessionSize(size, this.#budgets);
    for (const [key, value] of changes) {
      if (value === null) entry.values.delete(key);
      else entry.values.set(key, value.slice());
    }
    if (meta !== undefined) entry.meta = meta.slice();
    entry.size = size;
    this.#touchEntry(id, entry);
    return entry;
  }

  async claim(id: string, options: ClaimOptions): Promise<ClaimResult> {
    this.#open(id);
    checkName("owner", options.owner);
    const entry = this.#find(id);
    if (entry === undefined) return MISSING;
    if (options.ifEpoch !== undefined && options.ifEpoch !== entry.epoch) return FENCED;
    entry.epoch = nextEpoch(entry.epoch);
    entry.owner = options.owner;
    this.#touchEntry(id, entry);
    return { ok: true, record: copyOf(entry) };
  }

  async load(id: string): Promise<SessionRecord | null> {
    this.#open(id);
    const entry = this.#find(id);
    return entry === undefined ? null : copyOf(entry);
  }

  async touch(id: string, epoch: Epoch): Promise<OwnerResult> {
    this.#open(id);
    const entry = this.#owned(id, epoch);
    if (isRefusal(entry)) return entry;
    this.#touchEntry(id, entry);
    return DONE;
  }

  async release(id: string, epoch: Epoch): Promise<OwnerResult> {
    this.#open(id);
    const entry = this.#owned(id, epoch);
    if (isRefusal(entry)) return entry;
    entry.owner = "";
    return DONE;
  }

  async delete(id: string, epoch: Epoch): Promise<OwnerResult> {
    this.#open(id);
    const entry = this.#owned(id, epoch);
    if (isRefusal(entry)) return entry;
    this.#entries.delete(id);
    return DONE;
  }

  async sweep(limit: number = PERSIST_LIMITS.sweepBatch): Promise<SweepResult> {
    this.#open();
    let removed = 0;
    for (const [id, entry] of this.#entries) {
      if (entry.keep) continue;
      if (!this.#expired(entry)) break;
      if (removed >= limit) return { removed, more: true };
      this.#entries.delete(id);
      removed++;
    }
    return { removed, more: false };
  }

  async stats(): Promise<StoreStats> {
    this.#open();
    let bytes = 0;
    for (const entry of this.#entries.values()) bytes += entry.size;
    return { sessions: this.#entries.size, bytes };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#entries.clear();
  }

  #open(id?: string): void {
    if (this.#closed) throw new PersistError("storage", { message: "The store is closed." });
    if (id !== undefined) checkName("session id", id);
  }

  #find(id: string): Entry | undefined {
    const entry = this.#entries.get(id);
    return entry === undefined || this.#expired(entry) ? undefined : entry;
  }

  #owned(id: string, epoch: Epoch): Entry | Refusal {
    const entry = this.#find(id);
    if (entry === undefined) return MISSING;
    return entry.epoch === epoch ? entry : FENCED;
  }

  #expired(entry: Entry): boolean {
    return !entry.keep && this.#now() - entry.touchedAt >= this.#lifetimeMs;
  }

  #touchEntry(id: string, entry: Entry): void {
    entry.touchedAt = this.#now();
    this.#entries.delete(id);
    this.#entries.set(id, entry);
  }
}

function isRefusal(found: Entry | Refusal): found is Refusal {
  return "ok" in found;
}

function copyOf(entry: Entry): SessionRecord {
  const values = new Map<string, Uint8Array>();
  for (const [key, value] of entry.values) values.set(key, value.slice());
  return { epoch: entry.epoch, owner: entry.owner, values, meta: entry.meta.slice(), size: entry.size, touchedAt: entry.touchedAt };
}
