// `vango start`: runs dist/main.js in this process, which with more than one worker supervises them.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cliError } from "./errors.js";
import { WORKERS_VARIABLE, type Listen } from "./options.js";
import { appSecret, SECRET_FILE, SECRET_VARIABLE } from "./secret.js";

export interface StartOptions extends Listen {
  readonly root: string;
  readonly workers: number;
  /** Arguments after `--`: the app's own. */
  readonly rest: readonly string[];
}

/** @throws VangoError `VANGO_NOT_BUILT` */
export async function start({ root, port, host, workers, rest }: StartOptions): Promise<void> {
  const file = join(root, "dist", "main.js");
  if (!existsSync(file)) throw cliError("VANGO_NOT_BUILT", { message: `No dist/main.js in ${root}.` });
  process.env["NODE_ENV"] = "production";
  process.env["PORT"] = String(port);
  process.env["HOST"] = host;
  process.env[WORKERS_VARIABLE] = String(workers);
  const secret = appSecret(root, process.env);
  if (secret !== undefined) process.env[SECRET_VARIABLE] = secret.value;
  if (secret?.kept === true) console.log(`secret kept in ${SECRET_FILE}; set ${SECRET_VARIABLE} to give your own`);
  process.argv = [process.execPath, file, ...rest];
  process.chdir(root);
  await import(pathToFileURL(file).href);
}
