// Every number of the browser runtime in one table. Times in milliseconds, sizes in bytes.

/** First step of the reconnect back-off; step n waits a random time below `BACKOFF * 2^n`. */
export const BACKOFF = 1_000;
/** Upper bound of one back-off step. */
export const BACKOFF_CAP = 30_000;
/** A connection that was live this long starts its back-off at step 0 again. */
export const STABLE = 10_000;
/** A socket that has not opened, or not been welcomed after opening, is given up after this. */
export const CONNECT_TIMEOUT = 10_000;
/** Silence before a ping, and silence after a ping before the socket counts as half-open. */
export const HEARTBEAT = 25_000;
/** The same after the network or the tab came back: the answer must arrive sooner. */
export const PROBE = 5_000;
/** Received frames are acknowledged at the latest after this time … */
export const ACK_AFTER = 1_000;
/** … or after this many frames … */
export const ACK_FRAMES = 32;
/** … or after this many bytes. */
export const ACK_BYTES = 65_536;
/** Events kept while the page is not live. */
export const QUEUE = 64;
/** Events sent and not acknowledged; below the protocol's window of 200. */
export const IN_FLIGHT = 128;
/** The status line appears when a lost connection lasts longer than this. */
export const STATUS_AFTER = 1_000;
