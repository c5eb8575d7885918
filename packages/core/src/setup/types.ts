// The public interface of setup, ctx, resources and actions.
import type { Cleanup, Context, PersistOptions, ReadonlySignal, Selector, Signal, SignalOptions, View } from "../view/types.js";
import type { VangoError } from "../vango-error.js";

/** What `setup` offers. Every member allocates, so it works only until setup has returned (VANGO_SETUP_CLOSED after). */
export interface Setup {
  /** Local state of this mount. */
  signal<T>(initial: T, o?: SignalOptions<T>): Signal<T>;
  /** State that all components of the session share under one key. */
  sharedSignal<T>(key: string, initial: T, o?: PersistOptions<T>): Signal<T>;
  /** State that all sessions share under one key: this session holds a replica. */
  globalSignal<T>(key: string, initial: T, o?: PersistOptions<T>): Signal<T>;
  /** A lazy, cached, derived value. */
  memo<T>(fn: () => T, o?: SignalOptions<T>): ReadonlySignal<T>;
  /** A keyed selection: a change touches the readers of two keys only. */
  selector<K>(source: ReadonlySignal<K>): Selector<K>;
  /** An asynchronous read that runs off the loop. */
  resource<K, T>(o: ResourceOptions<K, T>): Resource<T>;
  /** An asynchronous write that runs off the loop. */
  action<A, R>(work: (arg: A, ctx: ActionContext) => Promise<R> | R, o?: ActionOptions<R>): Action<A, R>;
  /**
   * Work off the loop of which only the newest key counts: `run` with the key of the last work does nothing, with another it aborts
   * that work and ignores its result. `apply` gets the result as a turn.
   */
  latest<K, T>(work: (key: K, ctx: ActionContext) => Promise<T> | T, apply: (value: T, key: K) => void, o?: LatestOptions<K>): Latest<K>;
  /** What `base` will be when the runs of `action` that are under way or wait have succeeded; theirs is taken back when they do not. */
  optimistic<T, A>(base: ReadonlySignal<T> | (() => T), action: Pick<Action<A, never>, "pending">, change: (value: T, arg: A) => T): ReadonlySignal<T>;
  /** Runs after commit and again when what it read has changed. */
  effect(fn: () => Cleanup, o?: { writes?: boolean; name?: string }): void;
  /** Runs once, after the first commit. */
  onMount(fn: () => Cleanup, o?: { writes?: boolean }): void;
  /** Calls `fn` when `read` gives another value; not for the first. */
  onChange<T>(read: () => T, fn: (next: T, prev: T) => void, o?: { writes?: boolean }): void;
  onCleanup(fn: () => void): void;
  /** Runs `fn` once after `ms`, as a turn of its own. Gives a function that cancels it. */
  timeout(ms: number, fn: () => void): () => void;
  /** Runs `fn` every `ms`, each time as a turn of its own. */
  interval(ms: number, fn: () => void, o?: { immediate?: boolean }): () => void;
  /** Follows an outside source; each pushed value is a turn. */
  subscribe<T>(source: (push: (v: T) => void) => () => void, fn: (v: T) => void): () => void;
  /** A signal bound to a query parameter of the page's URL. `debounce` in ms delays the address bar only. */
  urlParam<T>(
    name: string,
    o: { default: T; parse?: (s: string) => T; format?: (v: T) => string; mode?: "push" | "replace"; debounce?: number },
  ): Signal<T>;
  /** Called when a persisted write of this session failed; the previous value stays. */
  onPersistError(fn: (e: PersistError) => void): void;
  provide<T>(c: Context<T>, value: T): void;
  use<T>(c: Context<T>): T;
  readonly ctx: Ctx;
}

