/**
 * A record that several sessions and processes write: the values of an app (one key each) or of a browser. Each session has a
 * replica of a value; here is what this process takes it to be: what the store has, and the operations on it that are on
 * their way there. Invariants: an operation is written on top of the value it really found (compare and set), so none is lost
 * or applied to another value unseen; what cannot be written is taken back everywhere and told to who wrote it.
 */
import { randomBytes } from "node:crypto";
import { PersistError, type Epoch } from "@vango/persist";
import { runOperation, Topic, type GlobalOperation, type GlobalReplica, type Migrations } from "@vango/core/internal";
import { asVangoError } from "../errors.js";
import { keyOf } from "./names.js";
import { readShared, SharedValues } from "./read-shared.js";
import type { SharedHost } from "./shared-records.js";

/** A write is known by its tag, which stays in the meta of the record for so many later writes. */
const TAG_BYTES = 8;
const TAGS = 64;

/** Writes that fail one after the other before what waits is taken back, and the first wait between them, ms. */
const TRIES = 5;
const RETRY_MS = 100;

const NO_TAGS = new Uint8Array();

function hasTag(tags: Uint8Array, tag: Uint8Array): boolean {
  for (let at = 0; at < tags.length; at += TAG_BYTES) if (tag.every((byte, i) => byte === tags[at + i])) return true;
  return false;
}

interface Queued {
  readonly topic: SharedTopic;
  readonly operation: GlobalOperation;
  readonly by: GlobalReplica | undefined;
}

/** One value of a record. */
export class SharedTopic extends Topic {
  constructor(
    readonly record: SharedRecord,
    name: string,
    readonly initial: unknown,
    readonly migrate: Migrations | undefined,
  ) {
    super(name, initial);
  }

  override refusal(key: string): PersistError | undefined {
    return this.record.refusal(this.name, key);
  }

  override apply(operation: GlobalOperation, by?: GlobalReplica): void {
    // A session's turn was refused before it committed; code without a session hears of it here.
    const refusal = by === undefined ? this.refusal(keyOf(this.name)) : undefined;
    if (refusal !== undefined) throw refusal;
    try {
      super.apply(operation, by);
    } catch (error) {
      // A function of the value that throws on what it finds here, which the writer has not seen yet.
      by?.owner.post(() => by.receive());
      throw error;
    }
    this.record.write({ topic: this, operation, by });
  }

  override leave(replica: GlobalReplica): void {
    super.leave(replica);
    this.record.left();
  }
}

