// Opening and closing a database is one process's turn at a time. The last process to close it destroys the locks in its lock file
// (`mdb_env_close_active` of lmdb 3.5.6), and one that opens it in that moment takes them for good: none of its transactions can
// begin. A turn is a file beside the database that names its process. Invariant: nobody waits for a process that has ended, and
// nobody waits for long: a turn that cannot be had is done without, and what it keeps away is rare.
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { pid } from "node:process";

/** Opening and closing take milliseconds: after this long a turn is given up, or taken from whoever has it, ms. */
const PATIENCE_MS = 2000;
const LOOK_MS = 1;

const clock = new Int32Array(new SharedArrayBuffer(4));
const without = (): void => undefined;

/** Waits for the turn. Gives what ends it. */
export function takeTurn(path: string, mode: number): () => void {
  const file = `${path}-turn`;
  const begun = performance.now();
  for (;;) {
    try {
      writeFileSync(file, String(pid), { flag: "wx", mode });
      return () => rmSync(file, { force: true });
    } catch (error) {
      // A folder that cannot be written to: LMDB has the word.
      if (codeOf(error) !== "EEXIST") return without;
    }
    const owner = ownerOf(file);
    // Within a process LMDB itself takes care, and whoever closes has to be able to go on.
    if (owner === pid || performance.now() - begun > PATIENCE_MS) return without;
    if (owner !== undefined && !isAlive(owner)) takeAway(file, owner);
    else Atomics.wait(clock, 0, 0, LOOK_MS);
  }
}

/** The process that has the turn; undefined when it has ended or has not been written down yet, 0 when it is too old to be anybody's. */
function ownerOf(file: string): number | undefined {
  try {
    if (Date.now() - statSync(file).mtimeMs > PATIENCE_MS) return 0;
    const text = readFileSync(file, "utf8");
    return text === "" ? undefined : Number(text);
  } catch {
    return undefined;
  }
}

function isAlive(owner: number): boolean {
  if (!Number.isInteger(owner) || owner <= 0) return false;
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

/** Of several that do so one succeeds; who took somebody else's by it gives it back. */
function takeAway(file: string, owner: number): void {
  const own = `${file}.${randomUUID()}`;
  try {
    renameSync(file, own);
    if (owner !== 0 && readFileSync(own, "utf8") !== String(owner)) linkSync(own, file);
  } catch {
    // It has gone, or a third has it.
  }
  rmSync(own, { force: true });
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
