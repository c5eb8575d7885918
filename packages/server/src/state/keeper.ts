/**
 * The port between sessions and the store of their persisted values.
 */
import type { Loop } from "@vango/core/internal";

/** What is known of a record besides its values. */
export interface RecordMeta {
  /** Id of the browser (cookie) that the session belongs to. */
  readonly browser: string;
  readonly principal: string;
  /** Path and query. */
  readonly url: string;
  readonly epoch: number;
  /** Number of the last event that was handled in this epoch. */
  readonly applied: number;
  /** Of the document. */
  readonly nonce: string;
  readonly build: string;
  readonly schema: string;
}

export interface Restored {
  readonly values: ReadonlyMap<string, unknown>;
  readonly meta: RecordMeta;
  /** Fencing epoch of the record in the store; undefined when there is no record yet. */
  readonly storeEpoch: unknown;
}

/** The persisted values of one session. */
export interface SessionState {
  readonly values: ReadonlyMap<string, unknown>;
  /** Writes what is pending. */
  flush(): Promise<void>;
  /** Writes all, makes the record if need be, and gives it up: the session ends here. */
  park(): Promise<void>;
  /** As `park`, for another process to take over at once. */
  release(): Promise<void>;
  dispose(): void;
}

export interface StateKeeper {
  /** Takes the record over for this process; undefined: none, expired, of another browser, corrupt. */
  claim(id: string, browser: string): Promise<Restored | undefined>;
  /** Reads only. */
  peek(id: string, browser: string): Promise<Restored | undefined>;
  /** A copy for a duplicated tab. */
  fork(values: ReadonlyMap<string, unknown>): Restored;
  open(loop: Loop, id: string, meta: () => RecordMeta, from: Restored | undefined, onFenced: () => void): SessionState;
}

const done = Promise.resolve();
const nothing: SessionState = { values: new Map(), flush: () => done, park: () => done, release: () => done, dispose: () => undefined };

/** Keeps nothing: of an app without persisted state. */
export const noKeeper: StateKeeper = {
  claim: () => Promise.resolve(undefined),
  peek: () => Promise.resolve(undefined),
  fork: (values) => ({ values, meta: { browser: "", principal: "", url: "", epoch: 0, applied: 0, nonce: "", build: "", schema: "" }, storeEpoch: undefined }),
  open: () => nothing,
};
