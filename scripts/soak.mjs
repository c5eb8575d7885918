// `pnpm soak [--minutes 60] [--factor 20] [--only core,server]`: the generators of the test suites for as long as you like.
// Each round runs every suite that uses fast-check with a fresh seed and `factor` times the cases, and the chaos run for `factor`
// times 15 s; a failure is printed with the seed that repeats it and ends the soak with code 1.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { buildQuietly } from "./lib/build.mjs";
import { provideChromium } from "./lib/chromium.mjs";
import { requireWorkspace } from "./lib/environment.mjs";
import { say, seconds, stop } from "./lib/say.mjs";
import { files, members, read, root } from "./lib/workspace.mjs";
import { runSuite } from "./test/suite.mjs";

requireWorkspace();
const { parseArgs } = await import("node:util");
const { values } = parseArgs({ options: {
  minutes: { type: "string", default: "60" }, factor: { type: "string", default: "20" }, only: { type: "string" }, seed: { type: "string" } } });
const minutes = Number(values.minutes);
const factor = Number(values.factor);
if (!(minutes > 0) || !(factor >= 1)) stop("--minutes and --factor are positive numbers", "for example `pnpm soak --minutes 120 --factor 50`");
const only = values.only?.split(",");
const built = await buildQuietly([]);
if (built !== 0) stop("the build failed, see above", "mend what it names and run the command again", built);

const suites = members().filter((m) => m.path !== "tests-e2e" && (only === undefined || only.includes(m.short)) && existsSync(join(m.dir, "vitest.config.ts")))
  .map((m) => ({ m, tests: files(m.path, (f) => /\.test\.(ts|tsx)$/.test(f) && /from "fast-check"/.test(read(f))) }))
  .filter(({ tests }) => tests.length > 0);
const chaos = only === undefined || only.includes("chaos");
const chromium = chaos ? (await provideChromium(say)).path : undefined;
if (suites.length === 0 && !chaos) stop("no suite with generators was chosen", `--only takes names of ${members().map((m) => m.short).join(", ")}`);
const reports = join(root, "node_modules", ".cache", "vango", "soak");
const end = performance.now() + minutes * 60_000;
let passed = 0;
let failed = 0;
for (let round = 0; failed === 0 && (round === 0 || performance.now() < end); round++) {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  /** @type {NodeJS.ProcessEnv} */
  const env = { VANGO_SOAK_FACTOR: String(factor), VANGO_SOAK_SEED: String(seed) };
  const runs = suites.map(({ m, tests }) => ({ dir: m.dir, name: m.short, env, args: ["--config", join(root, "scripts", "soak", "vitest.config.ts"), "--root", m.dir, "--testTimeout=0", ...tests.map((f) => join(root, f))] }));
  if (chaos) runs.push({ dir: join(root, "tests-e2e", "chaos"), name: "chaos", env: { ...env, VANGO_CHAOS_SECONDS: String(15 * factor), ...chromium ? { CHROMIUM_PATH: chromium } : {} }, args: [] });
  for (const { name, ...suite } of runs) {
    const left = Math.max(60_000, end - performance.now() + 600_000);
    const result = await runSuite({ ...suite, name, reports, timeoutMs: left, maySkip: true });
    passed += result.passed;
    failed += result.failed;
    say(`round ${round + 1}, seed ${seed}: ${name} ${result.passed} passed, ${result.failed} failed (${seconds(result.ms)})`);
    for (const problem of result.problems) say(`${problem.replace(/^/gm, "  ")}\n  again with: pnpm soak --seed ${seed} --factor ${factor} --only ${name} --minutes 1`);
  }
}
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
