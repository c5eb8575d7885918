/**
 * The default transport: uWebSockets.js. The message path makes one Uint8Array view a message and nothing else.
 */
import type { HttpRequest, HttpResponse, us_listen_socket, us_socket, us_socket_context_t, WebSocket, WebSocketBehavior } from "uWebSockets.js";
import { listenError, serverError } from "../errors.js";
import { textReply } from "./reply.js";
import { quietMoment, sharesPorts } from "./shared-port.js";
import { TRANSPORT_DEFAULTS, type ListenOptions, type Listening, type Outgoing, type Transport, type TransportHandlers, type UpgradeDecision } from "./transport.js";
import { isBodyTooLarge } from "./body-limit.js";
import { ControlFrames } from "./control-frames.js";
import { UwsExchange } from "./uws-exchange.js";
import { endIsAmbiguous } from "./uws-framing.js";
import type { Uws } from "./uws-load.js";
import { UwsSocket, type UwsUserData } from "./uws-socket.js";

export function uwsTransport(uws: Uws): Transport {
  return { name: "uws", listen: (handlers, options) => listen(uws, handlers, options) };
}

async function listen<D>(uws: Uws, handlers: TransportHandlers<D>, options: ListenOptions): Promise<Listening> {
  if (options.reusePort === true && !sharesPorts) throw serverError("VANGO_REUSE_PORT", { message: `uWebSockets.js on ${process.platform}.` });
  const host = options.host ?? TRANSPORT_DEFAULTS.host;
  const maxBody = options.maxBody ?? TRANSPORT_DEFAULTS.maxBody;
  const sockets = new Set<UwsSocket<D>>();
  const requests = new InFlight();
  const app = uws.App();

  app.ws<UwsUserData<D>>("/*", socketBehavior(uws, handlers, options, sockets));
  app.filter((_res, change) => requests.connected(Number(change)));
  app.any("/*", (res, req) => handleRequest(res, req, handlers, maxBody, requests));

  const token = await new Promise<us_listen_socket | false>((resolve) => {
    // LIBUS_LISTEN_EXCLUSIVE_PORT: without it a second uWS shares the port in silence.
    const flags = options.reusePort === true ? 0 : 1;
    (app as unknown as HostListener).listen(host, options.port, flags, resolve);
  });
  if (token === false) throw await listenError(host, options.port);
  const port = uws.us_socket_local_port(token as unknown as us_socket);

  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= (options.reusePort === true ? quietMoment() : Promise.resolve()).then(() => uws.us_listen_socket_close(token));
    return stopped;
  };
  return {
    port,
    host,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    stop,
    async close() {
      await stop();
      for (const socket of [...sockets]) socket.close(1001, "server closes");
      await requests.idle(TRANSPORT_DEFAULTS.closeGraceMs);
      // Others go on serving this port: nobody needs to hear that this process went.
      if (options.reusePort === true) await requests.heard(TRANSPORT_DEFAULTS.closeGraceMs);
      app.close();
    },
  };
}

function handleRequest<D>(res: HttpResponse, req: HttpRequest, handlers: TransportHandlers<D>, maxBody: number, requests: InFlight): void {
  if (endIsAmbiguous(req)) {
    res.close(); // an answer would leave the rest of what has come to be read as the next request
    return;
  }
  const exchange = new UwsExchange(res, req, maxBody);
  const declared = Number(exchange.header("content-length") ?? 0);
  if (declared > maxBody) {
    res.cork(() => {
      res.writeStatus("413 Payload Too Large").end("Payload Too Large", true);
    });
    return;
  }
  let out: Outgoing | Promise<Outgoing>;
  try {
    out = handlers.request(exchange);
  } catch (error) {
    handlers.onError(error);
    out = textReply(500);
  }
  if (out instanceof Promise || out instanceof Response) exchange.detach();
  if (!(out instanceof Promise)) {
    const streamed = exchange.answer(out);
    if (streamed !== undefined) requests.track(streamed);
    return;
  }
  requests.track(
    out
      .catch((error: unknown): Outgoing => {
        if (isBodyTooLarge(error)) return textReply(413);
        handlers.onError(error);
        return textReply(500);
      })
      .then((done) => exchange.answer(done)),
  );
}

