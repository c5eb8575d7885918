// The numbers of persistence, in one table. Stores, sweeper and plan use these, so they cannot disagree.

/** Numbers of persistence: bytes and milliseconds. */
export const PERSIST_LIMITS = {
  /** Largest persisted value, in bytes. Default 64 KiB. */
  valueBytes: 64 * 1024,
  /** Largest session record (keys in UTF-8 and values, meta not counted), in bytes. Default 256 KiB. */
  sessionBytes: 256 * 1024,
  /** Largest meta of a record, in bytes. It is the framework's own and of near constant size. */
  metaBytes: 16 * 1024,
  /** Longest session id, owner or key, in UTF-8 bytes: every backend can index it. */
  nameBytes: 256,
  /** Life of a record since it was last touched, in milliseconds: 24 hours. */
  recordLifetimeMs: 24 * 60 * 60 * 1000,
  /** Records that one `sweep()` removes at most, so that a sweep never holds a store for long. */
  sweepBatch: 1000,
} as const;

/** Budgets of one store; each defaults to {@link PERSIST_LIMITS}. Bytes. */
export interface StoreBudgets {
  readonly valueBytes?: number;
  readonly sessionBytes?: number;
}
