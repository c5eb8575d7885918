// State that outlives a component: shared cells live as long as the session, global ones as long as the process. A graph never
// crosses loops: of a global cell each session holds a replica, set on that session's own loop.
import { coreError } from "../errors.js";
import { SignalNode } from "../reactive/signal.js";
import type { Ctx } from "../setup/types.js";
import type { PersistOptions } from "../view/types.js";
import { LoopCtx } from "./ctx.js";
import type { Loop } from "./loop.js";

export class SharedCells {
  readonly cells = new Map<string, SignalNode<unknown>>();
  readonly replicas = new Map<string, GlobalReplica<unknown>>();

  dispose(): void {
    for (const replica of this.replicas.values()) replica.topic.replicas.delete(replica);
  }
}

export function openSharedCell<T>(loop: Loop, key: string, initial: T, o: PersistOptions<T> | undefined): SignalNode<T> {
  const { cells } = (loop.shared ??= new SharedCells());
  let cell = cells.get(key);
  if (cell === undefined) {
    cell = new SignalNode<unknown>(initial, loop, { name: key, ...(o?.equals === undefined ? {} : { equals: o.equals as never }) });
    cells.set(key, cell);
  }
  return cell as SignalNode<T>;
}

interface Topic {
  value: unknown;
  readonly replicas: Set<GlobalReplica<unknown>>;
}

const topics = new Map<string, Topic>();

class GlobalReplica<T> extends SignalNode<T> {
  constructor(
    readonly owner: Loop,
    readonly topic: Topic,
    name: string,
    o: PersistOptions<T> | undefined,
  ) {
    super(topic.value as T, owner, { name, ...(o?.equals === undefined ? {} : { equals: o.equals }) });
    topic.replicas.add(this as GlobalReplica<unknown>);
  }

  override set(next: T): void {
    const before = this.value;
    super.set(next);
    if (Object.is(before, this.value)) return;
    this.owner.afterCommit(() => this.#publish(this.value));
  }

  #publish(value: T): void {
    this.topic.value = value;
    for (const other of this.topic.replicas) {
      if (other !== (this as GlobalReplica<unknown>)) other.owner.post(() => other.receive());
    }
  }

  receive(): void {
    super.set(this.topic.value as T);
  }
}

export function openGlobalCell<T>(loop: Loop, key: string, initial: T, o: PersistOptions<T> | undefined): SignalNode<T> {
  let topic = topics.get(key);
  if (topic === undefined) {
    topic = { value: initial, replicas: new Set() };
    topics.set(key, topic);
  }
  if (!loop.live) return new SignalNode<T>(topic.value as T, loop, { name: key });
  const { replicas } = (loop.shared ??= new SharedCells());
  let replica = replicas.get(key);
  if (replica === undefined) {
    replica = new GlobalReplica<T>(loop, topic, key, o) as unknown as GlobalReplica<unknown>;
    replicas.set(key, replica);
  }
  return replica as unknown as SignalNode<T>;
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
  const open = (ctx: Ctx): SignalNode<T> => {
    const loop = LoopCtx.loopOf(ctx);
    if (loop.disposed) throw coreError("VANGO_DISPOSED");
    return openSharedCell(loop, `\u0000session:${name}`, o.default, undefined);
  };
  return {
    get: (ctx) => open(ctx).get(),
    set: (ctx, v) => open(ctx).set(v),
    delete: (ctx) => open(ctx).set(o.default),
  };
}
