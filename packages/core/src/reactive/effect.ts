// An effect: runs after commit, again when what it read has changed. Its cleanup runs before each rerun and at disposal.
// Unless declared `{ writes: true }` it must not write; the loop sets the phase.
import type { Cleanup } from "../view/types.js";
import { callUser, type NamesWork } from "./async-work.js";
import { DIRTY, endTracking, FIRST_RUN, FOLLOWS, POST_COMMIT, startTracking, untrack, WRITES } from "./system.js";
import { WatcherNode } from "./watcher.js";

export interface EffectHost extends NamesWork {
  /** Queues the effect for the time after the next commit. */
  enqueue(watcher: EffectNode): void;
  /** Runs an effect's body in the effect phase and reports what it throws. */
  guardEffect(effect: EffectNode, body: () => void): void;
}

/** The component that made it. */
interface EffectOwner {
  readonly host: object;
  readonly depth: number;
  readonly label: string;
}

// A method named with # costs each object a field and each call a check; these are private by type alone.
export class EffectNode extends WatcherNode {
  cleanup: (() => void) | undefined = undefined;

  constructor(
    readonly owner: EffectOwner,
    readonly fn: () => Cleanup,
    writes: boolean,
    readonly name: string | undefined,
    /** False for onMount: it runs once and follows nothing. */
    follows: boolean,
  ) {
    super();
    this.flags |= POST_COMMIT | FIRST_RUN | DIRTY | (writes ? WRITES : 0) | (follows ? FOLLOWS : 0);
  }

  get host(): EffectHost {
    return this.owner.host as unknown as EffectHost;
  }

  get writes(): boolean {
    return (this.flags & WRITES) !== 0;
  }

  get follows(): boolean {
    return (this.flags & FOLLOWS) !== 0;
  }

  get depth(): number {
    return this.owner.depth;
  }

  /** How errors call it. */
  get label(): string {
    const { name, fn, owner } = this;
    return `the effect ${name ?? fn.name}`.trimEnd() + ` of ${owner.label}`;
  }

  protected fire(): void {
    this.start();
  }

  /** Runs the body now. */
  start(): void {
    this.host.guardEffect(this, () => {
      this.clean();
      const prev = startTracking(this);
      try {
        const result = this.follows ? this.call() : untrack(() => this.call());
        if (typeof result === "function") this.cleanup = result as () => void;
      } finally {
        endTracking(this, prev);
      }
    });
  }

  private call(): unknown {
    return callUser(this.host, this.fn as () => unknown, undefined, this, "VANGO_EFFECT");
  }

  override dispose(): void {
    // First: what the cleanup may do stands in the flags. What it wakes is disposed by the time it would run.
    if (this.cleanup !== undefined) this.host.guardEffect(this, () => this.clean());
    super.dispose();
  }

  private clean(): void {
    const cleanup = this.cleanup;
    this.cleanup = undefined;
    if (cleanup !== undefined) untrack(cleanup);
  }
}
