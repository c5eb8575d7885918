// Code in the documentation is true: every `ts` and `tsx` block is type-checked as a module and compiled with our compiler;
// blocks marked `run` are run and print what they say they print; blocks marked `error=CODE` end with that code.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { run } from "../lib/process.mjs";
import { root } from "../lib/workspace.mjs";
import { allSnippets } from "./snippets.mjs";

/** Inside docs, so that `@vango/*` resolves as it does for a reader; ignored by git. */
const folder = join(root, "docs", ".vitepress", "cache", "snippets");

export async function check() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const snippets = allSnippets().map((snippet, i) => {
    const path = join(folder, `${String(i).padStart(3, "0")}-${snippet.file.replace(/\W+/g, "-")}.${snippet.lang}`);
    // A block without imports is a module too.
    writeFileSync(path, `${snippet.code}\nexport {};\n`);
    return { ...snippet, path };
  });
  const problems = [...typeProblems(snippets), ...await compileProblems(snippets), ...await runProblems(snippets)];
  const count = (/** @type {(s: typeof snippets[number]) => unknown} */ test) => snippets.filter(test).length;
  return { problems, note: `${snippets.length} snippets, ${count((s) => s.run)} run, ${count((s) => s.error)} with an expected error` };
}

/** @typedef {import("./snippets.mjs").Snippet & { path: string }} Written */

/** @param {Written} snippet @param {number} [line] from 0, within the code */
function place(snippet, line = 0) {
  return `${snippet.file}:${snippet.line + line}`;
}

/** @param {readonly Written[]} snippets */
function typeProblems(snippets) {
  const config = ts.readConfigFile(join(root, "tsconfig.base.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, files: [] }, ts.sys, root);
  const byPath = new Map(snippets.filter((s) => !s.fragment).map((s) => [s.path, s]));
  const program = ts.createProgram([...byPath.keys()], { ...options, noEmit: true, typeRoots: [join(root, "node_modules", "@types")] });
  return ts.getPreEmitDiagnostics(program).map((d) => {
    const text = ts.flattenDiagnosticMessageText(d.messageText, "\n");
    const snippet = d.file && byPath.get(d.file.fileName);
    return snippet && d.file ? `${place(snippet, d.file.getLineAndCharacterOfPosition(d.start ?? 0).line)}: ${text}` : text;
  });
}

/** @param {readonly Written[]} snippets */
async function compileProblems(snippets) {
  const dist = pathToFileURL(join(root, "packages", "codegen", "dist", "index.js")).href;
  const { compile } = /** @type {{ compile(source: string, id: string): { diagnostics: readonly { code: string, message: string, line: number }[] } }} */ (await import(dist));
  return snippets.flatMap((snippet) => {
    const found = compile(readFileSync(snippet.path, "utf8"), snippet.path).diagnostics;
    const unexpected = found.filter((d) => d.code !== snippet.error);
    if (snippet.error && found.length > unexpected.length) compiledAway.add(snippet.path);
    return unexpected.map((d) => `${place(snippet, d.line - 1)}: ${d.code}: ${d.message}`);
  });
}

/** Snippets whose expected error the compiler has found: there is nothing to run. @type {Set<string>} */
const compiledAway = new Set();

/** @param {readonly Written[]} snippets */
async function runProblems(snippets) {
  const todo = snippets.filter((s) => s.run || (s.error !== undefined && !compiledAway.has(s.path)));
  const register = pathToFileURL(join(root, "packages", "codegen", "dist", "register.js")).href;
  const ended = await run(process.execPath, ["--import", register, join(root, "scripts", "checks", "run-snippets.mjs"), ...todo.map((s) => s.path)],
    { cwd: folder, timeoutMs: 120_000 });
  /** @type {string[]} */
  const problems = [];
  /** @type {Record<string, { printed: string[], error?: { code?: string, text: string } }>} */
  const results = Object.fromEntries([...ended.output.matchAll(/^@@(.*)$/gm)].map((m) => JSON.parse(m[1] ?? "")).map((r) => [r.path, r]));
  for (const snippet of todo) {
    const result = results[snippet.path];
    if (result === undefined) problems.push(`${place(snippet)}: did not end\n${ended.output.slice(-2000)}`);
    else if (snippet.error) {
      if (result.error?.code !== snippet.error) problems.push(`${place(snippet)}: expected ${snippet.error}, got ${result.error?.text ?? "no error"}`);
    } else if (result.error) problems.push(`${place(snippet)}: ${result.error.text}`);
    else if (result.printed.join("\n") !== snippet.expected.join("\n"))
      problems.push(`${place(snippet)}: printed\n${result.printed.join("\n")}\nbut says\n${snippet.expected.join("\n")}`);
  }
  return problems;
}
