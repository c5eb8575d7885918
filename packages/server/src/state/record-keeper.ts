/**
 * Keeps the persisted state of an app's sessions: reads and claims records, opens states, and runs what all of them share: one
 * timer for write-behind, one for the life of records, the sweeper. Invariants: a record is claimed only at the epoch that was
 * read, and only for the browser it is bound to; one that cannot be read is reported and left as it is.
 */
import { BlobError, type Bus, type Epoch, type SessionRecord, type SessionStore } from "@vango/persist";
import type { Loop } from "@vango/core/internal";
import { diagnostics } from "../diagnostics.js";
import type { Clock } from "../session-port.js";
import { HandOff } from "./hand-off.js";
import type { RecordMeta, Restored, SessionState, StateKeeper, StateOwner } from "./keeper.js";
import type { RecordCodec } from "./record-codec.js";
import type { RecordWriter, WriterHost } from "./record-writer.js";
import { KeptState } from "./session-state.js";
import { Sweeper } from "./sweeper.js";

/** Longest time from a turn's commit to the start of its write, ms. */
export const WRITE_BEHIND_MS = 50;
/** Records written at the same time; others wait for one to end. */
const WRITES_AT_ONCE = 128;
/** A record that was not written for so long is touched, ms: far below its lifetime. */
const TOUCH_AFTER_MS = 60 * 60 * 1000;
/** How often records are looked at for that, ms. */
const TOUCH_EVERY_MS = 10 * 60 * 1000;
/** Claims of one record that others may cut in on. */
const CLAIM_TRIES = 5;

/** What a keeper works with. */
export interface KeeperOptions {
  readonly store: SessionStore;
  /** Name of this process in records. */
  readonly worker: string;
  readonly clock: Clock;
  readonly codec: RecordCodec;
  readonly budgets: { readonly valueBytes: number; readonly sessionBytes: number };
  readonly beforeAck: boolean;
  report(error: unknown, session?: string): unknown;
  /** How records are asked for between processes. */
  readonly bus?: Bus | undefined;
}

