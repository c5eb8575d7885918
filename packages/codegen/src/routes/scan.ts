// Finds the files under app/routes and what each exports. Reads, never runs them.
// Invariant: the result is sorted by path (code units, `/` separators), whatever the file system's order.

import { readdirSync, readFileSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { parseSync } from "oxc-parser";
import { cliError } from "../commands/errors.js";

export interface RouteFile {
  /** Path from the app's root, `/` separators: `app/routes/users/[id].tsx`. */
  readonly file: string;
  /** Folder segments below app/routes. */
  readonly folders: readonly string[];
  /** File name without extension. */
  readonly name: string;
  /** Names of value exports, or undefined when they cannot be known (syntax error, `export *`). */
  readonly exports: ReadonlySet<string> | undefined;
}

/** Folder of the route files, from the app's root. */
export const ROUTES_DIR = "app/routes";

const SOURCE = /^(?<name>.+)\.(?:tsx|ts|jsx|js)$/;
const NOT_A_ROUTE = /^[_.]|\.d\.ts$|\.(?:test|spec|stories|bench)\.[jt]sx?$/;

function entries(dir: string): readonly Dirent[] {
  return readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** All route files of the app at `root`. @throws VangoError `VANGO_NO_ROUTES` when there are none. */
export function scanRoutes(root: string): readonly RouteFile[] {
  const files: RouteFile[] = [];
  const walk = (folders: readonly string[]): void => {
    for (const entry of entries(join(root, ROUTES_DIR, ...folders))) {
      if (NOT_A_ROUTE.test(entry.name)) continue;
      if (entry.isDirectory()) walk([...folders, entry.name]);
      const name = SOURCE.exec(entry.name)?.groups?.["name"];
      if (name === undefined || !entry.isFile()) continue;
      const file = [ROUTES_DIR, ...folders, entry.name].join("/");
      files.push({ file, folders, name, exports: exportsOf(file, readFileSync(join(root, file), "utf8")) });
    }
  };
  try {
    walk([]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  if (files.length === 0) throw cliError("VANGO_NO_ROUTES", { message: `No route file in ${ROUTES_DIR}.` });
  return files;
}

/** Value exports of a module's text. */
export function exportsOf(file: string, code: string): ReadonlySet<string> | undefined {
  const parsed = parseSync(file, code);
  if (parsed.errors.some((error) => error.severity === "Error")) return undefined;
  const names = new Set<string>();
  for (const statement of parsed.module.staticExports) {
    for (const entry of statement.entries) {
      if (entry.isType) continue;
      if (entry.exportName.kind === "None") return undefined;
      names.add(entry.exportName.kind === "Default" ? "default" : (entry.exportName.name ?? ""));
    }
  }
  return names;
}
