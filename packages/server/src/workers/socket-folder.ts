/**
 * Where the processes of one app meet: a folder that only this user may enter, with one Unix socket a worker, named as the
 * worker is in session ids. What names a socket comes from clients, so it is checked before it becomes a path.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { serverError } from "../errors.js";

/** A worker's name: see `core.worker`. */
const NAME = /^[A-Za-z0-9_-]{1,16}$/;
/** What a path of a Unix socket may be long: 104 on macOS and BSD, 108 on Linux, with its final zero. */
const LONGEST_PATH = 103;
const LONGEST_FILE = "/".length + 16 + ".sock".length;

export const isWorkerName = (name: string): boolean => NAME.test(name);

/** The path of a worker's socket. On Windows a named pipe, which lives in no folder but under its name. */
export function socketPath(folder: string, name: string): string {
  if (!isWorkerName(name)) throw new TypeError("not a worker's name");
  return process.platform === "win32" ? `\\\\.\\pipe\\${basename(folder)}-${name}` : join(folder, `${name}.sock`);
}

/** Makes the folder, mode 0700, with a name nobody can guess. @throws VangoError `VANGO_WORKERS_FOLDER` */
export function makeSocketFolder(parents: readonly string[] = [tmpdir(), "/tmp"]): string {
  let cause: unknown = undefined;
  for (const parent of parents) {
    if (join(parent, "vango-XXXXXX").length + LONGEST_FILE > LONGEST_PATH) continue;
    try {
      return mkdtempSync(join(parent, "vango-"));
    } catch (error) {
      cause = error;
    }
  }
  throw serverError("VANGO_WORKERS_FOLDER", { message: `Tried ${[...new Set(parents)].join(" and ")}.`, ...(cause === undefined ? {} : { cause }) });
}

/** Removes the folder and what is left in it. */
export function removeSocketFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