export class Keeper implements StateKeeper, WriterHost {
  readonly store: SessionStore;
  readonly worker: string;
  readonly clock: Clock;
  readonly codec: RecordCodec;
  readonly budgets: KeeperOptions["budgets"];
  readonly beforeAck: boolean;
  readonly #options: KeeperOptions;
  readonly #sweeper: Sweeper;
  readonly #due = new Set<RecordWriter>();
  #timer: unknown = undefined;
  #writing = 0;
  /** Writers that hold a record, by its id. */
  readonly #held = new Map<string, RecordWriter>();
  #touches: NodeJS.Timeout | undefined = undefined;
  readonly #handOff: HandOff | undefined;
  #closed = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.store = options.store;
    this.worker = options.worker;
    this.clock = options.clock;
    this.codec = options.codec;
    this.budgets = options.budgets;
    this.beforeAck = options.beforeAck;
    const { bus, worker, clock } = options;
    this.#handOff = bus && new HandOff(bus, worker, clock, (id) => this.letGo(id), (error) => this.report(error));
    this.#sweeper = new Sweeper(
      this.store,
      (count) => diagnostics.state.publish({ kind: "swept", count }),
      (error) => this.report(error),
    );
  }

  report(error: unknown, session?: string): void {
    this.#options.report(error, session);
  }

  // ---- records

  async peek(id: string, browser: string): Promise<Restored | undefined> {
    const record = await this.store.load(id);
    const meta = record === null ? undefined : this.#metaFor(id, record, browser);
    if (record === null || meta === undefined) return undefined;
    const values = this.#valuesOf(id, record);
    return values === undefined ? undefined : new ReadRecord(values, meta, undefined, NO_SIZES);
  }

  async claim(id: string, browser: string): Promise<Restored | undefined> {
    let asked = false;
    for (let tries = 0; tries < CLAIM_TRIES; tries++) {
      const record = await this.store.load(id);
      if (record === null || this.#metaFor(id, record, browser) === undefined) return undefined;
      if (record.owner !== "" && record.owner !== this.worker && !asked) {
        asked = true;
        await this.#handOff?.ask(record.owner, id);
        continue;
      }
      const claim = await this.store.claim(id, { owner: this.worker, ifEpoch: record.epoch });
      if (claim.ok) return this.#claimed(id, claim.record, browser);
      if (claim.reason === "missing") return undefined;
    }
    return undefined;
  }

  /** What was claimed is read anew: its owner may have written between. */
  async #claimed(id: string, record: SessionRecord, browser: string): Promise<Restored | undefined> {
    const meta = this.#metaFor(id, record, browser);
    const values = meta === undefined ? undefined : this.#valuesOf(id, record);
    if (meta === undefined || values === undefined) {
      await this.store.release(id, record.epoch);
      return undefined;
    }
    return new ReadRecord(values, meta, record.epoch, new Map([...record.values].map(([name, blob]) => [name, blob.length])));
  }

  fork(values: ReadonlyMap<string, unknown>): Restored {
    return new ReadRecord(values, NO_META, undefined, NO_SIZES);
  }

  open(loop: Loop, owner: StateOwner, from: Restored | undefined): SessionState {
    const state = new KeptState(this, loop, owner);
    if (from instanceof ReadRecord && from.storeEpoch !== undefined) state.restore(from.values, from.sizes, from.storeEpoch);
    else if (from !== undefined) state.adopt(from.values);
    return state;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#sweeper.stop();
    clearInterval(this.#touches);
    await Promise.all([...this.#held.values(), ...this.#due].map((writer) => writer.flush()));
    this.clock.clearTimer(this.#timer);
    await this.#handOff?.stop();
  }

  /** Another process asks for a record: written and let go, when this process holds it. */
  async letGo(id: string): Promise<void> {
    const writer = this.#held.get(id);
    if (writer === undefined) return;
    await writer.close(false);
    writer.owner.fenced();
  }

  #metaFor(id: string, record: SessionRecord, browser: string): RecordMeta | undefined {
    try {
      const meta = this.codec.decodeMeta(id, record.meta);
      return meta.browser === browser ? meta : undefined;
    } catch (error) {
      this.#unreadable(error);
      return undefined;
    }
  }

  #valuesOf(id: string, record: SessionRecord): Map<string, unknown> | undefined {
    try {
      return this.codec.decodeAll(id, record.values);
    } catch (error) {
      this.#unreadable(error);
      return undefined;
    }
  }

  #unreadable(error: unknown): void {
    if (diagnostics.state.watched) diagnostics.state.publish({ kind: "unreadable", reason: error instanceof BlobError ? error.reason : String(error) });
    this.report(error);
  }

  // ---- for the writers

  soon(writer: RecordWriter): void {
    this.#due.add(writer);
    this.#timer ??= this.clock.setTimer(WRITE_BEHIND_MS, () => {
      this.#timer = undefined;
      this.#writeDue();
    });
  }

  #writeDue(): void {
    for (const writer of this.#due) {
      if (this.#writing >= WRITES_AT_ONCE) return;
      this.#due.delete(writer);
      this.#writing++;
      void writer.written().then(() => {
        this.#writing--;
        if (this.#due.size > 0 && this.#timer === undefined) this.#writeDue();
      });
    }
  }

  held(writer: RecordWriter, held: boolean): void {
    if (held) {
      this.#held.set(writer.id, writer);
      if (this.#closed) return;
      this.#sweeper.start();
      void this.#handOff?.start();
      if (this.#touches === undefined) {
        this.#touches = setInterval(() => void this.touch(), TOUCH_EVERY_MS);
        this.#touches.unref();
      }
    } else if (this.#held.get(writer.id) === writer) this.#held.delete(writer.id);
  }

  /** Extends the life of records that were not written for long. */
  async touch(): Promise<void> {
    const before = this.clock.now() - TOUCH_AFTER_MS;
    for (const writer of this.#held.values()) {
      if (writer.touchedAt > before) continue;
      try {
        await writer.touch();
      } catch (error) {
        this.report(error);
      }
    }
  }
}

class ReadRecord implements Restored {
  constructor(
    readonly values: ReadonlyMap<string, unknown>,
    readonly meta: RecordMeta,
    readonly storeEpoch: Epoch | undefined,
    readonly sizes: ReadonlyMap<string, number>,
  ) {}
}

const NO_SIZES: ReadonlyMap<string, number> = new Map();
const NO_META: RecordMeta = { browser: "", principal: "", url: "", epoch: 0, applied: 0, nonce: "", build: "", schema: "" };
