// A server in a process of its own, which can be killed as a machine kills it.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { freePort } from "./server.js";

const PROGRAM = fileURLToPath(new URL("./child-app.mjs", import.meta.url));

export interface KillableServer {
  readonly port: number;
  /** SIGKILL: nothing is said, nothing saved. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Starts the app of child-app.mjs. */
export async function killableServer(): Promise<KillableServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [PROGRAM, String(port)], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, "data")) as [Buffer];
    if (!line.includes("ready")) throw new Error(`The server does not start: ${line.toString()}`);
  };
  onTestFinished(kill);
  await start();
  return { port, kill, start };
}
