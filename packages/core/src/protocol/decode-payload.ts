// Payload decoder, strict: it trusts no length, no key and no nesting. The server reads hostile bytes with it; the
// client uses the same code for WELCOME, ERROR, REFUSE and the detail of EMIT.
// Invariants: nothing is allocated for a declared length that the remaining bytes cannot hold; one value fills the bytes.
import { MAX_PAYLOAD_DEPTH, MAX_PAYLOAD_ENTRIES } from "./limits.js";
import { fail } from "./wire-error.js";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Strict UTF-8; throws VANGO_WIRE_UTF8. A leading byte order mark is kept: it is data. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return fail("VANGO_WIRE_UTF8");
  }
}

/**
 * Reads the one payload that fills `bytes` from `start` to `end`.
 * @throws WireError: TRUNCATED, TRAILING, DEPTH, UTF8, KEY (prototype, duplicate or non-string key), TYPE, SIZE.
 */
export function decodePayload(bytes: Uint8Array, start = 0, end = bytes.length, maxEntries = MAX_PAYLOAD_ENTRIES): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  let at = start;
  let entries = 0;

  /** Claims n bytes and returns where they begin. */
  const take = (n: number): number => {
    const from = at;
    if (n > end - at) fail("VANGO_WIRE_TRUNCATED", at);
    at += n;
    return from;
  };
  const uint = (size: number): number => {
    const from = take(size);
    return size === 1 ? view.getUint8(from) : size === 2 ? view.getUint16(from) : view.getUint32(from);
  };
  const text = (n: number): string => decodeUtf8(bytes.subarray(take(n), at));
  const safe = (high: number): number => {
    const n = high * 0x100000000 + view.getUint32(take(4));
    return Number.isSafeInteger(n) ? n : fail("VANGO_WIRE_TYPE", n);
  };
  /** n entries of at least `least` bytes each must fit into what is left. */
  const claim = (n: number, least: number, depth: number): void => {
    if (depth >= MAX_PAYLOAD_DEPTH) fail("VANGO_WIRE_DEPTH", at);
    if (n * least > end - at) fail("VANGO_WIRE_TRUNCATED", at);
    if ((entries += n) > maxEntries) fail("VANGO_WIRE_SIZE", entries);
  };
  const list = (n: number, depth: number): unknown[] => {
    claim(n, 1, depth);
    const out: unknown[] = [];
    while (n--) out.push(value(depth + 1));
    return out;
  };
  const map = (n: number, depth: number): Record<string, unknown> => {
    claim(n, 2, depth);
    const out: Record<string, unknown> = {};
    while (n--) {
      const key = value(MAX_PAYLOAD_DEPTH);
      if (typeof key !== "string" || /^(__proto__|constructor|prototype)$/.test(key) || Object.hasOwn(out, key))
        return fail("VANGO_WIRE_KEY", String(key));
      out[key] = value(depth + 1);
    }
    return out;
  };
  const value = (depth: number): unknown => {
    const c = uint(1);
    if (c < 0x80) return c;
    if (c < 0x90) return map(c & 15, depth);
    if (c < 0xa0) return list(c & 15, depth);
    if (c < 0xc0) return text(c & 31);
    if (c >= 0xe0) return c - 256;
    switch (c) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return c === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        // A copy: the transport may reuse the buffer that the message came in.
        return bytes.slice(take(uint(1 << (c - 0xc4))), at);
      case 0xcb:
        return view.getFloat64(take(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return uint(1 << (c - 0xcc));
      case 0xcf:
        return safe(uint(4));
      case 0xd0:
        return view.getInt8(take(1));
      case 0xd1:
        return view.getInt16(take(2));
      case 0xd2:
        return view.getInt32(take(4));
      case 0xd3:
        return safe(view.getInt32(take(4)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return text(uint(1 << (c - 0xd9)));
      case 0xdc:
      case 0xdd:
        return list(uint(2 << (c - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return map(uint(2 << (c - 0xde)), depth);
      default:
        return fail("VANGO_WIRE_TYPE", c);
    }
  };

  const result = value(0);
  if (at !== end) fail("VANGO_WIRE_TRAILING", at);
  return result;
}
