/**
 * The portable transport: `ws` on node:http, where uWebSockets.js has no binary. Same port, same conformance suite.
 */
import cluster from "node:cluster";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { serverError } from "../errors.js";
import { isBodyTooLarge } from "./body-limit.js";
import { ControlFrames } from "./control-frames.js";
import { NodeExchange } from "./node-exchange.js";
import { asksForWebSocket, serveWithoutUpgrade } from "./other-upgrade.js";
import { statusLine, textReply } from "./reply.js";
import { TRANSPORT_DEFAULTS, type ListenOptions, type Listening, type Outgoing, type Transport, type TransportHandlers, type UpgradeDecision } from "./transport.js";
import { WsSocket } from "./ws-socket.js";

export function wsTransport(): Transport {
  return { name: "ws", listen };
}

async function listen<D>(handlers: TransportHandlers<D>, options: ListenOptions): Promise<Listening> {
  const host = options.host ?? TRANSPORT_DEFAULTS.host;
  const maxBody = options.maxBody ?? TRANSPORT_DEFAULTS.maxBody;
  const idleMs = (options.idleTimeout ?? TRANSPORT_DEFAULTS.idleTimeout) * 1000;
  const sockets = new Set<WsSocket<D>>();
  const frames = new ControlFrames();
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxPayload ?? TRANSPORT_DEFAULTS.maxPayload,
  });
  // Node looks for connections over their time only every 30 s by itself.
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 30_000, keepAliveTimeout: 60_000, connectionsCheckingInterval: 1_000 });
  server.on("request", (req, res) => handleRequest(req, res, handlers, maxBody));
  server.on("upgrade", (req, raw, head) => {
    if (asksForWebSocket(req)) handleUpgrade(req, raw, head, wss, handlers, options, sockets, frames);
    else serveWithoutUpgrade(server, req, raw, head);
  });
  const { port } = await bind(server, host, options);

  const sweep = setInterval(() => sweepIdle(sockets), idleMs / 2);
  sweep.unref();

  let stopped: Promise<void> | undefined;
  const closed = (): Promise<void> => {
    stopped ??= new Promise((resolve) => server.close(() => resolve()));
    return stopped;
  };
  return {
    port,
    host,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    stop() {
      void closed();
      return Promise.resolve();
    },
    async close() {
      const done = closed();
      clearInterval(sweep);
      for (const socket of [...sockets]) socket.close(1001, "server closes");
      server.closeIdleConnections();
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.ws.terminate();
        server.closeAllConnections();
      }, TRANSPORT_DEFAULTS.closeGraceMs);
      await done;
      for (const socket of sockets) socket.ws.terminate();
      clearTimeout(cut);
    },
  };
}

/** Node knows the option from 22.12 and 23.1 on, and balances with it on Linux. */
function canReusePort(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return process.platform === "linux" && (major >= 24 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12));
}

async function bind(server: Server, host: string, options: ListenOptions): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    const reusePort = options.reusePort === true && !cluster.isWorker;
    if (reusePort && !canReusePort()) return reject(serverError("VANGO_REUSE_PORT", { message: `Node ${process.version} on ${process.platform}.` }));
    server.once("error", (error: NodeJS.ErrnoException) => {
      const at = `${host}:${options.port}`;
      reject(
        error.code === "EADDRINUSE"
          ? serverError("VANGO_PORT_TAKEN", { message: `${at} is in use.`, cause: error })
          : serverError("VANGO_LISTEN_FAILED", { message: `${at}: ${error.code ?? error.message}.`, cause: error }),
      );
    });
    // In a worker of node:cluster the supervisor accepts, and gives each connection to a process that is free.
    server.listen({ port: options.port, host, reusePort } as Parameters<Server["listen"]>[0] & object, resolve);
  });
  return server.address() as AddressInfo;
}

