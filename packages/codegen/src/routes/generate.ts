// `routes_gen.ts` beside package.json: generated, compared, written. The one entry to route generation.

import { join } from "node:path";
import { cliError } from "../commands/errors.js";
import { firstDifference, generatedText, writeGenerated } from "../generated-file.js";
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

/** Writes routes_gen.ts if it differs, whole or not at all. `changed` tells whether it did. */
export function writeRoutes(root: string): GeneratedRoutes & { readonly changed: boolean } {
  const generated = generateRoutes(root);
  return { ...generated, changed: writeGenerated(join(root, ROUTES_FILE), generated.text) };
}

/** @throws VangoError `VANGO_ROUTES_STALE` when the committed file is not what would be written. */
export function checkRoutes(root: string): GeneratedRoutes {
  const generated = generateRoutes(root);
  const found = generatedText(join(root, ROUTES_FILE));
  if (found === generated.text) return generated;
  throw cliError("VANGO_ROUTES_STALE", { message: firstDifference(found, generated.text) });
}
