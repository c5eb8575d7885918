/**
 * An app as a process of the test: its own router, sessions, limits and handlers, with the test's time. Pages that are mounted on
 * one app share its rig, so they see each other. Invariant: after `kill` nothing of the process runs or writes any more.
 */
import type { SessionStore } from "@vango/persist";
import type { App } from "../app-options.js";
import type { BuiltApp } from "../build-app.js";
import type { HttpContext } from "../http/context.js";
import { FetchIncoming } from "../http/fetch-incoming.js";
import { liveHandlers } from "../http/live.js";
import { handleRequest } from "../http/pipeline.js";
import type { Middleware } from "../router/types.js";
import type { Resolution, Router } from "../router/resolve.js";
import type { AppCore, Clock, Connection } from "../session-port.js";
import { Sessions } from "../session/sessions.js";
import { toResponse } from "../transport/reply.js";
import type { TransportHandlers, UpgradeDecision } from "../transport/transport.js";
import { VirtualClock } from "./virtual-clock.js";
import { Work } from "./work.js";

/** Names the user that a test has given to its page; a header, because it has to reach GET, join and navigation. */
export const TEST_USER = "x-vango-test-user";

const ADDRESS = "127.0.0.1";
const rigs = new WeakMap<App, Rig>();
/** Apps that share a store share the time. */
const clocks = new WeakMap<object, VirtualClock>();

/** Time of one process: it stops with it. */
class ProcessClock implements Clock {
  readonly #timers = new Set<unknown>();
  #dead = false;

  constructor(readonly time: VirtualClock) {}

  now(): number {
    return this.time.now();
  }

  date(): number {
    return this.time.date();
  }

  setTimer(ms: number, fn: () => void): unknown {
    if (this.#dead) return undefined;
    const timer = this.time.setTimer(ms, () => {
      this.#timers.delete(timer);
      fn();
    });
    this.#timers.add(timer);
    return timer;
  }

  clearTimer(timer: unknown): void {
    if (!this.#timers.delete(timer)) return;
    this.time.clearTimer(timer);
  }

  stop(): void {
    this.#dead = true;
    for (const timer of this.#timers) this.time.clearTimer(timer);
    this.#timers.clear();
  }
}

/** The store as this process has it: what it asks for after its end is never answered. */
const heldBy = (store: SessionStore, dead: () => boolean): SessionStore =>
  new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (...args: unknown[]) => (dead() ? new Promise(() => undefined) : (value as (...args: unknown[]) => unknown).apply(target, args)) : value;
    },
  });

/** What a process has that its app does not. */
export interface RigOptions {
  readonly store?: SessionStore;
  readonly worker?: string;
  readonly beforeAck?: boolean;
}

export class Rig {
  readonly core: AppCore;
  readonly sessions: Sessions;
  readonly handlers: TransportHandlers<Connection>;
  readonly work = new Work();
  readonly users: unknown[] = [];
  /** Text of the last error that the app reported. */
  reported = "";
  dead = false;
  #died: () => void = () => undefined;
  /** Resolves when the process is killed: what it was asked is never answered. */
  readonly death = new Promise<void>((resolve) => (this.#died = resolve));
  readonly #http: HttpContext;
  readonly #clock: ProcessClock;

  constructor(
    readonly app: BuiltApp,
    readonly clock: VirtualClock,
    { store = app.core.state.store, worker = app.core.worker, beforeAck = app.core.state.beforeAck }: RigOptions = {},
  ) {
    this.#clock = new ProcessClock(clock);
    this.core = {
      ...app.core,
      worker,
      state: { ...app.core.state, beforeAck, store: heldBy(store, () => this.dead) },
      report: (error, session) => {
        const known = app.core.report(error, session);
        this.reported = known.message;
        return known;
      },
      clock: this.#clock,
      login: app.core.login.at(() => clock.date()),
      onWork: this.work.add,
      router: withUsers(app.core.router, this.users),
      // The budget would never refill while time stands still.
      limits: { ...app.core.limits, eventQueue: Number.MAX_SAFE_INTEGER },
    };
    this.sessions = new Sessions(this.core);
    app.drains.add(this.sessions);
    this.#http = { ...app.http, core: this.core, handOver: this.sessions.handOver.bind(this.sessions), tabValues: this.sessions.tabValues.bind(this.sessions) };
    this.handlers = liveHandlers(this.#http, this.sessions, (incoming) => handleRequest(this.#http, incoming));
  }

  /** The rig of an app; made with the first page. `clock` is the time that it gets then. */
  static of(app: App, clock: () => VirtualClock): Rig {
    const known = rigs.get(app);
    if (known !== undefined) return known;
    const { options } = (app as BuiltApp).core;
    const shared = options.store ?? options.bus;
    const time = (shared && clocks.get(shared)) ?? clock();
    if (shared !== undefined) clocks.set(shared, time);
    const rig = new Rig(app as BuiltApp, time);
    rigs.set(app, rig);
    return rig;
  }

  async get(url: string, headers: readonly (readonly [string, string])[]): Promise<Response> {
    await this.core.state.shared.loaded();
    const incoming = new FetchIncoming(new Request(url, { headers: [...headers, ["host", new URL(url).host]].map(([name, value]) => [name, value] as [string, string]) }));
    return toResponse(await handleRequest(this.#http, incoming), false);
  }

  async upgrade(url: string, headers: readonly (readonly [string, string])[]): Promise<UpgradeDecision<Connection>> {
    const { pathname, search, host } = new URL(url);
    const all = new Map([...headers, ["host", host]] as [string, string][]);
    const decision = await this.handlers.upgrade({ path: pathname, query: search.slice(1), header: (name) => all.get(name), ip: () => ADDRESS });
    const user = all.get(TEST_USER);
    if (decision.accept && user !== undefined) decision.data.headers = [...(decision.data.headers ?? []), [TEST_USER, user]];
    return decision;
  }

  /** No turn waits and none is about to be queued. */
  get idle(): boolean {
    return this.dead || !this.sessions.busy;
  }

  /** `kill -9`: no timer fires and nothing is written any more. Its sockets are lost by their networks. */
  kill(): void {
    this.dead = true;
    this.#died();
    this.#clock.stop();
    this.app.drains.delete(this.sessions);
    rigs.delete(this.app);
  }
}

/** The same routes with users from outside: set before the first middleware of every page. */
function withUsers(router: Router, users: readonly unknown[]): Router {
  const first: Middleware = (ctx, next) => {
    const user = ctx.request.headers.get(TEST_USER);
    if (user !== null) ctx.user = users[Number(user)];
    return next();
  };
  const wrap = (found: Resolution): Resolution => (found.kind === "page" || found.kind === "api" ? { ...found, middleware: [first, ...found.middleware] } : found);
  return {
    buildId: router.buildId,
    resolve(path, query) {
      const found = router.resolve(path, query);
      return found instanceof Promise ? found.then(wrap) : wrap(found);
    },
    errorPage: (path, query, error) => router.errorPage(path, query, error),
  };
}
