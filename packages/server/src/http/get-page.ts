/**
 * GET of a page: cookie, middleware, render, boot blob, document. Nothing of it is kept.
 * What fails becomes the error page: its text is generic in production and exact in development.
 */
import { randomUUID } from "node:crypto";
import { VangoError } from "@vango/core";
import { encodeHtml, scopes } from "@vango/core/internal";
import { PROTOCOL_VERSION } from "@vango/core/protocol";
import { documentPieces } from "../document.js";
import { asVangoError } from "../errors.js";
import { runMiddleware } from "../router/middleware.js";
import { RequestContext } from "../router/request-ctx.js";
import type { PageMatch, PublicError } from "../router/resolve.js";
import type { BrowserIdentity } from "../security/browser-cookie.js";
import { signBoot } from "../security/boot-signature.js";
import { browserTopics } from "../state/app-state.js";
import { textReply, toResponse } from "../transport/reply.js";
import type { Incoming, Outgoing, Reply } from "../transport/transport.js";
import { compressed } from "./compress.js";
import type { HttpContext } from "./context.js";
import { hrefOf } from "./render-page.js";
import { readOnly } from "../state/read-only.js";
import { tabValues } from "./tab-values.js";

const DEFAULT_DEADLINE_MS = 1000;

/** What a page's reply depends on besides the page: read before anything is awaited, while the request is there. */
export interface Asked {
  readonly cookies: string | undefined;
  readonly encodings: string | undefined;
  /** Of the browser, when its values may be asked for before the page is rendered. */
  readonly browser?: BrowserIdentity;
}

export function askedOf(incoming: Incoming): Asked {
  return { cookies: incoming.header("cookie"), encodings: incoming.method === "HEAD" ? undefined : incoming.header("accept-encoding") };
}

/** Answers a page. Never rejects. */
export async function getPage(app: HttpContext, incoming: Incoming, match: PageMatch): Promise<Outgoing> {
  if (incoming.method !== "GET" && incoming.method !== "HEAD") return methodNotAllowed();
  const asked = askedOf(incoming);
  try {
    if (match.middleware.length === 0) return await documentReply(app, asked, match, undefined);
    const browser = scopes.browser ? app.cookie.identify(asked.cookies) : undefined;
    const ctx = new RequestContext(incoming.request(), match.props.params, await browserTopics(app.core, browser?.id));
    // The page's reply becomes a Response here, because middleware may change its headers.
    const reply = await runMiddleware(match.middleware, ctx, async () => toResponse(await documentReply(app, browser === undefined ? asked : { ...asked, browser }, match, ctx.user), false));
    // What middleware has kept for a browser that it sends elsewhere must be found again.
    if (browser?.setCookie !== undefined && !reply.headers.getSetCookie().includes(browser.setCookie)) reply.headers.append("set-cookie", browser.setCookie);
    return reply;
  } catch (error) {
    return failedPage(app, asked, match.path, match.query, error);
  }
}

async function documentReply(app: HttpContext, { cookies, encodings, browser: known }: Asked, match: PageMatch, user: unknown): Promise<Reply> {
  const { core } = app;
  // No await where no tab is named: pages without one stay as fast as they are.
  const values = cookies?.includes("vango_tab") === true ? await tabValues(app, cookies, user) : undefined;
  const rendering = app.renderPage({
    match,
    user,
    state: readOnly(core.state, values),
    globals: core.state.shared.globals,
    browser: scopes.browser ? await browserTopics(core, known?.id ?? app.cookie.read(cookies)) : undefined,
    deadlineMs: core.options.ssrDeadlineMs ?? DEFAULT_DEADLINE_MS,
    onError: (error) => void core.report(error),
  });
  const { head, chunks, t, s, h, results } = rendering instanceof Promise ? await rendering : rendering;
  const browser = known ?? app.cookie.identify(cookies);
  const { declared } = core.state;
  const boot = signBoot(core.tokens, { v: PROTOCOL_VERSION, b: core.router.buildId, t, s, h, p: hrefOf(match), n: randomUUID(), ...(declared === undefined ? {} : { f: declared.fingerprint }), ...(results === undefined ? {} : { r: 1 as const }) }, browser.id);
  if (results !== undefined) app.handOver(boot.n, results);
  const headers = ["content-type", "text/html; charset=utf-8", "cache-control", "private, no-cache", ...app.pageHeaders];
  if (browser.setCookie !== undefined) headers.push("set-cookie", browser.setCookie);
  return compressed({ status: match.status, headers, body: encodeHtml(documentPieces(app.shell, head, chunks, boot)) }, encodings);
}

/** The error page for what a page, its middleware or its modules threw. Never rejects. */
export async function failedPage(app: HttpContext, asked: Asked, path: string, query: string, cause: unknown): Promise<Reply> {
  const error = app.core.report(asVangoError(cause, "VANGO_SSR_FAILED"));
  const shown: PublicError = app.core.dev
    ? { code: error.code, message: devDetail(error) }
    : { code: error.code, message: "The page could not be shown. Please try again." };
  try {
    return await documentReply(app, asked, await app.core.router.errorPage(path, query, shown), undefined);
  } catch (second) {
    app.core.report(second);
    return textReply(500, app.core.dev ? `${shown.message}\n\nThe error page failed too: ${String(second)}` : "Internal Server Error");
  }
}

function devDetail(error: VangoError): string {
  const cause = error.cause instanceof Error ? `\n${error.cause.stack ?? error.cause.message}` : `\n${error.stack ?? ""}`;
  return `${error.message}\n${error.why}\n${error.fix}${cause}`;
}

function methodNotAllowed(): Reply {
  const base = textReply(405);
  return { ...base, headers: [...base.headers, "allow", "GET, HEAD"] };
}
