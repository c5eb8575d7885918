// Every rule of a SPEC.md (`**T3**` at the start of a line) is cited by the name of at least one test, in its package or in
// tests-e2e. A rule that nothing tests is a wish.
import { files, packages, read } from "../lib/workspace.mjs";

/** @param {string} spec @returns {string[]} rule ids in order */
export function rulesOf(spec) {
  return [...spec.matchAll(/^\s*(?:[-*] )?\*\*([A-Z]+[0-9]+)[.:]?\*\*/gm)].map((m) => m[1] ?? "");
}

/** The rule ids that string literals of a test file name, where test names are. @param {string} source @returns {Set<string>} */
export function citationsOf(source) {
  const code = source.replace(/^\s*\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");
  /** @type {Set<string>} */
  const ids = new Set();
  for (const [, , text = ""] of code.matchAll(/(["'`])((?:\\.|(?!\1)[^\\\n])*)\1/g))
    for (const [id] of text.matchAll(/\b[A-Z]+[0-9]+\b/g)) ids.add(id);
  return ids;
}

export async function check() {
  // A conformance suite that a package ships (src/testing) is as good as a test file.
  const tests = (/** @type {string} */ path) => files(path, (f) => /\.test\.(ts|tsx|mts)$/.test(f) || /\/(test|testing)\/.*\.tsx?$/.test(f));
  const shared = tests("tests-e2e");
  /** @type {string[]} */
  const problems = [];
  let rules = 0;
  for (const { path } of packages()) {
    const file = files(path, (f) => f === `${path}/SPEC.md`)[0];
    if (file === undefined) { problems.push(`${path}/SPEC.md is missing`); continue; }
    const ids = rulesOf(read(file));
    if (ids.length === 0) problems.push(`${file} has no numbered rule`);
    const cited = new Set([...tests(path), ...shared].flatMap((f) => [...citationsOf(read(f))]));
    for (const [i, id] of ids.entries()) {
      rules++;
      if (ids.indexOf(id) !== i) problems.push(`${file}: ${id} is defined twice`);
      else if (!cited.has(id)) problems.push(`${file}: no test cites ${id}`);
    }
  }
  return { problems, note: `${rules} rules` };
}
