// Every limit of the protocol. Decoders check these before they allocate. LIMITS is the table for people and servers;
// what the browser needs is a constant of its own, so that its bundle holds no table.

/** Bytes of a varint: 49 bits, so every value is a safe integer. */
export const MAX_VARINT_BYTES = 7;
/** Nesting of arrays and maps in a payload. */
export const MAX_PAYLOAD_DEPTH = 64;
/** Entries of all arrays and maps of one payload. */
export const MAX_PAYLOAD_ENTRIES = 16 * 1024;
/** The same for JOIN, which describes the whole page: an entry takes at least a byte of `joinMessage`. */
export const MAX_JOIN_ENTRIES = 256 * 1024;
/** Items of one run in a frame: rows without values take no bytes. */
export const MAX_RUN = 1 << 20;
/** Sequence numbers in flight (events up, frames down). They travel as their low byte, so this must stay below 256. */
export const WINDOW = 200;

/** Limits of the wire. Sizes in bytes unless the comment says otherwise. */
export const LIMITS = {
  /** A message from client to server. */
  messageUp: 64 * 1024,
  /** JOIN, the one message up that may exceed messageUp: it carries the text of the boot blob. */
  joinMessage: 512 * 1024,
  /** A message from server to client. */
  messageDown: 16 * 1024 * 1024,
  /** A href in NAV, in UTF-16 units. */
  href: 8 * 1024,
  varint: MAX_VARINT_BYTES,
  /** An id of a tab, session or document (`tab`, `sid`, `nonce`, `left`), in UTF-16 units. */
  id: 128,
  /** Instances whose keys one KEYS message asks for. */
  keys: 5000,
  payloadDepth: MAX_PAYLOAD_DEPTH,
  payloadEntries: MAX_PAYLOAD_ENTRIES,
  joinEntries: MAX_JOIN_ENTRIES,
  run: MAX_RUN,
  window: WINDOW,
} as const;
