// The counting of suites: no way for a run that tested nothing to look green.
import { mkdtempSync, rmSync, writeFileSync, mkdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { root } from "../lib/workspace.mjs";
import { countReport, runSuite } from "./suite.mjs";

/** @type {string} */
let dir;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "vango-suite-"));
  mkdirSync(join(dir, "node_modules"));
  symlinkSync(join(root, "node_modules", "vitest"), join(dir, "node_modules", "vitest"));
  writeFileSync(join(dir, "package.json"), JSON.stringify({ type: "module" }));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** @param {string} source @param {Partial<import("./suite.mjs").SuiteOptions>} [options] */
function suite(source, options = {}) {
  if (source) writeFileSync(join(dir, "a.test.mjs"), `import { expect, it } from "vitest";\n${source}`);
  return runSuite({ dir, name: "s", reports: join(dir, "reports"), timeoutMs: 60_000, maySkip: false, ...options });
}

it("counts what passed and what failed, with the reason", async () => {
  const counts = await suite(`it("good", () => {}); it("bad", () => { expect(1).toBe(2); });`);
  expect(counts).toMatchObject({ passed: 1, failed: 1, skipped: 0 });
  expect(counts.problems[0]).toContain("bad");
  expect(counts.problems[0]).toContain("expected 1 to be 2");
});

it("a suite without a test has failed", async () => {
  expect(await suite("")).toMatchObject({ passed: 0, failed: 1 });
});

it("a file that cannot be loaded has failed", async () => {
  expect(await suite(`import "./nowhere.mjs"; it("good", () => {});`)).toMatchObject({ passed: 0, failed: 1 });
});

it("a skipped test is a failure where everything must run, and none where it may skip", async () => {
  const source = `it("good", () => {}); it.skipIf(true)("left", () => {});`;
  expect(await suite(source)).toMatchObject({ passed: 1, failed: 1, skipped: 1 });
  expect(await suite(source, { maySkip: true })).toMatchObject({ passed: 1, failed: 0, skipped: 1 });
});

it("a test that must have passed is missed", async () => {
  expect(await suite(`it("serves over ws", () => {});`, { must: /uws/i })).toMatchObject({ passed: 1, failed: 1 });
  expect(await suite(`it("serves over uWS", () => {});`, { must: /uws/i })).toMatchObject({ passed: 1, failed: 0 });
});

it("an unhandled rejection fails a suite whose tests passed", async () => {
  expect(await suite(`it("good", async () => { Promise.reject(new Error("nobody waits")); await new Promise(setImmediate); });`))
    .toMatchObject({ passed: 1, failed: 1 });
});

it("a report's unreadable file counts once", () => {
  const report = { numPassedTests: 2, numFailedTests: 0, numPendingTests: 0, numTodoTests: 1,
    testResults: [{ name: "/x/a.ts", status: "failed", message: "boom", assertionResults: [] }] };
  expect(countReport(report, "/x")).toEqual({ passed: 2, failed: 1, skipped: 1, problems: ["a.ts could not run: boom"] });
});
