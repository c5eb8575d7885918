/**
 * Following an address inside a live session: resolve, run middleware, follow redirects, at most 10.
 * The same chain that a GET runs, without rendering.
 */
import type { Topics } from "@vango/core/internal";
import { asVangoError, serverError } from "../errors.js";
import { runMiddleware } from "./middleware.js";
import { isLocalHref } from "./path.js";
import { RequestContext } from "./request-ctx.js";
import type { PageMatch, Router } from "./resolve.js";

/** Redirects followed in one navigation. */
export const MAX_REDIRECTS = 10;

export type Navigation =
  /** `href` is canonical; `redirected` asks for `replace`. */
  | { readonly kind: "page"; readonly page: PageMatch; readonly href: string; readonly user: unknown; readonly redirected: boolean }
  /** Not a page of this app (an API, a file, an answer of a middleware): the browser loads it itself. */
  | { readonly kind: "leave"; readonly href: string }
  | { readonly kind: "error"; readonly error: ReturnType<typeof serverError> };

/**
 * @param href Path with query, as the client sent it.
 * @param request Makes the request that middleware sees for an address: the headers of the join.
 * @param browser Values of the browser, for session keys of its scope.
 */
export async function navigate(router: Router, href: string, request: (href: string) => Request, browser?: Topics): Promise<Navigation> {
  let at = href;
  try {
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      if (!isLocalHref(at)) return { kind: "error", error: serverError("VANGO_BAD_PATH", { message: "it does not lead to this site." }) };
      const [path, query] = splitHref(at);
      const found = await router.resolve(path, query);
      if (found.kind === "bad-request") return { kind: "error", error: found.error };
      if (found.kind === "api") return { kind: "leave", href: at };
      if (found.kind === "redirect") {
        at = found.href;
        continue;
      }
      // Nobody looks at a request: none is made.
      const step: Step = found.middleware.length === 0 ? PASSED : await passMiddleware(found, request(at), browser);
      if (step.kind === "redirect") {
        at = step.href;
        continue;
      }
      if (step.kind === "answered") return { kind: "leave", href: at };
      return { kind: "page", page: found, href: at, user: step.user, redirected: redirects > 0 };
    }
    return { kind: "error", error: serverError("VANGO_REDIRECT_LOOP", { message: `It began at \`${href.slice(0, 200)}\`.` }) };
  } catch (error) {
    return { kind: "error", error: asVangoError(error) };
  }
}

/** `/a?b#c` → path and query; the fragment is the browser's. */
export function splitHref(href: string): readonly [path: string, query: string] {
  const hash = href.indexOf("#");
  const clean = hash < 0 ? href : href.slice(0, hash);
  const mark = clean.indexOf("?");
  return mark < 0 ? [clean, ""] : [clean.slice(0, mark), clean.slice(mark + 1)];
}

type Step = { readonly kind: "pass"; readonly user: unknown } | { readonly kind: "redirect"; readonly href: string } | { readonly kind: "answered" };

const PASSED: Step = { kind: "pass", user: undefined };

async function passMiddleware(page: PageMatch, request: Request, browser: Topics | undefined): Promise<Step> {
  const ctx = new RequestContext(request, page.props.params, browser);
  let reached = false;
  const response = await runMiddleware(page.middleware, ctx, () => {
    reached = true;
    return Promise.resolve(new Response(null, { status: page.status === 404 ? 404 : 200 }));
  });
  const location = response.headers.get("location");
  if (response.status >= 300 && response.status < 400 && location !== null) {
    return isLocalHref(location) ? { kind: "redirect", href: location } : { kind: "answered" };
  }
  return reached ? { kind: "pass", user: ctx.user } : { kind: "answered" };
}
