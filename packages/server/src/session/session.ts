/**
 * One tab's live session: its loop, its socket, its numbers. The session is the loop's host; its methods stand on the
 * prototype, so a session costs no closures. Nothing of it outlives its socket.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { VangoError } from "@vango/core";
import { asyncPlace, coreError, Loop, ResultPool, SignalNode, type FrameWriter, type LoopHost } from "@vango/core/internal";
import { ahead, encodeError, encodePong, encodeServerAck, ServerKind, type EventMessage, type NavMessage } from "@vango/core/protocol";
import { diagnostics } from "../diagnostics.js";
import { serverError } from "../errors.js";
import { pageViews } from "../page-views.js";
import { navigate } from "../router/navigate.js";
import type { PageMatch } from "../router/resolve.js";
import type { AppCore, LiveSocket } from "../session-port.js";
import { eventOf } from "./event-payload.js";
import { publicError } from "./public-error.js";
import { Rate } from "./rate.js";
import { socketRequest } from "./socket-request.js";

const PUSH = 0;
const REPLACE = 1;
const NO_HISTORY = 2;

/** Close codes: the client broke the protocol, or a limit. */
const PROTOCOL_ERROR = 1002;
const POLICY = 1008;

const places = new AsyncLocalStorage<string>();
asyncPlace.get = () => places.getStore();

export class Session implements LoopHost {
  readonly loop: Loop;
  readonly epoch = 1;
  readonly #match: SignalNode<PageMatch>;
  #query: URLSearchParams | undefined = undefined;
  /** Number of the last frame sent, and of the last event received in order. */
  #sent = 0;
  #received = 0;
  #acknowledged = 0;
  /** Navigations begun. */
  #asked = 0;
  readonly #rate: Rate;

  constructor(
    readonly core: AppCore,
    readonly socket: LiveSocket,
    readonly id: string,
    match: PageMatch,
    user: unknown,
    results: ResultPool,
  ) {
    const { eventsPerSecond, eventQueue } = core.limits;
    this.#rate = new Rate(eventsPerSecond, eventQueue, core.clock.now());
    this.loop = new Loop(this, { id, results, user });
    this.#match = new SignalNode(match, this.loop, undefined);
  }

