// The head of a record as lmdbStore keeps it: everything but the values, in one entry. Numbers are big-endian.
//
//   epoch:f64 touchedAt:f64 size:u32 flags:u8 ownerBytes:u16 owner meta
import type { Epoch } from "../epoch.js";

const FIXED = 8 + 8 + 4 + 1 + 2;
const KEEP = 1;

export interface Header {
  epoch: Epoch;
  touchedAt: number;
  size: number;
  readonly keep: boolean;
  owner: string;
  meta: Uint8Array;
}

export function writeHeader({ epoch, touchedAt, size, keep, owner, meta }: Header): Buffer {
  const name = Buffer.from(owner);
  const out = Buffer.allocUnsafe(FIXED + name.length + meta.length);
  out.writeDoubleBE(epoch, 0);
  out.writeDoubleBE(touchedAt, 8);
  out.writeUInt32BE(size, 16);
  out.writeUInt8(keep ? KEEP : 0, 20);
  out.writeUInt16BE(name.length, 21);
  name.copy(out, FIXED);
  out.set(meta, FIXED + name.length);
  return out;
}

/** `bytes` are the caller's own: the meta is a part of them. */
export function readHeader(bytes: Buffer): Header {
  const end = FIXED + bytes.readUInt16BE(21);
  return {
    epoch: bytes.readDoubleBE(0),
    touchedAt: bytes.readDoubleBE(8),
    size: bytes.readUInt32BE(16),
    keep: (bytes.readUInt8(20) & KEEP) !== 0,
    owner: bytes.toString("utf8", FIXED, end),
    meta: new Uint8Array(bytes.buffer, bytes.byteOffset + end, bytes.length - end),
  };
}
