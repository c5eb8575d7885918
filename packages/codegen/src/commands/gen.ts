// `vango gen routes [--check]`.

import { checkRoutes, ROUTES_FILE, writeRoutes } from "../routes/generate.js";

/** Writes routes_gen.ts, or with `check` only compares. @throws VangoError */
export function genRoutes(root: string, check: boolean, say: (line: string) => void): void {
  if (check) {
    say(`${ROUTES_FILE} is up to date (${checkRoutes(root).routes.length} routes).`);
    return;
  }
  const { routes, changed } = writeRoutes(root);
  say(`${ROUTES_FILE}: ${routes.length} routes, ${changed ? "written" : "unchanged"}.`);
}
