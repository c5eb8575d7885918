// Every error code has one catalogue entry, a page docs/errors/<CODE>.md and a test that names it; no page is left of a code
// that has gone. A catalogue entry is `VANGO_X: { message: …`, in any source file of a package.
import { files, packages, read } from "../lib/workspace.mjs";

/** The codes that a source file's catalogues define. @param {string} source @returns {string[]} */
export function codesOf(source) {
  const code = source.replace(/^\s*\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");
  return [...new Set([...code.matchAll(/\b(VANGO_[A-Z0-9_]+)["']?\s*:\s*\{\s*message:/g)].map((m) => m[1] ?? ""))];
}

/** What a page must have, so that it helps whoever looks the code up. */
const sections = ["## Cause", "## Example", "## Fix"];

/** Names of the same form that are no codes: variables of the environment. */
const variables = new Set(["VANGO_WORKER", "VANGO_WORKER_FOLDER", "VANGO_WORKER_TOKEN", "VANGO_SECRET_TEMPORARY", "VANGO_SECRET"]);

export async function check() {
  /** @type {string[]} */
  const problems = [];
  const tests = ["packages", "apps", "tests-e2e"].flatMap((path) => files(path, (f) => /\/(test|testing)\//.test(f) || f.startsWith("tests-e2e/")))
    .filter((f) => /\.(ts|tsx|mts)$/.test(f)).map(read).join("\n");
  /** @type {Map<string, string>} */
  const owners = new Map();
  for (const { path } of packages()) {
    const codes = files(`${path}/src`, (f) => f.endsWith(".ts")).flatMap((file) => codesOf(read(file)));
    for (const code of codes) {
      const other = owners.get(code);
      if (other) problems.push(`${code} is in the catalogues of ${other} and ${path}`);
      owners.set(code, path);
    }
  }
  const pages = files("docs/errors", (f) => /\/VANGO_[A-Z0-9_]+\.md$/.test(f));
  for (const [code, path] of owners) {
    const page = pages.find((f) => f === `docs/errors/${code}.md`);
    if (page === undefined) problems.push(`${code} (${path}) has no page docs/errors/${code}.md`);
    else for (const section of sections) if (!read(page).includes(section)) problems.push(`${page} has no "${section}"`);
    if (!new RegExp(`\\b${code}\\b`).test(tests)) problems.push(`${code} (${path}) is named by no test`);
  }
  for (const page of pages) {
    const code = page.replace(/^.*\/|\.md$/g, "");
    if (!owners.has(code)) problems.push(`${page}: no catalogue has this code`);
  }
  for (const { path } of packages())
    for (const file of files(`${path}/src`, (f) => /\.(ts|tsx)$/.test(f)))
      for (const [, code = ""] of read(file).matchAll(/["'](VANGO_[A-Z0-9_]*[A-Z0-9])["']/g))
        if (!owners.has(code) && !variables.has(code)) problems.push(`${file}: ${code} is in no catalogue`);
  return { problems: [...new Set(problems)], note: `${owners.size} codes` };
}
