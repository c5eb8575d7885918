/**
 * The upgrade of `/_vango/live` and the way of a message to its session: origin, cookie and size are checked here, once,
 * so that sessions see only sockets of pages that this app rendered for this browser.
 */
import { encodeRefuse } from "@vango/core/protocol";
import { diagnostics } from "../diagnostics.js";
import { stripBase } from "../router/path.js";
import { isSameOrigin } from "../security/origin.js";
import type { Connection, LiveSocket, SessionPort } from "../session-port.js";
import type { Incoming, Outgoing, TransportHandlers, UpgradeDecision, UpgradeRequest } from "../transport/transport.js";
import type { HttpContext } from "./context.js";
import { INTERNAL_PREFIX } from "./pipeline.js";

/** Headers of the upgrade that middleware of a live session may read. */
const KEPT_HEADERS = ["cookie", "host", "user-agent", "accept-language", "authorization", "x-forwarded-for", "x-forwarded-proto"] as const;
/** First byte of the one message that may be as large as `limits.joinBytes`. */
const JOIN = 1;

/** The last origin of a socket: nearly all sockets of an app have one, and share its text. */
let lastOrigin = "";

export function liveHandlers(app: HttpContext, sessions: SessionPort, request: (incoming: Incoming) => Outgoing | Promise<Outgoing>): TransportHandlers<Connection> {
  const { messageBytes } = app.core.limits;
  return {
    request,
    upgrade: (incoming) => decide(app, incoming),
    onOpen(socket) {
      if (isKnown(socket)) sessions.open(socket);
      else sendForCookie(socket);
    },
    onMessage(socket: LiveSocket, bytes: Uint8Array) {
      if (!isKnown(socket)) return;
      if (bytes.length > messageBytes && bytes[0] !== JOIN) socket.close(1009, "message too large");
      else sessions.message(socket, bytes);
    },
    onDrain(socket) {
      if (isKnown(socket)) sessions.drained(socket);
    },
    onClose(socket, code) {
      if (isKnown(socket)) sessions.closed(socket, code);
    },
    onError: (error) => void app.core.report(error),
  };
}

/**
 * A page of this origin without a cookie of ours: it was cleared, or has expired. A browser hides from the page why an upgrade
 * was refused, so the socket is accepted to say it; no session ever sees it.
 */
const UNKNOWN = "";
const isKnown = (socket: LiveSocket): boolean => socket.data.browser !== UNKNOWN;

function sendForCookie(socket: LiveSocket): void {
  if (diagnostics.session.watched) diagnostics.session.publish({ kind: "refuse", session: "", ip: socket.data.ip, reason: "VANGO_COOKIE_MISSING" });
  socket.send(encodeRefuse({ code: "VANGO_COOKIE_MISSING", reason: "the browser has no cookie of this site any more", reload: true }));
  socket.close(1008, "VANGO_COOKIE_MISSING");
}

function decide(app: HttpContext, incoming: UpgradeRequest): UpgradeDecision<Connection> {
  const { core } = app;
  if (stripBase(incoming.path, core.basePath) !== `${INTERNAL_PREFIX}live`) return { accept: false, status: 404 };
  if (!app.ready()) return { accept: false, status: 503 };
  const { proxies, options: { publicOrigin } } = core;
  const header = proxies.headers(incoming);
  if (!isSameOrigin(header, publicOrigin)) return refused(incoming, "origin");
  const browser = app.cookie.read(incoming.header("cookie")) ?? UNKNOWN;
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = incoming.header(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const origin = publicOrigin ?? incoming.header("origin") ?? "";
  if (origin !== lastOrigin) lastOrigin = origin;
  return { accept: true, data: { browser, ip: proxies.clientIp(incoming.ip(), incoming.header("x-forwarded-for")), origin: lastOrigin, headers, session: undefined } };
}

function refused(incoming: UpgradeRequest, reason: string): UpgradeDecision<Connection> {
  if (diagnostics.session.watched) diagnostics.session.publish({ kind: "refuse", session: "", ip: incoming.ip(), reason });
  return { accept: false, status: 403, body: `refused: ${reason}` };
}
