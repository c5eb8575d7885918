// The public port of `vango dev`. Stays open across restarts: requests wait while the app starts, go through to it while
// it runs, and get the error page while it cannot. Sockets are passed through byte for byte.

import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { formatReport } from "../report.js";
import { DEV_EVENTS, DEV_SCRIPT, devScript, errorPage } from "./overlay.js";
import type { StateCell } from "./state.js";

/** The client's entry script. The overlay is appended to it, so that the page's own HTML and its policy stay as in production. */
const CLIENT_SCRIPT = /\/_vango\/client\.[^/?]*js(?:\?|$)/;

export interface Front { readonly server: Server; close(): void }

export function createFront(state: StateCell): Front {
  const sockets = new Set<Duplex>();
  const server = createServer((req, res) => {
    answer(req, res, state).catch((error: unknown) => {
      if (!res.headersSent) res.writeHead(502, { "content-type": "text/plain" });
      res.end(String(error));
    });
  });
  server.on("upgrade", (req, socket, head) => void passThrough(req, socket, head, state));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return {
    server,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function answer(req: IncomingMessage, res: ServerResponse, cell: StateCell): Promise<void> {
  if (req.url === DEV_SCRIPT) {
    res.writeHead(200, { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-store" }).end(devScript);
    return;
  }
  if (req.url === DEV_EVENTS) return events(req, res, cell);
  const state = await cell.settled();
  if (state.kind === "running") return forward(req, res, state.port);
  const page = req.headers.accept?.includes("text/html") === true;
  res.writeHead(500, { "content-type": `text/${page ? "html" : "plain"}; charset=utf-8`, "cache-control": "no-store" });
  res.end(page ? errorPage(state.report) : formatReport(state.report));
}

function events(req: IncomingMessage, res: ServerResponse, cell: StateCell): void {
  res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const write = () => res.write(`event: state\ndata: ${JSON.stringify({ ...cell.get(), generation: cell.generation() })}\n\n`);
  write();
  const stop = cell.watch(write);
  req.once("close", stop);
}

function forward(req: IncomingMessage, res: ServerResponse, port: number): Promise<void> {
  const withOverlay = CLIENT_SCRIPT.test(req.url ?? "");
  const headers = { ...req.headers };
  if (withOverlay) {
    delete headers["accept-encoding"];
    delete headers["if-none-match"];
    delete headers["if-modified-since"];
  }
  return new Promise((resolve, reject) => {
    const up = request({ host: "127.0.0.1", port, path: req.url, method: req.method, headers }, (from) => {
      const responseHeaders = { ...from.headers };
      if (withOverlay && from.statusCode === 200) {
        for (const name of ["content-length", "etag", "cache-control", "last-modified"]) delete responseHeaders[name];
        responseHeaders["cache-control"] = "no-store";
        res.writeHead(200, responseHeaders);
        from.on("end", () => res.end(`\nimport(${JSON.stringify(DEV_SCRIPT)});\n`)).pipe(res, { end: false });
      } else {
        res.writeHead(from.statusCode ?? 502, responseHeaders);
        from.pipe(res);
      }
      from.once("error", () => res.destroy());
      from.once("end", resolve);
    });
    up.once("error", reject);
    res.once("close", () => {
      up.destroy();
      resolve();
    });
    req.pipe(up);
  });
}

async function passThrough(req: IncomingMessage, socket: Duplex, head: Buffer, cell: StateCell): Promise<void> {
  socket.on("error", () => socket.destroy());
  const state = await cell.settled();
  if (state.kind !== "running" || socket.destroyed) {
    socket.end("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    return;
  }
  const up: Socket = connect(state.port, "127.0.0.1", () => {
    const lines = [`${req.method} ${req.url} HTTP/${req.httpVersion}`];
    for (let i = 0; i < req.rawHeaders.length; i += 2) lines.push(`${req.rawHeaders[i]}: ${req.rawHeaders[i + 1]}`);
    up.write(`${lines.join("\r\n")}\r\n\r\n`);
    if (head.length > 0) up.write(head);
    socket.pipe(up).pipe(socket);
  });
  up.on("error", () => socket.destroy());
  up.once("close", () => socket.destroy());
  socket.once("close", () => up.destroy());
}