  /** Mounts the page without a byte; what differs from the client's page is written by the join. */
  mount(): void {
    const { loop } = this;
    loop.mount((slot) => {
      const views = pageViews(this.#match.get());
      return slot === 0 ? views.head : views.body;
    });
    loop.results = undefined;
  }

  // ---- what the client sends

  event(message: EventMessage): void {
    if (!this.#admit(message.seq)) return;
    const { instance, slot, epoch } = message;
    if (!this.#affords()) {
      this.#refuse("VANGO_RATE_LIMITED");
      return;
    }
    if (epoch !== this.epoch) {
      this.#refuse("VANGO_STALE_EVENT");
      return;
    }
    const watched = diagnostics.turn.watched;
    const start = watched ? performance.now() : 0;
    const failure = this.loop.event(instance, slot, eventOf, message.payload);
    if (watched) {
      diagnostics.turn.publish({ session: this.id, kind: "event", ms: performance.now() - start, ...(failure === undefined ? {} : { error: failure.code }) });
    }
    if (failure !== undefined) this.#tell(failure, this.#received);
    this.#acknowledge();
  }

  navigation(message: NavMessage): void {
    if (!this.#admit(message.seq)) return;
    if (!this.#affords()) this.#refuse("VANGO_RATE_LIMITED");
    else if (message.epoch !== this.epoch) this.#refuse("VANGO_STALE_EVENT");
    else {
      this.#go(message.href, message.mode === "pop" ? NO_HISTORY : message.mode === "replace" ? REPLACE : PUSH, true);
      this.#acknowledge();
    }
  }

  ping(payload: unknown): void {
    if (this.#affords()) this.socket.send(encodePong(payload));
  }

  /** Whatever has an answer draws on the one budget; who goes on far beyond it is closed. */
  #affords(): boolean {
    if (this.#rate.takeHeld()) return true;
    const affords = this.#rate.take(this.core.clock.now());
    if (this.#rate.flooded) this.socket.close(POLICY, "too many messages");
    return affords;
  }

  /** In order? A repeated event is acknowledged again and not run; a gap ends the connection. */
  #admit(seq: number): boolean {
    const distance = ahead(seq, this.#received);
    if (distance === 1) {
      this.#received++;
      return true;
    }
    if (distance > 1) this.socket.close(PROTOCOL_ERROR, "an event is missing");
    else if (this.#affords()) this.socket.send(encodeServerAck(this.#received));
    return false;
  }

  #refuse(code: "VANGO_STALE_EVENT" | "VANGO_RATE_LIMITED"): void {
    this.#tell(serverError(code), this.#received);
    this.#acknowledge();
  }

  #acknowledge(): void {
    if (this.#acknowledged === this.#received) return;
    this.#acknowledged = this.#received;
    this.socket.send(encodeServerAck(this.#received));
  }

  /** Tells the client of a failure: the code always, the text in development only. */
  #tell(error: VangoError, seq: number): void {
    const message = this.core.dev ? error.message : "The action could not be carried out.";
    this.socket.send(encodeError({ code: error.code, message, seq }));
  }

  // ---- navigation

  #go(href: string, mode: number, scroll: boolean): void {
    const asked = ++this.#asked;
    const work = navigate(this.core.router, href, (at) => socketRequest(this.socket, at)).then((to) => {
      // The newest wins: a slow answer to an older question would lead away from it.
      if (this.loop.disposed || asked !== this.#asked) return;
      if (to.kind === "error") {
        this.core.report(to.error, this.id);
        this.#tell(to.error, 0);
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
    this.loop.user = user;
    this.#query = undefined;
    this.#match.set(page);
    for (const param of this.loop.urlParams ?? []) param.follow();
  }

  dispose(): void {
    this.loop.dispose();
  }

  // ---- the loop's host

  now(): number {
    return this.core.clock.now();
  }

  setTimer(ms: number, fn: () => void): unknown {
    return this.core.clock.setTimer(ms, fn);
  }

  clearTimer(timer: unknown): void {
    this.core.clock.clearTimer(timer);
  }

  schedule(loop: Loop): void {
    setImmediate(runNext, loop);
  }

  sendFrame(_loop: Loop, writer: FrameWriter): void {
    this.#acknowledged = this.#received;
    const frame = writer.finish(ServerKind.PATCH, ++this.#sent, this.#received);
    if (diagnostics.frame.watched) diagnostics.frame.publish({ session: this.id, direction: "down", bytes: frame.length, data: frame });
    if (this.socket.send(frame) === "dropped") this.socket.close(1013, "too slow");
  }

  onError(error: VangoError): void {
    this.core.report(error, this.id);
  }

  /** The error page takes the place of a page that fell, and the client is told. An error page that falls itself leaves nothing. */
  onFailure(thrown: unknown): void {
    const error = thrown instanceof VangoError ? thrown : coreError("VANGO_RENDER", { message: String(thrown), cause: thrown });
    this.#tell(error, 0);
    const { path, query, status } = this.#match.peek();
    if (status === 500) return;
    const shown = publicError(this.core.dev, error);
    const asked = this.#asked;
    const work = this.core.router.errorPage(path, query, shown).then((page) => {
      if (asked === this.#asked) this.loop.post(() => this.show(page, this.loop.user));
    });
    this.core.onWork?.("the error page", work);
  }

  offLoop<R>(place: string, fn: () => R): R {
    const result = places.run(place, fn);
    if (this.core.onWork !== undefined && result instanceof Promise) this.core.onWork(place, result);
    return result;
  }

  navigate(_loop: Loop, href: string, o: { replace?: boolean; scroll?: boolean }): void {
    this.#go(href, o.replace === true ? REPLACE : PUSH, o.scroll !== false);
  }

  writeQuery(_loop: Loop, name: string, text: string): string {
    const query = this.#params();
    if (text === "") query.delete(name);
    else query.set(name, text);
    const search = query.toString();
    return this.#match.peek().path + (search === "" ? "" : `?${search}`);
  }

  route(): { readonly path: string; readonly params: Readonly<Record<string, unknown>>; readonly query: URLSearchParams } {
    // Tracked: a layout that marks where one is follows a navigation.
    const match = this.#match.get();
    return { path: match.path, params: match.props.params, query: this.#params() };
  }

  #params(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(this.#match.peek().query));
  }
}

const runNext = (loop: Loop): void => {
  loop.runNext();
};
