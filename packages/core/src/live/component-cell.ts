// Component cells: setup once, props as one computation, the scope of what setup allocated; and boundaries, which exchange
// their children for a fallback.
import { coreError } from "../errors.js";
import type { FrameWriter } from "../protocol/writer.js";
import { endTracking, LAZY, running, startTracking, WATCHING, type GraphNode } from "../reactive/system.js";
import { SignalNode } from "../reactive/signal.js";
import { WatcherNode } from "../reactive/watcher.js";
import { disposeOwned, SetupScope, type Disposable } from "../setup/setup.js";
import type { ComponentType } from "../view/component-type.js";
import type { ContextKey } from "../view/context.js";
import type { BoundaryProps, ReadonlySignal, View } from "../view/types.js";
import { renderError } from "../thrown.js";
import type { VangoError } from "../vango-error.js";
import type { ComponentView, Props } from "../view/view-node.js";
import { asyncError, Cell, type Owner } from "./cell.js";
import { disposeView, openView, refreshView } from "./cell-view.js";
import { resetChild } from "./child.js";
import { disposeInst, readAgain, type Inst } from "./inst.js";
import type { TreeHost } from "./tree-host.js";

/** What setup gets as its props: a signal to read, which costs nothing while nobody keeps it. */
class PropsRef implements ReadonlySignal<Props> {
  constructor(private readonly cell: ComponentCell) {}

  get(): Props {
    return this.cell.getProps();
  }

  peek(): Props {
    return this.cell.current;
  }
}

/** Follows a component's props when they read signals. */
class PropsSub extends WatcherNode {
  constructor(readonly owner: ComponentCell) {
    super();
  }
  get depth(): number {
    return this.owner.depth - 1;
  }
  get cell(): Cell {
    return this.owner;
  }
  protected fire(): void {
    this.owner.refreshProps();
  }
}

/** What props have that change: many components have none, or read them once. */
class LiveProps {
  /** Follows what they read. */
  sub: PropsSub | undefined = undefined;
  /** Tells those who follow them. */
  signal: SignalNode<Props> | undefined = undefined;
}

let lazyOwner: ComponentCell;
const makePropsSub = (): GraphNode => {
  const sub = new PropsSub(lazyOwner);
  (lazyOwner.live ??= new LiveProps()).sub = sub;
  return sub;
};

export class ComponentCell extends Cell {
  /** The props as they are now. */
  current: Props = NO_PROPS;
  live: LiveProps | undefined = undefined;
  /** What setup allocated. */
  #owned: readonly Disposable[] | undefined = undefined;
  contexts: Map<ContextKey<unknown>, unknown> | undefined = undefined;
  view: (() => View) | undefined = undefined;

