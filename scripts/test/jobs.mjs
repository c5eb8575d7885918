// The jobs of a test run and what each waits for. Every suite has its own process; every check counts as one test.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, relative, sep } from "node:path";
import { performance } from "node:perf_hooks";
import { turboRun } from "../lib/build.mjs";
import { provideChromium, provideShell } from "../lib/chromium.mjs";
import { provideDatabases } from "../lib/databases.mjs";
import { provideNode24 } from "../lib/node24.mjs";
import { run } from "../lib/process.mjs";
import { tail } from "../lib/say.mjs";
import { members, root } from "../lib/workspace.mjs";
import { runSuite } from "./suite.mjs";

/** @typedef {import("./report.mjs").Result} Result */

const reports = join(root, "node_modules", ".cache", "vango", "test");
/** The last line of the last run. */
export const summaryFile = join(reports, "summary.txt");
const minute = 60_000;

/** The native transport has a build for this machine, so its suite must run and nothing may be skipped. */
const complete = process.versions.node.startsWith("20.") && process.platform === "linux" && process.arch === "x64" && glibc();

function glibc() {
  const header = /** @type {any} */ (process.report.getReport()).header;
  return typeof header.glibcVersionRuntime === "string";
}

/** Checks by what they need: one process a group. `static` needs no build. */
const groups = {
  static: { checks: ["lint", "dependencies", "file-length", "spec-citations", "error-pages", "limits-page", "changelogs"], built: false },
  packages: { checks: ["publint", "types", "client-size", "state", "knip"], built: true },
  docs: { checks: ["docs-snippets", "docs-build"], built: true },
};

/** Packages whose unit suites run on Node 24 too: what meets the platform. The server's run core and persist with it, the client runs in browsers. */
const onNode24 = ["server"];

/** Of the cases of generators on Node 24: Node 20 has run them all, this leg looks for what differs between platforms. */
const onNode24Factor = 0.2;
const fewerCases = ["--config", join(root, "scripts", "soak", "vitest.config.ts")];

/** Packages whose suites start database servers. */
const onDatabases = ["persist", "demo"];

/**
 * Seconds that a job takes beside another on two cores, as the last runs had it: the longest start first, so that no core idles at
 * the end. A wrong guess costs idle time and nothing else. What all others wait for is first, what is not here is short.
 * @type {Readonly<Record<string, number>>}
 */
const usual = {
  build: 1000, chromium: 1000, databases: 1000, node24: 1000, e2e: 180, deploy: 150, codegen: 140, persist: 135, server: 120, chaos: 115, core: 95,
  "server (Node 24)": 75, "checks: docs": 45, typecheck: 24, client: 24, "checks: static": 20, "checks: packages": 20, scripts: 13, demo: 10,
};
/** @param {{ name: string }} a @param {{ name: string }} b */
const longestFirst = (a, b) => (usual[b.name] ?? 0) - (usual[a.name] ?? 0);

/** @typedef {{ name: string, dir: string, cores: number, built: boolean, browser: boolean, node24: boolean, must?: RegExp }} Suite */

/** @returns {Suite[]} */
function suites() {
  const all = members();
  /** @type {Suite[]} */
  const list = [];
  const e2e = all.find((m) => m.path === "tests-e2e");
  const inBrowsers = { cores: 1, built: true, browser: true, node24: false };
  if (e2e) list.push({ name: "e2e", dir: e2e.dir, ...inBrowsers }, { name: "chaos", dir: join(e2e.dir, "chaos"), ...inBrowsers }, { name: "deploy", dir: join(e2e.dir, "deploy"), ...inBrowsers });
  for (const m of all) {
    if (m === e2e || !existsSync(join(m.dir, "vitest.config.ts"))) continue;
    const must = m.short === "server" && complete ? { must: /uws|uWebSockets/i } : {};
    list.push({ name: m.short, dir: m.dir, cores: 1, built: true, browser: false, node24: false, ...must });
  }
  if (process.versions.node.split(".")[0] !== "24")
    for (const short of onNode24) {
      const m = all.find((one) => one.short === short);
      if (m) list.push({ name: `${short} (Node 24)`, dir: m.dir, cores: 1, built: true, browser: false, node24: true });
    }
  list.push({ name: "scripts", dir: join(root, "scripts"), cores: 1, built: false, browser: false, node24: false });
  return list;
}

