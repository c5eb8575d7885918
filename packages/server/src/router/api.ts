/**
 * Calls the function of an API route: method, media type, body limit, JSON in and out, coded errors.
 * Errors are `{ "error": message, "code": code }`; what an unexpected exception says stays on the server.
 */
import { browserState } from "@vango/core/internal";
import { SERVER_ERRORS, serverError, type ServerErrorCode } from "../errors.js";
import { isBodyTooLarge } from "../transport/body-limit.js";
import { HttpError } from "./http-error.js";
import type { ApiMatch } from "./resolve.js";
import type { ApiFunction, RequestCtx } from "./types.js";
import { limitBody } from "./limit-body.js";

export interface ApiOptions {
  /** Bytes of a body. */
  readonly bodyLimit: number;
  onError(error: unknown): void;
}

const BODY_METHODS = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Answers the request; never rejects. `ctx` is what middleware ran with. */
export async function callApi(match: ApiMatch, ctx: RequestCtx, options: ApiOptions): Promise<Response> {
  const { request } = ctx;
  const fn = pickFunction(match, request.method);
  if (fn === undefined) return methodAnswer(match, request.method);
  try {
    const prepared = prepareBody(match, request, options.bodyLimit);
    if (prepared instanceof Response) return prepared;
    const body = fn.length >= 2 ? await readJson(prepared) : undefined;
    const view: RequestCtx = prepared === request ? ctx : withRequest(ctx, prepared);
    const result: unknown = await fn(view, body);
    return answer(result, request.method);
  } catch (error) {
    return errorAnswer(error, options);
  }
}

function pickFunction(match: ApiMatch, method: string): ApiFunction | undefined {
  return match.functions.get(method) ?? (method === "HEAD" ? match.functions.get("GET") : undefined);
}

function methodAnswer(match: ApiMatch, method: string): Response {
  const allowed = new Set([...match.functions.keys(), "OPTIONS"]);
  if (allowed.has("GET")) allowed.add("HEAD");
  const allow = [...allowed].sort().join(", ");
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const response = coded(405, "VANGO_API_METHOD");
  response.headers.set("allow", allow);
  return response;
}

/** The request with its body limited, or the refusal. */
function prepareBody(match: ApiMatch, request: Request, limit: number): Request | Response {
  if (!BODY_METHODS.has(request.method) || request.body === null) return request;
  const type = mediaType(request);
  if (type !== "" && !isJson(type) && !match.accepts.includes(type)) return coded(415, "VANGO_API_MEDIA_TYPE");
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared > limit) return coded(413, "VANGO_BODY_TOO_LARGE");
  return declared <= limit ? request : limitBody(request, limit);
}

async function readJson(request: Request): Promise<unknown> {
  const type = mediaType(request);
  if (request.body === null || (type !== "" && !isJson(type))) return undefined;
  const taken = request.bodyUsed || request.body.locked; // by middleware: a mistake of the app
  const text = await request.text().catch((error: unknown) => {
    // Else the client left before it was all here.
    throw taken || isBodyTooLarge(error) ? error : serverError("VANGO_API_BODY", { cause: error });
  });
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw serverError("VANGO_API_BODY", { cause: error });
  }
}

function withRequest(ctx: RequestCtx, request: Request): RequestCtx {
  return { request, params: ctx.params, user: ctx.user, [browserState]: ctx[browserState], redirect: (href, status) => ctx.redirect(href, status) };
}

function mediaType(request: Request): string {
  return (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function isJson(type: string): boolean {
  return type === "application/json" || /^application\/[\w.-]+\+json$/.test(type);
}

function answer(result: unknown, method: string): Response {
  if (result instanceof Response) return result;
  if (result === undefined) return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
  let text: string | undefined;
  try {
    text = JSON.stringify(result);
  } catch (error) {
    throw serverError("VANGO_API_RESULT", { cause: error });
  }
  if (text === undefined) throw serverError("VANGO_API_RESULT");
  return json(method === "HEAD" ? null : text, 200);
}

function errorAnswer(error: unknown, options: ApiOptions): Response {
  if (error instanceof HttpError) return json(JSON.stringify({ error: error.message, code: error.code }), error.status);
  if (error instanceof Response) return error;
  if (isBodyTooLarge(error)) return coded(413, "VANGO_BODY_TOO_LARGE");
  const code = (error as { code?: unknown } | null)?.code;
  // A SyntaxError out of `request.json()` is the caller's fault, not the function's.
  if (code === "VANGO_API_BODY" || (error instanceof SyntaxError && /JSON/.test(error.message))) return coded(400, "VANGO_API_BODY");
  options.onError(error);
  return coded(500, "VANGO_API_FAILED");
}

/** A coded refusal with the text of the catalogue. */
export function coded(status: number, code: ServerErrorCode): Response {
  const { message, fix } = SERVER_ERRORS[code];
  return json(JSON.stringify(status === 500 ? { error: message, code } : { error: message, code, fix }), status);
}

function json(text: string | null, status: number): Response {
  return new Response(text, { status, headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff" } });
}
