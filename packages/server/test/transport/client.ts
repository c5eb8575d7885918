/**
 * What the conformance suite speaks with: raw TCP for HTTP (nothing normalised on the way) and `ws` as the browser.
 */
import { connect, createServer, type AddressInfo, type Socket as TcpSocket } from "node:net";
import { once } from "node:events";
import { WebSocket } from "ws";

/** Sends raw bytes, resolves with all that came until the server or `until` ends it. */
export async function raw(port: number, text: string, until: (soFar: string) => boolean = complete): Promise<string> {
  const tcp = connect(port, "127.0.0.1");
  await once(tcp, "connect");
  tcp.write(text);
  let got = "";
  return new Promise((resolve) => {
    tcp.on("data", (chunk: Buffer) => {
      got += chunk.toString("latin1");
      if (until(got)) tcp.destroy();
    });
    tcp.on("error", () => undefined);
    tcp.on("close", () => resolve(got));
  });
}

/** True when one whole response with content-length, or the end of a chunked one, has arrived. */
export function complete(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const head = text.slice(0, end).toLowerCase();
  const length = /content-length: (\d+)/.exec(head);
  if (length !== null) return text.length - end - 4 >= Number(length[1]);
  if (head.includes("transfer-encoding: chunked")) return text.endsWith("0\r\n\r\n");
  return / (204|304) /.test(head.split("\r\n")[0] ?? "");
}

export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
}

export async function tcp(port: number): Promise<TcpSocket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Resolves when a connection has ended, however: `once` of node:events would reject for one that was reset. */
export function gone(socket: TcpSocket): Promise<void> {
  return new Promise((resolve) => void socket.once("close", () => resolve()));
}

/** An open WebSocket that collects what it gets. */
export class Browser {
  readonly messages: Buffer[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #waiting: { count: number; resolve: () => void }[] = [];

  private constructor(readonly ws: WebSocket) {
    ws.on("message", (data: Buffer) => {
      this.messages.push(data);
      this.#waiting = this.#waiting.filter((w) => {
        if (this.messages.length < w.count) return true;
        w.resolve();
        return false;
      });
    });
    this.closed = new Promise((resolve) => {
      ws.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    ws.on("error", () => undefined);
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<Browser> {
    const ws = new WebSocket(url.replace("http", "ws"), { headers, perMessageDeflate: true });
    const browser = new Browser(ws);
    await once(ws, "open");
    return browser;
  }

  /** Resolves once `count` messages have come. */
  got(count: number): Promise<void> {
    if (this.messages.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }
}

/** Status of a refused upgrade. */
export async function refusedStatus(url: string, headers: Record<string, string> = {}): Promise<number> {
  const ws = new WebSocket(url.replace("http", "ws"), { headers });
  ws.on("error", () => undefined);
  const [, response] = (await once(ws, "unexpected-response")) as [unknown, { statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

/** A promise with its resolver. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((r) => {
    resolve = r;
  });
  return { promise, resolve };
}

/** A port nothing listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
