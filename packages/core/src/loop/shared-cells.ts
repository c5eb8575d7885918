// State that outlives a component: shared cells live as long as the session, global ones as long as the process, and with a
// store beyond both. Names tell the kinds apart: `shared:`, `session:`, `global:`, `browser:`.
import { coreError } from "../errors.js";
import type { SignalNode } from "../reactive/signal.js";
import { callerPlace } from "../reactive/write-error.js";
import type { Ctx } from "../setup/types.js";
import type { PersistOptions } from "../view/types.js";
import { LoopCtx } from "./ctx.js";
import { openReplica, Topic, type GlobalReplica, type Topics } from "./global-cells.js";
import type { Loop } from "./loop.js";
import { PersistedCell, type Migrations } from "./persisted-cell.js";

export class SharedCells {
  readonly cells = new Map<string, PersistedCell>();
  readonly replicas = new Map<string, GlobalReplica>();

  dispose(): void {
    for (const replica of this.replicas.values()) replica.topic.leave(replica);
  }
}

type AnyOptions = PersistOptions<never> | undefined;

export function openSharedCell<T>(loop: Loop, key: string, initial: T, o: PersistOptions<T> | undefined, kind: "shared" | "session" = "shared"): SignalNode<T> {
  const { cells } = (loop.shared ??= new SharedCells());
  const name = `${kind}:${key}`;
  let cell = cells.get(name);
  if (cell === undefined) {
    const restored = loop.persist?.restored(name, o?.migrate);
    cell = new PersistedCell(loop, name, key, restored === undefined ? initial : restored.value, o as AnyOptions);
    cells.set(name, cell);
  }
  return cell as unknown as SignalNode<T>;
}

export function openGlobalCell<T>(loop: Loop, key: string, initial: T, o: PersistOptions<T> | undefined): SignalNode<T> {
  const { replicas } = (loop.shared ??= new SharedCells());
  return openReplica(loop, loop.globals, `global:${key}`, key, initial, o as AnyOptions, replicas) as SignalNode<T>;
}

/** Where code that has HTTP only (middleware, API routes, page actions without JavaScript) finds what belongs to its browser. */
export const browserState: unique symbol = Symbol("vango.browser");

/** A request as session keys see it: the state of its browser, if it has a browser. */
export interface HttpOnlyCtx {
  readonly [browserState]?: Topics | undefined;
}

/** Session state that no component owns. */
export interface SessionKey<T> {
  /** Tracked. */
  get(ctx: Ctx | HttpOnlyCtx): T;
  set(ctx: Ctx | HttpOnlyCtx, v: T): void;
  delete(ctx: Ctx | HttpOnlyCtx): void;
}

/** Whether the app has keys of a browser's scope: only then is a browser's record read. */
export const scopes = { browser: false };

/**
 * A typed key of session state. `scope: "tab"` (the default) belongs to one tab, `"browser"` to all tabs of one browser; code
 * that has HTTP only may use the latter alone (VANGO_SESSION_SCOPE).
 *
 * @example
 * const theme = sessionKey<"light" | "dark">("theme", { default: "light", scope: "browser" });
 * theme.set(setup.ctx, "dark");
 */
export function sessionKey<T>(
  name: string,
  o: { default: T; scope?: "tab" | "browser"; schemaId?: string; migrate?: PersistOptions<T>["migrate"] },
): SessionKey<T> {
  const initial = o.default;
  const options: PersistOptions<T> | undefined = o.migrate === undefined ? undefined : { migrate: o.migrate };
  if (o.scope === "browser") {
    scopes.browser = true;
    const browserName = `browser:${name}`;
    const open = (ctx: Ctx | HttpOnlyCtx): PersistedCell | Topic => {
      if (!(ctx instanceof LoopCtx)) return topicOf(ctx as HttpOnlyCtx, name, browserName, initial, options?.migrate);
      const loop = loopOf(ctx);
      const { replicas } = (loop.shared ??= new SharedCells());
      // A loop whose browser has no topics (a test of a component alone) keeps the key as its own.
      if (loop.browser === undefined) return openSharedCell(loop, name, initial, options, "session") as unknown as PersistedCell;
      return openReplica(loop, loop.browser, browserName, name, initial, options as AnyOptions, replicas) as PersistedCell;
    };
    return {
      get: (ctx) => {
        const at = open(ctx);
        return (at instanceof Topic ? at.value : at.get()) as T;
      },
      set: (ctx, value) => {
        const at = open(ctx);
        if (at instanceof Topic) at.apply({ value });
        else at.set(value);
      },
      delete: (ctx) => {
        const at = open(ctx);
        if (at instanceof Topic) at.apply({ value: initial });
        else if (at instanceof PersistedCell) at.remove(initial);
      },
    };
  }
  const open = (ctx: Ctx | HttpOnlyCtx): PersistedCell => {
    if (!(ctx instanceof LoopCtx) && typeof ctx === "object" && browserState in ctx) {
      throw coreError("VANGO_SESSION_SCOPE", { message: `Key ${JSON.stringify(name)}.`, at: callerPlace() });
    }
    return openSharedCell(loopOf(ctx), name, initial, options, "session") as unknown as PersistedCell;
  };
  return {
    get: (ctx) => open(ctx).get() as T,
    set: (ctx, v) => open(ctx).set(v),
    delete: (ctx) => open(ctx).remove(initial),
  };
}

function loopOf(ctx: Ctx | HttpOnlyCtx): Loop {
  const loop = LoopCtx.loopOf(ctx as Ctx);
  if (loop.disposed) throw coreError("VANGO_DISPOSED");
  return loop;
}

function topicOf(ctx: HttpOnlyCtx, key: string, name: string, initial: unknown, migrate: Migrations | undefined): Topic {
  const topics = ctx[browserState];
  if (topics === undefined) throw coreError("VANGO_SESSION_SCOPE", { message: `Key ${JSON.stringify(key)}: this request has no browser.` });
  return topics.open(name, initial, migrate);
}
