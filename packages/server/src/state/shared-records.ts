/**
 * The records that sessions and processes share: values of the app (`globalSignal`), and of browsers (`sessionKey` with the
 * scope `"browser"`). Invariants: the bus is listened to before a record is read, so no change falls between; a message only
 * says which record to read; where messages were missed all are read again.
 */
import { BlobError, type Bus, type Epoch, type PersistError, type SessionStore } from "@vango/persist";
import { Topics, type Migrations, type Topic } from "@vango/core/internal";
import { diagnostics } from "../diagnostics.js";
import type { Declared } from "./declared.js";
import type { RecordCodec } from "./record-codec.js";
import { globalRecord, keyOf } from "./names.js";
import { SharedRecord } from "./shared-record.js";

/** Where changes of shared records are announced. */
const CHANNEL = "vango:shared";
/** A browser's record that is in use is touched so often, ms. */
const TOUCH_MS = 60 * 60 * 1000;

export interface SharedOptions {
  readonly store: SessionStore;
  readonly bus: Bus | undefined;
  readonly codec: RecordCodec;
  readonly budgets: { readonly valueBytes: number };
  readonly worker: string;
  /** What the app declares; undefined: everything that is stored is read as it is. */
  readonly declared?: Declared | undefined;
  report(error: unknown, session?: string): unknown;
  /** Time between tries. */
  wait?(ms: number): Promise<void>;
}

/** What a record asks of them all. */
export interface SharedHost {
  readonly store: SessionStore;
  readonly codec: RecordCodec;
  readonly budgets: { readonly valueBytes: number };
  readonly worker: string;
  readonly declared: Declared | undefined;
  report(error: unknown, session?: string): void;
  unreadable(error: unknown): void;
  /** A value of another version that cannot be used; said once each. */
  lost(error: PersistError): void;
  announce(id: string, epoch: Epoch): void;
  /** Another process has written the record that this one wanted to write. */
  conflict(): void;
  wait(ms: number): Promise<void>;
  idle(record: SharedRecord): void;
}

export class SharedRecords implements SharedHost {
  readonly store: SessionStore;
  readonly codec: RecordCodec;
  readonly budgets: { readonly valueBytes: number };
  readonly worker: string;
  readonly declared: Declared | undefined;
  /** The app's own values. */
  readonly globals: Topics;
  readonly #options: SharedOptions;
  readonly #records = new Map<string, SharedRecord>();
  #listening: Promise<void> | undefined = undefined;
  #preloaded: Promise<void> | undefined = undefined;
  #stop: (() => Promise<void>) | undefined = undefined;
  #touches: NodeJS.Timeout | undefined = undefined;
  #warned = false;
  readonly #lost = new Set<string>();
  #closed = false;

  constructor(options: SharedOptions) {
    this.#options = options;
    this.store = options.store;
    this.codec = options.codec;
    this.budgets = options.budgets;
    this.worker = options.worker;
    this.declared = options.declared;
    this.globals = new GlobalTopics(this);
  }

  /** The app's own values are listened to and read before anybody needs them; once. What cannot be read is reported. */
  loaded(): Promise<void> {
    return (this.#preloaded ??= this.#preload(this.declared?.globals ?? []));
  }

  async #preload(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#listen();
    await Promise.all(keys.map((key) => this.#open(globalRecord(key), true).load()));
  }

  /** The values of a browser, read. */
  async browser(id: string): Promise<Topics> {
    const name = `b:${id}`;
    const known = this.#records.has(name);
    const record = this.#open(name, false);
    if (!known) await this.#loaded(record);
    void record.touch();
    if (this.#touches === undefined && !this.#closed) {
      this.#touches = setInterval(() => this.touch(), TOUCH_MS);
      this.#touches.unref();
    }
    return new RecordTopics(this, record);
  }

  /** The record of a global value; its first reading is under way when it is new. */
  global(name: string): SharedRecord {
    const id = globalRecord(keyOf(name));
    const known = this.#records.has(id);
    const record = this.#open(id, true);
    if (!known) void this.#loaded(record);
    return record;
  }

  /** Records in use live on. */
  touch(): void {
    for (const record of this.#records.values()) void record.touch();
  }

  /** The record of this id that is in use: one that was let go while nobody looked is taken up again. */
  inUse(record: SharedRecord): SharedRecord {
    const there = this.#records.get(record.id);
    if (there === undefined) this.#records.set(record.id, record);
    return there ?? record;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#touches);
    await this.#listening;
    await this.#stop?.().catch((error: unknown) => void this.report(error));
  }

  #open(id: string, keep: boolean): SharedRecord {
    let record = this.#records.get(id);
    if (record === undefined) this.#records.set(id, (record = new SharedRecord(id, this, keep)));
    return record;
  }

  async #loaded(record: SharedRecord): Promise<void> {
    await this.#listen();
    await record.load();
  }

  /** Once; a bus that cannot be listened to is reported and tried again by the next reading. */
  #listen(): Promise<void> {
    const { bus } = this.#options;
    if (bus === undefined || this.#closed) return DONE;
    return (this.#listening ??= (async () => {
      try {
        this.#stop = await bus.subscribe(CHANNEL, (message) => this.#heard(message), () => this.#missed());
      } catch (error) {
        this.report(error);
        this.#listening = undefined;
      }
    })());
  }

  #heard(message: string): void {
    const space = message.lastIndexOf(" ");
    const epoch = Number(message.slice(space + 1));
    if (Number.isSafeInteger(epoch)) this.#records.get(message.slice(0, space))?.changed(epoch);
  }

  #missed(): void {
    for (const record of this.#records.values()) void record.load();
  }

  // ---- for the records

  report(error: unknown, session?: string): void {
    this.#options.report(error, session);
  }

  unreadable(error: unknown): void {
    if (diagnostics.state.watched) diagnostics.state.publish({ kind: "unreadable", reason: error instanceof BlobError ? error.reason : String(error) });
    this.report(error);
  }

  lost(error: PersistError): void {
    if (this.#lost.has(error.message)) return;
    this.#lost.add(error.message);
    if (diagnostics.state.watched) diagnostics.state.publish({ kind: "lost", key: error.key, reason: error.message });
    this.report(error);
  }

  announce(id: string, epoch: Epoch): void {
    this.#options.bus?.publish(CHANNEL, `${id} ${epoch}`).catch((error: unknown) => void this.report(error));
  }

  conflict(): void {
    if (this.#options.bus !== undefined || this.#warned) return;
    this.#warned = true;
    console.warn("vango: several processes write shared state, and without a bus they do not hear of each other's changes. Set createApp({ bus }).");
  }

  wait(ms: number): Promise<void> {
    return this.#options.wait?.(ms) ?? new Promise((resolve) => setTimeout(resolve, ms).unref());
  }

  idle(record: SharedRecord): void {
    // Values of the app stay: the next session needs them. A browser's are read again when it comes back.
    if (!record.keep && this.#records.get(record.id) === record) this.#records.delete(record.id);
  }
}

const DONE = Promise.resolve();

class GlobalTopics extends Topics {
  constructor(readonly records: SharedRecords) {
    super();
  }

  protected override make(name: string, initial: unknown, migrate: Migrations | undefined): Topic {
    return this.records.global(name).topic(name, initial, migrate);
  }
}

/** The topics of a browser's record. */
class RecordTopics extends Topics {
  constructor(
    readonly records: SharedRecords,
    readonly record: SharedRecord,
  ) {
    super();
  }

  override open(name: string, initial: unknown, migrate?: Migrations): Topic {
    return this.records.inUse(this.record).topic(name, initial, migrate);
  }
}
