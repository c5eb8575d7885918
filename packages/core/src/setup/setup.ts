// The `setup` object of one mount and the scope that owns what it allocates. The object is closed when setup returns: any
// later call is an allocation in render or in a handler, which is refused.
import { coreError } from "../errors.js";
import type { ComponentCell } from "../live/component-cell.js";
import { useContext } from "../live/component-cell.js";
import type { Loop } from "../loop/loop.js";
import { EffectNode } from "../reactive/effect.js";
import { MemoNode } from "../reactive/memo.js";
import { SelectorNode } from "../reactive/selector.js";
import { SignalNode } from "../reactive/signal.js";
import { running, untrack } from "../reactive/system.js";
import { callerPlace, PHASES } from "../reactive/write-error.js";
import type { ContextKey } from "../view/context.js";
import type { Cleanup, Context, PersistOptions, ReadonlySignal, Selector, Signal, SignalOptions } from "../view/types.js";
import { ActionNode } from "./action.js";
import { LatestNode } from "./latest.js";
import { optimisticNode } from "./optimistic.js";
import { ResourceNode } from "./resource.js";
import { startInterval, startTimeout, subscribeTo } from "./timers.js";
import type { Action, ActionContext, ActionOptions, Ctx, Latest, LatestOptions, PersistError, Resource, ResourceOptions, Setup } from "./types.js";
import { openUrlParam, type UrlParamOptions } from "./url-param.js";

export interface Disposable {
  dispose(): void;
}

/** Collects what one setup call allocates. It lives as long as setup runs: the component keeps the list alone. */
export class SetupScope {
  readonly setup: Setup;
  open = true;
  /** Resources so far: part of a resource's place. */
  resources = 0;
  #owned: Disposable[] | undefined = undefined;

  constructor(readonly cell: ComponentCell) {
    this.setup = new SetupImpl(this);
  }

  get loop(): Loop {
    return this.cell.host as Loop;
  }

  own<D extends Disposable>(d: D): D {
    (this.#owned ??= []).push(d);
    return d;
  }

  /** Setup has returned, or thrown: what it allocated, in order. */
  close(): readonly Disposable[] | undefined {
    this.open = false;
    // A copy has no room to grow: the list of most components is short, and is kept as long as they are.
    const owned = this.#owned?.slice();
    this.#owned = undefined;
    return owned;
  }
}

/** Disposes what a setup call allocated, in reverse order. */
export function disposeOwned(owned: readonly Disposable[] | undefined): void {
  for (let i = (owned?.length ?? 0) - 1; i >= 0; i--) owned?.[i]?.dispose();
}

class SetupImpl implements Setup {
  readonly #scope: SetupScope;

  constructor(scope: SetupScope) {
    this.#scope = scope;
  }

  #open(what: string): SetupScope {
    const scope = this.#scope;
    // A tracked computation inside setup (a memo, a key, a selector's source) runs again later: it is no place to allocate either.
    if (!scope.open || running.phase !== "setup" || running.sub !== undefined) throw closed(what, scope);
    return scope;
  }

  get ctx(): Ctx {
    return this.#scope.cell.host.ctx;
  }

