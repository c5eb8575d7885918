/**
 * Writes one record behind its session: what turns commit is collected, one write is on its way at a time, and each write is
 * one commit of everything collected, with the meta of that moment. Invariants: a write that failed is written again before
 * anything newer is said to be stored; at most one write is in flight, so writes reach the store in order; once fenced or
 * disposed nothing is written.
 */
import { PersistError, type Epoch, type SessionStore } from "@vango/persist";
import type { Clock } from "../session-port.js";

/** First wait after a failed write, and the longest, ms. */
const RETRY_MS = 100;
const RETRY_CAP_MS = 5000;
/** `before-ack`: unsaved this long, the session takes no events, ms. */
export const BLOCK_MS = 2000;

/** What a writer needs from above. */
export interface WriterHost {
  readonly store: SessionStore;
  readonly worker: string;
  readonly clock: Clock;
  readonly beforeAck: boolean;
  /** Told of every write that starts; a test waits for them. */
  readonly onWork: ((place: string, work: Promise<unknown>) => void) | undefined;
  /** Asks for `start()` within the time of write-behind. */
  soon(writer: RecordWriter): void;
  /** The record is held by this process from now on, or is not any more. */
  held(writer: RecordWriter, held: boolean): void;
}

/** What a writer asks of its session. */
export interface WriterOwner {
  /** The meta of now, as a blob. */
  metaBlob(): Uint8Array;
  /** Every value as a blob: for a record that has to be made again. */
  allBlobs(): Map<string, Uint8Array>;
  /** Writing failed for the first time (an error), or works again (undefined). */
  trouble(error: PersistError | undefined): void;
  /** The store refused these bytes for good. */
  refused(error: PersistError): void;
  fenced(): void;
  block(blocked: boolean): void;
}

interface Held {
  readonly after: number;
  readonly send: () => void;
}

export class RecordWriter {
  epoch: Epoch | undefined;
  unsaved = false;
  blocked = false;
  /** When the record was last written or touched, by the clock of the host. */
  touchedAt = 0;
  #pending: Map<string, Uint8Array | null> | undefined = undefined;
  #flight: Promise<void> | undefined = undefined;
  #retry: unknown = undefined;
  #block: unknown = undefined;
  #failures = 0;
  #over = false;
  /** Commits of turns so far, and how many of them are in the store. */
  #committed = 0;
  #durable = 0;
  #held: Held[] | undefined = undefined;
  #waiting: (() => void)[] | undefined = undefined;

  constructor(
    readonly id: string,
    readonly host: WriterHost,
    readonly owner: WriterOwner,
    epoch: Epoch | undefined,
  ) {
    this.epoch = epoch;
    if (epoch !== undefined) this.#holds();
  }

