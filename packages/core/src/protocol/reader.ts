// Reads the body of a PATCH message: varints of the operations in place, strings as substrings of a pool that is
// decoded once. Invariant: every read is checked against the end of its part, so a malformed frame throws and never loops.
import { decodeUtf8 } from "./decode-payload.js";
import { MAX_VARINT_BYTES } from "./limits.js";
import { fail } from "./wire-error.js";

const TOO_LARGE = 128 ** MAX_VARINT_BYTES;

/** A cursor over one frame. The members are closures: they may be taken off the object. */
export interface FrameReader {
  /** True while operations are left. */
  more(): boolean;
  /** The next varint, 0 to 2^49 - 1. */
  uint(): number;
  /** The next `units` UTF-16 units of the pool. */
  take(units: number): string;
  /** A string: its length as a varint, then the pool. */
  str(): string;
  /** The next `length` bytes of the operations, not copied. */
  raw(length: number): Uint8Array;
  /** Throws VANGO_WIRE_TRAILING unless the pool was used up. */
  end(): void;
}

/** Opens the body of a PATCH message; `offset` is where its `opsLength` stands. */
export function readFrame(bytes: Uint8Array, offset: number): FrameReader {
  let at = offset;
  let limit = bytes.length;
  let used = 0;
  const uint = (): number => {
    let value = 0;
    for (let scale = 1; at < limit && scale < TOO_LARGE; scale *= 128) {
      const byte = bytes[at++]!;
      if (byte < 128) return value + byte * scale;
      value += (byte & 127) * scale;
    }
    return fail("VANGO_WIRE_TRUNCATED", at);
  };
  const take = (units: number): string => {
    const from = used;
    if ((used += units) > pool.length) fail("VANGO_WIRE_TRUNCATED", "pool");
    return pool.substring(from, used);
  };
  const raw = (length: number): Uint8Array => {
    if (length > limit - at) fail("VANGO_WIRE_TRUNCATED", at);
    return bytes.subarray(at, (at += length));
  };
  const ops = uint();
  if (ops > limit - at) fail("VANGO_WIRE_TRUNCATED", at);
  limit = at + ops;
  const pool = decodeUtf8(bytes.subarray(limit));
  return {
    more: () => at < limit,
    uint,
    take,
    str: () => take(uint()),
    raw,
    end: () => {
      if (used < pool.length) fail("VANGO_WIRE_TRAILING");
    },
  };
}