  signal<T>(initial: T, o?: SignalOptions<T>): Signal<T> {
    return new SignalNode(initial, this.#open("signal").loop, o) as unknown as Signal<T>;
  }

  sharedSignal<T>(key: string, initial: T, o?: PersistOptions<T>): Signal<T> {
    return this.#open("sharedSignal").loop.sharedCell(key, initial, o) as unknown as Signal<T>;
  }

  globalSignal<T>(key: string, initial: T, o?: PersistOptions<T>): Signal<T> {
    return this.#open("globalSignal").loop.globalCell(key, initial, o) as unknown as Signal<T>;
  }

  memo<T>(fn: () => T, o?: SignalOptions<T>): ReadonlySignal<T> {
    return this.#open("memo").own(new MemoNode(fn, o));
  }

  selector<K>(source: ReadonlySignal<K>): Selector<K> {
    const scope = this.#open("selector");
    return scope.own(new SelectorNode(source, scope.loop, scope.cell));
  }

  resource<K, T>(o: ResourceOptions<K, T>): Resource<T> {
    const scope = this.#open("resource");
    return scope.own(new ResourceNode<K, T>(scope, o));
  }

  action<A, R>(work: (arg: A, ctx: ActionContext) => Promise<R> | R, o?: ActionOptions<R>): Action<A, R> {
    const scope = this.#open("action");
    return scope.own(new ActionNode<A, R>(scope.cell, work, o ?? {})) as unknown as Action<A, R>;
  }

  latest<K, T>(work: (key: K, ctx: ActionContext) => Promise<T> | T, apply: (value: T, key: K) => void, o?: LatestOptions<K>): Latest<K> {
    const scope = this.#open("latest");
    return scope.own(new LatestNode<K, T>(scope.cell, work, apply, o ?? {}));
  }

  optimistic<T, A>(base: ReadonlySignal<T> | (() => T), action: Pick<Action<A, never>, "pending">, change: (value: T, arg: A) => T): ReadonlySignal<T> {
    return this.#open("optimistic").own(optimisticNode(base, action, change));
  }

  effect(fn: () => Cleanup, o?: { writes?: boolean; name?: string }): void {
    this.#addEffect(this.#open("effect"), fn, o?.writes === true, o?.name, true);
  }

  onMount(fn: () => Cleanup, o?: { writes?: boolean }): void {
    this.#addEffect(this.#open("onMount"), fn, o?.writes === true, "onMount", false);
  }

  onChange<T>(read: () => T, fn: (next: T, prev: T) => void, o?: { writes?: boolean }): void {
    let first = true;
    let prev: T;
    this.#addEffect(this.#open("onChange"), () => {
      const next = read();
      const before = prev;
      prev = next;
      if (first) first = false;
      else if (!Object.is(next, before)) untrack(() => fn(next, before));
    }, o?.writes === true, "onChange", true);
  }

  #addEffect(scope: SetupScope, fn: () => Cleanup, writes: boolean, name: string | undefined, follows: boolean): void {
    const { loop, cell } = scope;
    if (!loop.live) return;
    loop.enqueue(scope.own(new EffectNode(cell, fn, writes, name, follows)));
  }

  onCleanup(fn: () => void): void {
    const scope = this.#open("onCleanup");
    const { loop } = scope;
    scope.own({ dispose: () => loop.guardCleanup(fn) });
  }

  timeout(ms: number, fn: () => void): () => void {
    return startTimeout(this.#open("timeout"), ms, fn);
  }

  interval(ms: number, fn: () => void, o?: { immediate?: boolean }): () => void {
    return startInterval(this.#open("interval"), ms, fn, o?.immediate === true);
  }

  subscribe<T>(source: (push: (v: T) => void) => () => void, fn: (v: T) => void): () => void {
    return subscribeTo(this.#open("subscribe"), source, fn);
  }

  urlParam<T>(name: string, o: UrlParamOptions<T>): Signal<T> {
    return openUrlParam(this.#open("urlParam"), name, o) as unknown as Signal<T>;
  }

  onPersistError(fn: (e: PersistError) => void): void {
    const scope = this.#open("onPersistError");
    const { loop } = scope;
    const handlers = (loop.persistHandlers ??= new Set());
    handlers.add(fn);
    scope.own({ dispose: () => void handlers.delete(fn) });
  }

  provide<T>(c: Context<T>, value: T): void {
    const { cell } = this.#open("provide");
    (cell.contexts ??= new Map()).set(c as ContextKey<unknown>, value);
  }

  use<T>(c: Context<T>): T {
    return useContext(this.#open("use").cell, c as ContextKey<unknown>) as T;
  }
}

function closed(what: string, scope: SetupScope): Error {
  const at = callerPlace();
  const where = running.sub !== undefined && running.phase === "setup" ? "inside a tracked computation" : PHASES[running.phase];
  return coreError("VANGO_SETUP_CLOSED", { message: `setup.${what} of ${scope.cell.label} is called at ${at}, ${where}.`, at });
}

// People destructure: `component(({ signal, memo }) => …)`. A method that is taken off the object is bound when it is taken;
// setup runs once a mount, so the bound function costs nothing that counts, and nothing of it stays.
for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(SetupImpl.prototype)) as [string, PropertyDescriptor][]) {
  if (name === "constructor" || typeof value !== "function") continue;
  const method = value as (...args: unknown[]) => unknown;
  Object.defineProperty(SetupImpl.prototype, name, {
    configurable: true,
    get(this: SetupImpl) {
      return method.bind(this);
    },
  });
}
