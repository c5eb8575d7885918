/**
 * The types that route modules are written with: pages, layouts, middleware, API functions.
 */
import type { Component, HttpOnlyCtx, View } from "@vango/core";

/** What a route file exports as `page`. */
export type Page<Params = {}> = Component<{ params: Params }>;

/** What `layout.tsx` exports as `layout`. */
export type Layout = Component<{ children?: View }>;

/** One request as middleware and API functions see it. */
export interface RequestCtx extends HttpOnlyCtx {
  readonly request: Request;
  /** Decoded parameters of the route. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Who the request comes from; set by middleware, read by pages as `ctx.user`. */
  user: unknown;
  /** A redirect to a path of this site (default 302). Throws VANGO_REDIRECT_HREF for anything else. */
  redirect(href: string, status?: 302 | 303 | 307 | 308): Response;
}

/**
 * What `middleware.ts` exports as `middleware`. Runs for the first GET, for navigation in a live session and for APIs.
 *
 * @example
 * ```ts
 * export const middleware: Middleware = async (ctx, next) => {
 *   ctx.user = await userOf(ctx.request);
 *   return ctx.user === null ? ctx.redirect("/login") : next();
 * };
 * ```
 */
export type Middleware = (ctx: RequestCtx, next: () => Promise<Response>) => Promise<Response>;

/**
 * A function of an API module: `export const POST: ApiFunction = async (ctx, body) => …`.
 * Gives a Response, or a value that is sent as JSON (`undefined`: 204). With a second parameter the JSON body
 * (≤ 1 MiB) is parsed and passed; with one the function reads `ctx.request` itself, under the same limit.
 */
export type ApiFunction = (ctx: RequestCtx, body: unknown) => unknown;
