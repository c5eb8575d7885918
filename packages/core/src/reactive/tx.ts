// tx(): a group of writes that stands or falls together inside a turn. Nested groups roll back alone when they throw.
import { coreError } from "../errors.js";
import { running } from "./system.js";
import { rollback, savepoint } from "./undo.js";

/** What a turn starts after its commit; a rolled back group takes its entries back too. */
export interface AfterCommit {
  readonly after: unknown[];
  /** Commands that leave with the frame. */
  readonly outgoing: unknown[];
  /** Throws if what was written cannot be kept. */
  checkWrites(): void;
}

export function tx<R>(fn: () => R): R;
export function tx<R>(name: string, fn: () => R): R;
/**
 * Runs writes as one group: if `fn` throws, every signal it wrote has its old value again and nothing it started begins.
 * Inside a turn all writes are batched anyway; `tx` adds the rollback and, with a name, a label for logs and devtools.
 *
 * @example
 * tx("checkout", () => { cart.set([]); step.set("done"); });
 */
export function tx<R>(nameOrFn: string | (() => R), fn?: () => R): R {
  const body = typeof nameOrFn === "function" ? nameOrFn : (fn as () => R);
  if (running.writable === undefined) throw coreError("VANGO_PHASE", { message: "tx() needs a phase that may write." });
  const group = running.writable as Partial<AfterCommit>;
  const { after, outgoing } = group;
  const mark = savepoint();
  const started = after?.length ?? 0;
  const commands = outgoing?.length ?? 0;
  try {
    const result = body();
    group.checkWrites?.();
    return result;
  } catch (error) {
    rollback(mark);
    if (after !== undefined) after.length = started;
    if (outgoing !== undefined) outgoing.length = commands;
    throw error;
  }
}
