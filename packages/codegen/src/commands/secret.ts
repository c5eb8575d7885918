// The key that signs cookies and pages when the app's owner gave none: made once, kept in .vango/secret, so that open tabs are
// known again after a restart. The file appears whole or not at all: two commands that start at once agree on one key.

import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the key is kept, from the app's root. */
export const SECRET_FILE = ".vango/secret";
/** The variable `createApp` reads when no `secret` is among its options. */
export const SECRET_VARIABLE = "VANGO_SECRET";

/** The least length of a secret that `createApp` takes, in characters. */
const LEAST = 32;

export interface AppSecret {
  readonly value: string;
  /** True when it is read from, or was just written to, {@link SECRET_FILE}; false when the environment gave it. */
  readonly kept: boolean;
}

/** The app's key: VANGO_SECRET, else the kept one, else a new one. undefined where nothing can be written: `createApp` then makes one for its own life. */
export function appSecret(root: string, env: NodeJS.ProcessEnv): AppSecret | undefined {
  const given = env[SECRET_VARIABLE];
  if (given !== undefined && given !== "") return { value: given, kept: false };
  try {
    return { value: read(root) ?? make(root), kept: true };
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

function read(root: string): string | undefined {
  const file = join(root, SECRET_FILE);
  const text = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  return text.length < LEAST ? undefined : text;
}

function make(root: string): string {
  const file = join(root, SECRET_FILE);
  const folder = join(root, ".vango");
  mkdirSync(folder, { recursive: true });
  const ignore = join(folder, ".gitignore");
  if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
  const draft = `${file}.${process.pid}`;
  const value = randomBytes(32).toString("base64url");
  writeFileSync(draft, value, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    // another command was first; a file that holds no key gives way
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      const first = read(root);
      if (first !== undefined) return first;
    }
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
  return value;
}
