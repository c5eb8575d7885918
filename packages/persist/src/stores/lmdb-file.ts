// Looks at a file before LMDB maps it: what is no database of this machine's, or lacks its end, would end the process (SIGBUS)
// instead of failing. Invariant: a file that LMDB itself has written, whenever its writer ended, is not refused.
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { PersistError } from "../errors.js";

/** LMDB's magic number as it stands near the beginning of a page of meta data. */
const MAGIC = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);
/** Two pages of meta data are in every file. */
const LEAST_BYTES = 8192;
/** Where a page of meta data has what (the format of the lmdb package, 64 bits). */
const AT = { magic: 24, version: 28, pageSize: 48, lastPage: 144 } as const;
const VERSION = 2;
const META_BYTES = 152;

/** @throws PersistError of kind `storage` */
export function refuseForeign(path: string): void {
  if (!existsSync(path)) return;
  let metas: Buffer[];
  let size = 0;
  try {
    const file = openSync(path, "r");
    try {
      ({ size } = fstatSync(file));
      const first = readAt(file, 0);
      metas = [first, readAt(file, pageSizeOf(first) ?? LEAST_BYTES / 2)];
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new PersistError("storage", { message: `${path} cannot be read.`, cause });
  }
  if (size === 0) return;
  if (size < LEAST_BYTES || !metas[0]?.includes(MAGIC)) throw new PersistError("storage", { message: `${path} is no LMDB database.` });
  const ends = metas.map(endOf);
  // One of the two may be half written; LMDB takes the other then.
  if (ends.every((end) => end !== undefined && end > size)) {
    throw new PersistError("storage", { message: `${path} has ${size} bytes, its database ${Math.min(...(ends as number[]))}: its end is missing. Put a whole copy in its place, or move it away to begin anew.` });
  }
}

function readAt(file: number, position: number): Buffer {
  const bytes = Buffer.alloc(META_BYTES);
  readSync(file, bytes, 0, META_BYTES, position);
  return bytes;
}

function pageSizeOf(meta: Buffer): number | undefined {
  const size = meta.readUInt32LE(AT.pageSize);
  const known = meta.subarray(AT.magic, AT.magic + MAGIC.length).equals(MAGIC) && meta.readUInt32LE(AT.version) === VERSION;
  return known && size >= 512 && size <= 65_536 && (size & (size - 1)) === 0 ? size : undefined;
}

/** Bytes up to the end of the last page that is in use; undefined: no page of meta data that is known here. */
function endOf(meta: Buffer): number | undefined {
  const size = pageSizeOf(meta);
  return size === undefined ? undefined : (Number(meta.readBigUInt64LE(AT.lastPage)) + 1) * size;
}