function handleRequest<D>(req: IncomingMessage, res: ServerResponse, handlers: TransportHandlers<D>, maxBody: number): void {
  if (Number(req.headers["content-length"] ?? 0) > maxBody) {
    res.writeHead(413, { connection: "close", "content-type": "text/plain; charset=utf-8" }).end("Payload Too Large");
    return;
  }
  const exchange = new NodeExchange(req, res, maxBody);
  const failed = (error: unknown): Outgoing => {
    if (isBodyTooLarge(error)) return textReply(413);
    handlers.onError(error);
    return textReply(500);
  };
  let out: Outgoing | Promise<Outgoing>;
  try {
    out = handlers.request(exchange);
  } catch (error) {
    out = failed(error);
  }
  const sent = out instanceof Promise ? out.catch(failed).then((done) => exchange.answer(done)) : exchange.answer(out);
  // What is not read of the body must not hold the connection.
  sent.catch(() => res.destroy()).finally(() => req.resume());
}

function handleUpgrade<D>(
  req: IncomingMessage,
  raw: Duplex,
  head: Buffer,
  wss: WebSocketServer,
  handlers: TransportHandlers<D>,
  options: ListenOptions,
  sockets: Set<WsSocket<D>>,
  frames: ControlFrames,
): void {
  const ignore = (): void => undefined;
  raw.on("error", ignore);
  const settle = (decision: UpgradeDecision<D>): void => {
    if (raw.destroyed) return;
    if (!decision.accept) {
      refuse(raw, decision.status, decision.body);
      return;
    }
    raw.off("error", ignore);
    wss.handleUpgrade(req, raw, head, (ws) => {
      open(new WsSocket(ws, raw, decision.data, options.maxBackpressure ?? TRANSPORT_DEFAULTS.maxBackpressure), handlers, sockets, frames);
    });
  };
  const failed = (error: unknown): void => {
    handlers.onError(error);
    settle({ accept: false, status: 500 });
  };
  try {
    const decision = handlers.upgrade(new NodeExchange(req, undefined, 0));
    if (decision instanceof Promise) decision.then(settle, failed);
    else settle(decision);
  } catch (error) {
    failed(error);
  }
}

function refuse(raw: Duplex, status: number, text: string | undefined): void {
  const { body } = textReply(status, text);
  const content = typeof body === "string" ? body : "";
  raw.end(
    `HTTP/1.1 ${statusLine(status)}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(content)}\r\n\r\n${content}`,
  );
}

/** Messages that were on their way when the socket was closed; who sends more does not mean to stop, and ws would read them for half a minute. */
const MOST_LATE = 256;
/** So long the client has to read why it was closed, ms. */
const LAST_WORD_MS = 1000;

/** Reads no more of a socket that was closed, and cuts it when its client has had the time to read the close. */
function cutSoon(ws: WebSocket): void {
  ws.pause();
  setTimeout(() => ws.terminate(), LAST_WORD_MS).unref();
}

function open<D>(socket: WsSocket<D>, handlers: TransportHandlers<D>, sockets: Set<WsSocket<D>>, frames: ControlFrames): void {
  const { ws, raw } = socket;
  const guard = (fn: () => void): void => {
    try {
      fn();
    } catch (error) {
      handlers.onError(error);
      socket.close(1011, "internal error");
    }
  };
  sockets.add(socket);
  ws.on("message", (data: RawData, isBinary: boolean) => {
    socket.alive = true;
    if (ws.readyState !== ws.OPEN) {
      if (++socket.late === MOST_LATE) cutSoon(ws);
    } else if (!isBinary) socket.close(1003, "binary only");
    else guard(() => handlers.onMessage(socket, data as Buffer)); // nodebuffer: the default binaryType
  });
  const count = (): void => {
    socket.alive = true;
    // What the buffer still holds is read all the same; a close frame would wait for it.
    if (frames.flooded(socket)) ws.terminate();
  };
  ws.on("ping", count);
  ws.on("pong", count);
  ws.on("error", () => undefined); // a close with its code follows
  raw.on("drain", () => {
    if (ws.readyState === ws.OPEN) guard(() => handlers.onDrain(socket));
  });
  ws.on("close", (code: number) => {
    sockets.delete(socket);
    try {
      handlers.onClose(socket, code);
    } catch (error) {
      handlers.onError(error);
    }
  });
  guard(() => handlers.onOpen(socket));
}

/** Twice a timeout: who was silent for a whole period goes, the others are asked with a ping. */
function sweepIdle(sockets: Set<WsSocket<unknown>>): void {
  for (const socket of sockets) {
    if (!socket.alive) socket.ws.terminate();
    else {
      socket.alive = false;
      if (socket.ws.readyState === socket.ws.OPEN) socket.ws.ping();
    }
  }
}

