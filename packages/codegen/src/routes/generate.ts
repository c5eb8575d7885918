// `routes_gen.ts` beside package.json: generated, compared, written. The one entry to route generation.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cliError } from "../commands/errors.js";
import { emitRoutes } from "./emit.js";
import { resolveRoutes, type ResolvedRoute } from "./resolve.js";
import { scanRoutes } from "./scan.js";

/** Name of the generated file, in the app's root. */
export const ROUTES_FILE = "routes_gen.ts";

export interface GeneratedRoutes {
  readonly text: string;
  readonly routes: readonly ResolvedRoute[];
}

/** What routes_gen.ts should be for the app at `root`. @throws VangoError `VANGO_NO_ROUTES`, `VANGO_ROUTE_…` */
export function generateRoutes(root: string): GeneratedRoutes {
  const routes = resolveRoutes(scanRoutes(root));
  return { routes, text: emitRoutes(routes) };
}

function current(root: string): string | undefined {
  try {
    return readFileSync(join(root, ROUTES_FILE), "utf8").replaceAll("\r\n", "\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes routes_gen.ts if it differs, whole or not at all. `changed` tells whether it did. */
export function writeRoutes(root: string): GeneratedRoutes & { readonly changed: boolean } {
  const generated = generateRoutes(root);
  if (current(root) === generated.text) return { ...generated, changed: false };
  const file = join(root, ROUTES_FILE);
  const part = `${file}.${process.pid}.tmp`;
  writeFileSync(part, generated.text);
  renameSync(part, file);
  return { ...generated, changed: true };
}

/** @throws VangoError `VANGO_ROUTES_STALE` when the committed file is not what would be written. */
export function checkRoutes(root: string): GeneratedRoutes {
  const generated = generateRoutes(root);
  const found = current(root);
  if (found === generated.text) return generated;
  throw cliError("VANGO_ROUTES_STALE", { message: found === undefined ? "It does not exist." : firstDifference(found, generated.text) });
}

function firstDifference(found: string, wanted: string): string {
  const a = found.split("\n");
  const b = wanted.split("\n");
  const line = b.findIndex((text, i) => text !== a[i]);
  const at = line === -1 ? b.length : line;
  return `Line ${at + 1} is \`${a[at]?.trim() ?? ""}\`, not \`${b[at]?.trim() ?? ""}\`.`;
}
