/**
 * One tab's session: its loop, its place in the app, its delivery. It outlives its socket: while it is detached its timers and
 * turns go on. The session is the loop's host and its own delivery: its methods stand on prototypes, so a session costs no
 * closures, and what an event touches lies in one object. What few sessions need is made when they need it.
 */
import type { VangoError, View } from "@vango/core";
import { keysOf, Loop, namesOfTurn, renderError, ResultPool, running, SignalNode, weighTree, type BudgetName, type FrameWriter, type LoopHost, type PageCommand, type Topics, type WorkKind } from "@vango/core/internal";
import { acknowledged, ClientKind, encodeKeyHashes, encodePong, ServerKind, type EventMessage, type NavMessage } from "@vango/core/protocol";
import { diagnostics, observeWork } from "../diagnostics.js";
import { serverError, type ServerErrorCode } from "../errors.js";
import { hrefOf } from "../http/render-page.js";
import type { Limits } from "../limits.js";
import { pageViews } from "../page-views.js";
import { navigate } from "../router/navigate.js";
import type { PageMatch } from "../router/resolve.js";
import type { AppCore, Connection, LiveSocket } from "../session-port.js";
import type { RecordMeta, Restored, SessionState, StateOwner } from "../state/keeper.js";
import { Delivery, PAUSED } from "./delivery.js";
import type { Lane } from "./fairness/lane.js";
import type { Scheduled, Scheduler } from "./fairness/scheduler.js";
import { eventOf } from "./event-payload.js";
import { sidOf } from "./identity.js";
import { end } from "./ending.js";
import type { Live } from "./live.js";
import { inPlace } from "./places.js";
import { publicError } from "./public-error.js";
import { SessionParts, type Former } from "./session-parts.js";
import { FULL } from "./rate.js";
import { socketRequest } from "./socket-request.js";

const PUSH = 0;
const REPLACE = 1;
const NO_HISTORY = 2;

/** Close codes: the client broke the protocol, or a limit; the session has another socket now. */
const PROTOCOL_ERROR = 1002;
const POLICY = 1008;
const REPLACED = 4001;
/** Close code: another process has the session. */
const FENCED = 4002;
/** Close code: come again at once (the reason is the time to wait, ms), so that middleware sees the cookies of now. */
const LOGIN = 4003;
const AT_ONCE = "1";

/** So many keys that a page asks for cost as much as an event. */
const KEYS_A_TOKEN = 100;
/** Estimate of a session without its page. */
const BASE_WEIGHT = 2048;

/** Head and body of the running session's page. One function for all: it is asked inside turns alone. */
function pageOf(slot: number): View {
  const views = pageViews(((running.loop as Loop).host as Session).page);
  return slot === 0 ? views.head : views.body;
}

/** No number for most sessions: one that is no small integer is an object of its own. */
function endOf({ login }: AppCore, user: unknown): number | undefined {
  const end = login.endOf(user);
  return end === Infinity ? undefined : end;
}

/** What a session is made of. */
export interface SessionInit {
  readonly id: string;
  readonly epoch: number;
  /** Of the document that joined. */
  readonly nonce: string;
  /** Of the socket that joined. */
  readonly connection: Connection;
  readonly match: PageMatch;
  readonly user: unknown;
  readonly results: ResultPool;
}

/** What a client's turn begins with. */
export type ClientEvent = EventMessage | NavMessage;

export class Session extends Delivery implements LoopHost, Scheduled<ClientEvent>, StateOwner {
  readonly loop: Loop;
  epoch: number;
  nonce: string;
  /** Of the last socket: whose session it is, and the headers that middleware sees. */
  connection: Connection;
  /** The page it shows. */
  page: PageMatch;
  #parts: SessionParts | undefined = undefined;
  /** Instance of the last event's element, and the number of frames sent when its turn had ended. */
  #lastTarget = 0;
  #lastFrame = 0;
  /** What waits for the thread; the scheduler's. */
  lane: Lane<ClientEvent> | undefined = undefined;
  /** Of what its client sends: when the bucket of its rate is full again. */
  #rateFull = FULL;

