// Payload encoder: the MessagePack subset nil, bool, int, float64, str, array, map, bin. It ships in the browser, so
// it is small before it is fast; patch frames never pass through it.
// Invariant: what it writes, decodePayload reads back equal (undefined becomes null, undefined members are left out).
import { MAX_PAYLOAD_DEPTH } from "./limits.js";
import { fail } from "./wire-error.js";

/** A value that a payload can carry. */
export type Payload =
  | null
  | undefined
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Payload[]
  | { readonly [key: string]: Payload };

const utf8 = new TextEncoder();

/** Appends `value` to `out`. Throws VANGO_WIRE_TYPE for functions, symbols and bigints, VANGO_WIRE_DEPTH past 64 levels. */
export function pushPayload(out: number[], value: unknown, depth = 0): void {
  /** A header of the forms 8, 16 and 32 bit that begin at `code`; `fix` is the short form up to `max`, -1 for none. */
  const head = (n: number, fix: number, max: number, code: number): void => {
    if (n <= max) out.push(fix + n);
    else if (n < 256 && code !== 0xdc && code !== 0xde) out.push(code, n);
    else if (n < 65536) out.push(code === 0xdc || code === 0xde ? code : code + 1, n >> 8, n & 255);
    else out.push(code === 0xdc || code === 0xde ? code + 1 : code + 2, n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255);
  };
  const raw = (bytes: Uint8Array): void => {
    for (const b of bytes) out.push(b);
  };
  if (value == null) out.push(0xc0);
  else if (typeof value === "boolean") out.push(value ? 0xc3 : 0xc2);
  else if (typeof value === "number") {
    if (value >>> 0 === value && !Object.is(value, -0)) head(value, 0, 127, 0xcc);
    else if (value === (value | 0) && value < 0) {
      if (value >= -32) out.push(value & 255);
      else out.push(0xd2, value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);
    } else {
      out.push(0xcb);
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value);
      raw(new Uint8Array(view.buffer));
    }
  } else if (typeof value === "string") {
    const bytes = utf8.encode(value);
    head(bytes.length, 0xa0, 31, 0xd9);
    raw(bytes);
  } else if (value instanceof Uint8Array) {
    head(value.length, 0, -1, 0xc4);
    raw(value);
  } else if (depth >= MAX_PAYLOAD_DEPTH && typeof value === "object") fail("VANGO_WIRE_DEPTH");
  else if (Array.isArray(value)) {
    head(value.length, 0x90, 15, 0xdc);
    for (const item of value) pushPayload(out, item, depth + 1);
  } else if (typeof value === "object") {
    const entries = Object.entries(value).filter((e) => e[1] !== undefined);
    head(entries.length, 0x80, 15, 0xde);
    for (const [key, item] of entries) {
      pushPayload(out, key);
      pushPayload(out, item, depth + 1);
    }
  } else fail("VANGO_WIRE_TYPE", typeof value);
}

/** The payload of one value. */
export function encodePayload(value: unknown): Uint8Array {
  const out: number[] = [];
  pushPayload(out, value);
  return Uint8Array.from(out);
}
