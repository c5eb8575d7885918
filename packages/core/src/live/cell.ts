// A cell stands for one item whose view is computed: a component, a boundary, or a row with structure. It reruns its render
// when something its render read has changed, and owns exactly one instance. Cells form the owner tree: context, error
// boundaries and cleanups follow `parent`. This file imports nothing of the tree, so that every kind of cell can extend it.
import { coreError } from "../errors.js";
import { endTracking, startTracking, WATCHING } from "../reactive/system.js";
import { WatcherNode } from "../reactive/watcher.js";
import type { View } from "../view/types.js";
import type { Inst } from "./inst.js";
import type { TreeHost } from "./tree-host.js";

/** Whose an instance is: a cell, or the page itself at the top. */
export interface Owner {
  readonly host: TreeHost;
  readonly parent: Owner | undefined;
  readonly depth: number;
  readonly label: string;
}

export abstract class Cell extends WatcherNode implements Owner {
  /** The item's instance, or undefined while an inner cell stands for it. */
  inst: Inst | undefined = undefined;
  /** The component that the view is, when it is nothing but a component: its instance is the item's. */
  inner: Cell | undefined = undefined;

  constructor(
    readonly host: TreeHost,
    readonly parent: Owner | undefined,
    readonly depth: number,
  ) {
    super();
  }

  /** The instance that stands for the item on the wire. */
  get wire(): Inst {
    let cell: Cell = this;
    while (cell.inner !== undefined) cell = cell.inner;
    return cell.inst as Inst;
  }

  /** What the item shows. Pure; called with tracking. */
  protected abstract render(): View;

  abstract get label(): string;

  /** False for cells that always keep the wrapper, so that what they hold can be exchanged during a mount. */
  get inlines(): boolean {
    return true;
  }

  renderTracked(): View {
    this.flags = WATCHING;
    const prev = startTracking(this);
    try {
      return this.renderOnce();
    } finally {
      endTracking(this, prev);
    }
  }

  /** Renders without following what is read: for SSR, which never renders twice. */
  renderOnce(): View {
    const v = this.render();
    if (v instanceof Promise) throw asyncError(v, `In the render of ${this.label}.`);
    return v;
  }
}

/** The error of an async setup or render. The promise is dropped: that it may reject later must not end the process. */
export function asyncError(promise: Promise<unknown>, message: string): Error {
  promise.catch(() => undefined);
  return coreError("VANGO_SETUP_ASYNC", { message });
}
