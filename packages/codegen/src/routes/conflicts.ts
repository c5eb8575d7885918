// Refuses routes that would fight over a URL: equal paths (also through two encodings of one name), and
// parameters of different name or type at one position. Each error names both files.

import type { VangoError } from "@vango/core";
import { cliError } from "../commands/errors.js";
import type { ResolvedRoute } from "./resolve.js";

interface Spot {
  readonly static: Map<string, Spot>;
  /** The parameter at this position, rest parameters apart: a rest route is a legal fallback beside one. */
  param?: { readonly pattern: string; readonly file: string; readonly next: Spot };
  rest?: { readonly pattern: string; readonly file: string };
  /** The route that ends here, one each of page/api, not-found, error. */
  readonly ends: Map<string, string>;
}

const spot = (): Spot => ({ static: new Map(), ends: new Map() });

const conflict = (a: string, b: string, why: string): VangoError =>
  cliError("VANGO_ROUTE_CONFLICT", { message: `${a} and ${b}: ${why}`, at: b, related: a });

/** @throws VangoError `VANGO_ROUTE_CONFLICT` */
export function assertNoConflicts(routes: readonly ResolvedRoute[]): void {
  const root = spot();
  for (const route of routes) {
    let at = root;
    for (const segment of route.segments) {
      if (segment.kind === "static") {
        const next = at.static.get(segment.pattern) ?? spot();
        at.static.set(segment.pattern, next);
        at = next;
      } else if (segment.type === "rest") {
        if (at.rest !== undefined && at.rest.pattern !== segment.pattern) {
          throw conflict(at.rest.file, route.file, `${at.rest.pattern} and ${segment.pattern} stand at one position.`);
        }
        at.rest ??= { pattern: segment.pattern, file: route.file };
        const next = at.static.get(segment.pattern) ?? spot();
        at.static.set(segment.pattern, next);
        at = next;
      } else {
        if (at.param !== undefined && at.param.pattern !== segment.pattern) {
          throw conflict(at.param.file, route.file, `${at.param.pattern} and ${segment.pattern} stand at one position.`);
        }
        at.param ??= { pattern: segment.pattern, file: route.file, next: spot() };
        at = at.param.next;
      }
    }
    const end = route.kind === "api" ? "page" : route.kind;
    const other = at.ends.get(end);
    if (other !== undefined) throw conflict(other, route.file, `both are ${route.path}.`);
    at.ends.set(end, route.file);
  }
}
