/**
 * One HTTP exchange on uWebSockets.js: reads lazily while the native request lives, keeps a copy of the headers only
 * if the answer is not ready when the handler returns, and writes the answer once, corked, unless the client left.
 */
import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { isBodyless, statusLine } from "./reply.js";
import type { Incoming, Outgoing, Reply } from "./transport.js";
import { pumpToUws } from "./uws-pump.js";
import { readUwsBody, type UwsBody } from "./uws-body.js";

const textDecoder = new TextDecoder();
const HOST = /^[\w.-]+(?::\d{1,5})?$|^\[[0-9a-fA-F:.]+\](?::\d{1,5})?$/;

const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

export class UwsExchange implements Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  aborted = false;
  #req: HttpRequest | undefined;
  #headers: [string, string][] | undefined;
  #ip: string | undefined;
  #request: Request | undefined;
  #body: UwsBody | undefined;
  #controller: AbortController | undefined;
  #onAbort: (() => void) | undefined;

  constructor(
    private readonly res: HttpResponse,
    req: HttpRequest,
    private readonly maxBody: number,
  ) {
    this.#req = req;
    this.method = req.getMethod().toUpperCase();
    this.path = req.getUrl();
    this.query = req.getQuery() ?? "";
  }

  header(name: string): string | undefined {
    if (this.#req !== undefined) return this.#req.getHeader(name) || undefined;
    return this.#headers?.find((h) => h[0] === name)?.[1] || undefined;
  }

  ip(): string {
    if (this.#ip === undefined) this.#ip = this.#req === undefined ? "" : textDecoder.decode(this.res.getRemoteAddressAsText());
    return this.#ip;
  }

  request(): Request {
    if (this.#request !== undefined) return this.#request;
    this.#keepHeaders();
    this.#startBody();
    this.#controller = new AbortController();
    if (this.aborted) this.#controller.abort();
    const host = this.header("host") ?? "localhost";
    // The same placeholder that srvx uses: a malformed Host must not make the request impossible.
    const url = `http://${HOST.test(host) ? host : "_invalid_"}${this.path}${this.query === "" ? "" : `?${this.query}`}`;
    const init: RequestInit & { duplex?: "half" } = { method: this.method, headers: this.#headers ?? [], signal: this.#controller.signal };
    if (this.#body !== undefined) {
      init.body = this.#body.stream;
      init.duplex = "half";
    }
    this.#request = new Request(url, init);
    return this.#request;
  }

  /** The answer takes longer than the uWS callback: keep what dies with it. */
  detach(): void {
    this.ip();
    this.#keepHeaders();
    this.#startBody();
    this.#req = undefined;
    this.res.onAborted(() => this.abort());
  }

  /** The client left. */
  abort(): void {
    this.aborted = true;
    const reason = new DOMException("The client closed the connection.", "AbortError");
    this.#body?.abort(reason);
    this.#controller?.abort(reason);
    this.#onAbort?.();
  }

  /** Writes the answer. Resolves when a streamed body is done; undefined when all was written at once. */
  answer(out: Outgoing): Promise<void> | undefined {
    if (out instanceof Response) return this.#answerResponse(out);
    if (this.aborted) return undefined;
    this.res.cork(() => this.#writeReply(out));
    return undefined;
  }

  #writeReply(out: Reply): void {
    const { res } = this;
    const { headers } = out;
    res.writeStatus(statusLine(out.status));
    for (let i = 0; i + 1 < headers.length; i += 2) res.writeHeader(headers[i] ?? "", headers[i + 1] ?? "");
    if (isBodyless(out.status)) res.endWithoutBody();
    else if (this.method === "HEAD") endHead(res, out.length ?? byteLength(out.body));
    else res.end(out.body ?? "");
  }

  #answerResponse(response: Response): Promise<void> | undefined {
    const { body } = response;
    if (this.aborted) {
      void body?.cancel().catch(() => undefined);
      return undefined;
    }
    const declared = response.headers.get("content-length");
    const total = declared === null || !/^\d+$/.test(declared) ? undefined : Number(declared);
    const bodyless = body === null || this.method === "HEAD" || isBodyless(response.status);
    const { res } = this;
    res.cork(() => {
      res.writeStatus(statusLine(response.status));
      response.headers.forEach((value, name) => {
        if (name !== "content-length" && name !== "transfer-encoding" && name !== "connection") res.writeHeader(name, value);
      });
      if (!bodyless) return;
      if (isBodyless(response.status)) res.endWithoutBody();
      else if (this.method === "HEAD") endHead(res, total);
      else res.end("");
    });
    if (bodyless) {
      void body?.cancel().catch(() => undefined);
      return undefined;
    }
    const pump = pumpToUws(res, body, total, () => this.aborted);
    this.#onAbort = pump.abort;
    return pump.done;
  }

  #keepHeaders(): void {
    if (this.#headers !== undefined || this.#req === undefined) return;
    const headers: [string, string][] = [];
    this.#req.forEach((name, value) => {
      // A Fetch Headers refuses these; one odd header must not make the request impossible.
      if (HEADER_VALUE.test(value)) headers.push([name, value]);
    });
    this.#headers = headers;
  }

  #startBody(): void {
    if (this.#body !== undefined || this.#req === undefined) return;
    if (this.method === "GET" || this.method === "HEAD") return;
    const length = this.header("content-length");
    if (this.header("transfer-encoding") === undefined && (length === undefined || length === "0")) return;
    this.#body = readUwsBody(this.res, this.maxBody);
  }
}

/** The answer to HEAD. uWS's own `endWithoutBody(length)` leaves the exchange open in some releases, so the header is written here. */
function endHead(res: HttpResponse, length: number | undefined): void {
  if (length !== undefined) res.writeHeader("content-length", String(length));
  res.endWithoutBody();
}

function byteLength(body: string | Uint8Array | null): number {
  return body === null ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
}
