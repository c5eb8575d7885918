// Builds members with turbo, called directly: an `npx pnpm` start costs seconds.
import { join } from "node:path";
import { run } from "./process.mjs";
import { root } from "./workspace.mjs";

const turbo = join(root, "node_modules", "turbo", "bin", "turbo");
const env = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

/** @param {readonly string[]} filters turbo filters, none for all @param {readonly string[]} tasks */
function command(filters, tasks) {
  return [turbo, "run", ...tasks, ...filters.map((f) => `--filter=${f}`), "--no-update-notifier"];
}

/**
 * Builds, and is heard only when it fails: stdout belongs to the command that follows.
 * @param {readonly string[]} filters none for all @returns {Promise<number>} exit code
 */
export async function buildQuietly(filters) {
  const ended = await run(process.execPath, [...command(filters, ["build"]), "--output-logs=errors-only"], { cwd: root, env });
  if (ended.code !== 0) process.stderr.write(ended.output);
  return ended.code;
}

/** @param {readonly string[]} tasks @param {string} log @param {number} timeoutMs @param {readonly string[]} [filters] @param {readonly string[]} [flags] */
export function turboRun(tasks, log, timeoutMs, filters = [], flags = []) {
  return run(process.execPath, [...command(filters, tasks), "--output-logs=new-only", ...flags], { cwd: root, env, log, timeoutMs });
}
