// Where things are: the root, the workspace members and the published packages.
// Reads package.json files only, so that it works before anything is installed or built.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Files and folders that belong to no package source. */
const skipped = new Set(["node_modules", "dist", ".turbo", ".vango", ".git", "coverage", "cache"]);

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [bin]
 * @property {Record<string, unknown>} [exports]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 *
 * @typedef {object} Member
 * @property {string} name npm name
 * @property {string} short last part of the name
 * @property {string} dir absolute
 * @property {string} path relative to the root, with slashes
 * @property {Manifest} manifest
 */

/** @param {string} file @returns {any} */
export function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** @param {string} path @returns {Member | undefined} */
function member(path) {
  const dir = join(root, path);
  if (!existsSync(join(dir, "package.json"))) return undefined;
  const manifest = /** @type {Manifest} */ (readJson(join(dir, "package.json")));
  return { name: manifest.name, short: manifest.name.replace(/^@[^/]+\//, ""), dir, path, manifest };
}

/** Every member of the workspace, in the order packages, apps, the rest. @returns {Member[]} */
export function members() {
  const paths = ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group)).sort().map((name) => `${group}/${name}`));
  return [...paths, "tests-e2e", "benchmarks", "docs"].flatMap((path) => member(path) ?? []);
}

/** The members that are published. @returns {Member[]} */
export function packages() {
  return members().filter((m) => m.path.startsWith("packages/"));
}

/**
 * All files under a folder of the root whose name passes, as paths relative to the root with slashes.
 * @param {string} path @param {(file: string) => boolean} test @returns {string[]}
 */
export function files(path, test) {
  const start = join(root, path);
  if (!existsSync(start)) return [];
  /** @type {string[]} */
  const found = [];
  /** @param {string} dir */
  const walk = (dir) => {
    for (const name of readdirSync(dir).sort()) {
      if (skipped.has(name)) continue;
      const full = join(dir, name);
      if (statSync(full).isDirectory()) walk(full);
      else {
        const rel = relative(root, full).replaceAll("\\", "/");
        if (test(rel)) found.push(rel);
      }
    }
  };
  walk(start);
  return found;
}

/** @param {string} path relative to the root @returns {string} */
export function read(path) {
  return readFileSync(join(root, path), "utf8");
}
