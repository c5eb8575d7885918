// One session's loop and state on a store, in virtual time, without sockets.
import type { VangoError } from "@vango/core";
import { Loop, type LoopHost, type Topics, type SignalNode } from "@vango/core/internal";
import { blobCodec, memoryStore, type PersistError, type SessionStore } from "@vango/persist";
import type { RecordMeta, Restored, SessionState } from "../../src/state/keeper.js";
import { RecordCodec } from "../../src/state/record-codec.js";
import { Keeper, type KeeperOptions } from "../../src/state/record-keeper.js";
import { VirtualClock } from "../../src/testing/virtual-clock.js";

export const SECRET = "a secret of at least thirty-two characters";

export const META: RecordMeta = { browser: "b1", principal: "", url: "/", epoch: 7, applied: 0, nonce: "n1", build: "build", schema: "" };

/** A process: its keeper, its clock, what it reported. */
export class Process {
  readonly clock: VirtualClock;
  readonly keeper: Keeper;
  readonly reported: VangoError[] = [];

  constructor(
    readonly store: SessionStore = memoryStore(),
    readonly worker = "w1",
    o: Partial<KeeperOptions> & { readonly secrets?: readonly string[] } = {},
  ) {
    this.clock = new VirtualClock(0);
    this.keeper = new Keeper({
      store,
      worker,
      clock: this.clock,
      codec: new RecordCodec(blobCodec({ secrets: o.secrets ?? [SECRET] })),
      budgets: { valueBytes: 65536, sessionBytes: 262144 },
      beforeAck: false,
      report: (error) => void this.reported.push(error as VangoError),
      ...o,
    });
  }

  /** What a claim gives when the record can be read. */
  async claim(id: string, browser = "b1"): Promise<Restored | undefined> {
    const found = await this.keeper.claim(id, browser, META.principal);
    return found.kind === "restored" ? found.from : undefined;
  }

  async peek(id: string, browser = "b1"): Promise<Restored | undefined> {
    const found = await this.keeper.peek(id, browser);
    return found.kind === "restored" ? found.from : undefined;
  }

  open(id: string, from?: Restored, meta: Partial<RecordMeta> = {}): Tab {
    return new Tab(this, id, from, meta);
  }

  /** Lets time pass, and what it starts come to its end. */
  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms, settle);
    await settle();
  }
}

/** Everything that needs no timer comes to its end. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

export class Tab {
  readonly loop: Loop;
  readonly state: SessionState;
  readonly errors: VangoError[] = [];
  readonly frames: string[] = [];
  readonly blocked: boolean[] = [];
  readonly lost: PersistError[] = [];
  meta: RecordMeta;
  fenced = false;

  constructor(
    readonly process: Process,
    readonly id: string,
    from: Restored | undefined,
    meta: Partial<RecordMeta>,
  ) {
    this.meta = { ...META, ...meta };
    const { clock } = process;
    const host: LoopHost = {
      now: () => clock.now(),
      setTimer: (ms, fn) => clock.setTimer(ms, fn),
      clearTimer: (timer) => clock.clearTimer(timer),
      schedule: (loop) => void setImmediate(() => loop.runNext()),
      sendFrame: (_loop, writer) => void writer.finish(2, 1, 0),
      onError: (error) => void this.errors.push(error),
      offLoop: (_place, fn) => fn(),
      navigate: () => undefined,
      writeQuery: () => "/",
      route: () => ({ path: "/", params: {}, query: new URLSearchParams() }),
    };
    this.loop = new Loop(host, { id });
    this.state = process.keeper.open(
      this.loop,
      { recordMeta: () => this.meta, onFenced: () => void (this.fenced = true), onBlocked: (blocked) => void this.blocked.push(blocked), onLost: (error) => void this.lost.push(error) },
      from,
    );
  }

  cell<T>(key: string, initial: T): SignalNode<T> {
    return this.loop.sharedCell(key, initial, undefined);
  }

  /** A turn that sets a shared cell. */
  set<T>(key: string, value: T, initial: T = value): VangoError | undefined {
    const cell = this.cell(key, initial);
    return this.loop.turn(() => {
      this.meta = { ...this.meta, applied: this.meta.applied + 1 };
      cell.set(value);
    });
  }
}

/** The values of a record, as another process reads them. */
export async function stored(store: SessionStore, id: string, browser = "b1"): Promise<Record<string, unknown> | undefined> {
  const read = await new Process(store, "reader").peek(id, browser);
  return read === undefined ? undefined : Object.fromEntries(read.values);
}

/** The host of a loop without a client: turns run one after the other, nothing is sent. */
export const idleHost = (globals: Topics, onError: (error: VangoError) => void): LoopHost => ({
  globals,
  now: () => 0,
  setTimer: () => undefined,
  clearTimer: () => undefined,
  schedule: (loop) => void setImmediate(() => loop.runNext()),
  sendFrame: () => undefined,
  onError,
  offLoop: (_place, fn) => fn(),
  navigate: () => undefined,
  writeQuery: () => "/",
  route: () => ({ path: "/", params: {}, query: new URLSearchParams() }),
});
