// State that several sessions share: of each key there is a topic (the value of this process) and in each session a replica, so
// that graphs never cross loops. A write changes the writer's replica at once; when its turn commits, the operation is applied
// to the topic, and the other replicas follow in turns of their own. Operations can be run again on another value, which is how
// a topic that stands on a store settles conflicts.
import { SignalNode } from "../reactive/signal.js";
import type { PersistOptions } from "../view/types.js";
import type { Loop } from "./loop.js";
import type { VangoError } from "../vango-error.js";
import { PersistedCell, type Migrations } from "./persisted-cell.js";

/** What a session did to a shared value: gave a new one, or a function of the present one. */
export type GlobalOperation = { readonly value: unknown } | { readonly update: (prev: unknown) => unknown };

/** One shared value in this process. */
export class Topic {
  readonly replicas = new Set<GlobalReplica>();

  constructor(
    readonly name: string,
    public value: unknown,
  ) {}

  /** A session's turn has committed this operation. `by`: its replica; none for code without a session. */
  apply(operation: GlobalOperation, by?: GlobalReplica): void {
    this.show(runOperation(operation, this.value), by);
  }

  /** Why sessions must not write it now: an error that aborts their turns. Undefined: they may. */
  refusal(_key: string): VangoError | undefined {
    return undefined;
  }

  /** A session has ended. */
  leave(replica: GlobalReplica): void {
    this.replicas.delete(replica);
  }

  /** The value of now, to every replica that shows another. The writer's is set already if its turn saw the same. */
  show(value: unknown, by?: GlobalReplica): void {
    const changed = !Object.is(this.value, value);
    this.value = value;
    for (const replica of this.replicas) {
      // A replica that its own turns have written may show another value than the topic had.
      if (replica === by ? !Object.is(replica.value, value) : changed) replica.owner.post(() => replica.receive());
    }
  }
}

export function runOperation(operation: GlobalOperation, value: unknown): unknown {
  return "update" in operation ? operation.update(value) : operation.value;
}

/** Topics by name. The server gives each app its own, on its store. */
export class Topics {
  readonly #topics = new Map<string, Topic>();

  open(name: string, initial: unknown, migrate?: Migrations): Topic {
    let topic = this.#topics.get(name);
    if (topic === undefined) this.#topics.set(name, (topic = this.make(name, initial, migrate)));
    return topic;
  }

  protected make(name: string, initial: unknown, _migrate: Migrations | undefined): Topic {
    return new Topic(name, initial);
  }
}

/** The topics of loops that were given none. */
const own = new Topics();

export class GlobalReplica extends PersistedCell {
  constructor(
    owner: Loop,
    readonly topic: Topic,
    key: string,
    o: PersistOptions<never> | undefined,
  ) {
    super(owner, topic.name, key, topic.value, o);
    topic.replicas.add(this);
  }

  override get own(): boolean {
    return false;
  }

  override set(next: unknown): void {
    this.#write(next, { value: next });
  }

  override update(fn: (prev: unknown) => unknown): void {
    this.#write(fn(this.value), { update: fn });
  }

  override remove(initial: unknown): void {
    this.set(initial);
  }

  #write(next: unknown, operation: GlobalOperation): void {
    const before = this.value;
    super.set(next);
    if (!Object.is(before, this.value)) this.owner.afterCommit(() => this.topic.apply(operation, this));
  }

  /** Inside a turn of its session: what the topic has now. */
  receive(): void {
    if (this.owner.disposed) return;
    super.set(this.topic.value);
    this.kept = this.value;
  }
}

/** A signal without a loop: the helpers run on it to become functions of the value. */
class Scratch extends SignalNode<unknown> {
  override set(next: unknown): void {
    this.value = next;
  }
}

// `inc`, `append`, `setKey` and the rest are functions of the value: on a conflict they run again on what another session wrote.
const HELPERS = ["add", "toggle", "append", "insertAt", "removeAt", "removeWhere", "setAt", "updateWhere", "move", "swap", "setKey", "removeKey"] as const;
for (const helper of HELPERS) {
  Object.defineProperty(GlobalReplica.prototype, helper, {
    configurable: true,
    writable: true,
    value(this: GlobalReplica, ...args: unknown[]) {
      this.update((prev) => {
        const scratch = new Scratch(prev, this.owner, undefined);
        (scratch[helper] as (...given: unknown[]) => void)(...args);
        return scratch.value;
      });
    },
  });
}

/** The session's replica of a shared value. A GET has no turns, so it gets a plain signal. */
export function openReplica(loop: Loop, topics: Topics | undefined, name: string, key: string, initial: unknown, o: PersistOptions<never> | undefined, replicas: Map<string, GlobalReplica>): SignalNode<unknown> {
  let replica = replicas.get(name);
  if (replica !== undefined) return replica;
  const topic = (topics ?? own).open(name, initial, o?.migrate);
  if (!loop.live) return new SignalNode<unknown>(topic.value, loop, { name: key });
  replicas.set(name, (replica = new GlobalReplica(loop, topic, key, o)));
  return replica;
}
