// The payload codec of the bundle: MessagePack as core's encoder and decoder speak it, without the server's defences
// (the other side is our own server) and with few forms going up: long lengths take 32 bits, other numbers are float64.
// Invariant: core's decodePayload reads what this writes, and this reads what core's encodePayload writes; tests prove both.
// build.mjs puts it in the place of core's codec, wherever the bundle would reach that.

/** Appends `value` to `out`; members that are undefined are left out. */
export function pushPayload(out: number[], value: unknown): void {
  const head = (n: number, short: number, below: number, long: number): unknown =>
    n < below ? out.push(short + n) : out.push(long, n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255);
  if (typeof value === "number") {
    if (value >>> 0 === value) head(value, 0, 128, 0xce);
    else {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value);
      out.push(0xcb, ...new Uint8Array(view.buffer));
    }
  } else if (typeof value === "string") {
    const bytes = new TextEncoder().encode(value);
    head(bytes.length, 0xa0, 32, 0xdb);
    for (const byte of bytes) out.push(byte);
  } else if (Array.isArray(value)) {
    head(value.length, 0x90, 16, 0xdd);
    for (const item of value) pushPayload(out, item);
  } else if (Object(value) === value) {
    const entries = Object.entries(value as object).filter((entry) => entry[1] !== undefined);
    head(entries.length, 0x80, 16, 0xdf);
    for (const item of entries.flat()) pushPayload(out, item);
  } else out.push(value == null ? 0xc0 : value ? 0xc3 : 0xc2);
}

/** The payload of one value. */
export function encodePayload(value: unknown): Uint8Array {
  const out: number[] = [];
  pushPayload(out, value);
  return Uint8Array.from(out);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Strict UTF-8; a leading byte order mark is data. */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes);

/** Reads the one payload that begins at `at`. */
export function decodePayload(bytes: Uint8Array, at = 0): unknown {
  const uint = (size: number): number => {
    let n = 0;
    while (size--) n = n * 256 + bytes[at++]!;
    return n;
  };
  const raw = (n: number): Uint8Array => bytes.slice(at, (at += n));
  const text = (n: number): string => decodeUtf8(raw(n));
  const list = (length: number): unknown[] => Array.from({ length }, read);
  const map = (length: number): object => Object.fromEntries(Array.from({ length }, () => [read(), read()]));
  const read = (): unknown => {
    const c = uint(1);
    // Codes from 192 on stand in groups whose members differ by the size of the number that follows.
    const size = (first: number): number => uint(1 << (c - first));
    return (
      c < 128 ? c
      : c < 144 ? map(c & 15)
      : c < 160 ? list(c & 15)
      : c < 192 ? text(c & 31)
      : c > 223 ? c - 256
      : c > 221 ? map(size(221))
      : c > 219 ? list(size(219))
      : c > 216 ? text(size(217))
      : c > 207 ? uint(4) | 0
      : c > 203 ? size(204)
      : c > 202 ? new DataView(raw(8).buffer).getFloat64(0)
      : c > 195 ? raw(size(196))
      : c > 193 ? c > 194
      : null
    );
  };
  return read();
}

/** A cursor over the numbers of a message, behind its kind: varints, and 32 bits with the lowest byte first. */
export function readUints(bytes: Uint8Array): { more(): boolean; uint(): number; u32(): number } {
  let at = 1;
  return {
    more: () => at < bytes.length,
    uint() {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = bytes[at++]!;
        value += (byte & 127) * scale;
        if (!(byte > 127)) return value;
      }
    },
    u32: () => new DataView(bytes.buffer).getUint32((at += 4) - 4, true),
  };
}
