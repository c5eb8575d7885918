// State that outlives a component: shared cells live as long as the session, global ones as long as the process, and with a
// store beyond both. Names tell the kinds apart: `shared:`, `session:`, `global:`, `browser:`.
import { coreError } from "../errors.js";
import type { SignalNode } from "../reactive/signal.js";
import type { Ctx } from "../setup/types.js";
import type { PersistOptions } from "../view/types.js";
import { LoopCtx } from "./ctx.js";
import { openReplica, type GlobalReplica } from "./global-cells.js";
import type { Loop } from "./loop.js";
import { PersistedCell } from "./persisted-cell.js";

export class SharedCells {
  readonly cells = new Map<string, PersistedCell>();
  readonly replicas = new Map<string, GlobalReplica>();

  dispose(): void {
    for (const replica of this.replicas.values()) replica.topic.replicas.delete(replica);
  }
}

type AnyOptions = PersistOptions<never> | undefined;

export function openSharedCell<T>(loop: Loop, key: string, initial: T, o: PersistOptions<T> | undefined, kind: "shared" | "session" = "shared"): SignalNode<T> {
  const { cells } = (loop.shared ??= new SharedCells());
  const name = `${kind}:${key}`;
  let cell = cells.get(name);
  if (cell === undefined) {
    const restored = loop.persist?.restored(name);
    cell = new PersistedCell(loop, name, key, restored === undefined ? initial : restored.value, o as AnyOptions);
    cells.set(name, cell);
  }
  return cell as unknown as SignalNode<T>;
}

export function openGlobalCell<T>(loop: Loop, key: string, initial: T, o: PersistOptions<T> | undefined): SignalNode<T> {
  const { replicas } = (loop.shared ??= new SharedCells());
  return openReplica(loop, loop.globals, `global:${key}`, key, initial, o as AnyOptions, replicas) as SignalNode<T>;
}

/** Session state that no component owns. */
export interface SessionKey<T> {
  /** Tracked. */
  get(ctx: Ctx): T;
  set(ctx: Ctx, v: T): void;
  delete(ctx: Ctx): void;
}

/**
 * A typed key of session state.
 *
 * @example
 * const theme = sessionKey<"light" | "dark">("theme", { default: "light" });
 * theme.set(setup.ctx, "dark");
 */
export function sessionKey<T>(
  name: string,
  o: { default: T; scope?: "tab" | "browser"; schemaId?: string; migrate?: PersistOptions<T>["migrate"] },
): SessionKey<T> {
  const open = (ctx: Ctx): PersistedCell => {
    const loop = LoopCtx.loopOf(ctx);
    if (loop.disposed) throw coreError("VANGO_DISPOSED");
    return openSharedCell(loop, name, o.default, undefined, "session") as unknown as PersistedCell;
  };
  return {
    get: (ctx) => open(ctx).get() as T,
    set: (ctx, v) => open(ctx).set(v),
    delete: (ctx) => open(ctx).remove(o.default),
  };
}
