// A built app under `--workers N`, whose workers are really killed.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const COMMANDS = fileURLToPath(new URL("commands.mjs", import.meta.url));

const run = promisify(execFile);

/** `vango …` in an app's folder, one command after the other; gives what each printed. An exit code other than 0 and `allowed` is an error. */
export async function vango(root: string, commands: readonly (readonly string[])[], allowed: readonly number[] = []): Promise<string[]> {
  const { stdout } = await run(process.execPath, [COMMANDS, JSON.stringify(commands.map((args) => [...args, "--cwd", root]))]);
  return (JSON.parse(stdout) as { code: number; out: string }[]).map(({ code, out }, i) => {
    if (code !== 0 && code !== allowed[i]) throw new Error(`vango ${commands[i]?.join(" ")} ended with ${code}:\n${out}`);
    return out;
  });
}

/** `vango build` in an app's folder. */
export const buildApp = (root: string): Promise<unknown> => vango(root, [["build"]]);

export interface Workers {
  readonly url: string;
  /** `kill -9` of a worker that serves; the supervisor starts another. Resolves when it is gone. */
  kill(chance: () => number): Promise<void>;
  /** What the supervisor said of workers that ended and that nobody here killed; with all that was printed, if there are any. */
  accidents(): readonly string[];
  /** SIGUSR2: all workers are replaced, one after the other, by what `main` is now. */
  restart(): Promise<void>;
}

/** Starts `main`, the file that `vango build` made, in a folder of its own. It ends with the test, or when `atEnd` says so. */
export async function startWorkers(main: string, count: number, env: (folder: string) => Readonly<Record<string, string>>, atEnd: (end: () => Promise<void>) => void = onTestFinished): Promise<Workers> {
  const folder = mkdtempSync(join(tmpdir(), "vango-chaos-"));
  const child = spawn(process.execPath, [main, "--port", "0", "--workers", String(count)], { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NODE_ENV: "production", ...env(folder) } });
  let text = "";
  const heard = new Set<() => void>();
  const hear = (data: Buffer): void => {
    text += data.toString();
    for (const fn of heard) fn();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const exited = once(child, "exit");
  atEnd(async () => {
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGKILL"), 10_000).unref();
    await exited;
    rmSync(folder, { recursive: true, force: true });
  });
  /** Looks at what was printed, now and after each line, until something is found. */
  const found = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const value = find();
        if (value === undefined) return;
        heard.delete(look);
        resolve(value);
      };
      heard.add(look);
      void exited.then(() => reject(new Error(`The server ended:\n${text}`)));
      look();
    });
  const until = (pattern: RegExp): Promise<RegExpExecArray> => found(() => pattern.exec(text) ?? undefined);
  const [, url = "", listed = ""] = await until(/listening on (http:\S+) with \d+ workers \(\w+; pids ([\d ]+)\)/);
  const first = listed.split(" ").map(Number);
  const gone = new Set<number>();
  /** A line for each worker that ended unasked, as the supervisor words it: `worker 1 (pid 7) exited with code 1 after 2 s; starting it again …`. */
  const ended = (): readonly { readonly line: string; readonly pid: number }[] =>
    [...text.matchAll(/^worker \d+ \(pid (\d+)\) .*; starting it again.*$/gm)].map(([line, pid]) => ({ line, pid: Number(pid) }));
  return {
    url,
    accidents() {
      const lines = ended().filter(({ pid }) => !gone.has(pid)).map(({ line }) => line);
      return lines.length === 0 ? [] : [...lines, text];
    },
    async restart() {
      const times = (): number => text.split("all workers restarted").length;
      const next = times() + 1;
      child.kill("SIGUSR2");
      const ended = await found(() => (text.includes("nothing more is restarted") ? "stopped" : times() >= next ? "done" : undefined));
      if (ended === "stopped") throw new Error(`A worker did not start:\n${text.slice(-4000)}`);
    },
    async kill(chance) {
      const over = new Set([...gone, ...ended().map(({ pid }) => pid)]);
      const serving = [...first, ...[...text.matchAll(/worker \d+ \(pid (\d+)\) serves/g)].map((m) => Number(m[1]))].filter((pid) => !over.has(pid));
      const pid = serving[Math.floor(chance() * serving.length)];
      if (pid === undefined) return;
      gone.add(pid);
      try {
        process.kill(pid, "SIGKILL");
      } catch (cause) {
        throw new Error(`Worker ${pid} had ended by itself:\n${text}`, { cause });
      }
      await until(new RegExp(`\\(pid ${pid}\\) was killed by SIGKILL`));
    },
  };
}
