// A cell stands for one item whose view is computed: a component, a boundary, or a row with structure. It reruns its render
// when something its render read has changed, and owns exactly one instance. Cells form the owner tree: context, error
// boundaries and cleanups follow `parent`.
import { coreError } from "../errors.js";
import type { FrameWriter } from "../protocol/writer.js";
import { endTracking, LAZY, running, startTracking, WATCHING, type GraphNode } from "../reactive/system.js";
import { SignalNode } from "../reactive/signal.js";
import { WatcherNode } from "../reactive/watcher.js";
import { SetupScope } from "../setup/setup.js";
import { F } from "../template/builtin.js";
import type { ComponentType } from "../view/component-type.js";
import type { ContextKey } from "../view/context.js";
import type { BoundaryProps, View } from "../view/types.js";
import { VangoError } from "../vango-error.js";
import { type ComponentView, type Props, ViewNode } from "../view/view-node.js";
import { resetChild } from "./child.js";
import { disposeInst, Inst, update } from "./inst.js";
import { writeReplace } from "./item.js";
import type { TreeHost } from "./tree-host.js";

export abstract class Cell extends WatcherNode {
  /** The item's instance; set by `open`. */
  declare inst: Inst;

  constructor(
    readonly host: TreeHost,
    readonly parent: Cell | undefined,
    readonly depth: number,
  ) {
    super();
  }

  /** What the item shows. Pure; called with tracking. */
  protected abstract render(): View;

  /** First render: makes the unfilled instance. */
  open(id: number): void {
    const v = this.renderTracked();
    this.inst =
      v instanceof ViewNode && this.inlines
        ? new Inst(id, v.template, this, this.depth + 1, v.ev, v.key)
        : new Inst(id, F, this, this.depth + 1, () => v, undefined);
  }

  /** False for cells that always keep the wrapper, so that what they hold can be exchanged during a mount. */
  get inlines(): boolean {
    return true;
  }

  protected fire(): void {
    this.refreshView();
  }

  /** Renders without following what is read: for SSR, which never renders twice. */
  renderOnce(): View {
    const v = this.render();
    if (v instanceof Promise) throw coreError("VANGO_SETUP_ASYNC", { message: `In the render of ${this.label}.` });
    return v;
  }

  /** Renders again and brings the instance to the new view. */
  refreshView(): void {
    const v = this.renderTracked();
    const old = this.inst;
    const inline = v instanceof ViewNode && this.inlines;
    if (inline ? old.tpl === v.template && old.key === v.key : old.tpl === F) {
      update(old, inline ? v.ev : () => v);
      return;
    }
    disposeInst(old);
    const id = this.host.allot(1);
    this.inst = inline
      ? new Inst(id, v.template, this, this.depth + 1, v.ev, v.key)
      : new Inst(id, F, this, this.depth + 1, () => v, undefined);
    writeReplace(this.host, old.id, this.inst);
  }

  protected renderTracked(): View {
    this.flags = WATCHING;
    const prev = startTracking(this);
    try {
      const v = this.render();
      if (v instanceof Promise) throw coreError("VANGO_SETUP_ASYNC", { message: `In the render of ${this.label}.` });
      return v;
    } finally {
      endTracking(this, prev);
    }
  }

  abstract get label(): string;

