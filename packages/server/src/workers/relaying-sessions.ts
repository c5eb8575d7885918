/**
 * The sessions of one of several processes: a socket whose first message names a session of another live process is relayed
 * there, every other socket is the own sessions' alone. They know nothing of it: a relayed socket is taken from them before
 * its first message, and given back with it when the owner does not have the session or does not answer.
 */
import { deserialize, serialize } from "node:v8";
import type { AppCore, LiveSocket, SessionPort, TabValues } from "../session-port.js";
import { sendAway } from "../session/send-away.js";
import { Peers } from "./peers.js";
import { Relay, type RelayOwner } from "./relay.js";
import { RelayHost, type OpenBody } from "./relay-host.js";
import { sessionNamed, splitSid } from "./session-named.js";

/** Where the processes of an app meet: given by their supervisor. */
export interface PeersOfApp {
  /** A folder of their own, see `makeSocketFolder`. */
  readonly folder: string;
  /** Known to the processes of this app alone. */
  readonly token: string;
}

/** The question for what is persisted of a tab's session. */
const TAB_VALUES = "tab-values";
/** The connection only changes hands. */
const NORMAL = 1000;

export class RelayingSessions implements SessionPort, RelayOwner {
  readonly peers: Peers;
  readonly waitingBytes: number;
  readonly #relays = new Set<Relay>();

  private constructor(
    private readonly core: AppCore,
    private readonly own: SessionPort,
    { folder, token }: PeersOfApp,
  ) {
    const { relayAskMs, relayWaitingBytes, relayFrameBytes, relayLinkBytes } = core.limits;
    this.waitingBytes = relayWaitingBytes;
    this.peers = new Peers({ folder, token, name: core.worker, maxBody: relayFrameBytes, maxWaiting: relayLinkBytes, askMs: relayAskMs });
  }

  /** Resolves when other processes reach this one. */
  static async start(core: AppCore, own: SessionPort, meet: PeersOfApp): Promise<RelayingSessions> {
    const sessions = new RelayingSessions(core, own, meet);
    sessions.peers.answer(TAB_VALUES, (body) => sessions.#valuesFor(body));
    await sessions.peers.listen(new RelayHost(core, own));
    return sessions;
  }

  /** Sockets that are relayed, or about to be. */
  get relayed(): number {
    return this.#relays.size;
  }

  open(socket: LiveSocket): void {
    this.own.open(socket);
  }

  message(socket: LiveSocket, bytes: Uint8Array): void {
    const { session } = socket.data;
    if (session instanceof Relay) return session.message(bytes);
    const named = sessionNamed(bytes);
    if (named === undefined || !this.peers.isOther(named.worker)) return this.own.message(socket, bytes);
    this.own.closed(socket, NORMAL);
    const relay = new Relay(socket, this, bytes);
    socket.data.session = relay;
    this.#relays.add(relay);
    void this.#ask(relay, named.worker, named.id);
  }

  drained(socket: LiveSocket): void {
    const { session } = socket.data;
    if (session instanceof Relay) session.drained();
    else this.own.drained(socket);
  }

  closed(socket: LiveSocket, code: number): void {
    const { session } = socket.data;
    if (session instanceof Relay) session.closed(code);
    else this.own.closed(socket, code);
  }

  holds(id: string): boolean {
    return this.own.holds(id);
  }

  /** Of a session that another process holds: its owner is asked, and the store only if that does not answer. */
  async tabValues(sid: string, browser: string): Promise<TabValues | undefined> {
    const named = splitSid(sid);
    if (named !== undefined && this.peers.isOther(named.worker)) {
      const answer = await this.peers.ask(named.worker, TAB_VALUES, serialize([sid, browser]));
      if (answer !== undefined) return deserialize(answer) as TabValues;
    }
    return this.own.tabValues(sid, browser);
  }

  endLogin(principal: string): number {
    return this.own.endLogin(principal);
  }

  handOver(nonce: string, results: ReadonlyMap<string, { readonly value: unknown }>): void {
    this.own.handOver(nonce, results);
  }

  async drain(): Promise<void> {
    sendAway([...this.#relays].map(({ socket }) => socket));
    await this.own.drain();
    await this.peers.close();
  }

  // ---- what relays ask of us

  local({ socket }: Relay, waited: readonly Uint8Array[]): void {
    socket.data.session = undefined;
    this.own.open(socket);
    for (const bytes of waited) this.own.message(socket, bytes);
  }

  ended(relay: Relay): void {
    this.#relays.delete(relay);
  }

  async #valuesFor(question: Uint8Array): Promise<Uint8Array | undefined> {
    const [sid, browser] = deserialize(question) as [string, string];
    const found = await this.own.tabValues(sid, browser);
    return found && serialize(found);
  }

  async #ask(relay: Relay, worker: string, id: string): Promise<void> {
    const begun = performance.now();
    const { browser, ip, origin, headers } = relay.socket.data;
    const about: OpenBody = { id, browser, ip, origin, headers: headers ?? [] };
    const to = await this.peers.link(worker);
    relay.ask(to, JSON.stringify(about), Math.max(1, this.core.limits.relayAskMs - (performance.now() - begun)));
  }
}
