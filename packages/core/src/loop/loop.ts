// The session loop: one turn at a time, and only a turn writes. A turn is handler in a transaction → flush into one frame →
// effects, whose writes are another cycle. The loop knows no socket and no clock: its host gives it those.
import { coreError } from "../errors.js";
import type { Owner } from "../live/cell.js";
import { hearValue } from "../live/heard-value.js";
import { disposeInst, fill, Inst, onPage, wakeSlot } from "../live/inst.js";
import type { FrameMark, TreeHost } from "../live/tree-host.js";
import type { FrameWriter } from "../protocol/writer.js";
import { encodePayload } from "../protocol/payload.js";
import { asyncPlace, callUser, forgetWork, isAsync, rememberWork } from "../reactive/async-work.js";
import type { EffectNode } from "../reactive/effect.js";
import type { SignalNode } from "../reactive/signal.js";
import { running, type Watcher } from "../reactive/system.js";
import { keepWrites, rollback } from "../reactive/undo.js";
import type { SetupScope } from "../setup/setup.js";
import type { PersistError } from "../setup/types.js";
import { R } from "../template/builtin.js";
import type { Template } from "../template/define.js";
import type { PersistOptions } from "../view/types.js";
import { renderError } from "../thrown.js";
import type { VangoError } from "../vango-error.js";
import { asked, runEvent, type AskedEvent, type Shape } from "./asked-event.js";
import { Storm, type BudgetName } from "./budget.js";
import { LoopCtx } from "./ctx.js";
import { turnError } from "./failure.js";
import { eventPlace } from "./event-place.js";
import { findHandler, handlerOf } from "./find-handler.js";
import type { LoopHost, WorkKind } from "./host.js";
import { finishSetup, guardCallback, guardCleanup, guardEffect, offLoop } from "./guards.js";
import { outgoing } from "./outgoing.js";
import { enqueueWatcher } from "./queue.js";
import { placeOf, type ResultPool } from "./result-pool.js";
import type { Topics } from "./global-cells.js";
import { checkKept, failed, handOver, tellPersistHandlers } from "./persisted-cell.js";
import { openGlobalCell, openSharedCell } from "./shared-cells.js";
import { KnownTemplates } from "./known-templates.js";
import { RareParts } from "./rare-parts.js";
import { RootOwner } from "./root-owner.js";
import { sharedWriter } from "./shared-writer.js";
import { abandonTurn, after, afterSetup, dropStarted, enterTurn, leaveTurn, runCycles, settleEffects, type Started } from "./turn.js";

/** No template has a slot of this number. */
const NO_SLOT = -1;
const DISPATCHED = { label: "a callback of ctx.dispatch" };

export interface LoopOptions {
  readonly id: string;
  /** False for the pass of a GET: no effects, no timers, no frames. Default true. */
  readonly live?: boolean;
  readonly results?: ResultPool;
  readonly user?: unknown;
}

export class Loop extends RareParts implements TreeHost {
  readonly id: string;
  readonly live: boolean;
  user: unknown;
  root: Inst | undefined = undefined;
  known: KnownTemplates | undefined = undefined;
  results: ResultPool | undefined;
  disposed = false;
  #ctx: LoopCtx | undefined = undefined;
  /** Where the last event came from; not kept when it has left the page. */
  #clicked: Inst | undefined = undefined;
  #nextId = 1;
  #jobs: (() => void)[] | undefined = undefined;
  #scheduled = false;

  constructor(
    readonly host: LoopHost,
    options: LoopOptions,
  ) {
    super();
    this.id = options.id;
    this.live = options.live ?? true;
    this.results = options.results;
    this.user = options.user;
  }

