// Who may import whom (docs/architecture.md §1). Reads the import statements of every source file and refuses an arrow that is
// not in the graph, a path inside another package, a relative import that leaves its package, and Node in platform-free code.
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { files, members, read, root } from "../lib/workspace.mjs";

/**
 * The allowed arrows. A name with a slash allows that subpath only; codegen's build step asks the server for types and `start`,
 * and `testing` of one package stands on `testing` of those below it.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const graph = {
  core: [],
  persist: ["core"],
  client: ["core/protocol", "core/testing"],
  server: ["core", "persist", "client/testing"],
  codegen: ["core", "server"],
  devtools: ["core", "server"],
};
/** Packages that run anywhere: no Node built-ins, and no globals of a platform by import. */
const platformFree = new Set(["core", "client"]);
/** Siblings may use `internal`; what users read as examples may not. */
const noInternal = new Set(["demo", "docs"]);

/** @param {string} text @returns {{ name: string, line: number }[]} */
export function importsOf(text) {
  return ts.preProcessFile(text, true, true).importedFiles
    .map((file) => ({ name: file.fileName, line: text.slice(0, file.pos).split("\n").length }));
}

/**
 * The problem of one import, if it has one.
 * @param {import("../lib/workspace.mjs").Member} from @param {string} file relative to the root @param {string} name
 * @param {ReadonlyMap<string, import("../lib/workspace.mjs").Member>} byName @returns {string | undefined}
 */
export function judge(from, file, name, byName) {
  if (name.startsWith(".")) {
    const target = relative(from.dir, join(root, dirname(file), name));
    return target.startsWith("..") ? `${name} leaves the package: import the other package's exports` : undefined;
  }
  if (name.startsWith("node:") && platformFree.has(from.short)) return `${name}: ${from.short} is platform-free`;
  const [, target, subpath] = /^(@[^/]+\/[^/]+)(\/.*)?$/.exec(name) ?? [];
  const to = target === undefined ? undefined : byName.get(target);
  if (to === undefined || to.name === from.name) return undefined;
  const entry = `.${subpath ?? ""}`;
  if (to.manifest.exports && !(entry in to.manifest.exports)) return `${name} is not in the exports of ${to.name}`;
  if (entry === "./internal" && noInternal.has(from.short)) return `${name} carries no promise to users: examples use the public entry`;
  const allowed = graph[from.short];
  if (allowed === undefined) return undefined; // apps, tests, benchmarks, docs: anything public
  const fits = allowed.some((a) => a === to.short || `@vango/${a}` === name);
  return fits ? undefined : `${from.short} may not import ${name} (allowed: ${allowed.join(", ") || "nothing internal"})`;
}

/** The graph as it is, for people: a Mermaid flowchart. @param {ReadonlySet<string>} arrows */
export function mermaid(arrows) {
  return ["```mermaid", "flowchart TD", ...[...arrows].sort().map((a) => `  ${a}`), "```"].join("\n");
}

export async function check() {
  const all = members();
  const byName = new Map(all.map((m) => [m.name, m]));
  /** @type {string[]} */
  const problems = [];
  /** @type {Set<string>} */
  const arrows = new Set();
  for (const from of all) {
    const sources = files(from.path, (f) => /\.(ts|tsx|mts)$/.test(f) && (!from.path.startsWith("packages/") || f.startsWith(`${from.path}/src/`)));
    for (const file of sources)
      for (const { name, line } of importsOf(read(file))) {
        const problem = judge(from, file, name, byName);
        if (problem) problems.push(`${file}:${line}: ${problem}`);
        const target = /^@vango\/([^/]+)/.exec(name)?.[1];
        if (target && target !== from.short && from.path.startsWith("packages/")) arrows.add(`${from.short} --> ${target}`);
      }
  }
  for (const { short, manifest } of all) {
    const allowed = graph[short];
    if (allowed === undefined) continue;
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      const target = byName.get(name)?.short;
      // The server serves the client's bundle, found by its path: a dependency without an import.
      if (target && !allowed.some((a) => a.split("/")[0] === target) && !(short === "server" && target === "client"))
        problems.push(`packages/${short}/package.json: depends on ${name}, which the graph forbids`);
    }
  }
  return { problems, note: mermaid(arrows) };
}