  override dispose(): void {
    if (this.flags === 0) return;
    super.dispose();
    if (this.inst !== undefined) disposeInst(this.inst);
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

let lazyOwner: ComponentCell;
const makePropsSub = (): GraphNode => {
  const sub = new PropsSub(lazyOwner);
  lazyOwner.propsSub = sub;
  return sub;
};

export class ComponentCell extends Cell {
  propsSub: PropsSub | undefined = undefined;
  props: SignalNode<Props>;
  scope: SetupScope | undefined = undefined;
  contexts: Map<ContextKey<unknown>, unknown> | undefined = undefined;
  view: (() => View) | undefined = undefined;

  constructor(
    host: TreeHost,
    parent: Cell | undefined,
    depth: number,
    readonly type: ComponentType,
    public source: Props | (() => Props),
    readonly key: string | number | undefined,
  ) {
    super(host, parent, depth);
    this.props = new SignalNode<Props>(NO_PROPS, host, undefined);
    this.props.value = this.readProps();
  }

  get label(): string {
    return `<${this.type.label}>`;
  }

  /** Runs setup. Writes are refused and allocation is open until it returns. */
  start(): void {
    const scope = new SetupScope(this);
    this.scope = scope;
    const phase = running.phase;
    const writable = running.writable;
    const sub = running.sub;
    running.phase = "setup";
    running.writable = undefined;
    running.sub = undefined;
    try {
      const view: unknown = this.type.setup(scope.setup, this.props as never);
      if (view instanceof Promise) throw coreError("VANGO_SETUP_ASYNC", { message: `In the setup of ${this.label}.` });
      if (typeof view !== "function") throw coreError("VANGO_SETUP_RESULT", { message: `In ${this.label}.` });
      this.view = view as () => View;
    } catch (error) {
      scope.dispose();
      throw error;
    } finally {
      scope.close();
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
    if (!shallowEqual(this.props.value, next)) this.props.force(next);
  }

  private readProps(): Props {
    const source = this.source;
    if (typeof source !== "function") return source;
    const sub = this.propsSub;
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

  override dispose(): void {
    if (this.flags === 0) return;
    super.dispose();
    this.propsSub?.dispose();
    this.scope?.dispose();
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
    const { fallback, children } = this.props.get() as unknown as BoundaryProps;
    return error === undefined ? children : fallback(error, () => this.failed.set(undefined));
  }

  /** The fallback's view, for SSR. */
  failedView(error: unknown): View {
    if (this.failed.value !== undefined) throw error;
    this.failed.value = asRenderError(error);
    return this.renderOnce();
  }

  /** Shows the fallback in place of what has been mounted. Throws what the fallback throws. */
  fail(error: unknown): void {
    this.failed.value = asRenderError(error);
    const v = this.renderTracked();
    this.inst.ev = () => v;
    resetChild(this.inst, 0, v);
  }

  /** Fills the wrapper; when a child throws, everything it wrote is taken back and the fallback is filled instead. */
  fillBoundary(fillPlain: (inst: Inst, w: FrameWriter | undefined) => void, w: FrameWriter | undefined): void {
    const mark = w === undefined ? undefined : this.host.mark();
    try {
      fillPlain(this.inst, w);
    } catch (error) {
      if (this.failed.value !== undefined) throw error;
      running.sub = undefined;
      if (mark !== undefined) this.host.rewind(mark);
      disposeInst(this.inst);
      this.inst.subs = undefined;
      this.host.report(error, this);
      this.failed.value = asRenderError(error);
      const v = this.renderTracked();
      this.inst.ev = () => v;
      fillPlain(this.inst, w);
    }
  }
}

function asRenderError(error: unknown): VangoError {
  if (error instanceof VangoError) return error;
  return coreError("VANGO_RENDER", { message: error instanceof Error ? error.message : String(error), cause: error });
}

/** Opens a component view below `parent`: setup and first render run here. */
export function openComponent(parent: Cell, depth: number, v: ComponentView, id: number, key: string | number | undefined): ComponentCell {
  const Made = isBoundary(v.type) ? BoundaryCell : ComponentCell;
  const cell = new Made(parent.host, parent, depth + 2, v.type, v.props, key);
  cell.start();
  try {
    cell.open(id);
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
export function useContext(cell: Cell | undefined, key: ContextKey<unknown>): unknown {
  for (let at = cell; at !== undefined; at = at.parent) {
    if (at instanceof ComponentCell && at.contexts?.has(key) === true) return at.contexts.get(key);
  }
  return key.default;
}

export function boundaryOf(cell: Cell | undefined): BoundaryCell | undefined {
  for (let at = cell; at !== undefined; at = at.parent) if (at instanceof BoundaryCell && at.failed.value === undefined) return at;
  return undefined;
}
