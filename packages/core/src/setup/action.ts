// An action: an asynchronous write that runs off the loop. Acceptance is decided inside the turn's transaction, the work starts
// at its commit; state, result, error and the waiting arguments are one signal, so a rollback takes all of it back.
import { coreError } from "../errors.js";
import type { Loop } from "../loop/loop.js";
import { SignalNode } from "../reactive/signal.js";
import { running } from "../reactive/system.js";
import type { View } from "../view/types.js";
import type { Action, ActionContext, ActionOptions } from "./types.js";

interface Shown<A, R> {
  readonly state: "idle" | "running" | "success" | "error";
  readonly result: R | undefined;
  readonly error: unknown;
  /** Number of the run that `state` speaks of. */
  readonly run: number;
  readonly waiting: readonly A[];
}

const DEFAULT_QUEUE = 10;

export class ActionNode<A, R> implements Pick<Action<A, R>, "state" | "result" | "error" | "cancel" | "reset" | "match"> {
  readonly #shown: SignalNode<Shown<A, R>>;
  #abort: AbortController | undefined = undefined;
  #disposed = false;

  constructor(
    readonly loop: Loop,
    readonly work: (arg: A, ctx: ActionContext) => Promise<R> | R,
    readonly options: ActionOptions<R>,
  ) {
    this.#shown = new SignalNode<Shown<A, R>>({ state: "idle", result: undefined, error: undefined, run: 0, waiting: [] }, loop, undefined);
  }

  run(arg?: A): boolean {
    if (running.writable !== this.loop) throw coreError("VANGO_PHASE", { message: "action.run() belongs in handlers and callbacks." });
    const now = this.#shown.peek();
    if (now.state === "running") {
      const { policy } = this.options;
      if (policy === "drop") return this.#rejected();
      if (policy === "queue") {
        if (now.waiting.length >= (this.options.queue ?? DEFAULT_QUEUE)) return this.#rejected();
        this.#shown.set({ ...now, waiting: [...now.waiting, arg as A] });
        return true;
      }
    }
    this.#begin(arg as A, now, now.waiting);
    return true;
  }

  #rejected(): boolean {
    this.options.onRejected?.();
    return false;
  }

  #begin(arg: A, now: Shown<A, R>, waiting: readonly A[]): void {
    const run = now.run + 1;
    this.#shown.set({ state: "running", result: now.result, error: undefined, run, waiting });
    this.options.onStart?.();
    this.loop.afterCommit(() => this.#start(arg, run));
  }

  #start(arg: A, run: number): void {
    if (this.#disposed || this.#shown.peek().run !== run) return;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const { loop, options } = this;
    const deliver = (fn: (now: Shown<A, R>) => void): void =>
      loop.post(() => {
        const now = this.#shown.peek();
        if (this.#disposed || now.run !== run || now.state !== "running") return;
        fn(now);
        this.#next();
      });
    loop
      .offLoop("an action's work", async () => this.work(arg, { signal: abort.signal }))
      .then(
        (result) =>
          deliver((now) => {
            this.#shown.set({ ...now, state: "success", result, error: undefined });
            loop.guardCallback(() => options.onSuccess?.(result));
          }),
        (error: unknown) =>
          deliver((now) => {
            if (abort.signal.aborted) {
              this.#shown.set({ ...now, state: "idle" });
              return;
            }
            this.#shown.set({ ...now, state: "error", error });
            loop.guardCallback(() => options.onError?.(error));
          }),
      );
  }

  #next(): void {
    const now = this.#shown.peek();
    const [arg, ...waiting] = now.waiting;
    if (now.waiting.length > 0 && now.state !== "running") this.#begin(arg as A, now, waiting);
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

  /** Aborts the run under way and forgets those that wait; the state is idle again. */
  cancel(): void {
    const now = this.#shown.peek();
    if (now.state !== "running") return;
    this.#shown.set({ ...now, state: "idle", run: now.run + 1, waiting: [] });
    const abort = this.#abort;
    this.loop.afterCommit(() => abort?.abort());
  }

  /** cancel(), and no result or error any more. */
  reset(): void {
    const now = this.#shown.peek();
    this.#shown.set({ state: "idle", result: undefined, error: undefined, run: now.run + 1, waiting: [] });
    const abort = this.#abort;
    this.loop.afterCommit(() => abort?.abort());
  }

  dispose(): void {
    this.#disposed = true;
    this.#abort?.abort();
  }
}
