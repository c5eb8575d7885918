/**
 * The port between live sessions and persisted state: `src/session/` calls it, the keeper of this folder implements it.
 * Values are keyed by their name in the store: `shared:<key>` and `session:<key>`.
 */
import type { Loop } from "@vango/core/internal";
import type { Epoch, PersistError } from "@vango/persist";
import type { Others, Readable, StateValues } from "./read-values.js";

/** What a record says of its session besides the values. */
export interface RecordMeta {
  /** Id of the browser the record is bound to. */
  readonly browser: string;
  /** Whose session it is; "" for a guest. */
  readonly principal: string;
  /** Path and query of the page. */
  readonly url: string;
  /** Epoch of the page's instance ids. */
  readonly epoch: number;
  /** Number of the last event of that epoch that was applied. */
  readonly applied: number;
  /** Nonce of the document that showed the page. */
  readonly nonce: string;
  /** Build id, and fingerprint of the persisted schema. */
  readonly build: string;
  readonly schema: string;
}

/** A record that this build can read. */
export interface Restored extends Readable {
  /** Bytes of what the record holds, by stored name. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly meta: RecordMeta;
  /** Fencing epoch of the claim; undefined when the values were read or copied, and no record is held. */
  readonly storeEpoch: Epoch | undefined;
}

/**
 * What there is of a session. `none`: nothing for this browser. `unreadable`: something that is no record of this app, or was
 * changed; it is reported and left as it is. `cold`: an earlier build's values that this one cannot read. `newer`: values of a
 * build that this one has not heard of. None of these is claimed, written or removed.
 */
export type Found =
  | { readonly kind: "restored"; readonly from: Restored }
  | { readonly kind: "none" | "unreadable" }
  | { readonly kind: "cold" | "newer"; readonly meta: RecordMeta; readonly keys: readonly string[] };

/** What a state asks of its session. */
export interface StateOwner {
  /** What its record says of it; asked at every write. */
  recordMeta(): RecordMeta;
  /** Another process owns the record now, nothing is written any more. */
  onFenced(): void;
  /** `blocked` has changed. */
  onBlocked?(blocked: boolean): void;
  /** A stored value could not be used. */
  onLost?(error: PersistError): void;
}

/** Persisted state of an app's sessions. */
export interface StateKeeper {
  /**
   * Takes a record over for this process, if this build can read it and it is of this principal; its owner is asked to let go first.
   * Rejects with kind `storage` when the store fails.
   */
  claim(id: string, browser: string, principal: string): Promise<Found>;
  /** Reads a record and takes nothing over. */
  peek(id: string, browser: string): Promise<Found>;
  /** A copy of values for a new record: a duplicated tab. */
  fork(state: StateValues): Restored;
  /** Begins to keep the state of a session, under the id of its loop. Call it before the page is mounted: cells take their first value from it. */
  open(loop: Loop, owner: StateOwner, from: Restored | undefined): SessionState;
  /** Stops timers and lets no more records go; what was not written is flushed first. */
  close(): Promise<void>;
}

/** Persisted state of one session. */
export interface SessionState extends StateValues {
  /** All values as they were last committed by a turn, by name in the store. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly others: Others | undefined;
  /** The store holds less than the session: writing failed and is tried again. */
  readonly unsaved: boolean;
  /** Unsaved for so long, under `before-ack`, that new events must be refused (VANGO_UNSAVED). */
  readonly blocked: boolean;
  /** Under `before-ack`: something is not in the store yet, so what the client is sent must go through `hold`. */
  readonly holding: boolean;
  /** Calls `send` when all that turns have committed so far is in the store; in order. Never, if the session ends before. */
  hold(send: () => void): void;
  /** Writes what is not written. Resolves when the store has it or the session ended; a store that fails is tried again. */
  flush(): Promise<void>;
  /** The session leaves memory: writes values and meta, making the record if there is none, and lets it go. One try; rejects with kind `storage`. */
  park(): Promise<void>;
  /** The record goes to another process: as `park`, but makes no record. */
  release(): Promise<void>;
  /** Ends keeping without another write. */
  dispose(): void;
}
