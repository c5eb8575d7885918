// The numbers of the panel.

export const DEVTOOLS_LIMITS = {
  /** Frames kept in the log, all sessions together. The oldest go first. */
  frames: 300,
  /** Operations decoded and kept of one frame. */
  opsPerFrame: 50,
  /** Bytes of a frame that is decoded; larger ones are logged by size only. */
  decodeBytes: 256 * 1024,
  /** Rows read of one run of an insert. */
  rowsPerRun: 100_000,
  /** Closed sessions that stay in the list. */
  closedSessions: 20,
  /** Milliseconds between updates of an open panel. */
  refreshMs: 250,
} as const;
