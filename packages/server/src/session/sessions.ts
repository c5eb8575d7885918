/**
 * All live sessions of the process: sockets become sessions here, messages find theirs. A client's message never throws out
 * of this file: what is malformed is counted and closes its socket, and nobody else notices.
 */
import { decodeClient, ClientKind, encodeRefuse } from "@vango/core/protocol";
import { diagnostics } from "../diagnostics.js";
import type { AppCore, LiveSocket, SessionPort } from "../session-port.js";
import { HandOver, type Results } from "./hand-over.js";
import { join, refuse } from "./join.js";
import type { Session } from "./session.js";

/** What hangs on a socket: a timer until JOIN, "joining" while it is worked on, then its session. */
type Attached = NodeJS.Timeout | "joining" | Session | undefined;

/** Close codes. */
const GOING_AWAY = 1001;
const PROTOCOL_ERROR = 1002;
const POLICY = 1008;
const TRY_LATER = 1013;
/** Clients come back within this time of a drain, each at its own moment, ms. */
const DRAIN_SPREAD_MS = 5000;

export class Sessions implements SessionPort {
  readonly #live = new Set<Session>();
  readonly #perIp = new Map<string, number>();
  readonly #handOver: HandOver;
  #draining = false;

  constructor(readonly core: AppCore) {
    this.#handOver = new HandOver(() => core.clock.now());
  }

  /** Sessions that are live now. */
  get count(): number {
    return this.#live.size;
  }

  open(socket: LiveSocket): void {
    const { ip } = socket.data;
    const { sessions, sessionsPerIp, joinTimeoutMs } = this.core.limits;
    const here = this.#perIp.get(ip) ?? 0;
    this.#perIp.set(ip, here + 1);
    if (this.#draining) return refuse(socket, "VANGO_LIMIT_SESSIONS", "the server is going away", 1000);
    if (here >= sessionsPerIp) return refuse(socket, "VANGO_LIMIT_IP", "too many pages from this address");
    if (this.#live.size >= sessions) return refuse(socket, "VANGO_LIMIT_SESSIONS", "the server is full", 10_000);
    socket.data.session = setTimeout(() => socket.close(POLICY, "no JOIN"), joinTimeoutMs);
    if (diagnostics.session.watched) diagnostics.session.publish({ kind: "open", session: "", ip });
  }

  message(socket: LiveSocket, bytes: Uint8Array): void {
    const attached = socket.data.session as Attached;
    try {
      const message = decodeClient(bytes);
      if (typeof attached !== "object" || !("loop" in attached)) {
        if (message.kind === ClientKind.JOIN && attached !== "joining" && attached !== undefined) {
          clearTimeout(attached);
          socket.data.session = "joining";
          void this.#join(socket, message.body);
        } else if (message.kind !== ClientKind.PING) socket.close(PROTOCOL_ERROR, "JOIN comes first");
        return;
      }
      if (diagnostics.frame.watched) diagnostics.frame.publish({ session: attached.id, direction: "up", bytes: bytes.length, data: bytes });
      switch (message.kind) {
        case ClientKind.EVENT:
          attached.event(message);
          break;
        case ClientKind.NAV:
          attached.navigation(message);
          break;
        case ClientKind.PING:
          attached.ping(message.payload);
          break;
        case ClientKind.ACK:
          break;
        case ClientKind.JOIN:
        case ClientKind.RESUME:
        case ClientKind.KEYS:
          socket.close(PROTOCOL_ERROR, "joined already");
      }
    } catch (error) {
      this.core.report(error, typeof attached === "object" && "id" in attached ? attached.id : undefined);
      socket.close(PROTOCOL_ERROR, "malformed message");
    }
  }

  async #join(socket: LiveSocket, body: Parameters<typeof join>[3]): Promise<void> {
    const session = await join(this.core, this.#handOver, socket, body);
    if (session === undefined) return;
    if (socket.data.session !== "joining") {
      // The socket was closed while the page was loading.
      session.dispose();
      return;
    }
    socket.data.session = session;
    this.#live.add(session);
  }

  drained(): void {
    // What waited has left; nothing is held back here, so nothing follows.
  }

  closed(socket: LiveSocket, code: number): void {
    const { ip } = socket.data;
    const left = (this.#perIp.get(ip) ?? 1) - 1;
    if (left > 0) this.#perIp.set(ip, left);
    else this.#perIp.delete(ip);
    const attached = socket.data.session as Attached;
    socket.data.session = undefined;
    if (typeof attached !== "object") return;
    if (!("loop" in attached)) {
      clearTimeout(attached);
      return;
    }
    this.#live.delete(attached);
    attached.dispose();
    if (diagnostics.session.watched) diagnostics.session.publish({ kind: "close", session: attached.id, ip, reason: String(code) });
  }

  handOver(nonce: string, results: Results): void {
    this.#handOver.put(nonce, results);
  }

  /** Tells each client its own time to come back, so that they do not come all at once. */
  async drain(): Promise<void> {
    this.#draining = true;
    const all = [...this.#live];
    all.forEach((session, i) => {
      const retry = 500 + Math.floor(((i + Math.random()) / all.length) * DRAIN_SPREAD_MS);
      session.socket.send(encodeRefuse({ code: "VANGO_LIMIT_SESSIONS", reason: "the server is going away", retry }));
      session.socket.close(all.length === 0 ? TRY_LATER : GOING_AWAY, String(retry));
    });
    await Promise.resolve();
  }
}

export function createSessions(core: AppCore): SessionPort {
  return new Sessions(core);
}
