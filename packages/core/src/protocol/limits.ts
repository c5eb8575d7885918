// Every limit of the protocol in one table. Decoders check these before they allocate.

/** Limits of the wire. Sizes in bytes unless the name says otherwise. */
export const LIMITS = {
  /** A message from client to server. */
  messageUp: 64 * 1024,
  /** A message from server to client. */
  messageDown: 16 * 1024 * 1024,
  /** Nesting of arrays and maps in a payload. */
  payloadDepth: 64,
  /** One string in a payload from the client. */
  payloadString: 64 * 1024,
  /** Entries of all arrays and maps of one payload. */
  payloadEntries: 16 * 1024,
  /** Length of the boot blob's text in JOIN: the one message that may exceed messageUp. */
  joinMessage: 1024 * 1024,
  /** Sequence numbers in flight (events up, frames down). They travel as their low byte, so this must stay below 256. */
  window: 200,
  /** A varint: five bytes, at most 2^32 - 1. */
  varint: 0xffffffff,
  /** Nesting of ranges in a boot structure or in an inserted row. */
  structureDepth: 512,
  /** A href in NAV, in UTF-16 units. */
  href: 8 * 1024,
} as const;
