// The session store port: what a backend must do so that two processes never both write one session.
// Invariants: a commit is all or nothing; it needs an existing, unexpired record whose epoch equals the caller's; only
// `create` makes a record; a claim raises the epoch, so every earlier owner is fenced from then on. Everything is async, and
// a promise that resolves means done as durably as the store promises in `survives`. Bytes are copied in and out.
import type { Epoch } from "./epoch.js";

/** What a resolved write survives: the end of nothing, of this process (`kill -9`), or of the machine (power loss). */
export type Survives = "nothing" | "process" | "machine";

/** State values by key, as the codec wrote them. */
export type Values = ReadonlyMap<string, Uint8Array>;

/** What a commit changes: new bytes, or `null` to remove the key. Keys that are not named stay. */
export type Changes = ReadonlyMap<string, Uint8Array | null>;

/** A session record as the store holds it. */
export interface SessionRecord {
  readonly epoch: Epoch;
  /** Name of the worker that holds the session, `""` when it was released. */
  readonly owner: string;
  readonly values: Values;
  /** The framework's own bytes: schema, principal binding, last applied event. Opaque to the store. */
  readonly meta: Uint8Array;
  /** Bytes of keys (UTF-8) and values. */
  readonly size: number;
  /** When it was last created, committed, claimed or touched: milliseconds of the store's clock. */
  readonly touchedAt: number;
}

/** A new record. */
export interface SessionInit {
  readonly owner: string;
  readonly values?: Values;
  readonly meta?: Uint8Array;
  /** The record never expires: of values that belong to the app. Default false. */
  readonly keep?: boolean;
}

/** Why a conditional operation did nothing. `fenced`: another owner has taken over. `missing`: no record, or expired. */
export type Refusal = { readonly ok: false; readonly reason: "fenced" | "missing" };

/** `exists`: an unexpired record has this id. Choose another id; never overwrite. */
export type CreateResult = { readonly ok: true; readonly epoch: Epoch; readonly size: number } | { readonly ok: false; readonly reason: "exists" };

export type CommitResult = { readonly ok: true; readonly size: number } | Refusal;

export type ExchangeResult = { readonly ok: true; readonly epoch: Epoch; readonly size: number } | Refusal;

export type ClaimResult = { readonly ok: true; readonly record: SessionRecord } | Refusal;

export type OwnerResult = { readonly ok: true } | Refusal;

/** How a claim is made. */
export interface ClaimOptions {
  /** The worker that takes over. */
  readonly owner: string;
  /** Claim only if the epoch is still this one (what `load` gave): of two that try, one wins. Without it the claim always wins. */
  readonly ifEpoch?: Epoch;
}

/** What one sweep did. `more`: expired records are left for another call. */
export interface SweepResult {
  readonly removed: number;
  readonly more: boolean;
}

/** Unexpired and expired-but-not-swept records together. */
export interface StoreStats {
  readonly sessions: number;
  readonly bytes: number;
}

/**
 * A store of session records. Implementations pass `storeConformance` of `@vango/persist/testing`.
 *
 * Errors: `PersistError` with kind `value-budget`, `session-budget`, `codec` (nothing was written) or `storage` (outcome
 * unknown; every operation may be repeated: a repeated commit writes the same bytes, a repeated create answers `exists`).
 * A refusal is a result, not an error.
 *
 * @example
 * const made = await store.create(id, { owner: "worker-1" });
 * if (made.ok) await store.commit(id, made.epoch, new Map([["cart", bytes]]));
 */
export interface SessionStore {
  /** Short name for logs: `memory`, `lmdb` … */
  readonly name: string;
  readonly survives: Survives;
  /** Makes a record at a random high epoch. The only operation that makes one. */
  create(id: string, init: SessionInit): Promise<CreateResult>;
  /** Applies all changes and the meta (if given), or nothing. Counts as a touch. Empty changes are legal. */
  commit(id: string, epoch: Epoch, changes: Changes, meta?: Uint8Array): Promise<CommitResult>;
  /**
   * As `commit`, and raises the epoch by one: for records that several processes write. Of two exchanges at one epoch one wins,
   * so who read the record at that epoch knows that nobody has written in between.
   */
  exchange(id: string, epoch: Epoch, changes: Changes, meta?: Uint8Array): Promise<ExchangeResult>;
  /** Raises the epoch by one, sets the owner and gives the record: all writes of earlier owners come before it, none after. */
  claim(id: string, options: ClaimOptions): Promise<ClaimResult>;
  /** Reads without claiming; `null` when missing or expired. Not a touch. */
  load(id: string): Promise<SessionRecord | null>;
  /** Extends the record's life. */
  touch(id: string, epoch: Epoch): Promise<OwnerResult>;
  /** Says that the owner will not write again (drain, hand-off): owner becomes `""`, the epoch stays. */
  release(id: string, epoch: Epoch): Promise<OwnerResult>;
  /** Removes the record. */
  delete(id: string, epoch: Epoch): Promise<OwnerResult>;
  /** Removes expired records, at most `limit` (default `PERSIST_LIMITS.sweepBatch`). */
  sweep(limit?: number): Promise<SweepResult>;
  stats(): Promise<StoreStats>;
  /** Waits for writes under way and frees the backend. Later calls fail with kind `storage`. */
  close(): Promise<void>;
}
