// `pnpm check [name …]`: runs the named checks, or all that need nothing built before them but `dist`. One line each.
// `--json FILE` writes the results for the test command. A check that throws has failed.
import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { requireNode } from "./lib/environment.mjs";
import { say, seconds } from "./lib/say.mjs";

/** @typedef {{ problems: string[], note?: string }} Outcome */

/** @type {Readonly<Record<string, () => Promise<{ check(): Promise<Outcome> }>>>} */
export const checks = {
  lint: () => import("./checks/lint.mjs"),
  dependencies: () => import("./checks/dependencies.mjs"),
  "file-length": () => import("./checks/file-length.mjs"),
  "spec-citations": () => import("./checks/spec-citations.mjs"),
  "error-pages": () => import("./checks/error-pages.mjs"),
  "limits-page": () => import("./checks/limits-page.mjs"),
  changelogs: () => import("./checks/changelogs.mjs"),
  knip: () => import("./checks/knip.mjs"),
  publint: () => import("./checks/publint.mjs"),
  types: () => import("./checks/types.mjs"),
  "client-size": () => import("./checks/client-size.mjs"),
  state: () => import("./checks/state.mjs"),
  "docs-snippets": () => import("./checks/docs-snippets.mjs"),
  "docs-build": () => import("./checks/docs-build.mjs"),
};

requireNode();
const args = process.argv.slice(2);
const at = args.indexOf("--json");
const json = at >= 0 ? args.splice(at, 2)[1] : undefined;
const unknown = args.filter((name) => !(name in checks));
if (unknown.length > 0) {
  say(`no check named ${unknown.join(", ")}; there are: ${Object.keys(checks).join(", ")}`);
  process.exit(1);
}
/** @type {{ name: string, ms: number, problems: string[], note: string }[]} */
const results = [];
for (const name of args.length > 0 ? args : Object.keys(checks)) {
  const start = performance.now();
  const outcome = await checks[name]?.().then((module) => module.check())
    .catch((/** @type {unknown} */ error) => ({ problems: [error instanceof Error ? error.stack ?? error.message : String(error)] })) ?? { problems: [] };
  const { problems, note = "" } = /** @type {Outcome} */ (outcome);
  const ms = performance.now() - start;
  results.push({ name, ms, problems, note });
  if (json) continue;
  say(`${problems.length === 0 ? "ok    " : "FAILED"} ${name} (${seconds(ms)})`);
  for (const text of note ? [note] : []) say(text.replace(/^/gm, "       "));
  for (const problem of problems) say(problem.replace(/^/gm, "       "));
}
if (json) writeFileSync(json, JSON.stringify(results));
process.exitCode = results.every((r) => r.problems.length === 0) ? 0 : 1;
