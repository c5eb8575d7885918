// One vitest suite: runs it, reads its JSON report, and counts. A suite that ran nothing, that could not load a file, that
// skipped a test or whose process failed has at least one failure: a green line always means that tests ran.
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { run } from "../lib/process.mjs";
import { tail } from "../lib/say.mjs";
import { readJson } from "../lib/workspace.mjs";

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} problems what failed, for people
 *
 * @typedef {object} SuiteOptions
 * @property {string} dir the folder with vitest.config.ts
 * @property {string} reports folder of reports and logs
 * @property {string} name
 * @property {string} [node] the Node to run it with
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} timeoutMs
 * @property {boolean} maySkip whether skipped tests are fine here
 * @property {RegExp} [must] at least one test whose name matches must pass
 * @property {readonly string[]} [args] more for vitest
 */

/** Tests speak to this machine alone, and Node takes longer to read a bundle of certificates than to start. */
const onlyHere = { NODE_EXTRA_CA_CERTS: undefined };

/** @param {any} report vitest's JSON report @param {string} base @returns {Counts} */
export function countReport(report, base) {
  /** @type {Counts} */
  const counts = { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests + report.numTodoTests, problems: [] };
  for (const file of report.testResults) {
    const name = file.name.startsWith(base) ? file.name.slice(base.length + 1) : file.name;
    for (const test of file.assertionResults)
      if (test.status === "failed") counts.problems.push(`${name} › ${test.fullName}\n${tail((test.failureMessages ?? []).join("\n").split("\n").slice(0, 12).join("\n"), 12)}`);
    if (file.status === "failed" && !file.assertionResults.some((/** @type {any} */ t) => t.status === "failed")) {
      counts.failed++;
      counts.problems.push(`${name} could not run: ${file.message}`);
    }
  }
  return counts;
}

/** @param {SuiteOptions} options @returns {Promise<Counts & { ms: number }>} */
export async function runSuite(options) {
  const { dir, name, reports } = options;
  const file = join(reports, `${name}.json`);
  rmSync(file, { force: true });
  let vitest;
  try {
    vitest = join(dirname(createRequire(join(dir, "package.json")).resolve("vitest/package.json")), "vitest.mjs");
  } catch {
    return { passed: 0, failed: 1, skipped: 0, problems: ["vitest is not a dependency of this suite"], ms: 0 };
  }
  const args = [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...options.args ?? []];
  const ended = await run(options.node ?? process.execPath, args,
    { cwd: dir, env: { CI: "true", FORCE_COLOR: "0", ...onlyHere, ...options.env }, log: join(reports, `${name}.log`), timeoutMs: options.timeoutMs });
  const report = existsSync(file) ? readJson(file) : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  const counts = countReport(report, dir);
  /** @param {string} problem */
  const fail = (problem) => { counts.failed++; counts.problems.push(problem); };
  if (ended.code === 124) fail(`ran out of its ${options.timeoutMs / 1000} s\n${tail(ended.output, 20)}`);
  else if (ended.code !== 0 && counts.failed === 0) fail(`ended with code ${ended.code}\n${tail(ended.output, 40)}`);
  if (counts.passed + counts.failed === 0) fail("ran no test");
  if (counts.skipped > 0 && !options.maySkip) fail(`${counts.skipped} skipped: each test must run here`);
  const { must } = options;
  if (must && !passedNames(report).some((test) => must.test(test))) fail(`no test that matches ${must} has passed`);
  return { ...counts, ms: ended.ms };
}

/** @param {any} report @returns {string[]} file and full name of the tests that passed */
function passedNames(report) {
  return report.testResults.flatMap((/** @type {any} */ file) => file.assertionResults
    .filter((/** @type {any} */ test) => test.status === "passed").map((/** @type {any} */ test) => `${file.name} ${test.fullName}`));
}
