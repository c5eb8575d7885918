/**
 * Removes expired records now and then. Every process of an app sweeps, so each waits a random time; a sweep is bounded, and
 * one that leaves some behind is followed soon by another. Its timer keeps no process alive.
 */
import type { SessionStore } from "@vango/persist";

/** Between two sweeps, and between two batches of one, ms. */
export const SWEEP_MS = 60_000;
export const SWEEP_AGAIN_MS = 1000;

export class Sweeper {
  #timer: NodeJS.Timeout | undefined = undefined;
  #stopped = false;

  /** `done` hears of records that were removed, `failed` of a store that could not. */
  constructor(
    readonly store: SessionStore,
    readonly done: (removed: number) => void,
    readonly failed: (error: unknown) => void,
    readonly random: () => number = Math.random,
  ) {}

  /** Starts, unless it runs. */
  start(): void {
    if (this.#timer === undefined && !this.#stopped) this.#next(SWEEP_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** One sweep; then the next is due. */
  async sweep(): Promise<void> {
    let more = false;
    try {
      const result = await this.store.sweep();
      more = result.more;
      if (result.removed > 0) this.done(result.removed);
    } catch (error) {
      this.failed(error);
    }
    if (!this.#stopped) this.#next(more ? SWEEP_AGAIN_MS : SWEEP_MS);
  }

  #next(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.sweep(), ms * (0.5 + this.random()));
    this.#timer.unref();
  }
}
