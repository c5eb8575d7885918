// Module hooks of the process that tries migrations: as `@vango/codegen/register`, and the modules asked for export theirs.
import { readFile } from "node:fs/promises";
import type { InitializeHook, LoadHook } from "node:module";
import { fileURLToPath } from "node:url";
import { load as loadSource, translate } from "../../register-hooks.js";
import { withMigrations } from "../../state/initial/migrations.js";

export { resolve } from "../../register-hooks.js";

let wanted: ReadonlySet<string> = new Set();

/** Takes the absolute paths of the modules. */
export const initialize: InitializeHook<readonly string[]> = (paths) => {
  wanted = new Set(paths);
};

export const load: LoadHook = async (url, context, next) => {
  const path = url.startsWith("file:") ? fileURLToPath(url.replace(/[?#].*$/, "")) : "";
  if (!wanted.has(path)) return loadSource(url, context, next);
  return { format: "module", shortCircuit: true, source: await translate(withMigrations(await readFile(path, "utf8"), path), path) };
};
