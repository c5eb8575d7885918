// The reactive graph: alien-signals' algorithm over our own class nodes. Owns the running subscriber, the lazily made
// subscriber of slots and rows, and which loop may be written. A graph never crosses loops, so everything that a write
// wakes goes to the queue of the loop that is running. All state here is set only while synchronous framework code runs.
import { createReactiveSystem, type Link, type ReactiveNode } from "alien-signals/system";

// The library's flags are an ambient const enum, which isolatedModules cannot use; a test holds these equal to it.
export const NONE = 0;
export const MUTABLE = 1;
export const WATCHING = 2;
export const RECURSED_CHECK = 4;
export const RECURSED = 8;
export const DIRTY = 16;
export const PENDING = 32;
/** Ours: the watcher runs after commit, not in the flush. */
export const POST_COMMIT = 64;
/** Ours: an effect that has not run yet. */
export const FIRST_RUN = 128;
/** Ours: an effect that may write, and one that follows what it reads. */
export const WRITES = 256;
export const FOLLOWS = 512;

/** Any node of the graph. Fields are initialised in each class so that their shapes stay fixed. */
export interface GraphNode {
  flags: number;
  deps: Link | undefined;
  depsTail: Link | undefined;
  subs: Link | undefined;
  subsTail: Link | undefined;
}

/** A node that can be recomputed when a dependency may have changed. */
export interface Updatable {
  /** Brings the node's value up to date; true if it changed. */
  refresh(): boolean;
}

/** A node that the queue runs. `depth` orders a flush: parents before what they own. */
export interface Watcher {
  flags: number;
  readonly depth: number;
  run(): void;
}

/** The queue side of a loop, as the graph sees it. */
export interface WatcherQueue {
  enqueue(watcher: Watcher): void;
}

export type Phase = "idle" | "setup" | "render" | "handler" | "effect" | "loader";

/** Which loop runs, in which phase, who subscribes. One object, so that the reads are cheap property loads. */
export const running: {
  loop: (WatcherQueue & { readonly label: string }) | undefined;
  /** The loop whose signals may be written now; undefined in every phase that must not write. */
  writable: WatcherQueue | undefined;
  phase: Phase;
  /** Subscriber of tracked reads, or LAZY, or undefined. */
  sub: GraphNode | undefined;
  /** With sub === LAZY: makes the real subscriber at the first tracked read. */
  make: (() => GraphNode) | undefined;
  cycle: number;
} = { loop: undefined, writable: undefined, phase: "idle", sub: undefined, make: undefined, cycle: 0 };

class LazyNode implements GraphNode {
  flags = 0;
  deps: Link | undefined = undefined;
  depsTail: Link | undefined = undefined;
  subs: Link | undefined = undefined;
  subsTail: Link | undefined = undefined;
}
/** Stands for "whoever reads is `running.make()`": most slots track nothing and never get a node. */
export const LAZY: GraphNode = new LazyNode();

const system = createReactiveSystem({
  update: (node: ReactiveNode) => (node as unknown as Updatable).refresh(),
  notify: (node: ReactiveNode) => {
    const watcher = node as unknown as Watcher;
    watcher.flags &= ~WATCHING;
    running.loop?.enqueue(watcher);
  },
  unwatched: (node: ReactiveNode) => {
    // A memo that nobody reads any more lets its sources go and recomputes when it is read again.
    if (node.deps !== undefined && (node.flags & MUTABLE) !== 0) {
      node.flags = MUTABLE | DIRTY;
      unlinkAll(node as GraphNode);
    } else (node as { release?(): void }).release?.();
  },
});

/** Subscribes the running subscriber to `dep`. Call only when `running.sub` is set. */
export function track(dep: GraphNode): void {
  let sub = running.sub as GraphNode;
  if (sub === LAZY) {
    sub = (running.make as () => GraphNode)();
    running.sub = sub;
  }
  system.link(dep as ReactiveNode, sub as ReactiveNode, running.cycle);
}

/** Marks everything that depends on `dep` and queues the watchers among it. */
export function propagate(dep: GraphNode): void {
  if (dep.subs !== undefined) system.propagate(dep.subs, false);
}

export function shallowPropagate(dep: GraphNode): void {
  if (dep.subs !== undefined) system.shallowPropagate(dep.subs);
}

/** True if a node marked Pending really has a changed source. */
export function isStale(node: GraphNode): boolean {
  const flags = node.flags;
  if ((flags & DIRTY) !== 0) return true;
  if ((flags & PENDING) === 0) return false;
  if (node.deps !== undefined && system.checkDirty(node.deps, node as ReactiveNode)) return true;
  node.flags &= ~PENDING;
  return false;
}

/** Starts a new tracked run of `sub`: sources that are not read again are dropped by `endTracking`. */
export function startTracking(sub: GraphNode): GraphNode | undefined {
  const prev = running.sub;
  sub.depsTail = undefined;
  running.sub = sub;
  running.cycle++;
  return prev;
}

export function endTracking(sub: GraphNode, prev: GraphNode | undefined): void {
  running.sub = prev;
  let stale = sub.depsTail !== undefined ? sub.depsTail.nextDep : sub.deps;
  while (stale !== undefined) stale = system.unlink(stale, sub as ReactiveNode);
}

/** Brings the memos that a node follows up to date: a memo that is marked already would pass no later change on. */
export function refreshSources(node: GraphNode): void {
  for (let link = node.deps; link !== undefined; link = link.nextDep) {
    const dep = link.dep as unknown as GraphNode & { peek?(): unknown };
    if ((dep.flags & (DIRTY | PENDING)) === 0 || dep.deps === undefined) continue;
    try {
      dep.peek?.();
    } catch {
      // It has no value now; whoever reads it sees the error.
    }
  }
}

/** Drops all sources of a node. */
export function unlinkAll(sub: GraphNode): void {
  let link = sub.deps;
  while (link !== undefined) link = system.unlink(link, sub as ReactiveNode);
  sub.depsTail = undefined;
}

/** Runs `fn` without subscribing to what it reads. */
export function untrack<R>(fn: () => R): R {
  const prev = running.sub;
  running.sub = undefined;
  try {
    return fn();
  } finally {
    running.sub = prev;
  }
}
