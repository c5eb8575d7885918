/**
 * The middleware chain: root first, each runs the rest once through next().
 */
import { serverError } from "../errors.js";
import type { Middleware, RequestCtx } from "./types.js";

/** Runs the chain around `last`. Rejects with VANGO_MIDDLEWARE_RESULT or VANGO_MIDDLEWARE_NEXT. */
export function runMiddleware(chain: readonly Middleware[], ctx: RequestCtx, last: () => Promise<Response>): Promise<Response> {
  const run = async (i: number): Promise<Response> => {
    const middleware = chain[i];
    if (middleware === undefined) return last();
    let called = false;
    const response: unknown = await middleware(ctx, () => {
      if (called) return Promise.reject(serverError("VANGO_MIDDLEWARE_NEXT"));
      called = true;
      return run(i + 1);
    });
    if (!(response instanceof Response)) throw serverError("VANGO_MIDDLEWARE_RESULT");
    return response;
  };
  return run(0);
}
