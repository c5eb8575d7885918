/**
 * The live side of an app: sockets find their sessions here. A client's message never throws out of this file: what is malformed
 * closes its socket, and nobody else notices. A session outlives its socket.
 */
import { ClientKind, decodeClient, encodeAgain, type ClientMessage } from "@vango/core/protocol";
import { diagnostics } from "../diagnostics.js";
import { realClock, type AppCore, type LiveSocket, type SessionPort, type TabValues } from "../session-port.js";
import { createKeeper } from "../state/app-state.js";
import type { StateKeeper } from "../state/keeper.js";
import { NO_STATE } from "../state/read-values.js";
import { Directory } from "./directory.js";
import { broke, drain, overran, park, published, stormed } from "./ending.js";
import { Scheduler } from "./fairness/scheduler.js";
import { processUsage } from "./fairness/usage.js";
import { HandOver, type Results } from "./hand-over.js";
import { idOf } from "./identity.js";
import { join } from "./join.js";
import { KeyLock } from "./key-lock.js";
import { refuse, type Live } from "./live.js";
import { LoginBus } from "./login-bus.js";
import { endLogins, watchLogins } from "./logins.js";
import { RateRule } from "./rate.js";
import { resume } from "./resume.js";
import { Session, type ClientEvent } from "./session.js";

/** Default of `resumeWindowMs`. */
export const RESUME_WINDOW_MS = 5 * 60_000;

const PROTOCOL_ERROR = 1002;
const POLICY = 1008;
/** While a network comes back each page may have a dead socket and a new one. */
const SOCKETS_PER_SESSION = 2;

/** A socket that has not joined yet. */
class Arrival {
  constructor(
    readonly timer: unknown,
    /** It was asked to describe itself: JOIN has to come. */
    readonly asked: boolean,
  ) {}
}

/** What hangs on a socket: undefined when it is closed, or its session has another. */
type Attached = Arrival | "joining" | Session | undefined;

export class Sessions implements SessionPort {
  readonly directory: Directory;
  readonly keeper: StateKeeper;
  readonly #live: Live & { draining: boolean };
  readonly #sockets = new Map<string, number>();
  readonly #stopLogins: () => void;
  readonly #logins: LoginBus;

