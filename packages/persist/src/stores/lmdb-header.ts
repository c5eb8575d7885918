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

export function readHeader(bytes: Uint8Array): Header {
  const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = FIXED + from.readUInt16BE(21);
  return {
    epoch: from.readDoubleBE(0),
    touchedAt: from.readDoubleBE(8),
    size: from.readUInt32BE(16),
    keep: (from.readUInt8(20) & KEEP) !== 0,
    owner: from.toString("utf8", FIXED, end),
    meta: new Uint8Array(from.subarray(end)),
  };
}
