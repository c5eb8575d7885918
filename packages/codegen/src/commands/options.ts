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
  workers: { type: "string", valueHint: "N", description: "Processes that share the port; 1 for now" },
} as const;

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

/** @throws VangoError for anything but one worker. */
export function checkWorkers(value: string | undefined): void {
  if (value === undefined || value === "1") return;
  if (!/^[1-9]\d*$/.test(value)) throw cliError("VANGO_CLI_USAGE", { message: `--workers must be a whole number from 1, not \`${value}\`.` });
  throw cliError("VANGO_WORKERS", { message: `--workers ${value} was asked for.` });
}

/** The app's root: the folder given, which must hold package.json. */
export function appRoot(cwd: string | undefined): string {
  const root = resolve(cwd ?? ".");
  if (!existsSync(join(root, "package.json"))) throw cliError("VANGO_NO_APP", { message: `No package.json in ${root}.` });
  return root;
}
