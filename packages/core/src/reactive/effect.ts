// An effect: runs after commit, again when what it read has changed. Its cleanup runs before each rerun and at disposal.
// Unless declared `{ writes: true }` it must not write; the loop sets the phase.
import type { Cleanup } from "../view/types.js";
import { endTracking, POST_COMMIT, startTracking, untrack } from "./system.js";
import { WatcherNode } from "./watcher.js";

export interface EffectHost {
  /** Queues the effect for the time after the next commit. */
  enqueue(watcher: EffectNode): void;
  /** Runs an effect's body in the effect phase and reports what it throws. */
  guardEffect(effect: EffectNode, body: () => void): void;
}

export class EffectNode extends WatcherNode {
  cleanup: (() => void) | undefined = undefined;

  constructor(
    readonly host: EffectHost,
    readonly depth: number,
    readonly fn: () => Cleanup,
    readonly writes: boolean,
    readonly name: string | undefined,
    /** False for onMount: it runs once and follows nothing. */
    readonly follows: boolean,
  ) {
    super();
    this.flags |= POST_COMMIT;
  }

  protected fire(): void {
    this.start();
  }

  /** Runs the body now. */
  start(): void {
    this.host.guardEffect(this, () => {
      this.#clean();
      const prev = startTracking(this);
      try {
        const result = this.follows ? this.fn() : untrack(this.fn);
        if (typeof result === "function") this.cleanup = result;
      } finally {
        endTracking(this, prev);
      }
    });
  }

  override dispose(): void {
    super.dispose();
    if (this.cleanup !== undefined) this.host.guardEffect(this, () => this.#clean());
  }

  #clean(): void {
    const cleanup = this.cleanup;
    this.cleanup = undefined;
    if (cleanup !== undefined) untrack(cleanup);
  }
}
