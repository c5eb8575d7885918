// Runs child processes: output to a log file or through, a time limit, and nobody left behind.
// Each child leads a process group (not on Windows), and the group dies with us.
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { performance } from "node:perf_hooks";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
const grouped = process.platform !== "win32";

/** @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} signal */
function kill(child, signal) {
  try {
    if (grouped && child.pid) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch { /* it has ended already */ }
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => {
    for (const child of running) kill(child, "SIGKILL");
    process.exit(130);
  });
}
process.on("exit", () => { for (const child of running) kill(child, "SIGKILL"); });

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] added to ours; undefined removes
 * @property {string} [log] file that takes the output
 * @property {number} [timeoutMs]
 *
 * @typedef {object} RunResult
 * @property {number} code 0 is success; 124 is out of time, 127 is not found
 * @property {string} output stdout and stderr as they came
 * @property {number} ms
 *
 * @param {string} command @param {readonly string[]} args @param {RunOptions} [options] @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  const start = performance.now();
  return new Promise((resolve) => {
    const env = { ...process.env, ...options.env };
    const child = spawn(command, args, { cwd: options.cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: grouped });
    running.add(child);
    let output = "";
    let late = false;
    if (options.log) mkdirSync(dirname(options.log), { recursive: true });
    const log = options.log ? createWriteStream(options.log) : undefined;
    /** @param {Buffer} chunk */
    const take = (chunk) => { output += chunk.toString(); log?.write(chunk); };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = options.timeoutMs
      ? setTimeout(() => { late = true; kill(child, "SIGKILL"); }, options.timeoutMs) : undefined;
    /** @param {number} code */
    const done = (code) => {
      if (!running.delete(child)) return;
      clearTimeout(timer);
      if (grouped) kill(child, "SIGKILL"); // what it started and left behind
      log?.end();
      resolve({ code, output, ms: performance.now() - start });
    };
    child.on("error", (error) => { output += String(error); done(127); });
    // Somebody it left behind may hold the output open: the whole group ends soon after the child.
    child.on("exit", () => setTimeout(() => { if (running.has(child)) kill(child, "SIGKILL"); }, 1000).unref());
    child.on("close", (code) => done(late ? 124 : code ?? 1));
  });
}

/**
 * Hands the terminal to a command and takes its exit code; Ctrl-C reaches it, and we wait for its end.
 * @param {string} command @param {readonly string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options] @returns {Promise<number>}
 */
export function handOver(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: "inherit" });
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
      process.removeAllListeners(signal);
      process.on(signal, () => { if (signal !== "SIGINT") child.kill(signal); }); // the terminal sends SIGINT to the whole group
    }
    child.on("error", () => resolve(127));
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
