/**
 * Not-found and error pages: which folder's page answers for a path. The deepest folder around the path wins.
 */
import { serverError } from "../errors.js";
import { parseParam, parsePattern, type PatternSegment } from "./pattern.js";
import type { MatchedParams, RouteParamsValue } from "./route-table.js";

interface Scope<T> {
  readonly segments: readonly PatternSegment[];
  readonly path: string;
  readonly value: T;
}

export class Scopes<T> {
  #scopes: Scope<T>[] = [];

  add(path: string, value: T): void {
    if (this.#scopes.some((s) => s.path === path)) throw serverError("VANGO_DUPLICATE_ROUTE", { message: `\`${path}\` has two of them.` });
    this.#scopes.push({ segments: parsePattern(path), path, value });
    this.#scopes.sort((a, b) => b.segments.length - a.segments.length || (a.path < b.path ? -1 : 1));
  }

  /** The nearest one around a canonical path, with the parameters of its folder. */
  nearest(path: string): { readonly value: T; readonly params: MatchedParams } | undefined {
    const segments = path === "/" ? [] : path.slice(1).split("/").map(decodeURIComponent);
    for (const scope of this.#scopes) {
      const params = prefixParams(scope.segments, segments);
      if (params !== undefined) return { value: scope.value, params };
    }
    return undefined;
  }
}

function prefixParams(scope: readonly PatternSegment[], segments: readonly string[]): MatchedParams | undefined {
  const params: Record<string, RouteParamsValue> = {};
  for (let i = 0; i < scope.length; i++) {
    const part = scope[i];
    const text = segments[i];
    if (part === undefined || text === undefined) return undefined;
    if (part.kind === "static") {
      if (part.text !== text) return undefined;
    } else if (part.kind === "rest") {
      params[part.name] = segments.slice(i);
    } else {
      const value = parseParam(part.type, text);
      if (value === undefined) return undefined;
      params[part.name] = value;
    }
  }
  return params;
}
