// Finds the code of the documentation: fenced blocks of `ts` and `tsx` in docs/** and the READMEs. The words after the language
// say what else is done with a block: `run` runs it, and what it logs must equal its `// → …` comments, in order;
// `error=VANGO_X` says that compiling or running it must end with that code. All others must type-check and compile, except that a
// `fragment` (and every block of a package's README, where code is quoted without its surroundings) is compiled only.
import { files, read } from "../lib/workspace.mjs";

/**
 * @typedef {object} Snippet
 * @property {string} file relative to the root
 * @property {number} line of its first line of code
 * @property {"ts" | "tsx"} lang
 * @property {boolean} run
 * @property {boolean} fragment
 * @property {string | undefined} error the code it must end with
 * @property {string} code
 * @property {string[]} expected what a run prints
 */

/** @param {string} text Markdown @param {string} file @returns {Snippet[]} */
export function snippetsOf(text, file) {
  /** @type {Snippet[]} */
  const found = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const [, indent = "", fence = "", lang, info = ""] = /^(\s*)(`{3,})(tsx?)\b(.*)$/.exec(lines[i] ?? "") ?? [];
    if (lang === undefined) continue;
    const end = lines.findIndex((line, at) => at > i && line.trim() === fence);
    const words = info.trim().split(/\s+/);
    const code = lines.slice(i + 1, end < 0 ? undefined : end).map((line) => line.slice(indent.length)).join("\n");
    found.push({ file, line: i + 2, lang: lang === "tsx" ? "tsx" : "ts", run: words.includes("run"), fragment: words.includes("fragment") || file.startsWith("packages/"), code,
      error: words.find((w) => w.startsWith("error="))?.slice("error=".length), expected: expectedOf(code) });
    i = end < 0 ? lines.length : end;
  }
  return found;
}

/** @param {string} code @returns {string[]} */
export function expectedOf(code) {
  return [...code.matchAll(/\/\/ → (.*)$/gm)].map((m) => (m[1] ?? "").trimEnd());
}

/** Every snippet of the documentation. @returns {Snippet[]} */
export function allSnippets() {
  const pages = [...files("docs", (f) => f.endsWith(".md")), "README.md",
    ...files("packages", (f) => /^packages\/[^/]+\/README\.md$/.test(f))];
  return pages.flatMap((file) => snippetsOf(read(file), file));
}
