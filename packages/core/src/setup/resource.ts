// A resource: an asynchronous read, keyed, off the loop. All that is shown lives in one signal, so a rollback restores it. A
// result is delivered as a turn and dropped when a newer load has started or the component is gone.
import type { ComponentCell } from "../live/component-cell.js";
import type { Loop } from "../loop/loop.js";
import { plainProps } from "../loop/result-pool.js";
import { callUser } from "../reactive/async-work.js";
import { SignalNode } from "../reactive/signal.js";
import { DIRTY, endTracking, PENDING, startTracking, WATCHING } from "../reactive/system.js";
import { WatcherNode } from "../reactive/watcher.js";
import type { View } from "../view/types.js";
import { sameKey } from "./same-key.js";
import type { SetupScope } from "./setup.js";
import type { Resource, ResourceOptions } from "./types.js";

interface Shown<T> {
  readonly state: "pending" | "loading" | "ready" | "error";
  readonly data: T | undefined;
  readonly error: unknown;
  /** Whether `data` belongs to the current key. */
  readonly current: boolean;
  /** Number of the load that `state` waits for or came from. */
  readonly load: number;
  /** When the data came; for `staleTime`. */
  readonly loadedAt: number;
}

export class ResourceNode<K, T> extends WatcherNode implements Resource<T> {
  readonly depth: number;
  /** The component that made it: its boundary shows what the key throws. */
  readonly cell: ComponentCell;
  readonly #loop: Loop;
  readonly #shown: SignalNode<Shown<T>>;
  /** Names the resource between GET and join: component, number within it, key. */
  readonly #place: string;
  /** Which resource of its component it is, from 0. */
  readonly #nth: number;
  #key: K;
  #abort: AbortController | undefined = undefined;
  #retryTimer: unknown = undefined;

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
    this.#nth = scope.resources;
    this.#place = loop.resourcePlace(scope);
    // Without a key the loader can differ by the component's props alone.
    const handKey = options.key === undefined ? plainProps(scope.cell.current) : this.#key;
    const handed = loop.takeResult(this.#place, handKey);
    this.#shown = new SignalNode<Shown<T>>(
      handed === undefined
        ? { state: "pending", data: undefined, error: undefined, current: false, load: 1, loadedAt: -Infinity }
        : { state: "ready", data: handed.value as T, error: undefined, current: true, load: 1, loadedAt: loop.host.now() },
      loop,
      options.name === undefined ? undefined : { name: options.name },
    );
    if (handed !== undefined) {
      const { onSuccess } = options;
      if (onSuccess !== undefined) loop.afterSetup(() => this.#tell((value: T) => onSuccess(value), handed.value as T));
      return;
    }
    if (!loop.live) {
      if (options.ssr !== "defer") {
        loop.awaitResult(this.#place, handKey, (signal) => loop.offLoop(`the loader of ${this.label}`, () => options.load(this.#key, { signal }), "resource"));
      }
      return;
    }
    loop.afterCommit(() => this.#start(1));
  }

  /** How errors call it. */
  get label(): string {
    const { name } = this.options;
    const of = this.cell.label;
    if (name !== undefined) return `the resource "${name}" of ${of}`;
    return this.#nth === 0 ? `a resource of ${of}` : `resource ${this.#nth + 1} of ${of}`;
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
    const now = this.#shown.peek();
    const fresh = this.#loop.host.now() - now.loadedAt < (this.options.staleTime ?? 0);
    if (now.state === "ready" && fresh) return;
    this.#reload(now.loadedAt);
  }

  invalidate(): void {
    this.#reload(-Infinity);
  }

  mutate(fn: (prev: T | undefined) => T): void {
    const now = this.#shown.peek();
    this.#shown.set({ ...now, state: "ready", data: fn(now.data), error: undefined, current: true });
  }

  #reload(loadedAt: number): void {
    const now = this.#shown.peek();
    this.#shown.set({ ...this.#waiting(now), loadedAt });
    const load = now.load + 1;
    this.#loop.afterCommit(() => this.#start(load));
  }

  /** What is shown while the next load is under way. */
  #waiting(now: Shown<T>): Shown<T> {
    return { ...now, state: now.state === "pending" ? "pending" : "loading", error: undefined, load: now.load + 1 };
  }

  /** A callback of the options. What it throws is its own failure: the result stays. */
  #tell<V>(fn: (value: V) => unknown, value: V): void {
    const loop = this.#loop;
    loop.guardCallback(() => callUser(loop, fn, value, { label: `a callback of ${this.label}` }, "VANGO_DISPATCH"));
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
    this.#shown.force({ ...this.#waiting(now), current: false });
    const load = now.load + 1;
    this.#loop.afterCommit(() => this.#start(load));
  }

  /** False when another load was asked for since, or the component is gone. */
  #wanted(load: number): boolean {
    return this.flags !== 0 && this.#shown.peek().load === load;
  }

  #start(load: number): void {
    if (!this.#wanted(load)) return;
    // The flush may find another key: a load of the old one would be in vain.
    if ((this.flags & (DIRTY | PENDING)) !== 0) {
      this.#loop.afterCommit(() => this.#start(load));
      return;
    }
    this.#stop();
    this.#attempt(load, this.options.retry?.count ?? 0);
  }

  /** Runs `fn` as a turn, if the load still counts by then. */
  #deliver(load: number, fn: () => void): void {
    if (this.#wanted(load)) this.#loop.post(() => (this.#wanted(load) ? fn() : undefined));
  }

  #failed(error: unknown): void {
    this.#abort = undefined;
    this.#shown.set({ ...this.#shown.peek(), state: "error", error });
    const { onError } = this.options;
    if (onError !== undefined) this.#tell((value: unknown) => onError(value), error);
  }

  #attempt(load: number, triesLeft: number): void {
    const loop = this.#loop;
    const over = loop.spend("resourcesPerSecond");
    if (over !== undefined) {
      this.#deliver(load, () => this.#failed(over));
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    const key = this.#key;
    loop
      .offLoop(`the loader of ${this.label}`, async () => this.options.load(key, { signal: abort.signal }), "resource")
      .then(
        (data) =>
          this.#deliver(load, () => {
            this.#abort = undefined;
            this.#shown.set({ ...this.#shown.peek(), state: "ready", data, error: undefined, current: true, loadedAt: loop.host.now() });
            const { onSuccess } = this.options;
            if (onSuccess !== undefined) this.#tell((value: T) => onSuccess(value), data);
          }),
        (error: unknown) => {
          const { retry } = this.options;
          if (triesLeft === 0 || retry === undefined) this.#deliver(load, () => this.#failed(error));
          else if (this.#wanted(load)) {
            this.#retryTimer = loop.host.setTimer(retry.delay, () => {
              if (this.#wanted(load)) this.#attempt(load, triesLeft - 1);
            });
          }
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
    this.#stop();
  }
}
