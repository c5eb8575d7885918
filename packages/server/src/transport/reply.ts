/**
 * Helpers on `Reply`, the lean alternative to a Fetch `Response`, and the conversion for `app.fetch`.
 */
import { STATUS_CODES } from "node:http";
import type { Outgoing, Reply } from "./transport.js";

/** Makes a reply. `headers` is flat: name, value, name, value. */
export function reply(status: number, headers: readonly string[], body: string | Uint8Array | null): Reply {
  return { status, headers, body };
}

/** A short text reply that no cache keeps. */
export function textReply(status: number, text: string = STATUS_CODES[status] ?? "Error"): Reply {
  return {
    status,
    headers: ["content-type", "text/plain; charset=utf-8", "cache-control", "no-store", "x-content-type-options", "nosniff"],
    body: text,
  };
}

/** True when a status carries no body. */
export function isBodyless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** `200` → `200 OK`. */
export function statusLine(status: number): string {
  const text = STATUS_CODES[status];
  return text === undefined ? String(status) : `${status} ${text}`;
}

/** The reply as a Fetch response; a response passes. `head` drops the body. */
export function toResponse(out: Outgoing, head: boolean): Response {
  if (out instanceof Response) {
    if (!head || out.body === null) return out;
    void out.body.cancel().catch(() => undefined);
    return new Response(null, { status: out.status, statusText: out.statusText, headers: out.headers });
  }
  const headers = new Headers();
  for (let i = 0; i + 1 < out.headers.length; i += 2) headers.append(out.headers[i] ?? "", out.headers[i + 1] ?? "");
  const body = head || isBodyless(out.status) ? null : out.body;
  // A Uint8Array over a plain ArrayBuffer is a BodyInit; ours always are.
  return new Response(body as BodyInit | null, { status: out.status, headers });
}
