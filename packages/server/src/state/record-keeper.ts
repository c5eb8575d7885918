/**
 * Keeps the persisted state of an app's sessions: reads and claims records, opens states, and runs what all of them share: one
 * timer for write-behind, one for the life of records, the sweeper. Invariants: a record is claimed only at the epoch that was
 * read, and only for the browser it is bound to; one that cannot be read is reported and left as it is.
 */
import { BlobError, type Bus, type Epoch, type SessionRecord, type SessionStore } from "@vango/persist";
import type { Loop } from "@vango/core/internal";
import { diagnostics } from "../diagnostics.js";
import { serverError } from "../errors.js";
import type { Clock } from "../session-port.js";
import { HandOff } from "./hand-off.js";
import type { Declared } from "./declared.js";
import type { Found, RecordMeta, Restored, SessionState, StateKeeper, StateOwner } from "./keeper.js";
import { readValues, type StateValues } from "./read-values.js";
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
  /** What the app declares; undefined: everything that is stored is read as it is. */
  readonly declared?: Declared | undefined;
  /** Values that turns write are checked. */
  readonly dev?: boolean;
  report(error: unknown, session?: string): unknown;
  /** Told of every write that starts; a test waits for them. */
  readonly onWork?: ((place: string, work: Promise<unknown>) => void) | undefined;
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
  readonly declared: Declared | undefined;
  readonly dev: boolean;
  readonly onWork: WriterHost["onWork"];
  readonly #mismatches = new Set<string>();
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
    this.declared = options.declared;
    this.dev = options.dev === true;
    this.onWork = options.onWork;
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

  async peek(id: string, browser: string): Promise<Found> {
    const record = await this.store.load(id);
    return record === null ? NONE : this.#read(id, record, browser, undefined);
  }

  async claim(id: string, browser: string, principal: string): Promise<Found> {
    let asked = false;
    for (let tries = 0; tries < CLAIM_TRIES; tries++) {
      const record = await this.store.load(id);
      if (record === null) return NONE;
      const found = this.#read(id, record, browser, record.epoch);
      if (found.kind !== "restored") return found;
      // Another person's is not taken from whoever holds it.
      if (found.from.meta.principal !== principal) return NONE;
      if (record.owner !== "" && record.owner !== this.worker && !asked) {
        asked = true;
        await this.#handOff?.ask(record.owner, id);
        continue;
      }
      const claim = await this.store.claim(id, { owner: this.worker, ifEpoch: record.epoch });
      if (claim.ok) return this.#claimed(id, record, claim.record, browser, found);
      if (claim.reason === "missing") return NONE;
    }
    return NONE;
  }

  /** An owner that was not asked, or has not answered, may have written between: then what was claimed is read anew. */
  async #claimed(id: string, before: SessionRecord, record: SessionRecord, browser: string, known: Found): Promise<Found> {
    if (before.owner === "" && known.kind === "restored") return { kind: "restored", from: { ...known.from, storeEpoch: record.epoch } };
    const found = this.#read(id, record, browser, record.epoch);
    if (found.kind !== "restored") await this.store.release(id, record.epoch);
    return found;
  }

  #read(id: string, record: SessionRecord, browser: string, storeEpoch: Epoch | undefined): Found {
    try {
      const meta = this.codec.decodeMeta(id, record.meta);
      if (meta.browser !== browser) return NONE;
      const reading = readValues(this.codec, this.declared, id, record);
      if (reading.as !== "readable") return { kind: reading.as, meta, keys: reading.keys };
      return { kind: "restored", from: { ...reading, meta, storeEpoch, sizes: new Map([...record.values].map(([name, blob]) => [name, blob.length])) } };
    } catch (error) {
      this.#unreadable(error);
      return { kind: "unreadable" };
    }
  }

  fork({ values, others }: StateValues): Restored {
    return { as: "readable", values, others, upgrades: [], gone: [], lost: [], sizes: NO_SIZES, meta: NO_META, storeEpoch: undefined };
  }

  open(loop: Loop, owner: StateOwner, from: Restored | undefined): SessionState {
    const state = new KeptState(this, loop, owner);
    if (from?.storeEpoch !== undefined) state.restore(from, from.storeEpoch);
    else if (from !== undefined) state.adopt(from);
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

  /** In development: a value that a turn has written and that is not of the declared type. */
  mismatch(name: string, value: unknown, session: string): void {
    const of = this.declared?.find(name);
    const problem = of?.binding.check(value);
    if (of === undefined || problem === undefined || this.#mismatches.has(`${name} ${problem}`)) return;
    this.#mismatches.add(`${name} ${problem}`);
    this.report(serverError("VANGO_STATE_MISMATCH", { message: `Key ${JSON.stringify(of.binding.key)}, at ${problem}.` }), session);
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

const NONE: Found = { kind: "none" };
const NO_SIZES: ReadonlyMap<string, number> = new Map();
const NO_META: RecordMeta = { browser: "", principal: "", url: "", epoch: 0, applied: 0, nonce: "", build: "", schema: "" };