  /** Made when somebody asks for it. */
  get ctx(): LoopCtx {
    return (this.#ctx ??= new LoopCtx(this));
  }

  /** App-wide values; undefined: those of this process. */
  get globals(): Topics | undefined {
    return this.host.globals;
  }

  get label(): string {
    return this.id;
  }

  protected override askPersist(): void {
    this.host.openPersist?.(this);
  }

  /** What the running turn starts at its commit; `tx` takes back what a rolled back group added. */
  get after(): unknown[] {
    return after;
  }

  /** Commands of the running turn, likewise. */
  get outgoing(): unknown[] {
    return outgoing;
  }

  /** For `tx`: a persisted write that cannot be kept takes its group back. */
  checkWrites(): void {
    checkKept(this);
  }

  get writer(): FrameWriter {
    return sharedWriter;
  }

  // ---- the tree's host

  allot(n: number): number {
    const first = this.#nextId;
    this.#nextId += n;
    return first;
  }

  /** The next instance id; the join raises it above what the client uses. */
  get nextId(): number {
    return this.#nextId;
  }

  set nextId(n: number) {
    this.#nextId = n;
  }

  templateNumber(template: Template): number {
    const { known } = this;
    const own = known === undefined || known.shared ? (this.known = new KnownTemplates(known?.ids)) : known;
    return own.number(template, sharedWriter);
  }

  mark(): FrameMark {
    const { at, text, defined } = sharedWriter.mark();
    // A literal: V8 clones a spread on a slow path, which cost more than all the rest of a counter's turn.
    return { at, text, defined, nextId: this.#nextId, outgoing: outgoing.length };
  }

  rewind(mark: FrameMark): void {
    for (const template of sharedWriter.rewind<Template>(mark)) this.known?.forget(template);
    this.#nextId = mark.nextId;
    outgoing.length = mark.outgoing;
  }

  enqueue(watcher: Watcher): void {
    enqueueWatcher(watcher);
  }

  report(error: unknown, cell: Owner | undefined): void {
    const known = renderError(error);
    // What the framework throws while it renders (two rows with one key) knows no place of its own.
    if (cell !== undefined && known.at === undefined) Object.assign(known, { at: cell.label });
    this.host.onError(known, this);
  }

  // ---- turns

  /** Mounts the page without writing: the client shows it already (or will get it by `syncTree`). */
  mount(ev: (slot: number) => unknown): void {
    enterTurn(this, "render");
    try {
      this.root = new Inst(0, R, new RootOwner(this), 0, ev, undefined);
      fill(this.root, undefined);
    } catch (error) {
      const half = this.root;
      this.root = undefined;
      if (half !== undefined) disposeInst(half);
      abandonTurn();
      throw error;
    } finally {
      leaveTurn();
    }
  }

  /** Inside a turn: the page is another one now. What `mount` was given is asked again in the flush. */
  turnPage(): void {
    const { root } = this;
    if (root !== undefined) for (const slot of root.tpl.childSlots) this.enqueue(wakeSlot(root, slot));
  }

  /** Runs the effects and starts what the mount asked for. Call once, after the first frame was decided. */
  start(): void {
    enterTurn(this, "render");
    try {
      runCycles(this);
    } finally {
      leaveTurn();
    }
  }

  /** Runs one turn now. Gives the error that rolled it back, if any. */
  turn(body: () => unknown, code: "VANGO_HANDLER" | "VANGO_DISPATCH" = "VANGO_HANDLER"): VangoError | undefined {
    if (this.disposed) return undefined;
    if (running.loop !== undefined) throw coreError("VANGO_PHASE", { message: "A turn cannot start inside another.", fix: "Use ctx.dispatch: its callback is a turn that starts after this one." });
    let failure: VangoError | undefined;
    enterTurn(this, "handler");
    try {
      try {
        const result: unknown = body();
        if (result instanceof Promise) this.follow(result, "a turn", code);
        handOver(this);
      } catch (error) {
        rollback(0);
        dropStarted(0);
        outgoing.length = 0;
        failure = turnError(error, code);
        settleEffects();
      }
      keepWrites();
      runCycles(this);
    } finally {
      leaveTurn();
      if (this.#clicked !== undefined && !onPage(this.#clicked)) this.#clicked = undefined;
    }
    if (failure !== undefined) failed(this, failure);
    return failure;
  }

  /**
   * Runs an event's handler as a turn. The handler is that of the current render; a null handler does nothing, and what is no
   * live element's event is VANGO_UNKNOWN_TARGET. `shape` makes the event of the slot's DOM type from the payload, inside the turn: what it throws is the turn's failure.
   */
  event(instance: number, slot: number, shape: Shape, payload?: unknown): VangoError | undefined {
    const e = asked;
    e.loop = this;
    e.instance = instance;
    e.slot = slot;
    e.shape = shape;
    e.payload = payload;
    e.missing = false;
    const failure = this.turn(runEvent);
    e.loop = undefined;
    e.payload = undefined;
    return e.missing ? coreError("VANGO_UNKNOWN_TARGET", { message: `Instance ${instance}, slot ${slot}.` }) : failure;
  }

  /** The page had an instance with this id, and has it no more. */
  gone(instance: number): boolean {
    return instance < this.#nextId && this.handlerFor(instance, NO_SLOT) === undefined;
  }

  /** The body of an event's turn. */
  handle(e: AskedEvent): unknown {
    const { instance, slot, shape, payload } = e;
    const found = this.handlerFor(instance, slot);
    if (typeof found !== "object") {
      e.missing = true;
      return undefined;
    }
    const { handler, type, cell, tpl } = found;
    if (typeof handler !== "function") return undefined;
    const event = shape(type, payload);
    const stale = type === "input" || type === "change" ? hearValue(found, slot, event) : undefined;
    if (stale !== undefined) this.enqueue(stale);
    const fn = handler as (event: unknown) => unknown;
    const result = isAsync(fn) ? this.named(eventPlace(fn, type, tpl, slot, cell), () => fn(event)) : fn(event);
    if (!(result instanceof Promise)) return result;
    this.follow(result, eventPlace(fn, type, tpl, slot, cell), "VANGO_HANDLER");
    return undefined;
  }

  /** The handler of the current render, found in the render phase: finding it runs row functions and evaluators. */
  private handlerFor(instance: number, slot: number): ReturnType<typeof findHandler> {
    const { phase, writable } = running;
    running.phase = "render";
    running.writable = undefined;
    try {
      const { root } = this;
      const last = this.#clicked;
      // Most events come from the instance that the last one came from: it need not be looked for.
      if (last !== undefined && last.id === instance && onPage(last)) return handlerOf(last, slot);
      const found = root === undefined ? undefined : findHandler(root, instance, slot);
      this.#clicked = typeof found === "object" ? found.inst : undefined;
      return found;
    } finally {
      running.phase = phase;
      running.writable = writable;
    }
  }

  /** Queues a turn; it runs when the host gives the loop its time. Never dropped while the session lives. */
  post(job: () => void): void {
    if (this.disposed) return;
    (this.#jobs ??= []).push(job);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.host.schedule(this);
  }

  /** Turns that wait. */
  get waiting(): number {
    return this.#jobs?.length ?? 0;
  }

  /** Runs one queued turn; true if more wait. */
  runNext(): boolean {
    this.#scheduled = false;
    // Who posted the job may have been a loader; its name is not that of the turn, nor of what the turn starts.
    if (asyncPlace.get() !== undefined) asyncPlace.leave();
    const job = this.#jobs?.shift();
    if (job !== undefined) this.turn(job, "VANGO_DISPATCH");
    if (this.waiting === 0) {
      this.#jobs = undefined;
      return false;
    }
    if (!this.#scheduled) {
      this.#scheduled = true;
      this.host.schedule(this);
    }
    return true;
  }

  /** From anywhere: `fn` as a turn. Inside a turn it is recorded and starts after the commit. */
  dispatch(fn: () => void): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => {
      const job: Started = () => {
        if (this.disposed) return reject(coreError("VANGO_DISPOSED"));
        (this.promised ??= new Set()).add(reject);
        this.post(() => {
          this.promised?.delete(reject);
          try {
            callUser(this, fn as () => unknown, undefined, DISPATCHED, "VANGO_DISPATCH");
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
            throw error;
          }
          after.push(resolve);
        });
      };
      job.dropped = () => reject(coreError("VANGO_TURN_ABORTED"));
      if (running.loop === this) after.push(job);
      else job();
    });
    // Failures are reported anyway; nobody needs to wait for this promise.
    promise.catch(() => undefined);
    return promise;
  }

  /** Records what begins at the commit of the running turn. */
  afterCommit(start: Started): void {
    after.push(start);
  }

  dropStarted(from: number): void {
    dropStarted(from);
  }

  /** Counts a start against its budget; the error when that is spent. */
  spend(name: Exclude<BudgetName, "effectsPerTurn">): VangoError | undefined {
    const { budget } = this.host;
    return budget === undefined ? undefined : (this.storm ??= new Storm()).spend(this, name, budget[name]);
  }

  // ---- async code of the application

  named<R>(place: string, fn: () => R): R {
    return this.host.named === undefined ? fn() : this.host.named(place, fn);
  }

  /** An async function has left its turn at its first await; what it throws later is reported. */
  follow(work: Promise<unknown>, place: string, code: "VANGO_HANDLER" | "VANGO_DISPATCH" | "VANGO_EFFECT"): void {
    rememberWork(this, place, work);
    work.catch((error: unknown) => this.host.onError(turnError(error, code), this));
  }

  /** Runs `fn` in a turn's write phase as soon as the running component's setup has returned. */
  afterSetup(fn: () => void): void {
    afterSetup.push(fn);
  }

  /** A setup threw: what it asked for is not run. */
  abandonSetup(): void {
    afterSetup.length = 0;
  }

  /** Called by a component when its setup has returned. */
  finishSetup(): void {
    finishSetup(this);
  }

  // ---- commands that leave with the frame

  emit(name: string, detail: unknown): void {
    // Encoded now: what cannot be sent throws in the handler, and later changes of the object do not show.
    outgoing.push({ emit: name, detail: encodePayload(detail) });
  }

  url(href: string, mode: number, scroll: boolean): void {
    outgoing.push({ url: href, mode, scroll });
  }

  writeQuery(name: string, text: string, replace: boolean): void {
    const href = this.host.writeQuery(this, name, text);
    outgoing.push({ url: href, mode: replace ? 1 : 0, scroll: false });
  }

  navigate(href: string, o: { replace?: boolean; scroll?: boolean }): void {
    after.push(() => this.host.navigate(this, href, o));
  }

  // ---- shared state

  sharedCell<T>(key: string, initial: T, o: PersistOptions<T> | undefined): SignalNode<T> {
    return openSharedCell(this, key, initial, o);
  }

  globalCell<T>(key: string, initial: T, o: PersistOptions<T> | undefined): SignalNode<T> {
    return openGlobalCell(this, key, initial, o);
  }

  /** A persisted write failed: every `setup.onPersistError` of the session hears of it, in a turn of its own. */
  persistFailed(error: PersistError): void {
    if (this.persistHandlers !== undefined && this.persistHandlers.size > 0) this.post(() => tellPersistHandlers(this, error));
  }

  /** A stored value could not be used, as its cell is opened: handlers that the same setup registers later hear of it too. */
  persistLost(error: PersistError): void {
    this.post(() => tellPersistHandlers(this, error));
  }

  // ---- results handed between passes

  resourcePlace(scope: SetupScope): string {
    return placeOf(scope.cell.type, scope.resources++);
  }

  takeResult(place: string, key: unknown): { readonly value: unknown } | undefined {
    return this.results?.take(place, key);
  }

  awaitResult(place: string, key: unknown, load: (signal: AbortSignal) => unknown): void {
    this.results?.await(place, key, load);
  }

  // ---- user code outside handlers

  guardEffect(effect: EffectNode, body: () => void): void {
    guardEffect(this, effect, body);
  }

  /** Runs an option callback inside a turn: what it throws takes back its own writes, not the result it was told of. */
  guardCallback(fn: () => void): void {
    guardCallback(this, fn);
  }

  guardCleanup(fn: () => void): void {
    guardCleanup(this, fn);
  }

  /** Runs code that must not touch state: a loader, an action's work, a source's start. */
  offLoop<R>(place: string, fn: () => R, kind: WorkKind): R {
    return offLoop(this, place, fn, kind);
  }

  /** Ends the session: everything that was mounted is disposed, nothing runs any more. */
  dispose(): void {
    if (this.disposed) return;
    enterTurn(this, "render");
    try {
      if (this.root !== undefined) disposeInst(this.root);
    } finally {
      leaveTurn();
      this.disposed = true;
      this.#jobs = undefined;
      this.shared?.dispose();
      forgetWork(this);
      abandonTurn();
      for (const reject of this.promised ?? []) reject(coreError("VANGO_DISPOSED"));
      this.promised = undefined;
    }
  }
}
