// A resource: an asynchronous read, keyed, off the loop. All that is shown lives in one signal, so a rollback restores it. A
// result is delivered as a turn and dropped when a newer load has started or the component is gone.
import type { Loop } from "../loop/loop.js";
import { plainProps } from "../loop/result-pool.js";
import { SignalNode } from "../reactive/signal.js";
import { endTracking, startTracking, WATCHING } from "../reactive/system.js";
import { WatcherNode } from "../reactive/watcher.js";
import type { View } from "../view/types.js";
import type { SetupScope } from "./setup.js";
import type { Resource, ResourceOptions } from "./types.js";

interface Shown<T> {
  readonly state: "pending" | "loading" | "ready" | "error";
  readonly data: T | undefined;
  readonly error: unknown;
  /** Whether `data` belongs to the current key. */
  readonly current: boolean;
}

export class ResourceNode<K, T> extends WatcherNode implements Resource<T> {
  readonly depth: number;
  /** The component that made it: its boundary shows what the key throws. */
  readonly cell: object;
  readonly #loop: Loop;
  readonly #shown: SignalNode<Shown<T>>;
  /** Names the resource between GET and join: component, number within it, key. */
  readonly #place: string;
  #key: K;
  #load = 0;
  #abort: AbortController | undefined = undefined;
  #retryTimer: unknown = undefined;
  #loadedAt = -Infinity;

  constructor(
    scope: SetupScope,
    readonly options: ResourceOptions<K, T>,
  ) {
    super();
    this.depth = scope.cell.depth - 1;
    this.cell = scope.cell;
    const loop = scope.loop;
    this.#loop = loop;
    this.#key = this.#readKey();
    this.#place = loop.resourcePlace(scope);
    // Without a key the loader can differ by the component's props alone.
    const handKey = options.key === undefined ? plainProps(scope.cell.current) : this.#key;
    const handed = loop.takeResult(this.#place, handKey);
    this.#shown = new SignalNode<Shown<T>>(
      handed === undefined
        ? { state: "pending", data: undefined, error: undefined, current: false }
        : { state: "ready", data: handed.value as T, error: undefined, current: true },
      loop,
      undefined,
    );
    if (handed !== undefined) {
      this.#loadedAt = loop.host.now();
      const { onSuccess } = options;
      if (onSuccess !== undefined) loop.afterSetup(() => onSuccess(handed.value as T));
      return;
    }
    if (!loop.live) {
      if (options.ssr !== "defer") loop.awaitResult(this.#place, handKey, (signal) => options.load(this.#key, { signal }));
      return;
    }
    loop.afterCommit(() => this.#start());
  }

  state(): Shown<T>["state"] {
    return this.#shown.get().state;
  }

  data(): T | undefined {
    return this.#shown.get().data;
  }

  error(): unknown {
    return this.#shown.get().error;
  }

  match(b: Parameters<Resource<T>["match"]>[0]): View {
    const now = this.#shown.get();
    switch (now.state) {
      case "ready":
        return b.ready(now.data as T);
      case "error":
        return b.error?.(now.error, () => this.invalidate()) ?? null;
      case "loading":
        if (b.loading !== undefined) return b.loading(now.data);
        return now.current ? b.ready(now.data as T) : (b.pending?.() ?? null);
      case "pending":
        return (b.pending ?? b.loading)?.() ?? null;
    }
  }

  refetch(): void {
    const fresh = this.#loop.host.now() - this.#loadedAt < (this.options.staleTime ?? 0);
    if (this.#shown.peek().state === "ready" && fresh) return;
    this.#reload();
  }

  invalidate(): void {
    this.#loadedAt = -Infinity;
    this.#reload();
  }

  mutate(fn: (prev: T | undefined) => T): void {
    const now = this.#shown.peek();
    this.#shown.set({ state: "ready", data: fn(now.data), error: undefined, current: true });
  }

  #reload(): void {
    const now = this.#shown.peek();
    this.#shown.set({ state: now.state === "pending" ? "pending" : "loading", data: now.data, error: undefined, current: now.current });
    this.#loop.afterCommit(() => this.#start());
  }

  #readKey(): K {
    const { key } = this.options;
    if (key === undefined) return undefined as K;
    this.flags = WATCHING;
    const prev = startTracking(this);
    try {
      return key();
    } finally {
      endTracking(this, prev);
    }
  }

  /** The key may have changed: the loading branch shows in the same frame, the load starts after it. */
  protected fire(): void {
    const key = this.#readKey();
    if (sameKey(key, this.#key)) return;
    this.#key = key;
    const now = this.#shown.peek();
    this.#shown.force({ state: now.state === "pending" ? "pending" : "loading", data: now.data, error: undefined, current: false });
    this.#loop.afterCommit(() => this.#start());
  }

  #start(): void {
    if (this.flags === 0) return;
    this.#stop();
    this.#attempt(++this.#load, this.options.retry?.count ?? 0);
  }

  #attempt(load: number, triesLeft: number): void {
    const abort = new AbortController();
    this.#abort = abort;
    const loop = this.#loop;
    const work = loop.offLoop(`the loader of ${this.#place}`, async () => this.options.load(this.#key, { signal: abort.signal }));
    const deliver = (fn: () => void): void => {
      if (load === this.#load) loop.post(() => (load === this.#load && this.flags !== 0 ? fn() : undefined));
    };
    work.then(
      (data) =>
        deliver(() => {
          this.#abort = undefined;
          this.#loadedAt = loop.host.now();
          this.#shown.set({ state: "ready", data, error: undefined, current: true });
          loop.guardCallback(() => this.options.onSuccess?.(data));
        }),
      (error: unknown) => {
        if (load !== this.#load) return;
        if (triesLeft > 0 && this.options.retry !== undefined) {
          this.#retryTimer = loop.host.setTimer(this.options.retry.delay, () => {
            if (load === this.#load) this.#attempt(load, triesLeft - 1);
          });
          return;
        }
        deliver(() => {
          this.#abort = undefined;
          const now = this.#shown.peek();
          this.#shown.set({ state: "error", data: now.data, error, current: now.current });
          loop.guardCallback(() => this.options.onError?.(error));
        });
      },
    );
  }

  #stop(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    if (this.#retryTimer !== undefined) this.#loop.host.clearTimer(this.#retryTimer);
    this.#retryTimer = undefined;
  }

  override dispose(): void {
    super.dispose();
    this.#load++;
    this.#stop();
  }
}

/** Keys are values: lists and records compare by content, one level deep. */
function sameKey(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length || Array.isArray(a) !== Array.isArray(b)) return false;
  return names.every((n) => Object.hasOwn(b, n) && Object.is((a as Record<string, unknown>)[n], (b as Record<string, unknown>)[n]));
}

