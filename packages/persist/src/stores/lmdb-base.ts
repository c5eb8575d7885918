// What a write transaction builds on. LMDB keeps the number of the last transaction in the lock file, where every process that
// opens the database writes what it has read of it a moment before (`mdb_env_open2` of lmdb 3.5.6): what others commit in that
// moment is acknowledged, and undone by whoever writes next. The lock of writers alone does not help, so each transaction asks
// here, while it has that lock, whether it builds on the last one. Invariant: no commit of ours builds on anything but the last
// whole transaction of the file.
import { closeSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { PersistError } from "../errors.js";
import { lastTxn, MAGIC, MetaReader } from "./lmdb-meta.js";

/** Where the lock file has what. */
const AT = { magic: 0, txn: 8 } as const;
const HEAD_BYTES = 16;

export class LmdbBase {
  readonly #path: string;
  readonly #file: number;
  readonly #metas: MetaReader;
  readonly #lock: number;
  readonly #head = Buffer.alloc(HEAD_BYTES);

  /** The database is open. @throws when its files cannot be opened */
  constructor(path: string) {
    this.#path = path;
    this.#lock = lockFile(`${path}-lock`);
    this.#file = openSync(path, "r");
    this.#metas = new MetaReader(this.#file);
  }

  /**
   * To be asked inside of write transaction number `txn`, before it writes. False: it builds on a former one and must write nothing;
   * the number in the lock file is right again, so the next one builds on the last.
   */
  isLast(txn: number): boolean {
    const last = this.#last();
    if (last === txn - 1) return true;
    const known = this.#known();
    // Another process that opens the database may have put it right since the transaction began.
    if (known > last) throw new PersistError("storage", { message: `${this.#path}-lock says transaction ${known}, the database ${last}.` });
    if (known < last) {
      this.#head.writeBigUInt64LE(BigInt(last), AT.txn);
      writeSync(this.#lock, this.#head, AT.txn, 8, AT.txn);
    }
    return false;
  }

  /** Whether who reads now sees the last transaction. False also while one is about to end. */
  isSeen(): boolean {
    return this.#known() === this.#last();
  }

  /** Only when the database is closed. */
  close(): void {
    closeSync(this.#file);
  }

  #last(): number {
    const last = lastTxn(this.#metas.read());
    if (last === undefined) throw new PersistError("storage", { message: `${this.#path} is of a format that is not known here.` });
    return last;
  }

  #known(): number {
    readSync(this.#lock, this.#head, 0, HEAD_BYTES, 0);
    if (this.#head.readUInt32LE(AT.magic) !== MAGIC) throw new PersistError("storage", { message: `${this.#path}-lock is no lock file of LMDB.` });
    return Number(this.#head.readBigUInt64LE(AT.txn));
  }
}

/**
 * One descriptor for each database, never closed: closing any descriptor of a lock file drops the locks that LMDB itself has on it
 * in this process, and the next process to open the database would take itself for the first one.
 */
const lockFiles = new Map<string, number>();

function lockFile(path: string): number {
  // An open file keeps its number, so nothing else can have it.
  const { dev, ino } = statSync(path, { bigint: true });
  const name = `${dev}:${ino}`;
  const file = lockFiles.get(name) ?? openSync(path, "r+");
  lockFiles.set(name, file);
  return file;
}
