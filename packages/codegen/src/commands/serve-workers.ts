// Several workers on one port: what the supervising process does of its own: the port, the secret that all share, signals.

import { randomBytes } from "node:crypto";
import { Supervisor } from "@vango/server/workers";
import type { Listen } from "./options.js";
import { assertPortFree, freePort } from "./port.js";
import { formatError } from "./report.js";
import { SECRET_VARIABLE } from "./secret.js";

/** Tells @vango/server that VANGO_SECRET was made here and is gone with this process. */
export const TEMPORARY_SECRET = "VANGO_SECRET_TEMPORARY";

/** Runs `file` in `count` workers until they end. @throws VangoError `VANGO_PORT_TAKEN`, `VANGO_LISTEN_FAILED`, `VANGO_WORKERS_FOLDER` */
export async function superviseWorkers(file: string, where: Listen, count: number): Promise<void> {
  const { env } = process;
  await assertPortFree(where);
  // all workers have to agree on the port and on the key that signs cookies and pages
  env["PORT"] = String(where.port === 0 ? await freePort(where.host) : where.port);
  env["HOST"] = where.host;
  if (!env[SECRET_VARIABLE]) {
    env[SECRET_VARIABLE] = randomBytes(32).toString("base64url");
    env[TEMPORARY_SECRET] = "1";
  }
  const args = withoutPort(process.argv.slice(2));
  const supervisor = new Supervisor({ count, file, args, say: (line) => console.log(line), complain: (line) => console.error(line) });
  onSignals(supervisor);
  await supervisor.start();
  const { code, error } = await supervisor.finished;
  if (error !== undefined) console.error(formatError(error));
  process.exit(code);
}

/** The workers get the port by PORT, since `--port 0` would give each another. */
function withoutPort(args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg) => arg === "--port" || arg.startsWith("--port="));
  return at === -1 ? args : args.filter((_, i) => i !== at && !(args[at] === "--port" && i === at + 1));
}

function onSignals(supervisor: Supervisor): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) {
      console.log(`${signal} again: stopping now`);
      supervisor.kill();
      process.exit(1);
    }
    stopping = true;
    void supervisor.stop(signal);
  };
  const restart = (signal: string) => void supervisor.restart(signal);
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // SIGHUP is a terminal that was closed, or, without one, the usual wish for a restart
  process.on("SIGHUP", process.stdout.isTTY ? stop : restart);
  if (process.platform !== "win32") process.on("SIGUSR2", restart);
}