/** What a suite needs built: its member, and the members it depends on. @param {string} dir @returns {string[]} */
function needs(dir) {
  const all = members();
  /** @type {Set<string>} */
  const found = new Set(["*"]);
  /** @param {import("../lib/workspace.mjs").Member | undefined} m */
  const add = (m) => {
    if (m === undefined || found.has(m.name)) return;
    found.add(m.name);
    for (const name of Object.keys({ ...m.manifest.dependencies, ...m.manifest.devDependencies })) add(all.find((one) => one.name === name));
  };
  add(all.find((m) => m.dir === dir || dir.startsWith(join(m.dir, sep))));
  return [...found];
}

/** What `pnpm test NAME` can name. */
export function names() {
  return [...suites().map((s) => s.name), ...Object.values(groups).flatMap((g) => g.checks), "typecheck"];
}

/**
 * @param {readonly string[]} wanted names, none for all
 * @param {(result: Result) => void} done @param {(line: string) => void} say @returns {import("./schedule.mjs").Job[]} the longest first
 */
export function jobs(wanted, done, say) {
  mkdirSync(reports, { recursive: true });
  const want = (/** @type {string} */ name) => wanted.length === 0 || wanted.includes(name);
  /** @type {import("../lib/chromium.mjs").Found} */
  let chromium = { path: undefined, how: "not looked for" };
  /** @type {string | undefined} */
  let shell;
  /** @type {import("../lib/node24.mjs").Found} */
  let node24 = { path: undefined, how: "not looked for" };
  /** Members that could not be built. @type {ReadonlySet<string>} */
  let unbuilt = new Set(["*"]);
  const chosen = suites().filter((s) => want(s.name));
  /** @type {import("./schedule.mjs").Job[]} */
  const list = [];

  const needsBuild = chosen.some((s) => s.built) || want("typecheck") || Object.values(groups).some((g) => g.built && g.checks.some(want));
  if (needsBuild) list.push({ name: "build", cores: 2, async run() {
    const log = join(reports, "build.log");
    const ended = await turboRun(["build"], log, 10 * minute, [], ["--continue=dependencies-successful"]);
    const built = ended.code === 0;
    unbuilt = new Set(built ? [] : [...ended.output.matchAll(/^Failed: +(.*)$/gm)].flatMap((m) => (m[1] ?? "").split(", ").map((task) => task.replace(/#build$/, ""))));
    if (!built && unbuilt.size === 0) unbuilt = new Set(["*"]);
    const cached = /Cached:\s+(.*)/.exec(ended.output)?.[1] ?? "";
    say(`build ${built ? "done" : "failed"} ${cached && `(${cached})`}`);
    done({ name: "build", kind: "step", ms: ended.ms, passed: 0, failed: built ? 0 : 1, skipped: 0, log: relative(root, log), problems: built ? [] : [tail(ended.output, 60)] });
  } });
  if (chosen.some((s) => s.browser)) list.push({ name: "chromium", cores: 0, async run() {
    chromium = await provideChromium(say);
    if (chromium.path) shell = await provideShell(say);
    say(chromium.path ? `browser: ${chromium.path} (${chromium.how})${shell ? `, ${shell}` : ""}` : chromium.how);
  } });
  if (chosen.some((s) => onDatabases.includes(s.name))) list.push({ name: "databases", cores: 0, async run() {
    say(await provideDatabases(say));
  } });
  if (chosen.some((s) => s.node24)) list.push({ name: "node24", cores: 0, async run() {
    node24 = await provideNode24();
    say(node24.path ? `second Node: ${node24.how}` : node24.how);
  } });

  for (const suite of chosen) {
    const after = [...suite.built ? ["build"] : [], ...suite.browser ? ["chromium"] : [], ...onDatabases.includes(suite.name) ? ["databases"] : [], ...suite.node24 ? ["node24"] : []];
    list.push({ name: suite.name, cores: suite.cores, after, async run() {
      const start = performance.now();
      const lacking = suite.built ? needs(suite.dir).find((name) => unbuilt.has(name)) : undefined;
      const reason = lacking !== undefined ? `not run: ${lacking === "*" ? "the build" : `the build of ${lacking}`} failed` : suite.browser && !chromium.path ? `not run: ${chromium.how}`
        : suite.node24 && !node24.path ? `not run: ${node24.how}` : undefined;
      if (reason !== undefined) return done({ name: suite.name, kind: "suite", ms: 0, passed: 0, failed: 1, skipped: 0, problems: [reason] });
      const file = suite.name.replace(/[^a-z0-9]+/gi, "-").replace(/-$/, "");
      const env = { ...chromium.path ? { CHROMIUM_PATH: chromium.path } : {}, ...shell ? { HEADLESS_SHELL_PATH: shell } : {},
        ...suite.node24 && node24.path ? { PATH: `${dirname(node24.path)}${delimiter}${process.env.PATH ?? ""}`, VANGO_SOAK_FACTOR: String(onNode24Factor) } : {} };
      const result = await runSuite({ dir: suite.dir, name: file, reports, env, timeoutMs: 10 * minute, maySkip: !complete || suite.node24,
        ...suite.node24 && node24.path ? { node: node24.path, args: [...fewerCases, "--root", suite.dir] } : {}, ...suite.must ? { must: suite.must } : {} });
      done({ ...result, name: suite.name, kind: "suite", ms: performance.now() - start, log: relative(root, join(reports, `${file}.log`)) });
    } });
  }

  if (want("typecheck")) list.push({ name: "typecheck", after: ["build"], async run() {
    const log = join(reports, "typecheck.log");
    const ended = await turboRun(["typecheck"], log, 5 * minute, [], ["--only", "--concurrency=1", "--continue=always"]);
    const own = await run(process.execPath, [join(root, "scripts", "tsc.mjs"), "-p", "scripts"], { cwd: root, timeoutMs: 2 * minute });
    const failed = [ended, own].filter((r) => r.code !== 0);
    done({ name: "typecheck", kind: "check", ms: ended.ms + own.ms, passed: failed.length ? 0 : 1, failed: failed.length ? 1 : 0, skipped: 0, log: relative(root, log),
      problems: failed.map((r) => r.output.split("\n").filter((line) => /error/i.test(line)).slice(0, 40).join("\n") || tail(r.output, 40)) });
  } });
  for (const [group, { checks, built: onBuild }] of Object.entries(groups)) {
    const here = checks.filter(want);
    if (here.length > 0) list.push({ name: `checks: ${group}`, after: onBuild ? ["build"] : [], run: () => runChecks(here, group, done) });
  }
  return list.toSorted(longestFirst);
}

/** @param {readonly string[]} checks @param {string} group @param {(result: Result) => void} done */
async function runChecks(checks, group, done) {
  const file = join(reports, `checks-${group}.json`);
  const ended = await run(process.execPath, [join(root, "scripts", "check.mjs"), ...checks, "--json", file], { cwd: root, timeoutMs: 5 * minute });
  /** @type {{ name: string, ms: number, problems: string[] }[]} */
  const results = ended.code <= 1 && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  for (const name of checks) {
    const { ms, problems } = results.find((r) => r.name === name) ?? { ms: ended.ms, problems: [`did not report\n${tail(ended.output, 20)}`] };
    done({ name, kind: "check", ms, passed: problems.length ? 0 : 1, failed: problems.length ? 1 : 0, skipped: 0, problems });
  }
}