  constructor(
    readonly live: Live,
    { id, epoch, nonce, connection, match, user, results }: SessionInit,
  ) {
    const { core } = live;
    super();
    this.epoch = epoch;
    this.nonce = nonce;
    this.connection = connection;
    this.loginEnds = endOf(core, user);
    this.loop = new Loop(this, { id, results, user });
    this.page = match;
  }

  get id(): string {
    return this.loop.id;
  }

  get core(): AppCore {
    return this.live.core;
  }

  get limits(): Limits {
    return this.live.core.limits;
  }

  get gate(): SessionState | undefined {
    return this.live.core.state.beforeAck ? this.state : undefined;
  }

  get scheduler(): Scheduler<ClientEvent> {
    return this.live.scheduler;
  }

  /** The public id: the process that holds the session, and its record's key. */
  get sid(): string {
    return sidOf(this.core.worker, this.id);
  }

  /** The numbers and frames between the session and its page. */
  get delivery(): Delivery {
    return this;
  }

  get attached(): boolean {
    return this.socket !== undefined;
  }

  /** Path and query where the session is. */
  get href(): string {
    return hrefOf(this.page);
  }

  // By type alone: a name with # would cost every session a field.
  private get own(): SessionParts {
    return (this.#parts ??= new SessionParts());
  }

  /** The former epoch and its last handled event, for a document that has not heard of this epoch yet. */
  get former(): Former | undefined {
    return this.#parts?.former;
  }

  set former(former: Former | undefined) {
    if (former !== undefined || this.#parts !== undefined) this.own.former = former;
  }

  /** When the login of the user ends, ms since 1970; 0: it has ended; undefined: never. */
  get loginEnds(): number | undefined {
    return this.#parts?.loginEnds;
  }

  set loginEnds(end: number | undefined) {
    if (end !== undefined || this.#parts !== undefined) this.own.loginEnds = end;
  }

  // ---- whose it is

  /** The user that middleware has found now. */
  become(user: unknown): void {
    this.loop.user = user;
    this.loginEnds = endOf(this.core, user);
  }

  /** The login is over, or somebody says so: no event is handled until the page has come again and middleware has decided. */
  endLogin(): void {
    this.loginEnds = 0;
    const { loginPath } = this.core.login;
    if (loginPath === undefined) this.socket?.close(LOGIN, AT_ONCE);
    else this.loop.post(() => this.loop.emit("vango:leave", { href: loginPath }));
  }

  /** Asks whether the login still holds; if not, it ends. */
  async revalidate(): Promise<boolean> {
    const { login, clock } = this.core;
    const { user } = this.loop;
    const { loginEnds } = this;
    const holds = loginEnds !== 0 && !(loginEnds !== undefined && login.ended(loginEnds)) && (await login.holds(user, this.#parts?.heldAt ?? clock.date()));
    if (this.loop.disposed || user !== this.loop.user) return holds;
    if (holds) this.own.heldAt = clock.date();
    else this.endLogin();
    return holds;
  }

  // ---- coming and going

  /** The socket speaks for this session from now on; one that did before is closed. */
  override attach(socket: LiveSocket): void {
    this.tellRefused();
    const before = this.socket;
    if (before !== socket) {
      if (before !== undefined) {
        before.data.session = undefined;
        before.close(REPLACED, "replaced");
      }
      this.connection = socket.data;
    }
    socket.data.session = this;
    super.attach(socket);
  }

  /** The socket has gone; the session goes on. */
  override detach(): void {
    const { socket } = this;
    if (socket !== undefined) socket.data.session = undefined;
    super.detach();
  }

  /** The page has frames up to this one (its low byte). */
  acknowledged(ack: number): void {
    this.heard(ack);
  }

  /** Bytes that the session is estimated to hold: bounds what detached sessions keep together. */
  weigh(): number {
    const { root } = this.loop;
    return BASE_WEIGHT + this.bytes + (root === undefined ? 0 : weighTree(root));
  }

  /** No turn begins until `unpause`: what is saved now is what is left. */
  pause(): void {
    this.tellRefused();
    this.bits |= PAUSED;
  }

  unpause(): void {
    this.bits &= ~PAUSED;
    this.scheduler.resume(this);
  }

  get paused(): boolean {
    return (this.bits & PAUSED) !== 0;
  }

  /** Mounts the page without a byte; what differs from the client's page is written by the join. */
  mount(): void {
    const { loop } = this;
    loop.mount(pageOf);
    loop.results = undefined;
  }

  // ---- what the client sends

  event(message: ClientEvent, bytes: number): void {
    if (message.epoch !== this.epoch) return this.refuseStale();
    this.heard(message.ack);
    if (!this.inOrder(message.seq)) return;
    const { loginEnds } = this;
    if (loginEnds !== undefined && this.core.login.ended(loginEnds)) {
      this.refuseEvent("VANGO_AUTH_EXPIRED");
      return this.endLogin();
    }
    // The store is away, and nothing may be called done that it does not have. Said at once, past what waits for the store.
    if (this.state?.blocked === true) return this.refuseEvent("VANGO_UNSAVED", true);
    const now = this.now();
    if (!this.affords(now) || !this.scheduler.event(this, message, bytes, now)) this.refuse();
  }

  /** The turn of an event, as it comes or after it has waited. */
  run(message: ClientEvent): void {
    // While it waited the page may have been mounted anew: it speaks of instances that have gone.
    if (message.epoch !== this.epoch) return this.tellFailure(serverError("VANGO_STALE_EVENT"), 0);
    const seq = this.numberOf(message);
    this.settleEvents();
    if (message.kind === ClientKind.NAV) this.go(message.href, message.mode === "pop" ? NO_HISTORY : message.mode === "replace" ? REPLACE : PUSH, true);
    else {
      const watched = diagnostics.turn.watched;
      const start = watched ? performance.now() : 0;
      const failure = this.loop.event(message.instance, message.slot, eventOf, message.payload);
      if (watched) {
        const name = namesOfTurn();
        diagnostics.turn.publish({ session: this.id, kind: "event", ms: performance.now() - start, ...(name === undefined ? {} : { name }), ...(failure === undefined ? {} : { error: failure.code }) });
      }
      if (failure !== undefined && !(failure.code === "VANGO_UNKNOWN_TARGET" && this.ownDoing(message))) this.tellFailure(failure, seq);
      this.#lastTarget = message.instance;
      this.#lastFrame = this.sent;
    }
    this.acknowledge();
  }

  /**
   * The element has gone, and the event before took its own away before the page had seen it: a double click on "delete", or
   * the outer handler of the click whose inner one closed it. The user knows; what others took away is told.
   */
  private ownDoing({ instance, ack }: EventMessage): boolean {
    const { loop } = this;
    return acknowledged(ack, this.sent) < this.#lastFrame && loop.gone(this.#lastTarget) && loop.gone(instance);
  }

  runPosted(): void {
    this.loop.runNext();
  }

  get ended(): boolean {
    return this.loop.disposed;
  }

  /** Every event up to the first that still waits counts as handled: it runs now, has run or was refused. */
  private settleEvents(): void {
    this.sayRefused();
    const { lane } = this;
    const waiting = lane?.first;
    this.handled = waiting === undefined ? this.received : this.numberOf(waiting) - 1;
  }

  /** Of those that were received, the last with this low byte. */
  private numberOf(message: ClientEvent): number {
    return acknowledged(message.seq, this.received);
  }

  /** Hashes of the keys of instances, 0 for those without. They cost by their number: it decides what the answer takes. */
  keys(runs: readonly number[]): void {
    let asked = 0;
    for (let i = 1; i < runs.length; i += 2) asked += runs[i] as number;
    if (!this.affords(this.now(), 1 + asked / KEYS_A_TOKEN)) return;
    const { root } = this.loop;
    if (root !== undefined) this.socket?.send(encodeKeyHashes(runs, keysOf(root, runs)));
  }

  /** Always answered: a busy page must not take its connection for dead. Pings count as any message. */
  ping(payload: unknown): void {
    this.affords();
    this.socket?.send(encodePong(payload));
  }

  /** Whatever has an answer draws on the one budget; who goes on far beyond it is closed. */
  private affords(now = this.now(), tokens = 1): boolean {
    const { rate } = this.live;
    const affords = rate.affords(this.#rateFull, now);
    this.#rateFull = rate.take(this.#rateFull, now, affords, tokens);
    if (!affords && rate.flooded(this.#rateFull, now)) this.socket?.close(POLICY, "too many messages");
    return affords;
  }

  /** In order? A repeated event is acknowledged again and not run; after a gap the page comes again and sends what is missing. */
  private inOrder(seq: number): boolean {
    if (this.paused) return false;
    switch (this.admit(seq)) {
      case "next":
        return true;
      case "seen":
        if (this.affords()) this.acknowledgeAgain();
        return false;
      case "gap":
        this.socket?.close(PROTOCOL_ERROR, "an event is missing");
        return false;
    }
  }

  /** The event that has just been received is beyond the budget. Its page is told together with those that follow it at once. */
  private refuse(): void {
    if (this.addRefused(this.received, this.core.dev)) this.scheduler.port.soon(() => this.tellRefused());
  }

  /** The page is told of every event that was refused, and that they are handled. */
  tellRefused(): void {
    if (!this.refusing || this.ended) return;
    this.settleEvents();
    this.acknowledge();
  }

  /** The event that has just been received does not run; it counts as handled, and its page is told why. */
  private refuseEvent(code: ServerErrorCode, pastGate = false): void {
    this.settleEvents();
    this.tellFailure(serverError(code), this.received, pastGate);
    this.acknowledge();
  }

  /** An event of another mount: its number counts in that one's, so it is neither admitted nor acknowledged. */
  private refuseStale(): void {
    if (this.affords()) this.tellFailure(serverError("VANGO_STALE_EVENT"), 0);
  }

  /** Tells the client of a failure: the code always, the text in development only. */
  private tellFailure(error: VangoError, seq: number, pastGate = false): void {
    const message = this.core.dev ? error.message : "The action could not be carried out.";
    this.tell({ code: error.code, message, seq }, pastGate);
  }

  /** Says something to the page that is about no event. */
  notice(error: VangoError): void {
    this.tell({ code: error.code, message: this.core.dev ? error.message : "Something that was saved here could not be used by this version.", seq: 0 });
  }

  // ---- navigation

  private go(href: string, mode: number, scroll: boolean): void {
    const asked = ++this.own.asked;
    const work = navigate(this.core.router, href, (at) => socketRequest(this.connection, at), this.loop.browser).then((to) => {
      // The newest wins: a slow answer to an older question would lead away from it.
      if (this.loop.disposed || asked !== this.own.asked) return;
      if (to.kind === "error") {
        this.core.report(to.error, this.id);
        this.tellFailure(to.error, 0);
        return;
      }
      if (to.kind === "leave") {
        this.loop.post(() => this.loop.emit("vango:leave", { href: to.href }));
        return;
      }
      this.loop.post(() => {
        this.show(to.page, to.user);
        this.loop.url(to.href, to.redirected && mode !== NO_HISTORY ? REPLACE : to.redirected ? REPLACE : mode, scroll);
      });
    });
    this.core.onWork?.(`the navigation to ${href}`, work);
  }

  /** Inside a turn: another page, or the same with another query. */
  show(page: PageMatch, user: unknown): void {
    this.become(user);
    this.page = page;
    const parts = this.#parts;
    if (parts !== undefined) {
      parts.query = undefined;
      parts.route?.set(page);
    }
    this.loop.turnPage();
    for (const param of this.loop.urlParams ?? []) param.follow();
  }

  /** Inside a turn: middleware has led the page elsewhere. */
  moveTo(page: PageMatch, user: unknown, href: string): void {
    this.show(page, user);
    this.loop.url(href, REPLACE, false);
  }

  dispose(): void {
    this.scheduler.leave(this);
    this.loop.dispose();
    this.end();
    this.state?.dispose();
  }

  // ---- the owner of its state

  /** Persisted values; undefined while none was restored or opened: most sessions keep nothing, and hold nothing for it. */
  get state(): SessionState | undefined {
    return this.#parts?.state;
  }

  /** The same, made if need be. What is restored has to be there before the mount. */
  openState(from?: Restored): SessionState {
    return (this.own.state ??= this.live.keeper.open(this.loop, this, from));
  }

  openPersist(): void {
    this.openState();
  }

  recordMeta(): RecordMeta {
    const { core } = this;
    return {
      browser: this.connection.browser,
      principal: core.login.principalOf(this.loop.user),
      url: this.href,
      epoch: this.epoch,
      applied: this.handled,
      nonce: this.nonce,
      build: core.router.buildId,
      schema: core.state.declared?.fingerprint ?? "",
    };
  }

  /** Another process has taken the session over: its page goes there. */
  onFenced(): void {
    end(this.live, this, "another process has this session", FENCED);
  }

  /** Under `before-ack`: said past what waits for the store, and taken back in its place among the frames. */
  onBlocked(blocked: boolean): void {
    if (blocked) this.tellFailure(serverError("VANGO_UNSAVED"), 0, true);
    else this.loop.post(() => this.loop.emit("vango:saved", null));
  }

  /** Part of what was saved could not be used. */
  onLost(error: VangoError): void {
    this.notice(error);
  }

  // ---- the loop's host

  get globals(): Topics {
    return this.core.state.shared.globals;
  }

  now(): number {
    return this.core.clock.now();
  }

  setTimer(ms: number, fn: () => void): unknown {
    return this.core.clock.setTimer(ms, fn);
  }

  clearTimer(timer: unknown): void {
    this.core.clock.clearTimer(timer);
  }

  schedule(): void {
    this.scheduler.post(this);
  }

  sendFrame(_loop: Loop, writer: FrameWriter): void {
    if (!this.open) {
      // The tree goes on without its page; what it missed is one frame when it has described itself.
      writer.reset();
      return;
    }
    const frame = writer.finish(ServerKind.PATCH, this.next(), this.handled);
    if (diagnostics.frame.watched) diagnostics.frame.publish({ session: this.id, direction: "down", bytes: frame.length, data: frame });
    this.put(frame);
  }

  keepCommands(commands: readonly PageCommand[]): boolean {
    const { open } = this;
    this.keep(commands);
    return !open;
  }

  onError(error: VangoError): void {
    this.core.report(error, this.id);
  }

  /** The error page takes the place of a page that fell, and the client is told. An error page that falls itself leaves nothing. */
  onFailure(thrown: unknown): void {
    const error = renderError(thrown);
    this.tellFailure(error, 0);
    const { path, query, status } = this.page;
    if (status === 500) return;
    const shown = publicError(this.core.dev, error);
    const asked = this.#parts?.asked ?? 0;
    const work = this.core.router.errorPage(path, query, shown).then((page) => {
      if (asked === (this.#parts?.asked ?? 0)) this.loop.post(() => this.show(page, this.loop.user));
    });
    this.core.onWork?.("the error page", work);
  }

  offLoop<R>(place: string, fn: () => R, kind: WorkKind): R {
    const result = observeWork(this.id, kind, place, () => inPlace(place, fn));
    if (this.core.onWork !== undefined && result instanceof Promise) this.core.onWork(place, result);
    return result;
  }

  named<R>(place: string, fn: () => R): R {
    return inPlace(place, fn);
  }

  /** The storm budgets stand in the table of limits under the same names. */
  get budget(): Limits {
    return this.core.limits;
  }

  onBudget(budget: BudgetName): void {
    if (diagnostics.storm.watched) diagnostics.storm.publish({ session: this.id, budget });
    if (this.core.options.storms === "breaker") this.scheduler.storm(this);
  }

  navigate(_loop: Loop, href: string, o: { replace?: boolean; scroll?: boolean }): void {
    this.go(href, o.replace === true ? REPLACE : PUSH, o.scroll !== false);
  }

  writeQuery(_loop: Loop, name: string, text: string): string {
    const query = this.params();
    if (text === "") query.delete(name);
    else query.set(name, text);
    const search = query.toString();
    return this.page.path + (search === "" ? "" : `?${search}`);
  }

  route(): { readonly path: string; readonly params: Readonly<Record<string, unknown>>; readonly query: URLSearchParams } {
    // Tracked: a layout that marks where one is follows a navigation.
    const { page } = this;
    if (running.sub !== undefined) (this.own.route ??= new SignalNode(page, this.loop, undefined)).get();
    return { path: page.path, params: page.props.params, query: this.params() };
  }

  private params(): URLSearchParams {
    return (this.own.query ??= new URLSearchParams(this.page.query));
  }
}
