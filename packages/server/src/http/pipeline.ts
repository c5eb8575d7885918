/**
 * From a request to an answer, in this order: size of the target, the framework's own addresses, static files, routes.
 * Hot answers (client script, files, pages without middleware) are made without a Fetch Request or Response.
 */
import { scopes } from "@vango/core/internal";
import { serverError, SERVER_ERRORS } from "../errors.js";
import { callApi, coded } from "../router/api.js";
import { runMiddleware } from "../router/middleware.js";
import { canonicalPath, stripBase } from "../router/path.js";
import { RequestContext } from "../router/request-ctx.js";
import type { ApiMatch, Resolution } from "../router/resolve.js";
import { isForeignWrite } from "../security/origin.js";
import { browserTopics } from "../state/app-state.js";
import { textReply } from "../transport/reply.js";
import type { Incoming, Outgoing, Reply } from "../transport/transport.js";
import type { HttpContext } from "./context.js";
import { askedOf, failedPage, getPage } from "./get-page.js";

/** Everything of the framework stands under this path, below the base. */
export const INTERNAL_PREFIX = "/_vango/";

/** TRACE and CONNECT are not for us, and a Fetch Request cannot hold them. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

export function handleRequest(app: HttpContext, incoming: Incoming): Outgoing | Promise<Outgoing> {
  const { path, query } = incoming;
  const { core } = app;
  if (!METHODS.has(incoming.method)) return textReply(501);
  if (path.length + query.length > core.limits.targetBytes) return textReply(414);
  const local = stripBase(path, core.basePath);
  if (local !== undefined && local.startsWith(INTERNAL_PREFIX) && !isTool(local)) return internal(app, incoming, local.slice(INTERNAL_PREFIX.length));
  if (app.files !== undefined && local !== undefined && (incoming.method === "GET" || incoming.method === "HEAD") && canonicalPath(path).kind === "ok") {
    const file = app.files.reply(local, incoming);
    if (file !== undefined) return file;
  }
  let found: Resolution | Promise<Resolution>;
  try {
    found = core.router.resolve(path, query);
  } catch (error) {
    return failedPage(app, askedOf(incoming), path, query, error);
  }
  if (!(found instanceof Promise)) return answer(app, incoming, found);
  const asked = askedOf(incoming);
  return found.then(
    (resolution) => answer(app, incoming, resolution),
    (error: unknown) => failedPage(app, asked, path, query, error),
  );
}

function answer(app: HttpContext, incoming: Incoming, found: Resolution): Outgoing | Promise<Outgoing> {
  switch (found.kind) {
    case "redirect":
      return { status: 308, headers: ["location", found.href, "cache-control", "no-store"], body: null };
    case "bad-request":
      return found.api ? coded(400, "VANGO_BAD_PARAM") : textReply(400, SERVER_ERRORS.VANGO_BAD_PATH.message);
    case "page":
      if (isForeignWrite(incoming.method, app.core.proxies.headers(incoming), app.core.options.publicOrigin)) return textReply(403);
      if (found.status === 404 && incoming.method !== "GET" && incoming.method !== "HEAD") return textReply(404);
      return getPage(app, incoming, found);
    case "api":
      return answerApi(app, incoming, found);
  }
}

async function answerApi(app: HttpContext, incoming: Incoming, match: ApiMatch): Promise<Outgoing> {
  const { core } = app;
  if (isForeignWrite(incoming.method, core.proxies.headers(incoming), core.options.publicOrigin)) return coded(403, "VANGO_ORIGIN_REFUSED");
  const browser = scopes.browser ? app.cookie.read(incoming.header("cookie")) : undefined;
  const ctx = new RequestContext(incoming.request(), match.params, await browserTopics(core, browser));
  const call = (): Promise<Response> => callApi(match, ctx, { bodyLimit: core.limits.apiBodyBytes, onError: (error) => void core.report(error) });
  try {
    return await runMiddleware(match.middleware, ctx, call);
  } catch (error) {
    core.report(error);
    return coded(500, "VANGO_API_FAILED");
  }
}

/** Pages of tools under our prefix (devtools) are ordinary routes, there only if the app was made with them. */
function isTool(local: string): boolean {
  return local.startsWith(`${INTERNAL_PREFIX}devtools`);
}

/** `/_vango/…` */
function internal(app: HttpContext, incoming: Incoming, name: string): Reply {
  if (incoming.method !== "GET" && incoming.method !== "HEAD") return textReply(405);
  const script = app.client?.reply(name, incoming);
  if (script !== undefined) return script;
  switch (name) {
    case "healthz":
      return textReply(200, "ok");
    case "readyz":
      return app.ready() ? textReply(200, "ready") : textReply(503, "draining");
    case "live": {
      const base = textReply(426, "This address speaks WebSocket.");
      return { ...base, headers: [...base.headers, "upgrade", "websocket", "connection", "upgrade"] };
    }
    default:
      return textReply(404, serverError("VANGO_NOT_FOUND").message);
  }
}
