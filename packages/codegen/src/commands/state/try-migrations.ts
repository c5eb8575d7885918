// Runs migrations of the app's sources on recorded values. Invariant: each value gets an outcome, whatever the app's modules do.
import { fork } from "node:child_process";
import type { StateSchema } from "../../state/schema/type.js";
import { packageFile } from "../own-files.js";

/** One value that a migration reads. */
export interface TryMigration {
  /** `kind:key` of the declaration, and the file that holds it, from the root. */
  readonly name: string;
  readonly file: string;
  /** Schema of the value, and the value. */
  readonly id: string;
  readonly hash: string;
  readonly payload: Uint8Array;
  /** What its result has to fit. */
  readonly type: StateSchema;
}

export interface MigrationOrder {
  readonly root: string;
  readonly values: readonly TryMigration[];
}

export type Tried = { readonly outcome: "done" } | { readonly outcome: "failed" | "untried"; readonly why: string };

/** How long all of them may take, ms. */
const TRY_MS = 60_000;

/** In the order of `values`. */
export function tryMigrations(root: string, values: readonly TryMigration[]): Promise<readonly Tried[]> {
  if (values.length === 0) return Promise.resolve([]);
  return new Promise((resolve) => {
    // What the app's modules print is no answer of the command.
    const child = fork(packageFile("dist/migrations-process.js"), { cwd: root, execArgv: ["--enable-source-maps"], serialization: "advanced", stdio: ["ignore", 2, 2, "ipc"] });
    const untried = (why: string): void => settle(values.map(() => ({ outcome: "untried", why })));
    const timer = setTimeout(() => untried(`the migrations took longer than ${TRY_MS / 1000} s`), TRY_MS);
    const settle = (tried: readonly Tried[]): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      resolve(tried);
    };
    child.once("message", (tried) => settle(tried as readonly Tried[]));
    child.once("exit", (code, signal) => untried(`the process that ran them ended (${signal ?? `code ${code}`}); its output is above`));
    child.once("error", (error) => untried(error.message));
    child.send({ root, values } satisfies MigrationOrder);
  });
}