  constructor(
    host: TreeHost,
    parent: Owner | undefined,
    depth: number,
    readonly type: ComponentType,
    public source: Props | (() => Props),
    readonly key: string | number | undefined,
  ) {
    super(host, parent, depth);
    try {
      this.current = this.readProps();
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  get label(): string {
    return `<${this.type.label}>`;
  }

  /** Runs setup. Writes are refused and allocation is open until it returns. */
  start(): void {
    const scope = new SetupScope(this);
    const phase = running.phase;
    const writable = running.writable;
    const sub = running.sub;
    running.phase = "setup";
    running.writable = undefined;
    running.sub = undefined;
    try {
      const view: unknown = this.type.setup(scope.setup, new PropsRef(this) as never);
      if (view instanceof Promise) throw asyncError(view, `In the setup of ${this.label}.`);
      if (typeof view !== "function") throw coreError("VANGO_SETUP_RESULT", { message: `In ${this.label}.` });
      this.view = view as () => View;
      scope.loop.finishSetup();
      this.#owned = scope.close();
    } catch (error) {
      this.#owned = scope.close();
      scope.loop.abandonSetup();
      this.dispose();
      throw error;
    } finally {
      running.phase = phase;
      running.writable = writable;
      running.sub = sub;
    }
  }

  protected render(): View {
    return (this.view as () => View)();
  }

  continueWith(v: ComponentView): boolean {
    if (v.type !== this.type || v.key !== this.key) return false;
    this.source = v.props;
    this.refreshProps();
    return true;
  }

  refreshProps(): void {
    const next = this.readProps();
    if (shallowEqual(this.current, next)) return;
    this.current = next;
    this.live?.signal?.force(next);
  }

  /** The props, tracked. */
  getProps(): Props {
    if (running.sub === undefined) return this.current;
    const live = (this.live ??= new LiveProps());
    return (live.signal ??= new SignalNode<Props>(this.current, this.host, undefined)).get();
  }

  private readProps(): Props {
    const source = this.source;
    if (typeof source !== "function") return source;
    const sub = this.live?.sub;
    if (sub !== undefined) {
      sub.flags = WATCHING;
      const prev = startTracking(sub);
      try {
        return source();
      } finally {
        endTracking(sub, prev);
      }
    }
    const prev = running.sub;
    lazyOwner = this;
    running.make = makePropsSub;
    running.sub = LAZY;
    running.cycle++;
    try {
      return source();
    } finally {
      running.sub = prev;
    }
  }

  protected fire(): void {
    refreshView(this);
  }

  override dispose(): void {
    if (this.flags === 0) return;
    super.dispose();
    disposeView(this);
    this.live?.sub?.dispose();
    disposeOwned(this.#owned);
    this.#owned = undefined;
  }
}

const NO_PROPS: Props = Object.freeze({});

/**
 * A boundary holds its children in a wrapper and shows the fallback instead when something below throws: while it is
 * mounted (`fillBoundary`) or later, in a flush (`fail`).
 */
export class BoundaryCell extends ComponentCell {
  readonly failed: SignalNode<VangoError | undefined> = new SignalNode<VangoError | undefined>(undefined, this.host, { name: "boundary" });

  override get inlines(): boolean {
    return false;
  }

  protected override render(): View {
    const error = this.failed.get();
    const { fallback, children } = this.getProps() as unknown as BoundaryProps;
    return error === undefined ? children : fallback(error, () => this.failed.set(undefined));
  }

  /** The fallback's view, for SSR. */
  failedView(error: unknown): View {
    if (this.failed.value !== undefined) throw error;
    this.failed.value = renderError(error);
    return this.renderOnce();
  }

  /** Shows the fallback in place of what has been mounted. Throws what the fallback throws. */
  fail(error: unknown): void {
    this.failed.value = renderError(error);
    const v = this.renderTracked();
    const inst = this.inst as Inst;
    inst.ev = () => v;
    resetChild(inst, 0, readAgain(inst, 0));
  }

  /** Fills the wrapper; when a child throws, everything it wrote is taken back and the fallback is filled instead. */
  fillBoundary(fillPlain: (inst: Inst, w: FrameWriter | undefined) => void, w: FrameWriter | undefined): void {
    const inst = this.inst as Inst;
    const mark = this.host.mark();
    try {
      fillPlain(inst, w);
    } catch (error) {
      if (this.failed.value !== undefined) throw error;
      running.sub = undefined;
      this.host.rewind(mark);
      disposeInst(inst);
      inst.subs = undefined;
      this.host.report(error, this);
      this.failed.value = renderError(error);
      const v = this.renderTracked();
      inst.ev = () => v;
      fillPlain(inst, w);
    }
  }
}

/** Opens a component view below `parent`: setup and first render run here. */
export function openComponent(parent: Owner, depth: number, v: ComponentView, id: number, key: string | number | undefined): ComponentCell {
  const Made = isBoundary(v.type) ? BoundaryCell : ComponentCell;
  const cell = new Made(parent.host, parent, depth + 2, v.type, v.props, key);
  cell.start();
  try {
    openView(cell, id);
  } catch (error) {
    cell.dispose();
    throw error;
  }
  return cell;
}

export function isBoundary(type: ComponentType): boolean {
  return "boundary" in type;
}

export function shallowEqual(a: Props, b: Props): boolean {
  if (a === b) return true;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) if (!Object.is(a[key], b[key]) || !Object.hasOwn(b, key)) return false;
  return true;
}

/** The nearest value of a context above `cell`. */
export function useContext(cell: Owner | undefined, key: ContextKey<unknown>): unknown {
  for (let at: Owner | undefined = cell; at !== undefined; at = at.parent) {
    if (at instanceof ComponentCell && at.contexts?.has(key) === true) return at.contexts.get(key);
  }
  return key.default;
}

export function boundaryOf(cell: Owner | undefined): BoundaryCell | undefined {
  for (let at: Owner | undefined = cell; at !== undefined; at = at.parent) if (at instanceof BoundaryCell && at.failed.value === undefined) return at;
  return undefined;
}
