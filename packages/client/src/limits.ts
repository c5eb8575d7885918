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
/** How many times longer a heartbeat is while the tab is hidden. */
export const HIDDEN = 4;
/** A timer that is late by this much says that the machine slept; browsers delay those of hidden tabs by up to a minute. */
export const ASLEEP = 90_000;
/** How often `CONNECT_TIMEOUT` doubles while connects fail. */
export const PATIENCE = 3;
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
/** How long the status line says that the connection is back … */
export const STATUS_BACK = 2_000;
/** … and that local state was reset. */
export const STATUS_RESET = 10_000;
/** Key hashes are asked for this long after the join, or after a frame. */
export const KEYS_AFTER = 2_000;
/** Items whose keys one message asks for: the protocol's limit. */
export const KEYS_MOST = 5_000;
/** Tries for a process that can serve this tab's state before the server has to serve it anew. */
export const TRIES = 5;
