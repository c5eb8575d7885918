/**
 * The context that middleware and API functions get.
 */
import { browserState, type Topics } from "@vango/core/internal";
import { serverError } from "../errors.js";
import { isLocalHref } from "./path.js";
import type { RequestCtx } from "./types.js";

export class RequestContext implements RequestCtx {
  user: unknown = undefined;
  readonly [browserState]: Topics | undefined;

  constructor(
    readonly request: Request,
    readonly params: Readonly<Record<string, unknown>>,
    /** Values of the browser that asks. */
    browser?: Topics,
  ) {
    this[browserState] = browser;
  }

  redirect(href: string, status: 302 | 303 | 307 | 308 = 302): Response {
    if (!isLocalHref(href)) throw serverError("VANGO_REDIRECT_HREF", { message: `Got \`${href.slice(0, 200)}\`.` });
    return new Response(null, { status, headers: { location: href, "cache-control": "no-store" } });
  }
}
