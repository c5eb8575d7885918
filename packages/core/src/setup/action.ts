// An action: an asynchronous write that runs off the loop. Acceptance is decided inside the turn's transaction, the work starts
// at its commit; state, result, error, argument and the waiting arguments are one signal, so a rollback takes all of it back.
import { coreError } from "../errors.js";
import type { ComponentCell } from "../live/component-cell.js";
import type { Loop } from "../loop/loop.js";
import { callUser } from "../reactive/async-work.js";
import { SignalNode } from "../reactive/signal.js";
import { running } from "../reactive/system.js";
import { misplaced } from "../reactive/write-error.js";
import type { VangoError } from "../vango-error.js";
import type { View } from "../view/types.js";
import type { Action, ActionContext, ActionOptions } from "./types.js";

interface Shown<A, R> {
  readonly state: "idle" | "running" | "success" | "error";
  readonly result: R | undefined;
  readonly error: unknown;
  /** Number of the run that `state` speaks of. */
  readonly run: number;
  /** Its argument, while it runs; then those of the runs that wait. */
  readonly pending: readonly A[];
}

const DEFAULT_QUEUE = 10;
const NONE: readonly never[] = [];

export class ActionNode<A, R> implements Omit<Action<A, R>, "run"> {
  readonly #shown: SignalNode<Shown<A, R>>;
  #abort: AbortController | undefined = undefined;
  #disposed = false;

  constructor(
    readonly cell: ComponentCell,
    readonly work: (arg: A, ctx: ActionContext) => Promise<R> | R,
    readonly options: ActionOptions<R>,
  ) {
    const start: Shown<A, R> = { state: "idle", result: undefined, error: undefined, run: 0, pending: NONE };
    this.#shown = new SignalNode(start, this.loop, options.name === undefined ? undefined : { name: options.name });
  }

  get loop(): Loop {
    return this.cell.host as Loop;
  }

  /** How errors call it. */
  get label(): string {
    const { name } = this.options;
    return name === undefined ? `an action of ${this.cell.label}` : `the action "${name}" of ${this.cell.label}`;
  }

  run(arg?: A): boolean {
    const { loop } = this;
    if (running.writable !== loop) {
      throw misplaced("The call of action.run()", loop, "Run actions in a handler, a timer, a callback, or an effect with { writes: true }. From anywhere else, ctx.dispatch(() => action.run(…)) gets there.");
    }
    if (this.#disposed) return false;
    const now = this.#shown.peek();
    const { policy, queue = DEFAULT_QUEUE } = this.options;
    const busy = now.state === "running";
    // A run from a callback stands behind those that wait already.
    const waits = policy === "queue" && now.pending.length > 0;
    if (busy && policy === "drop") return this.#rejected(() => coreError("VANGO_ACTION_REJECTED", { message: "One is running (policy \"drop\")." }));
    if (waits && now.pending.length - (busy ? 1 : 0) >= queue) {
      return this.#rejected(() => coreError("VANGO_ACTION_REJECTED", { message: `${queue} are waiting (policy "queue").` }));
    }
    const over = loop.spend("actionsPerSecond");
    if (over !== undefined) return this.#rejected(() => over);
    if (waits) this.#shown.set({ ...now, pending: [...now.pending, arg as A] });
    else this.#begin(now, [arg as A]);
    return true;
  }

  #rejected(why: () => VangoError): false {
    const { onRejected } = this.options;
    if (onRejected !== undefined) this.#tell((error: VangoError) => onRejected(error), why());
    return false;
  }

  /** Begins the run of the first of `pending`. */
  #begin(now: Shown<A, R>, pending: readonly A[]): void {
    const run = now.run + 1;
    this.#shown.set({ state: "running", result: now.result, error: undefined, run, pending });
    this.loop.afterCommit(() => this.#start(pending[0] as A, run));
    const { onStart } = this.options;
    if (onStart !== undefined) this.#tell(() => onStart(), undefined);
  }

  /** A callback of the options. What it throws is its own failure: the action goes on. */
  #tell<T>(fn: (value: T) => unknown, value: T): void {
    this.loop.guardCallback(() => callUser(this.loop, fn, value, { label: `a callback of ${this.label}` }, "VANGO_DISPATCH"));
  }

  #start(arg: A, run: number): void {
    if (this.#disposed || this.#shown.peek().run !== run) return;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const { loop, options } = this;
    const deliver = (fn: (settled: Shown<A, R>) => void): void =>
      loop.post(() => {
        const now = this.#shown.peek();
        if (this.#disposed || now.run !== run || now.state !== "running") return;
        this.#abort = undefined;
        fn({ ...now, pending: now.pending.slice(1) });
        this.#next();
      });
    loop
      .offLoop(`the work of ${this.label}`, async () => this.work(arg, { signal: abort.signal }), "action")
      .then(
        (result) =>
          deliver((now) => {
            this.#shown.set({ ...now, state: "success", result, error: undefined });
            const { onSuccess } = options;
            if (onSuccess !== undefined) this.#tell((value: R) => onSuccess(value), result);
          }),
        (error: unknown) =>
          deliver((now) => {
            if (isCancellation(error)) {
              this.#shown.set({ ...now, state: "idle" });
              return;
            }
            this.#shown.set({ ...now, state: "error", error });
            const { onError } = options;
            if (onError !== undefined) this.#tell((value: unknown) => onError(value), error);
          }),
      );
  }

  /** A run has ended: the next one that waits begins, unless a callback began one. */
  #next(): void {
    const now = this.#shown.peek();
    if (now.pending.length > 0 && now.state !== "running") this.#begin(now, now.pending);
  }

  state(): Shown<A, R>["state"] {
    return this.#shown.get().state;
  }

  result(): R | undefined {
    return this.#shown.get().result;
  }

  error(): unknown {
    return this.#shown.get().error;
  }

  pending(): readonly A[] {
    return this.#shown.get().pending;
  }

  match(b: Parameters<Action<A, R>["match"]>[0]): View {
    const now = this.#shown.get();
    switch (now.state) {
      case "idle":
        return b.idle?.() ?? null;
      case "running":
        return b.running?.() ?? null;
      case "success":
        return b.success?.(now.result as R) ?? null;
      case "error":
        return b.error?.(now.error) ?? null;
    }
  }

  cancel(): void {
    const now = this.#shown.peek();
    if (now.state !== "running" && now.pending.length === 0) return;
    this.#shown.set({ ...now, state: now.state === "running" ? "idle" : now.state, run: now.run + 1, pending: NONE });
    this.#abortAtCommit();
  }

  reset(): void {
    const now = this.#shown.peek();
    this.#shown.set({ state: "idle", result: undefined, error: undefined, run: now.run + 1, pending: NONE });
    this.#abortAtCommit();
  }

  #abortAtCommit(): void {
    const abort = this.#abort;
    if (abort !== undefined) this.loop.afterCommit(() => abort.abort());
  }

  dispose(): void {
    this.#disposed = true;
    this.#abort?.abort();
  }
}

/** A work that was cancelled or ran out of time by its signal: no failure of the business. */
export function isCancellation(error: unknown): boolean {
  const name = (error as { name?: unknown } | null | undefined)?.name;
  return name === "AbortError" || (name === "TimeoutError" && error instanceof DOMException);
}
