// Latest-only work: off-loop work of which only the newest key counts. The same key starts nothing; another one aborts the work
// under way, whose result is ignored. Asking is recorded and begins at the commit, so it is allowed in effects that write nothing.
import type { ComponentCell } from "../live/component-cell.js";
import type { Loop } from "../loop/loop.js";
import { callUser } from "../reactive/async-work.js";
import { running } from "../reactive/system.js";
import { misplaced } from "../reactive/write-error.js";
import { isCancellation } from "./action.js";
import type { ActionContext, Latest, LatestOptions } from "./types.js";
import { sameKey } from "./same-key.js";

export class LatestNode<K, T> implements Latest<K> {
  /** Key of the newest work that was not given up, in a box: a key may be undefined. */
  #key: { readonly key: K } | undefined = undefined;
  #abort: AbortController | undefined = undefined;
  #number = 0;
  #disposed = false;

  constructor(
    readonly cell: ComponentCell,
    readonly work: (key: K, ctx: ActionContext) => Promise<T> | T,
    readonly apply: (value: T, key: K) => void,
    readonly options: LatestOptions<K>,
  ) {}

  get loop(): Loop {
    return this.cell.host as Loop;
  }

  /** How errors call it. */
  get label(): string {
    return `the latest-only work${this.options.name === undefined ? "" : ` "${this.options.name}"`} of ${this.cell.label}`;
  }

  run(key: K, o: { force?: boolean } = {}): void {
    this.#inTurn("run");
    this.loop.afterCommit(() => this.#start(key, o.force === true));
  }

  cancel(): void {
    this.#inTurn("cancel");
    this.loop.afterCommit(() => this.#giveUp());
  }

  #inTurn(what: string): void {
    const { loop } = this;
    if (running.loop === loop && (running.phase === "handler" || running.phase === "effect")) return;
    throw misplaced(`The call of latest.${what}()`, loop, `Call latest.${what} in a handler, an effect, a timer or a callback. From anywhere else, ctx.dispatch gets there.`);
  }

  #giveUp(): void {
    this.#key = undefined;
    this.#number++;
    this.#abort?.abort();
    this.#abort = undefined;
  }

  #start(key: K, force: boolean): void {
    if (this.#disposed || (!force && this.#key !== undefined && sameKey(this.#key.key, key))) return;
    this.#giveUp();
    const { loop, options } = this;
    const number = this.#number;
    const deliver = (fn: () => void): void => {
      if (number !== this.#number) return;
      loop.post(() => {
        if (number !== this.#number) return;
        this.#abort = undefined;
        fn();
      });
    };
    const fail = (error: unknown): void => {
      // A key whose work failed may be asked for again.
      this.#key = undefined;
      if (isCancellation(error)) return;
      const { onError } = options;
      if (onError === undefined) throw error;
      callUser(loop, (e: unknown) => onError(e, key), error, this, "VANGO_DISPATCH");
    };
    const over = loop.spend("latestPerSecond");
    if (over !== undefined) {
      // It is reported already; the work's own handler hears it too.
      if (options.onError !== undefined) deliver(() => fail(over));
      return;
    }
    this.#key = { key };
    const abort = new AbortController();
    this.#abort = abort;
    loop
      .offLoop(this.label, async () => this.work(key, { signal: abort.signal }), "other")
      .then(
        (value) => deliver(() => void callUser(loop, (v: T) => this.apply(v, key), value, this, "VANGO_DISPATCH")),
        (error: unknown) => deliver(() => fail(error)),
      );
  }

  dispose(): void {
    this.#disposed = true;
    this.#giveUp();
  }
}