/** The session as components see it. */
export interface Ctx {
  /** Goes to another page of the app. In handlers, effects and callbacks; never in setup or render. */
  navigate(href: string, o?: { replace?: boolean; scroll?: boolean }): void;
  /** Brings code back onto the loop, from anywhere; `fn` is a turn. The promise settles after it. */
  dispatch(fn: () => void): Promise<void>;
  /** A CustomEvent on the browser's document, after the frame's DOM changes. `detail` must be plain data. */
  emit(name: string, detail?: unknown): void;
  toast(level: "success" | "error" | "warning" | "info", message: string, o?: { title?: string }): void;
  /**
   * Asks `auth.verify` whether the user's login still holds: before what must not be done with a stolen or revoked one. False ends
   * the login. From anywhere; await it in an action's work, not in a handler.
   */
  revalidate(): Promise<boolean>;
  /** `live` is false while a GET renders. */
  readonly session: { readonly id: string; readonly live: boolean };
  readonly route: { readonly path: string; readonly params: Readonly<Record<string, unknown>>; readonly query: URLSearchParams };
  readonly user: unknown;
}

/** `staleTime` in ms, default 0. `retry`: `count` further tries, `delay` ms apart. `ssr`: default "await". */
export interface ResourceOptions<K, T> {
  key?: () => K;
  load: (key: K, ctx: { signal: AbortSignal }) => Promise<T> | T;
  staleTime?: number;
  retry?: { count: number; delay: number };
  ssr?: "await" | "defer";
  onSuccess?: (v: T) => void;
  onError?: (e: unknown) => void;
  /** For errors and logs. */
  name?: string;
}

/** `pending`: the first load is under way; `loading`: another load is; reads are tracked. */
export interface Resource<T> {
  state(): "pending" | "loading" | "ready" | "error";
  data(): T | undefined;
  error(): unknown;
  match(b: {
    pending?: () => View;
    loading?: (stale?: T) => View;
    ready: (v: T) => View;
    error?: (e: unknown, retry: () => void) => View;
  }): View;
  /** Loads again, unless the data is younger than `staleTime`. */
  refetch(): void;
  /** Forgets that the data is fresh and loads again. */
  invalidate(): void;
  /** Writes the data locally, without a load. */
  mutate(fn: (prev: T | undefined) => T): void;
}

export interface ActionContext {
  signal: AbortSignal;
}

/** `policy`: "latest" (default) aborts the run under way, "drop" refuses, "queue" runs in order (at most `queue`, default 10, wait). */
export interface ActionOptions<R> {
  policy?: "latest" | "drop" | "queue";
  queue?: number;
  onStart?(): void;
  onSuccess?(r: R): void;
  onError?(e: unknown): void;
  /** `why`: VANGO_ACTION_REJECTED by the policy, or VANGO_BUDGET_EXCEEDED. */
  onRejected?(why: VangoError): void;
  /** For errors and logs. */
  name?: string;
}

/** `onError` gets what the work threw; without it that is reported. A work that was aborted or ran into its deadline has not failed. */
export interface LatestOptions<K> {
  onError?(e: unknown, key: K): void;
  /** For errors and logs. */
  name?: string;
}

export interface Latest<K> {
  /** In handlers, callbacks and effects; the work starts at the commit. `force` starts it again for the same key. */
  run(key: K, o?: { force?: boolean }): void;
  /** Aborts the work under way and forgets its key. */
  cancel(): void;
}

export interface Action<A, R> {
  /** Accepted or not; the work starts when the turn commits. */
  run(...arg: unknown extends A ? [] : [A] extends [void] ? [] : [A]): boolean;
  state(): "idle" | "running" | "success" | "error";
  result(): R | undefined;
  error(): unknown;
  /** Arguments of the accepted runs that are not over: the one that runs, then those that wait. Tracked. */
  pending(): readonly A[];
  /** Aborts the run under way and forgets those that wait; a running action is idle again. */
  cancel(): void;
  /** cancel(), and no result or error any more. */
  reset(): void;
  match(b: { idle?: () => View; running?: () => View; success?: (r: R) => View; error?: (e: unknown) => View }): View;
}

/** A persisted write failed. */
export interface PersistError extends VangoError {
  kind: "value-budget" | "session-budget" | "storage" | "codec";
  key: string;
  size?: number;
  limit?: number;
}
