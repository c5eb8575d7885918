/**
 * One HTTP exchange on node:http: srvx makes the lazy Fetch request and sends Fetch responses (streaming, backpressure,
 * aborts); lean replies are written directly.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { NodeRequest, sendNodeResponse } from "srvx/node";
import { isBodyless } from "./reply.js";
import type { Incoming, Outgoing, Reply } from "./transport.js";

export class NodeExchange implements Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  #request: Request | undefined;

  constructor(
    private readonly req: IncomingMessage,
    private readonly res: ServerResponse | undefined,
    private readonly maxBody: number,
  ) {
    const target = req.url ?? "/";
    const mark = target.indexOf("?");
    this.method = req.method ?? "GET";
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? "" : target.slice(mark + 1);
  }

  header(name: string): string | undefined {
    const value = this.req.headers[name];
    return (typeof value === "string" ? value : value?.[0]) || undefined;
  }

  ip(): string {
    return this.req.socket.remoteAddress ?? "";
  }

  request(): Request {
    this.#request ??= new NodeRequest({ req: this.req, ...(this.res === undefined ? {} : { res: this.res }), maxRequestBodySize: this.maxBody });
    return this.#request;
  }

  answer(out: Outgoing): Promise<void> {
    const { res } = this;
    if (res === undefined || res.destroyed) {
      if (out instanceof Response) void out.body?.cancel().catch(() => undefined);
      return Promise.resolve();
    }
    if (out instanceof Response) return sendNodeResponse(res, out);
    writeReply(res, out, this.method === "HEAD");
    return Promise.resolve();
  }
}

function writeReply(res: ServerResponse, out: Reply, head: boolean): void {
  const headers = [...out.headers];
  if (!isBodyless(out.status)) {
    const body = out.body;
    const length = body === null ? (head ? out.length ?? 0 : 0) : typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    headers.push("content-length", String(length));
  }
  res.writeHead(out.status, headers);
  if (head || out.body === null || isBodyless(out.status)) res.end();
  else res.end(out.body);
}
