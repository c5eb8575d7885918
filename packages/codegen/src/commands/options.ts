// Flags shared by the commands, and how their values are read. A wrong value names its flag or variable.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { cliError } from "./errors.js";

/** Where a command listens, unless told otherwise. */
export const DEFAULT_PORT = 3000;
export const DEFAULT_HOST = "127.0.0.1";

export const cwdFlag = { cwd: { type: "string", valueHint: "DIR", description: "The app's folder (default: the current one)" } } as const;
export const listenFlags = {
  port: { type: "string", valueHint: "N", description: `Port, 0 for any free one (default: PORT or ${DEFAULT_PORT})` },
  host: { type: "string", valueHint: "H", description: `Address to listen on (default: HOST or ${DEFAULT_HOST})` },
  workers: { type: "string", valueHint: "N", description: "Processes that share the port (default: VANGO_WORKERS or 1)" },
} as const;

/** The number of workers for `vango start` and `node dist/main.js`, where no flag says it. */
export const WORKERS_VARIABLE = "VANGO_WORKERS";
/** More is a mistake: each worker is a whole process. */
const MOST_WORKERS = 256;

export interface Listen { readonly port: number; readonly host: string }

/** A port from a flag, else from the environment, else the default. */
export function readListen(flags: { readonly port?: string | undefined; readonly host?: string | undefined }, env: NodeJS.ProcessEnv): Listen {
  const [source, value] = flags.port !== undefined ? ["--port", flags.port] : ["PORT", env["PORT"] ?? ""];
  const port = value === "" && source === "PORT" ? DEFAULT_PORT : Number(value);
  if (!/^\d*$/.test(value) || (value === "" && source === "--port") || port > 65_535) {
    throw cliError("VANGO_CLI_USAGE", { message: `${source} must be a number from 0 to 65535, not \`${value}\`.` });
  }
  if (flags.host === "") throw cliError("VANGO_CLI_USAGE", { message: "--host needs an address." });
  return { port, host: flags.host ?? (env["HOST"] || DEFAULT_HOST) };
}

/** The number of workers from a flag, else from the environment, else one. */
export function readWorkers(flag: string | undefined, variable: string | undefined): number {
  const [source, value] = flag !== undefined ? ["--workers", flag] : [WORKERS_VARIABLE, variable || "1"];
  const count = Number(value);
  if (!/^[1-9]\d*$/.test(value) || count > MOST_WORKERS) throw cliError("VANGO_CLI_USAGE", { message: `${source} must be a whole number from 1 to ${MOST_WORKERS}, not \`${value}\`.` });
  return count;
}

/** @throws VangoError for `vango dev` with more than one worker. */
export function oneWorker(flag: string | undefined): void {
  const count = readWorkers(flag, undefined);
  if (count > 1) throw cliError("VANGO_WORKERS", { message: `--workers ${count} was asked for.` });
}

/** The app's root: the folder given, which must hold package.json. */
export function appRoot(cwd: string | undefined): string {
  const root = resolve(cwd ?? ".");
  if (!existsSync(join(root, "package.json"))) throw cliError("VANGO_NO_APP", { message: `No package.json in ${root}.` });
  return root;
}
