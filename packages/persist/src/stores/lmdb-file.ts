// The file before LMDB maps it. What is no database of this machine's, or lacks its end, would end the process (SIGBUS) instead
// of failing; and two processes that make the same database at once would undo each other's tables, so a new one comes into its
// place whole. Invariant: a file that LMDB itself has written, whenever its writer ended, is not refused.
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fstatSync, linkSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { PersistError } from "../errors.js";
import { MetaReader, type Metas } from "./lmdb-meta.js";

const MAGIC = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);
const MAGIC_WITHIN = 152;
/** Two pages of meta data are in every file. */
const LEAST_BYTES = 8192;

/** @throws PersistError of kind `storage` */
export function refuseForeign(path: string): void {
  if (!existsSync(path)) return;
  const first = Buffer.alloc(MAGIC_WITHIN);
  let metas: Metas;
  let size = 0;
  try {
    const file = openSync(path, "r");
    try {
      readSync(file, first, 0, first.length, 0);
      metas = new MetaReader(file).read();
      // Not before: the file grows while others write it.
      ({ size } = fstatSync(file));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new PersistError("storage", { message: `${path} cannot be read: ${String(cause)}.`, cause });
  }
  if (size === 0) return;
  if (size < LEAST_BYTES || !first.includes(MAGIC)) throw new PersistError("storage", { message: `${path} is no LMDB database.` });
  // One of the two may be half written; LMDB takes the other then.
  if (metas.every((meta) => meta !== undefined && meta.end > size)) {
    const end = Math.min(...metas.map((meta) => meta?.end ?? 0));
    throw new PersistError("storage", { message: `${path} has ${size} bytes, its database ${end}: its end is missing. Put a whole copy in its place, or move it away to begin anew.` });
  }
}

/**
 * Sees to it that there is a database at `path`, with its tables. `make` fills one at another path, and gives what closes it.
 * Of several processes that do so at once, one wins.
 */
export function ensureDatabase(path: string, mode: number, make: (path: string) => { close(): Promise<void> }): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  const whole = `${draft}-whole`;
  const made = make(draft);
  try {
    // A copy, since LMDB would take the draft and what stands at `path` for one open database.
    writeFileSync(whole, readFileSync(draft), { mode, flush: true });
    putInPlace(whole, path);
  } finally {
    rmSync(whole, { force: true });
    for (const file of [draft, `${draft}-lock`]) rmSync(file, { force: true });
    void made.close();
  }
}

function putInPlace(whole: string, path: string): void {
  try {
    linkSync(whole, path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
    // A file system without links: two at once are told apart less well.
    if (!existsSync(path)) renameSync(whole, path);
  }
}