function socketBehavior<D>(uws: Uws, handlers: TransportHandlers<D>, options: ListenOptions, sockets: Set<UwsSocket<D>>): WebSocketBehavior<UwsUserData<D>> {
  const frames = new ControlFrames();
  const count = (ws: WebSocket<UwsUserData<D>>): void => {
    // Cut, not ended: what it goes on to send would be read until it ends its side too.
    if (frames.flooded(ws.getUserData().socket)) ws.close();
  };
  return {
    compression: uws.DISABLED,
    maxPayloadLength: options.maxPayload ?? TRANSPORT_DEFAULTS.maxPayload,
    maxBackpressure: options.maxBackpressure ?? TRANSPORT_DEFAULTS.maxBackpressure,
    idleTimeout: options.idleTimeout ?? TRANSPORT_DEFAULTS.idleTimeout,
    sendPingsAutomatically: true,
    upgrade(res, req, context) {
      handleUpgrade(res, req, context, handlers);
    },
    open(ws) {
      const { socket } = ws.getUserData();
      socket.handle = ws;
      sockets.add(socket);
      try {
        handlers.onOpen(socket);
      } catch (error) {
        fail(handlers, socket, error);
      }
    },
    message(ws, message, isBinary) {
      const { socket } = ws.getUserData();
      if (!isBinary) {
        socket.close(1003, "binary only");
        return;
      }
      try {
        handlers.onMessage(socket, new Uint8Array(message));
      } catch (error) {
        fail(handlers, socket, error);
      }
    },
    ping: count,
    pong: count,
    drain(ws) {
      const { socket } = ws.getUserData();
      try {
        handlers.onDrain(socket);
      } catch (error) {
        fail(handlers, socket, error);
      }
    },
    close(ws, code) {
      const { socket } = ws.getUserData();
      socket.handle = undefined;
      sockets.delete(socket);
      try {
        handlers.onClose(socket, code);
      } catch (error) {
        handlers.onError(error);
      }
    },
  };
}

function handleUpgrade<D>(res: HttpResponse, req: HttpRequest, context: us_socket_context_t, handlers: TransportHandlers<D>): void {
  const exchange = new UwsExchange(res, req, 0);
  const key = req.getHeader("sec-websocket-key");
  const protocol = req.getHeader("sec-websocket-protocol");
  const extensions = req.getHeader("sec-websocket-extensions");
  const settle = (decision: UpgradeDecision<D>): void => {
    if (exchange.aborted) return;
    res.cork(() => {
      if (decision.accept) res.upgrade<UwsUserData<D>>({ socket: new UwsSocket(decision.data) }, key, protocol, extensions, context);
      else {
        const { status, headers, body } = textReply(decision.status, decision.body);
        res.writeStatus(`${status} Refused`);
        for (let i = 0; i + 1 < headers.length; i += 2) res.writeHeader(headers[i] ?? "", headers[i + 1] ?? "");
        res.end(body ?? "", true);
      }
    });
  };
  const failed = (error: unknown): void => {
    handlers.onError(error);
    settle({ accept: false, status: 500 });
  };
  try {
    const decision = handlers.upgrade(exchange);
    if (decision instanceof Promise) {
      exchange.detach();
      decision.then(settle, failed);
    } else settle(decision);
  } catch (error) {
    failed(error);
  }
}

function fail<D>(handlers: TransportHandlers<D>, socket: UwsSocket<D>, error: unknown): void {
  handlers.onError(error);
  socket.close(1011, "internal error");
}

/** The form of `listen` with host and flags: the native side has it, its declarations do not. */
interface HostListener {
  listen(host: string, port: number, flags: number, cb: (token: us_listen_socket | false) => void): void;
}

/** Requests whose answer is not written yet, or which a connection has not said yet, so that `close` can wait for them. */
class InFlight {
  #count = 0;
  #idle: (() => void) | undefined;
  #open = 0;
  #lastOpened = -Infinity;

  /** A connection was opened (1) or closed (-1). */
  connected(change: number): void {
    this.#open += change;
    if (change > 0) this.#lastOpened = performance.now();
  }

  /** Resolves when every connection that is open has had `graceMs` to say what it wants. */
  async heard(graceMs: number): Promise<void> {
    const left = this.#lastOpened + graceMs - performance.now();
    if (this.#open > 0 && left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    if (this.#count > 0) await this.idle(graceMs);
  }

  track(work: Promise<unknown>): void {
    this.#count++;
    const settled = (): void => {
      this.#count--;
      if (this.#count === 0) this.#idle?.();
    };
    work.then(settled, settled);
  }

  idle(graceMs: number): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
