/**
 * What this process does for clients whose sockets other processes hold: a channel that asks for a session of ours becomes a
 * socket, which the sessions cannot tell from one of this process.
 */
import type { AppCore, Connection, SessionPort } from "../session-port.js";
import { LinkError, LinkKind } from "./link-frame.js";
import type { Link } from "./link.js";
import type { Host } from "./peers.js";
import { readClose, RelayedSocket } from "./relayed-socket.js";

/** What OPEN says: the session's id behind the worker's name, and what is known of the socket. */
export interface OpenBody {
  readonly id: string;
  readonly browser: string;
  readonly ip: string;
  readonly origin: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** An abnormal end: the connection is lost. */
const LOST = 1006;
const INTERNAL = 1011;

export class RelayHost implements Host {
  readonly #sockets = new Map<Link, Map<number, RelayedSocket>>();

  constructor(
    private readonly core: AppCore,
    private readonly sessions: SessionPort,
  ) {}

  opened(): void {
    // Its first socket is when it counts.
  }

  frame(link: Link, kind: number, channel: number, body: Buffer): void {
    if (kind === LinkKind.OPEN) return this.#open(link, channel, body);
    if (kind !== LinkKind.MESSAGE && kind !== LinkKind.TAKEN && kind !== LinkKind.CLOSE) throw new LinkError(`a frame of kind ${kind} of a client's process`);
    const socket = this.#sockets.get(link)?.get(channel);
    if (socket === undefined) return; // closed here while this was under way
    this.#guard(socket, () => {
      if (kind === LinkKind.MESSAGE) this.sessions.message(socket, body);
      else if (kind === LinkKind.CLOSE) socket.end(readClose(body).code);
      else if (socket.taken(body.readUInt32LE(0))) this.sessions.drained(socket);
    });
  }

  closed(link: Link): void {
    for (const socket of this.#sockets.get(link)?.values() ?? []) this.#guard(socket, () => socket.end(LOST));
    this.#sockets.delete(link);
  }

  #open(link: Link, channel: number, body: Buffer): void {
    const { id, browser, ip, origin, headers } = JSON.parse(body.toString()) as OpenBody;
    if (!this.sessions.holds(id)) return link.send(LinkKind.ABSENT, channel);
    const data: Connection = { browser, ip, origin, headers, session: undefined };
    let sockets = this.#sockets.get(link);
    if (sockets === undefined) this.#sockets.set(link, (sockets = new Map()));
    const socket = new RelayedSocket(data, link, channel, this.core.limits.socketDropBytes, (ended, code) => {
      sockets.delete(channel);
      this.sessions.closed(ended, code);
    });
    sockets.set(channel, socket);
    link.send(LinkKind.ACCEPT, channel);
    this.#guard(socket, () => this.sessions.open(socket));
  }

  /** A socket whose handling fails is closed, its neighbours on the link are not. */
  #guard(socket: RelayedSocket, fn: () => void): void {
    try {
      fn();
    } catch (error) {
      this.core.report(error);
      socket.close(INTERNAL, "internal error");
    }
  }
}
