// tx(): a group of writes that stands or falls together inside a turn. Nested groups roll back alone when they throw. A name
// says in logs and errors which group it was.
import { running } from "./system.js";
import { rollback, savepoint } from "./undo.js";
import { misplaced } from "./write-error.js";

/** What a turn starts after its commit; a rolled back group takes its entries back too. */
export interface AfterCommit {
  readonly after: readonly unknown[];
  /** Takes back what was started since `after` had this length. */
  dropStarted(from: number): void;
  /** Commands that leave with the frame. */
  readonly outgoing: unknown[];
  /** Throws if what was written cannot be kept. */
  checkWrites(): void;
}

/** Names of the groups that are open, outermost first. */
const open: string[] = [];
/** Names of the groups of the last turn, in the order in which they began. */
const began: string[] = [];
/** The last error that left a named group. */
const failed: { error: unknown; path: string } = { error: undefined, path: "" };

export function tx<R>(fn: () => R): R;
export function tx<R>(name: string, fn: () => R): R;
/**
 * Runs writes as one group: if `fn` throws, every signal it wrote has its old value again and nothing it started begins.
 * Inside a turn all writes are batched anyway; `tx` adds the rollback and, with a name, a label for logs and errors.
 *
 * @example
 * tx("checkout", () => { cart.set([]); step.set("done"); });
 */
export function tx<R>(nameOrFn: string | (() => R), fn?: () => R): R {
  if (typeof nameOrFn === "function") return group(nameOrFn);
  open.push(nameOrFn);
  began.push(nameOrFn);
  try {
    return group(fn as () => R);
  } catch (error) {
    if (failed.error !== error) {
      failed.error = error;
      failed.path = open.join(" › ");
    }
    throw error;
  } finally {
    open.pop();
  }
}

function group<R>(body: () => R): R {
  const { writable } = running;
  if (writable === undefined) throw misplaced("The call of tx()", running.loop ?? NOBODY, "Call tx where writes are allowed: in a handler, a timer, a callback of an action or resource, ctx.dispatch, or an effect with { writes: true }.");
  const owner = writable as Partial<AfterCommit>;
  const { after, outgoing } = owner;
  const mark = savepoint();
  const started = after?.length ?? 0;
  const commands = outgoing?.length ?? 0;
  try {
    const result = body();
    owner.checkWrites?.();
    return result;
  } catch (error) {
    rollback(mark);
    owner.dropStarted?.(started);
    if (outgoing !== undefined) outgoing.length = commands;
    throw error;
  }
}

const NOBODY = {};

/** The named group that an error left, innermost path first found. */
export function txOf(error: unknown): string | undefined {
  return failed.error !== undefined && failed.error === error ? failed.path : undefined;
}

/** The named groups of the turn that runs or was the last, for logs; undefined when it had none. */
export function namesOfTurn(): string | undefined {
  return began.length === 0 ? undefined : [...new Set(began)].join(", ");
}

/** Another turn begins. */
export function forgetTx(): void {
  if (began.length === 0) return;
  began.length = 0;
  failed.error = undefined;
}
