/**
 * The sessions of this process by id, attached and detached. Invariants: a detached session waits no longer than the resume
 * window, and detached ones never hold more than their count and bytes; the oldest goes first, by being parked. One timer
 * serves all. Sessions are counted by address; at an address that is full the unused and the greediest browser's go first.
 */
import type { Clock } from "../session-port.js";
import type { Limits } from "../limits.js";
import type { Session } from "./session.js";

export interface DirectoryOptions {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly resumeWindowMs: number;
  /** Ends a detached session that has to go. */
  readonly park: (session: Session, reason: "expired" | "evicted") => void;
}

/** Of a detached session: since when it waits (a whole number: others are objects of their own), and what it is estimated to hold. */
interface Waiting {
  readonly since: number;
  readonly weight: number;
}

export class Directory {
  readonly #byId = new Map<string, Session>();
  /** In the order in which they were detached. */
  readonly #detached = new Map<Session, Waiting>();
  readonly #perIp = new Map<string, number>();
  #bytes = 0;
  #reserved = 0;
  #timer: unknown = undefined;

  constructor(readonly o: DirectoryOptions) {}

  get count(): number {
    return this.#byId.size;
  }

  get detached(): number {
    return this.#detached.size;
  }

  /** What detached sessions are estimated to hold. */
  get detachedBytes(): number {
    return this.#bytes;
  }

  get(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  all(): readonly Session[] {
    return [...this.#byId.values()];
  }

  values(): Iterable<Session> {
    return this.#byId.values();
  }

  ofIp(ip: string): number {
    return this.#perIp.get(ip) ?? 0;
  }

  /** Counts a session that is being made, and makes room for it; gives the limit that forbids it, then nothing was counted. */
  reserve(ip: string): "sessionsPerIp" | "sessions" | undefined {
    const { sessions, sessionsPerIp } = this.o.limits;
    if (this.ofIp(ip) >= sessionsPerIp && !this.#evict(this.#dispensable(ip))) return "sessionsPerIp";
    if (this.#byId.size + this.#reserved >= sessions && !this.#evict(this.#oldest())) return "sessions";
    this.#reserved++;
    this.#count(ip, 1);
    return undefined;
  }

  /** The session was made and added, or was not made. */
  unreserve(ip: string): void {
    this.#reserved--;
    this.#count(ip, -1);
  }

  add(session: Session): void {
    this.#byId.set(session.id, session);
    this.#count(session.connection.ip, 1);
  }

  /** The session is no longer of this process. */
  remove(session: Session): void {
    if (this.#byId.get(session.id) !== session) return;
    this.#byId.delete(session.id);
    this.#count(session.connection.ip, -1);
    this.#leave(session);
  }

  /** A socket takes the session over: it no longer waits, and counts for that address. */
  attached(session: Session, ipBefore: string): void {
    this.#leave(session);
    const { ip } = session.connection;
    if (ip === ipBefore) return;
    this.#count(ipBefore, -1);
    this.#count(ip, 1);
  }

  /** The session begins to wait. */
  wait(session: Session): void {
    if (this.#byId.get(session.id) !== session || this.#detached.has(session)) return;
    const { clock, limits, resumeWindowMs } = this.o;
    if (resumeWindowMs === 0) {
      this.o.park(session, "expired");
      return;
    }
    const weight = session.weigh();
    this.#bytes += weight;
    this.#detached.set(session, { since: Math.ceil(clock.now()), weight });
    while (this.#detached.size > limits.detachedSessions || (this.#bytes > limits.detachedBytes && this.#detached.size > 0)) this.#evict(this.#oldest());
    this.#arm();
  }

  /** Parks those whose time is over. */
  sweep(): void {
    this.#timer = undefined;
    const before = this.o.clock.now() - this.o.resumeWindowMs;
    for (const [session, { since }] of this.#detached) {
      if (since > before) break;
      this.#leave(session);
      this.o.park(session, "expired");
    }
    this.#arm();
  }

  /** Ends the timer: the process drains. */
  stop(): void {
    this.o.clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    if (this.#timer !== undefined) return;
    const next = this.#oldest();
    const since = next && this.#detached.get(next)?.since;
    if (since === undefined) return;
    const { clock, resumeWindowMs } = this.o;
    this.#timer = clock.setTimer(Math.max(1, since + resumeWindowMs - clock.now()), () => this.sweep());
  }

  #evict(session: Session | undefined): boolean {
    if (session === undefined) return false;
    this.#leave(session);
    this.o.park(session, "evicted");
    return true;
  }

  #oldest(): Session | undefined {
    return this.#detached.keys().next().value;
  }

  /**
   * Whose place at an address a newcomer gets: that of a session nobody has used, which loses nothing; else of the browser that
   * has most sessions there. Of equals the oldest goes. So whoever piles up pages loses their own, not the neighbour's.
   */
  #dispensable(ip: string): Session | undefined {
    const here: Session[] = [];
    for (const session of this.#detached.keys()) {
      if (session.connection.ip !== ip) continue;
      if (session.delivery.received === 0) return session;
      here.push(session);
    }
    if (here.length < 2) return here[0];
    const perBrowser = new Map<string, number>();
    for (const { connection } of this.#byId.values()) {
      if (connection.ip === ip) perBrowser.set(connection.browser, (perBrowser.get(connection.browser) ?? 0) + 1);
    }
    const rank = ({ connection }: Session): number => perBrowser.get(connection.browser) ?? 0;
    return here.reduce((first, next) => (rank(next) > rank(first) ? next : first));
  }

  #leave(session: Session): void {
    this.#bytes -= this.#detached.get(session)?.weight ?? 0;
    this.#detached.delete(session);
  }

  #count(ip: string, by: number): void {
    const n = this.ofIp(ip) + by;
    if (n > 0) this.#perIp.set(ip, n);
    else this.#perIp.delete(ip);
  }
}
