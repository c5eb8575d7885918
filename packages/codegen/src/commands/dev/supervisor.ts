// Owns the app's processes: one that runs, one that waits with the framework loaded, so that a restart is short.
// Invariant: at most one process runs the app; the old one has ended before the next one starts (it may hold files or locks).

import { fork, type ChildProcess } from "node:child_process";
import { packageFile } from "../own-files.js";
import { reportOf, type ErrorReport } from "../report.js";
import type { AppMessage, StartMessage } from "./messages.js";

/** How long an ending process may take, in ms, before it is killed. */
const END_MS = 1000;
/** How long a starting app may take, in ms. */
const START_MS = 60_000;

export type StartResult = { readonly port: number } | { readonly error: ErrorReport };

export interface Supervisor {
  /** Ends the running app and starts it anew. */
  restart(): Promise<StartResult>;
  /** Ends everything. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  readonly root: string;
  /** Variables of the app's process, over those of this one. */
  readonly env: Readonly<Record<string, string>>;
  /** Told when a running app ends by itself. */
  readonly onCrash: (report: ErrorReport) => void;
  /** Told the path of a file outside of node_modules that the app has imported. */
  readonly onImport: (path: string) => void;
}

/** Supervises the app at `root`. */
export function supervise({ root, env, onCrash, onImport }: SupervisorOptions): Supervisor {
  let running: ChildProcess | undefined;
  let waiting: ChildProcess | undefined;
  let stopped = false;

  const spawn = () => {
    const child = fork(packageFile("dist/app-process.js"), [root], {
      cwd: root,
      execArgv: ["--enable-source-maps"],
      env: { NODE_ENV: "development", ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.on("message", (message: AppMessage) => {
      if (message.type === "import") onImport(message.path);
    });
    return child;
  };

  const alive = (child: ChildProcess | undefined): child is ChildProcess => child !== undefined && child.exitCode === null && child.signalCode === null && child.connected;

  const prepare = () => {
    if (!stopped && !alive(waiting)) waiting = spawn();
  };

  return {
    async restart() {
      const old = running;
      running = undefined;
      await end(old);
      const child = alive(waiting) ? waiting : spawn();
      waiting = undefined;
      running = child;
      const result = await started(child, root);
      if ("port" in result) {
        child.once("exit", (code, signal) => {
          if (running === child && !stopped) onCrash(crash.get(child) ?? { title: "VANGO_APP_CRASHED", message: `The app's process ended (${signal ?? `code ${code}`}); its output is in the terminal.` });
        });
      }
      // not while the app itself is still warming up
      setTimeout(prepare, 300).unref();
      return result;
    },
    async stop() {
      stopped = true;
      await Promise.all([end(running), end(waiting)]);
    },
  };
}

/** Errors that running apps sent before they ended. */
const crash = new WeakMap<ChildProcess, ErrorReport>();

function started(child: ChildProcess, root: string): Promise<StartResult> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ error: { title: "VANGO_APP_CRASHED", message: `The app did not listen within ${START_MS / 1000} s.` } });
      child.kill("SIGKILL");
    }, START_MS);
    const settle = (result: StartResult) => {
      clearTimeout(timer);
      resolve(result);
    };
    child.on("message", (message: AppMessage) => {
      if (message.type === "ready") settle({ port: message.port });
      else if (message.type === "error") {
        crash.set(child, message.report);
        settle({ error: message.report });
      }
    });
    child.once("exit", (code, signal) => settle({ error: { title: "VANGO_APP_CRASHED", message: `The app's process ended (${signal ?? `code ${code}`}) before it listened; its output is in the terminal.` } }));
    child.once("error", (error) => settle({ error: reportOf(error) }));
    child.send({ type: "start", root } satisfies StartMessage, (error) => {
      if (error !== null) settle({ error: reportOf(error) });
    });
  });
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
