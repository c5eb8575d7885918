// What a database file says of itself: it begins with two pages of meta data, each the end of a transaction, written by turns.
// They are read with a plain read, so that nothing is mapped.
import { readSync } from "node:fs";

/** LMDB's magic number, as it stands in a page of meta data and in the lock file. */
export const MAGIC = 0xbeefc0de;
const VERSION = 2;
/** Where a page of meta data has what (the format of the lmdb package, 64 bits). */
const AT = { magic: 24, version: 28, pageSize: 48, lastPage: 144, txn: 152 } as const;
const META_BYTES = 160;
const SMALLEST_PAGE = 512;
const LARGEST_PAGE = 65_536;
/** Where the second page is looked for when the first is broken. */
const USUAL_PAGE = 4096;

/** The end of one transaction. */
export interface Meta {
  /** Number of the transaction. */
  readonly txn: number;
  /** Bytes up to the end of the last page that is in use. */
  readonly end: number;
}

/** Both pages; undefined is one that is half written, or of a format that is not known here. */
export type Metas = readonly [Meta | undefined, Meta | undefined];

/** Reads them of one file again and again. What it gives is consistent while nobody commits. */
export class MetaReader {
  readonly #file: number;
  #bytes = Buffer.alloc(0);
  #pageSize = 0;

  constructor(file: number) {
    this.#file = file;
  }

  read(): Metas {
    if (this.#pageSize === 0) {
      const first = Buffer.alloc(META_BYTES);
      readSync(this.#file, first, 0, META_BYTES, 0);
      this.#pageSize = pageSizeOf(first) ?? USUAL_PAGE;
      this.#bytes = Buffer.alloc(this.#pageSize + META_BYTES);
    }
    const bytes = this.#bytes;
    if (readSync(this.#file, bytes, 0, bytes.length, 0) < bytes.length) bytes.fill(0, this.#pageSize);
    return [metaOf(bytes), metaOf(bytes.subarray(this.#pageSize))];
  }
}

/** Number of the last transaction that is whole; undefined: of a format that is not known here. */
export function lastTxn([a, b]: Metas): number | undefined {
  return a === undefined || b === undefined ? (a ?? b)?.txn : Math.max(a.txn, b.txn);
}

function pageSizeOf(meta: Buffer): number | undefined {
  const size = meta.readUInt32LE(AT.pageSize);
  const known = meta.readUInt32LE(AT.magic) === MAGIC && meta.readUInt32LE(AT.version) === VERSION;
  return known && size >= SMALLEST_PAGE && size <= LARGEST_PAGE && (size & (size - 1)) === 0 ? size : undefined;
}

function metaOf(bytes: Buffer): Meta | undefined {
  const size = pageSizeOf(bytes);
  return size === undefined ? undefined : { txn: Number(bytes.readBigUInt64LE(AT.txn)), end: (Number(bytes.readBigUInt64LE(AT.lastPage)) + 1) * size };
}
