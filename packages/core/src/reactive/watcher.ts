// Base of everything that runs when its sources change: slots, rows, component renders, props, effects.
import type { Link } from "alien-signals/system";
import { DIRTY, isStale, NONE, PENDING, refreshSources, unlinkAll, WATCHING, type GraphNode, type Watcher } from "./system.js";

export abstract class WatcherNode implements GraphNode, Watcher {
  flags: number = WATCHING;
  deps: Link | undefined = undefined;
  depsTail: Link | undefined = undefined;
  // Nobody subscribes to a watcher: the fields exist on the prototype only, for the graph's shape.
  declare subs: Link | undefined;
  declare subsTail: Link | undefined;

  abstract readonly depth: number;

  /** Does the work; called only if a source really changed. */
  protected abstract fire(): void;

  run(): void {
    if (this.flags === NONE) return;
    const stale = isStale(this);
    this.flags = (this.flags & ~(DIRTY | PENDING)) | WATCHING;
    if (stale) this.fire();
  }

  /** Takes the wake-up back: what it read is again as it was at its last run. */
  settle(): void {
    if (this.flags === NONE) return;
    refreshSources(this);
    this.flags = (this.flags & ~(DIRTY | PENDING)) | WATCHING;
  }

  dispose(): void {
    this.flags = NONE;
    if (this.deps !== undefined) unlinkAll(this);
  }
}
