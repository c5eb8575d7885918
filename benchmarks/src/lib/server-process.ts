// Server processes under measure: started with IPC, told to answer questions about themselves, always killed at the end.
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Questions that `serve.ts` answers. */
export type Question = "cpu" | "memory";

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts `dist/servers/<name>.js` and waits for its port. `flags`: of Node. */
export async function startServer(name: string, args: readonly string[] = [], flags: readonly string[] = []): Promise<ServerProcess> {
  const path = fileURLToPath(new URL(`./servers/${name}.js`, import.meta.url));
  const child = fork(path, args, { execArgv: ["--expose-gc", ...flags], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", (message: { port: number }) => resolve(message.port));
    child.once("exit", (code) => reject(new Error(`server ${name} ended with ${code} before it listened`)));
    child.once("error", reject);
  });
  return { child, port, stop: () => stop(child) };
}

/** Asks a server about itself. */
export function ask(child: ChildProcess, question: Question): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    child.once("message", (answer: Record<string, unknown>) => resolve(answer));
    child.send(question, (error) => {
      if (error !== null) reject(error);
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