export class SharedRecord {
  readonly #topics = new Map<string, SharedTopic>();
  /** As the store has it; epoch undefined: no record, or not read yet. */
  #stored = new SharedValues();
  #epoch: Epoch | undefined = undefined;
  /** The store was asked once at least. */
  #asked = false;
  #queue: Queued[] = [];
  #writing = false;
  #loading: Promise<void> | undefined = undefined;
  #failures = 0;
  /** Tags of the last writes of the record, newest first. */
  #tags: Uint8Array = NO_TAGS;
  /** A write that has no answer yet, or whose answer was lost. */
  #attempt: { readonly tag: Uint8Array; readonly batch: ReadonlySet<Queued> } | undefined = undefined;
  /** The last reading or writing: they follow each other, for a reading in the middle of a write would count its operations twice. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly id: string,
    readonly host: SharedHost,
    /** Never expires. */
    readonly keep: boolean,
  ) {}

  /** @throws VANGO_STATE_UNDECLARED */
  topic(name: string, initial: unknown, migrate: Migrations | undefined): SharedTopic {
    let topic = this.#topics.get(name);
    if (topic !== undefined) return topic;
    this.host.declared?.get(name);
    this.#topics.set(name, (topic = new SharedTopic(this, name, initial, migrate)));
    if (this.#stored.migrate(this.host, topic)) this.#wake();
    if (this.#stored.values.has(name)) topic.value = this.#stored.values.get(name);
    return topic;
  }

  /** Why this build must not write a value. */
  refusal(name: string, key: string): PersistError | undefined {
    return this.#stored.newer.has(name) ? new PersistError("codec", { key }, "VANGO_PERSIST_NEWER") : undefined;
  }

  /** Nothing is on its way, and no session looks. */
  get idle(): boolean {
    if (this.#queue.length > 0 || this.#writing || this.#loading !== undefined) return false;
    for (const topic of this.#topics.values()) if (topic.replicas.size > 0) return false;
    return true;
  }

  left(): void {
    if (this.idle) this.host.idle(this);
  }

  // ---- reading

  /** Extends the record's life: somebody uses it. */
  async touch(): Promise<void> {
    if (this.keep || this.#epoch === undefined) return;
    try {
      await this.host.store.touch(this.id, this.#epoch);
    } catch (error) {
      this.host.report(error);
    }
  }

  /** Another process has written up to this epoch. */
  changed(epoch: Epoch): void {
    if (this.#epoch === undefined || epoch > this.#epoch) void this.load();
  }

  /** Reads the record; what differs is shown. Resolves also when it cannot be read: that is reported. */
  load(): Promise<void> {
    // One reading that has not begun serves all who ask.
    return (this.#loading ??= this.#alone(async () => {
      this.#loading = undefined;
      try {
        await this.#read();
      } catch (error) {
        this.host.report(error);
      }
    }));
  }

  #alone<T>(run: () => Promise<T>): Promise<T> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #read(): Promise<void> {
    const record = await this.host.store.load(this.id);
    if (this.#asked && record?.epoch === this.#epoch) {
      // Nobody has written, this process neither.
      this.#attempt = undefined;
      return;
    }
    this.#stored = await readShared(this.host, this.id, record);
    this.#asked = true;
    for (const topic of this.#topics.values()) this.#stored.migrate(this.host, topic);
    this.#epoch = record?.epoch;
    this.#tags = record?.meta ?? NO_TAGS;
    const attempt = this.#attempt;
    this.#attempt = undefined;
    // It was done, so what was read has its operations; or it was not, and they are written again.
    if (attempt !== undefined && record !== null && hasTag(this.#tags, attempt.tag)) {
      this.#queue = this.#queue.filter((queued) => !attempt.batch.has(queued));
      this.host.announce(this.id, record.epoch);
    }
    this.#rebase();
    if (this.#stored.upgrades.size > 0) this.#wake();
  }

  /** What this process shows: the stored values and what waits on top of them. */
  #rebase(): void {
    const values = new Map(this.#stored.values);
    for (const queued of [...this.#queue]) {
      const { name, initial } = queued.topic;
      try {
        const refusal = this.refusal(name, queued.by?.key ?? keyOf(name));
        if (refusal !== undefined) throw refusal;
        values.set(name, runOperation(queued.operation, values.has(name) ? values.get(name) : initial));
      } catch (error) {
        // It threw on what another process has written: it has no effect, and its writer hears of it.
        this.#queue = this.#queue.filter((other) => other !== queued);
        this.#refuse(queued, error);
      }
    }
    for (const [name, topic] of this.#topics) topic.show(values.has(name) ? values.get(name) : topic.initial);
  }

  // ---- writing

  write(queued: Queued): void {
    this.#queue.push(queued);
    this.#wake();
  }

  #wake(): void {
    if (!this.#writing) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#writing = true;
    while (this.#queue.length > 0 || this.#stored.upgrades.size > 0) {
      try {
        await this.#alone(() => this.#writeBatch());
        this.#failures = 0;
      } catch (error) {
        if (!(await this.#mayRetry(error))) break;
      }
    }
    this.#writing = false;
    if (this.#queue.length > 0) void this.#pump();
    else this.left();
  }

  /** Whether to try again after a failure. */
  async #mayRetry(error: unknown): Promise<boolean> {
    const known = error instanceof PersistError ? error : new PersistError("storage", { cause: error });
    if (known.kind === "storage" && ++this.#failures < TRIES) {
      await this.host.wait(RETRY_MS * 2 ** (this.#failures - 1));
      return true;
    }
    this.#failures = 0;
    this.host.report(known);
    const lost = this.#queue;
    this.#queue = [];
    // What other builds have written stays as it is until the next reading.
    this.#stored.upgrades.clear();
    this.#rebase();
    const writers = new Set(lost.map((queued) => queued.by?.owner));
    for (const loop of writers) loop?.persistFailed(new PersistError(known.kind, { key: lost.find((queued) => queued.by?.owner === loop)?.by?.key ?? "", cause: known }));
    return false;
  }

  /** Writes everything that waits. What topics show is the stored values with all of it applied. */
  async #writeBatch(): Promise<void> {
    if (this.#attempt !== undefined) await this.#read();
    const batch = this.#queue;
    const { upgrades } = this.#stored;
    if (batch.length === 0 && upgrades.size === 0) return;
    const changes = new Map<string, Uint8Array>();
    const values = new Map<string, unknown>();
    for (const name of upgrades) {
      if (batch.some(({ topic }) => topic.name === name)) continue;
      const value = this.#stored.values.get(name);
      try {
        changes.set(name, this.#encode(name, value, keyOf(name)));
        values.set(name, value);
      } catch (error) {
        // This build shows what it cannot store; the store keeps what the other build wrote.
        upgrades.delete(name);
        this.host.report(error);
      }
    }
    if (changes.size === 0 && batch.length === 0) return;
    for (const { topic, by } of batch) {
      const { name, value } = topic;
      if (values.has(name)) continue;
      values.set(name, value);
      try {
        changes.set(name, this.#encode(name, value, by?.key ?? name));
      } catch (error) {
        // On top of what another process wrote it has become what cannot be kept: everything that waits for this value goes.
        for (const queued of batch) if (queued.topic === topic) this.#refuse(queued, error);
        this.#queue = batch.filter((queued) => queued.topic !== topic);
        return this.#rebase();
      }
    }
    const written = new Set(batch);
    if (!(await this.#exchange(changes, written))) return;
    this.#queue = this.#queue.filter((queued) => !written.has(queued));
    for (const [name, value] of values) this.#stored.wrote(name, value);
  }

  /** False: somebody else has written; the record was read again. */
  async #exchange(changes: ReadonlyMap<string, Uint8Array>, batch: ReadonlySet<Queued>): Promise<boolean> {
    const { store, worker } = this.host;
    const tag = new Uint8Array(randomBytes(TAG_BYTES));
    const tags = new Uint8Array([...tag, ...this.#tags]).subarray(0, TAG_BYTES * TAGS);
    this.#attempt = { tag, batch };
    const epoch = this.#epoch;
    const result = epoch === undefined ? await store.create(this.id, { owner: worker, values: changes, meta: tags, keep: this.keep }) : await store.exchange(this.id, epoch, changes, tags);
    if (!result.ok) {
      await this.#read();
      // The answer was lost and the call repeated below us, or somebody else has written.
      if (result.reason === "fenced" && !hasTag(this.#tags, tag)) this.host.conflict();
      return false;
    }
    this.#attempt = undefined;
    this.#tags = tags;
    this.#epoch = result.epoch;
    this.host.announce(this.id, result.epoch);
    return true;
  }

  #encode(name: string, value: unknown, key: string): Uint8Array {
    const blob = this.host.codec.encode(this.id, name, value, key, this.host.declared?.find(name)?.schema);
    const { valueBytes } = this.host.budgets;
    if (blob.length > valueBytes) throw new PersistError("value-budget", { key, size: blob.length, limit: valueBytes });
    return blob;
  }

  #refuse({ by }: Queued, error: unknown): void {
    const known = asVangoError(error);
    if (by === undefined) this.host.report(known);
    else {
      this.host.report(known, by.owner.id);
      if (known instanceof PersistError) by.owner.persistFailed(known);
    }
  }
}
