// Every limit of the protocol in one table. Decoders check these before they allocate.

/** Limits of the wire. Sizes in bytes unless the name says otherwise. */
export const LIMITS = {
  /** A message from client to server. */
  messageUp: 64 * 1024,
  /** A message from server to client. */
  messageDown: 16 * 1024 * 1024,
  /** Nesting of arrays and maps in a payload. */
  payloadDepth: 64,
  /** Entries of all arrays and maps of one payload. */
  payloadEntries: 16 * 1024,
  /** JOIN, the one message up that may exceed messageUp: it carries the text of the boot blob. */
  joinMessage: 512 * 1024,
  /** Sequence numbers in flight (events up, frames down). They travel as their low byte, so this must stay below 256. */
  window: 200,
  /** Bytes of a varint: 49 bits, so every value is a safe integer. */
  varint: 7,
  /** Items of one run (INSERT, nested runs of a row, boot structure): rows without values take no bytes. */
  run: 1 << 20,
  /** A href in NAV, in UTF-16 units. */
  href: 8 * 1024,
} as const;