  /** A turn has committed these. */
  commit(changes: ReadonlyMap<string, Uint8Array | null>): void {
    if (this.#over) return;
    const pending = (this.#pending ??= new Map());
    for (const [name, blob] of changes) pending.set(name, blob);
    this.#committed++;
    if (this.#flight !== undefined || this.#retry !== undefined) return;
    // The turn runs: its event's number is in the meta only when it has returned.
    if (this.host.beforeAck) queueMicrotask(() => this.start());
    else this.host.soon(this);
  }

  /** Everything committed so far is in the store. */
  get saved(): boolean {
    return this.#durable === this.#committed;
  }

  get holding(): boolean {
    return this.host.beforeAck && (!this.saved || this.#held !== undefined);
  }

  hold(send: () => void): void {
    (this.#held ??= []).push({ after: this.#committed, send });
  }

  /** Resolves when all is in the store, or the writer has ended. */
  flush(): Promise<void> {
    if (this.saved || this.#over) return Promise.resolve();
    return new Promise((resolve) => {
      (this.#waiting ??= []).push(resolve);
      this.start();
    });
  }

  /** Begins to write, unless a write or a wait is under way. */
  start(): void {
    if (this.#over || this.#flight !== undefined || this.#retry !== undefined || this.#pending === undefined) return;
    this.#flight = this.#write().then(
      () => this.#wrote(),
      (error: unknown) => this.#failed(error),
    );
    this.host.onWork?.("a write to the store", this.#flight);
  }

  /** Begins to write, and resolves when that attempt is over, however it ended. */
  written(): Promise<void> {
    this.start();
    return this.#flight ?? Promise.resolve();
  }

  /** One last write: what is pending and the meta, then the record is let go. `make`: also when there is no record yet. */
  async close(make: boolean): Promise<void> {
    this.#cancelTimers();
    await this.#flight;
    if (this.#over) return;
    this.#cancelTimers();
    try {
      if (make || this.epoch !== undefined || this.#pending !== undefined) await this.#write(true);
      if (this.epoch !== undefined && !this.#over) await this.host.store.release(this.id, this.epoch);
    } catch (error) {
      // The session goes on and so does writing; who asked decides what becomes of it.
      this.#failed(error);
      throw error;
    }
    this.#settled();
    this.dispose();
  }

  /** Extends the record's life. */
  async touch(): Promise<void> {
    if (this.#over || this.epoch === undefined || this.#flight !== undefined) return;
    const result = await this.host.store.touch(this.id, this.epoch);
    if (result.ok) this.touchedAt = this.host.clock.now();
    else if (result.reason === "fenced") this.#fence();
  }

  dispose(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimers();
    this.#pending = undefined;
    this.#held = undefined;
    if (this.epoch !== undefined) this.host.held(this, false);
    this.#answer();
  }

  /** One write of what is pending. Throws what the store throws; then it is pending again. */
  async #write(always = false): Promise<void> {
    // A last write that failed may have had the meta alone: that is pending too.
    if (this.#pending === undefined && !always) return;
    const changes = this.#pending ?? NOTHING;
    const upTo = this.#committed;
    this.#pending = undefined;
    try {
      const meta = this.owner.metaBlob();
      const outcome = this.epoch === undefined ? await this.#create(meta) : await this.#commit(this.epoch, changes, meta);
      if (outcome === "fenced") return this.#fence();
      this.#durable = upTo;
      this.touchedAt = this.host.clock.now();
    } catch (error) {
      // What was written meanwhile is newer.
      this.#pending = new Map([...changes, ...(this.#pending ?? NOTHING)]);
      throw error;
    }
  }

  async #commit(epoch: Epoch, changes: ReadonlyMap<string, Uint8Array | null>, meta: Uint8Array): Promise<"ok" | "fenced"> {
    const result = await this.host.store.commit(this.id, epoch, changes, meta);
    if (result.ok) return "ok";
    if (result.reason === "fenced") return "fenced";
    // Expired while the store was away, or removed: the session is alive and has everything.
    this.host.held(this, false);
    this.epoch = undefined;
    return this.#create(meta);
  }

  async #create(meta: Uint8Array): Promise<"ok" | "fenced"> {
    const { store, worker } = this.host;
    const values = this.owner.allBlobs();
    const made = await store.create(this.id, { owner: worker, values, meta });
    if (made.ok) {
      this.epoch = made.epoch;
      this.#holds();
      return "ok";
    }
    // A create whose answer was lost is ours: what it wrote is older, so it is taken and written over.
    const record = await store.load(this.id);
    if (record === null || record.owner !== worker) return "fenced";
    const claim = await store.claim(this.id, { owner: worker, ifEpoch: record.epoch });
    if (!claim.ok) return "fenced";
    this.epoch = claim.record.epoch;
    this.#holds();
    const changes = new Map<string, Uint8Array | null>(values);
    for (const name of claim.record.values.keys()) if (!changes.has(name)) changes.set(name, null);
    return this.#commit(claim.record.epoch, changes, meta);
  }

  #holds(): void {
    this.touchedAt = this.host.clock.now();
    this.host.held(this, true);
  }

  #wrote(): void {
    this.#flight = undefined;
    this.#failures = 0;
    if (this.#over) return;
    this.#settled();
    if (this.#pending !== undefined) this.start();
    else this.#answer();
  }

  #failed(error: unknown): void {
    this.#flight = undefined;
    if (this.#over) return;
    const known = error instanceof PersistError ? error : new PersistError("storage", { cause: error });
    if (known.kind !== "storage") {
      // The store keeps less than we promised. Nothing will make it take these bytes: the app is told, the session goes on.
      this.#pending = undefined;
      this.#durable = this.#committed;
      this.owner.refused(known);
      this.#settled();
      this.#answer();
      return;
    }
    const { clock } = this.host;
    const wait = Math.min(RETRY_CAP_MS, RETRY_MS * 2 ** Math.min(this.#failures++, 10)) * (0.5 + Math.random() / 2);
    this.#retry = clock.setTimer(wait, () => {
      this.#retry = undefined;
      this.start();
    });
    if (this.unsaved) return;
    this.unsaved = true;
    this.owner.trouble(known);
    if (this.host.beforeAck) {
      this.#block = clock.setTimer(BLOCK_MS, () => {
        this.#block = undefined;
        this.blocked = true;
        this.owner.block(true);
      });
    }
  }

  /** A write has reached the store: what waited for it goes out. */
  #settled(): void {
    if (this.unsaved) {
      this.unsaved = false;
      this.host.clock.clearTimer(this.#block);
      this.#block = undefined;
      this.owner.trouble(undefined);
      if (this.blocked) {
        this.blocked = false;
        this.owner.block(false);
      }
    }
    while (this.#held !== undefined) {
      const [first] = this.#held;
      if (first !== undefined && first.after > this.#durable) return;
      if (first === undefined) this.#held = undefined;
      else {
        this.#held.shift();
        if (this.#held.length === 0) this.#held = undefined;
        first.send();
      }
    }
  }

  #fence(): void {
    this.dispose();
    this.owner.fenced();
  }

  #answer(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const resolve of waiting ?? []) resolve();
  }

  #cancelTimers(): void {
    const { clock } = this.host;
    if (this.#retry !== undefined) clock.clearTimer(this.#retry);
    if (this.#block !== undefined) clock.clearTimer(this.#block);
    this.#retry = undefined;
    this.#block = undefined;
  }
}

const NOTHING: ReadonlyMap<string, Uint8Array | null> = new Map();