  constructor(readonly core: AppCore) {
    const { clock, limits, options } = core;
    this.keeper = createKeeper(core);
    this.directory = new Directory({
      clock,
      limits,
      resumeWindowMs: options.resumeWindowMs ?? RESUME_WINDOW_MS,
      park: (session, reason) => void park(this.#live, session, reason),
    });
    const scheduler = new Scheduler<ClientEvent>(
      {
        now: () => clock.now(),
        setTimer: (ms, fn) => clock.setTimer(ms, fn),
        clearTimer: (timer) => clock.clearTimer(timer),
        soon: (fn) => void setImmediate(fn),
        // Virtual time has nothing to do with what the process uses.
        usage: clock === realClock ? processUsage : undefined,
        overran: (session, verdict, ms) => session instanceof Session && overran(this.#live, session, verdict, ms),
        stormed: (session) => session instanceof Session && stormed(this.#live, session),
        broke: (session, error) => session instanceof Session && broke(this.#live, session, error),
      },
      limits,
    );
    this.#live = { core, keeper: this.keeper, directory: this.directory, scheduler, rate: new RateRule(limits.eventsPerSecond, limits.eventQueue), results: new HandOver(() => clock.now()), locks: new KeyLock(), draining: false };
    this.#stopLogins = watchLogins(this.#live);
    this.#logins = new LoginBus(core.state.bus, core.worker, (principal) => void this.endLogin(principal), (error) => void core.report(error));
  }

  /** Sessions of this process, attached or not. */
  get count(): number {
    return this.directory.count;
  }

  open(socket: LiveSocket): void {
    const { ip } = socket.data;
    const { sessionsPerIp } = this.core.limits;
    const here = this.#sockets.get(ip) ?? 0;
    this.#sockets.set(ip, here + 1);
    if (this.#live.draining) return refuse(socket, "VANGO_DRAINING", "the server is going away", 1000);
    if (here >= sessionsPerIp * SOCKETS_PER_SESSION) return refuse(socket, "VANGO_LIMIT_IP", "too many pages from this address");
    this.#arrive(socket, false);
    this.#logins.start();
    if (diagnostics.session.watched) diagnostics.session.publish({ kind: "open", session: "", ip });
  }

  #arrive(socket: LiveSocket, asked: boolean): void {
    socket.data.session = new Arrival(this.core.clock.setTimer(this.core.limits.joinTimeoutMs, () => socket.close(POLICY, "no JOIN")), asked);
  }

  message(socket: LiveSocket, bytes: Uint8Array): void {
    const attached = socket.data.session as Attached;
    try {
      const message = decodeClient(bytes);
      if (attached instanceof Session) {
        if (diagnostics.frame.watched) diagnostics.frame.publish({ session: attached.id, direction: "up", bytes: bytes.length, data: bytes });
        this.#heard(attached, socket, message, bytes.length);
      } else this.#first(attached, socket, message);
    } catch (error) {
      this.core.report(error, attached instanceof Session ? attached.id : undefined);
      socket.close(PROTOCOL_ERROR, "malformed message");
    }
  }

  #heard(session: Session, socket: LiveSocket, message: ClientMessage, bytes: number): void {
    switch (message.kind) {
      case ClientKind.EVENT:
      case ClientKind.NAV:
        return session.event(message, bytes);
      case ClientKind.ACK:
        return session.acknowledged(message.ack);
      case ClientKind.PING:
        return session.ping(message.payload);
      case ClientKind.KEYS:
        return session.keys(message.runs);
      case ClientKind.JOIN:
        if (!session.delivery.asked) return socket.close(PROTOCOL_ERROR, "joined already");
        session.delivery.asked = false;
        return this.#begun(join(this.#live, socket, message.body));
      case ClientKind.RESUME:
        return socket.close(PROTOCOL_ERROR, "joined already");
    }
  }

  /** Before it has a session a socket may say one thing. */
  #first(attached: Attached, socket: LiveSocket, message: ClientMessage): void {
    if (message.kind === ClientKind.PING || attached === undefined) return;
    if (attached instanceof Arrival) {
      if (message.kind === ClientKind.JOIN) {
        this.core.clock.clearTimer(attached.timer);
        socket.data.session = "joining";
        return this.#begun(join(this.#live, socket, message.body));
      }
      if (message.kind === ClientKind.RESUME && !attached.asked) {
        this.core.clock.clearTimer(attached.timer);
        socket.data.session = "joining";
        const resumed = resume(this.#live, socket, message);
        return resumed instanceof Promise ? this.#begun(resumed.then((yes) => this.#resumed(socket, yes))) : this.#resumed(socket, resumed);
      }
    }
    socket.close(PROTOCOL_ERROR, "JOIN comes first");
  }

  /** A join or resume is under way: a test waits for it. */
  #begun(work: Promise<void>): void {
    this.core.onWork?.("the join of a page", work);
  }

  #resumed(socket: LiveSocket, yes: boolean | undefined): void {
    if (yes !== false || socket.data.session === undefined) return;
    this.#arrive(socket, true);
    socket.send(encodeAgain());
  }

  drained(socket: LiveSocket): void {
    const attached = socket.data.session as Attached;
    if (attached instanceof Session) attached.delivery.drained();
  }

  closed(socket: LiveSocket, code: number): void {
    const { ip } = socket.data;
    const left = (this.#sockets.get(ip) ?? 1) - 1;
    if (left > 0) this.#sockets.set(ip, left);
    else this.#sockets.delete(ip);
    const attached = socket.data.session as Attached;
    socket.data.session = undefined;
    if (attached instanceof Arrival) this.core.clock.clearTimer(attached.timer);
    if (!(attached instanceof Session)) return;
    attached.detach();
    published(attached, "detach", String(code));
    this.directory.wait(attached);
  }

  holds(id: string): boolean {
    return this.directory.get(id) !== undefined || this.#live.locks.held(id);
  }

  handOver(nonce: string, results: Results): void {
    this.#live.results.put(nonce, results);
  }

  async tabValues(sid: string, browser: string): Promise<TabValues | undefined> {
    const id = idOf(sid);
    if (id === undefined) return undefined;
    const schema = this.core.state.declared?.fingerprint ?? "";
    const session = this.directory.get(id);
    // Under `before-ack` no document shows either what the store does not have yet: the join adds it in its time.
    if (session === undefined || session.gate?.holding === true) {
      const found = await this.keeper.peek(id, browser);
      if (found.kind !== "restored") return undefined;
      const { values, others, meta } = found.from;
      return { values, others, principal: meta.principal, schema };
    }
    if (session.connection.browser !== browser) return undefined;
    const { values, others } = session.state ?? NO_STATE;
    return { values, others, principal: this.core.login.principalOf(session.loop.user), schema };
  }

  /** Turns wait that will run as time stands: a test waits for them. */
  get busy(): boolean {
    for (const session of this.directory.values()) if (session.loop.waiting > 0 && !session.paused) return true;
    return false;
  }

  /** Ends a detached session now, as the end of the resume window does. */
  async end(id: string): Promise<void> {
    const session = this.directory.get(id);
    if (session !== undefined && !session.attached) await park(this.#live, session, "expired");
  }

  endLogin(principal: string): number {
    return endLogins(this.#live, principal, undefined, undefined);
  }

  /** Saves every session, tells each client its own time to come back, so that they do not come all at once, and closes. */
  async drain(): Promise<void> {
    this.#live.draining = true;
    this.#stopLogins();
    await drain(this.#live);
    await this.#logins.stop();
  }
}

export function createSessions(core: AppCore): SessionPort {
  return new Sessions(core);
}
