/**
 * The shape of `routes_gen.ts`: what `vango gen routes` writes and what the router reads.
 * Owns only types. Every field beyond `path` and `load` is optional, so a table written by hand in a test works too;
 * the generator writes all of them, sorted, so that its output is deterministic.
 */
import type { Component, View } from "@vango/core";

/**
 * What an entry is.
 *
 * - `page`: the module exports `page` (and may export `head`, `action`);
 * - `api`: the module exports functions named `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `HEAD` or `OPTIONS`;
 * - `not-found`, `error`: the module exports `page`; `path` is the folder it stands in (`"/"`, `"/admin"`), and the
 *   nearest folder around the requested path wins.
 *
 * Absent: decided by the loaded module (`page` → page, a verb → api); a path under `/api` is an api.
 */
export type RouteKind = "page" | "api" | "not-found" | "error";

/** Loads a module once; the router caches what it gives. */
export type LoadModule = () => Promise<object>;

/** One generated route. */
export interface RouteEntry {
  /**
   * The pattern, canonical: starts with `/`, no trailing slash but for the root.
   * Segments: `users` static, `[id]` string, `[id:int]` number, `[id:uuid]` string, `[...slug]` the rest
   * (one or more segments, last only; its value is an array of decoded segments).
   */
  readonly path: string;
  load(): Promise<object>;
  readonly kind?: RouteKind;
  /** Modules that export `layout` (and may export `head`), root first, leaf last. */
  readonly layouts?: readonly LoadModule[];
  /** Modules that export `middleware`, root first, leaf last. */
  readonly middleware?: readonly LoadModule[];
}

/**
 * What `routes_gen.ts` exports as `routes`, and what `createApp({ routes })` takes.
 *
 * @example
 * ```ts
 * // routes_gen.ts
 * import { buildHref, type RouteTable } from "@vango/server";
 * export const routes = {
 *   buildId: "k3f09a1c",
 *   routes: [
 *     { path: "/", kind: "page", load: () => import("./app/routes/index.js"), layouts: [() => import("./app/routes/layout.js")] },
 *     { path: "/users/[id:int]", kind: "page", load: () => import("./app/routes/users/[id:int].js"), layouts: [] },
 *     { path: "/api/health", kind: "api", load: () => import("./app/routes/api/health.js") },
 *     { path: "/", kind: "not-found", load: () => import("./app/routes/not-found.js"), layouts: [] },
 *   ],
 * } as const satisfies RouteTable;
 * export interface RouteParams { "/": {}; "/users/[id:int]": { id: number } }
 * export function href<P extends keyof RouteParams>(path: P, params?: RouteParams[P], query?: HrefQuery): string {
 *   return buildHref(path, params, query);
 * }
 * ```
 */
export interface RouteTable {
  /** Identifies this build of the routes; a content hash of the list, or what the build command sets. */
  readonly buildId: string;
  readonly routes: readonly RouteEntry[];
}

/** The decoded parameters of a matched route: string, number (`:int`) or `readonly string[]` (`[...rest]`). */
export type RouteParamsValue = string | number | readonly string[];
export type MatchedParams = Readonly<Record<string, RouteParamsValue>>;

/** What a page module may export as `head`: a view, or a function of the same props as the page. */
export type Head = View | ((props: { params: MatchedParams }) => View);

/** The exports of a page, not-found or error module. */
export interface PageModule {
  readonly page: Component<{ params: MatchedParams }>;
  readonly head?: Head;
  readonly action?: (input: never, ctx: never) => unknown;
}

/** The exports of a `layout.tsx`. */
export interface LayoutModule {
  readonly layout: Component<{ children?: View }>;
  readonly head?: Head;
}
