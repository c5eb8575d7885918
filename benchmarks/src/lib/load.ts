// Runs the load generator and reads the server's CPU at both ends of its window. The C program is compiled once into the
// package's cache where a compiler is found; the Node generator does the same elsewhere.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { cpuOf } from "./cpu.js";
import { writeScript, type Opening } from "./script.js";
import type { ServerProcess } from "./server-process.js";

/** What each connection repeats. */
export type Loop = { readonly mode: "echo"; readonly bytes: number } | { readonly mode: "click"; readonly instance: number; readonly slot: number };

export interface LoadOptions {
  readonly openings: readonly Opening[];
  readonly loop: Loop;
  readonly warmMs: number;
  readonly measureMs: number;
}

/** What one window gave. */
export interface LoadFigures {
  readonly messages: number;
  /** Server CPU per message, microseconds. */
  readonly cpuUs: number;
  readonly perSecond: number;
}

/** Runs one window against a server. */
export async function runLoad(server: ServerProcess, options: LoadOptions): Promise<LoadFigures> {
  const script = writeScript(server.port, options.openings);
  const { loop } = options;
  const [a, b] = loop.mode === "echo" ? [loop.bytes, 0] : [loop.instance, loop.slot];
  const args = [server.port, script.file, loop.mode, a, b, options.warmMs, options.measureMs].map(String);
  const generator = spawnGenerator(args);
  try {
    return await readWindow(generator, server, options.measureMs);
  } finally {
    generator.kill("SIGKILL");
    script.dispose();
  }
}

async function readWindow(generator: ChildProcess, server: ServerProcess, measureMs: number): Promise<LoadFigures> {
  let begin: { count: number; cpu: number } | undefined;
  const stdout = generator.stdout;
  if (stdout === null) throw new Error("the load generator has no output");
  const failed = new Promise<never>((_, reject) => {
    generator.once("error", reject);
    generator.once("exit", (code) => {
      if (code !== 0 && code !== null) reject(new Error(`the load generator ended with ${code}`));
    });
  });
  failed.catch(() => undefined);
  const window = (async (): Promise<LoadFigures> => {
    for await (const line of createInterface({ input: stdout })) {
      const [word, number] = line.split(" ");
      if (word === "b") begin = { count: Number(number), cpu: await cpuOf(server.child) };
      if (word !== "e" || begin === undefined) continue;
      const messages = Number(number) - begin.count;
      const cpu = (await cpuOf(server.child)) - begin.cpu;
      if (messages <= 0) throw new Error("no message came back in the window");
      return { messages, cpuUs: cpu / 1000 / messages, perSecond: (messages * 1000) / measureMs };
    }
    throw new Error("the load generator ended before its window");
  })();
  return Promise.race([window, failed]);
}

let native: string | null | undefined;

/** `C` or `Node`: which generator this machine uses. */
export function generatorKind(): "C" | "Node" {
  native ??= compile();
  return native === null ? "Node" : "C";
}

function spawnGenerator(args: readonly string[]): ChildProcess {
  native ??= compile();
  const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];
  if (native !== null) return spawn(native, args, { stdio });
  return spawn(process.execPath, [fileURLToPath(new URL("./load/node-load.js", import.meta.url)), ...args], { stdio });
}

/** The compiled generator, or null where it cannot be had. The file name holds the hash of the source. */
function compile(): string | null {
  if (process.platform !== "linux" || process.env["VANGO_BENCH_LOAD"] === "node") return null;
  const source = fileURLToPath(new URL("../native/load.c", import.meta.url));
  const hash = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 12);
  const dir = fileURLToPath(new URL("../node_modules/.cache/vango-bench", import.meta.url));
  const binary = join(dir, `load-${hash}`);
  if (existsSync(binary)) return binary;
  mkdirSync(dir, { recursive: true });
  for (const compiler of ["cc", "gcc", "clang"]) {
    if (spawnSync(compiler, ["-O2", "-o", binary, source], { stdio: "ignore" }).status === 0) return binary;
  }
  return null;
}
