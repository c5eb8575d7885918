// What a run found, for people: failures first with their reasons, then a table of suites with their times.
import { say, seconds } from "../lib/say.mjs";

/**
 * @typedef {import("./suite.mjs").Counts & { name: string, ms: number, kind: "suite" | "check" | "step", log?: string }} Result
 */

/** @param {readonly Result[]} results */
export function total(results) {
  return {
    passed: results.reduce((sum, r) => sum + r.passed, 0),
    failed: results.reduce((sum, r) => sum + r.failed, 0),
  };
}

/** @param {readonly Result[]} results @param {number} ms */
export function report(results, ms) {
  for (const { name, problems, log } of results.filter((r) => r.failed > 0)) {
    say(`\n--- ${name}${log ? ` (whole log: ${log})` : ""}`);
    for (const problem of problems.slice(0, 25)) say(problem.replace(/^/gm, "  "));
    if (problems.length > 25) say(`  … and ${problems.length - 25} more`);
  }
  say("");
  const order = { step: 0, check: 1, suite: 2 };
  const rows = results.toSorted((a, b) => order[a.kind] - order[b.kind] || a.name.localeCompare(b.name));
  const width = Math.max(...rows.map((r) => r.name.length), 5);
  say(`${"what".padEnd(width)}  passed  failed  skipped     time`);
  for (const r of rows)
    say(`${r.name.padEnd(width)}  ${String(r.passed).padStart(6)}  ${String(r.failed).padStart(6)}  ${String(r.skipped).padStart(7)}  ${seconds(r.ms).padStart(7)}`);
  say(`\n${seconds(ms)} in all`);
}
