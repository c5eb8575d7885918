// `pnpm test [name …]`: provides what the tests need, builds, then runs every check and suite side by side on the cores there
// are. The last line is `N passed, N failed`, the sum over all of them; the exit code is 0 only when none failed.
import { performance } from "node:perf_hooks";
import { requireWorkspace } from "./lib/environment.mjs";
import { say, seconds } from "./lib/say.mjs";

const start = performance.now();
requireWorkspace();
// Only now: an old Node must reach the line that says so, not stumble over an import.
const { availableParallelism } = await import("node:os");
const { writeFileSync } = await import("node:fs");
const { jobs, names, summaryFile } = await import("./test/jobs.mjs");
const { schedule } = await import("./test/schedule.mjs");
const { report, total } = await import("./test/report.mjs");

const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
const unknown = wanted.filter((name) => !names().includes(name));
if (unknown.length > 0) {
  say(`nothing to run is named ${unknown.join(", ")}; there are: ${names().join(", ")}`);
  process.exit(1);
}
const cores = Math.max(2, availableParallelism());
say(`Node ${process.versions.node} on ${process.platform} ${process.arch}, ${cores} cores`);
/** @type {import("./test/report.mjs").Result[]} */
const results = [];
await schedule(jobs(wanted, (result) => {
  results.push(result);
  const { name, passed, failed, skipped, ms } = result;
  say(`${seconds(performance.now() - start).padStart(8)}  ${failed === 0 ? "ok    " : "FAILED"} ${name}: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""} (${seconds(ms)})`);
}, (line) => say(`${seconds(performance.now() - start).padStart(8)}  ${line}`)), cores);
report(results, performance.now() - start);
const { passed, failed } = total(results);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
const sum = `${passed} passed, ${failed} failed\n`;
writeFileSync(summaryFile, sum);
process.stdout.write(sum);
