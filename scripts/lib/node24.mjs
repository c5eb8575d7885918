// The Node 24 that runs the unit suites a second time: ours if we are 24 already, VANGO_NODE24, or npm's package `node`.
import { run } from "./process.mjs";

/** @typedef {{ path: string, how: string } | { path: undefined, how: string }} Found */

/** @returns {Promise<Found>} */
export async function provideNode24() {
  const named = process.env.VANGO_NODE24;
  const asked = named
    ? await run(named, ["-p", "process.execPath + ' ' + process.version"], { timeoutMs: 20_000 })
    : await run("npx", ["-y", "node@24", "-p", "process.execPath + ' ' + process.version"], { timeoutMs: 180_000 });
  const [, path, version] = /^(\/.*|[A-Za-z]:.*) (v24\..*)$/m.exec(asked.output.trim()) ?? [];
  if (path) return { path, how: `Node ${version} from ${named ? "VANGO_NODE24" : "npm"}` };
  return { path: undefined, how: "no Node 24 could be had from npm (no network?). Fix: set VANGO_NODE24 to a Node 24 executable" };
}
