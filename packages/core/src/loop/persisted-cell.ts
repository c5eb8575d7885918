// Cells whose values are kept beyond the session's memory, and the writes to them of the turn that runs. Invariants: a
// transaction stays only if all persisted cells it changed can be kept (`checkKept`); what stays is handed over once, at the
// commit (`handOver`). Turns never nest, so the list of written cells is one for all loops and empty between turns; a session
// without such cells pays for none of this.
import { SignalNode } from "../reactive/signal.js";
import type { PersistError } from "../setup/types.js";
import { VangoError } from "../vango-error.js";
import type { PersistOptions } from "../view/types.js";
import type { Loop } from "./loop.js";

/** What a declaration's `migrate` makes of values that earlier builds have written: by schema id or hash. */
export type Migrations = Readonly<Record<string, (old: unknown) => unknown>>;

/** Who keeps a session's persisted cells. The server implements it. */
export interface PersistPort {
  /**
   * First value of the cell with this name in the store; undefined: its own initial value. Throws for a name that the app does
   * not declare.
   */
  restored(name: string, migrate: Migrations | undefined): { readonly value: unknown } | undefined;
  /** Throws a PersistError if the cells cannot be kept as they are now. They may have their kept values. */
  check(cells: readonly PersistedCell[]): void;
  /** The transaction stays: keeps the cells as they are now. */
  keep(cells: readonly PersistedCell[]): void;
}

/** `name` in the store is the kind and the key: `shared:todos.filter`. */
export class PersistedCell extends SignalNode<unknown> {
  /** The value at the last commit. */
  kept: unknown;
  /** Of the port: what it made of a value that is not kept yet. */
  draft: unknown = undefined;
  /** False: the key was deleted, and the value is the default. A cell of its own, so that it is rolled back too. */
  presence: SignalNode<boolean> | undefined = undefined;
  listed = false;

  constructor(
    readonly owner: Loop,
    readonly name: string,
    readonly key: string,
    value: unknown,
    o: PersistOptions<never> | undefined,
  ) {
    super(value, owner, { name: key, ...(o?.equals === undefined ? {} : { equals: o.equals as (a: unknown, b: unknown) => boolean }) });
    this.kept = value;
  }

  /** False for a replica: what it holds is kept elsewhere, and here only checked. */
  get own(): boolean {
    return true;
  }

  override set(next: unknown): void {
    const before = this.value;
    super.set(next);
    if (this.presence?.value === false) this.presence.set(true);
    if (!Object.is(before, this.value)) this.list();
  }

  /** Back to the default, and out of the store. */
  remove(initial: unknown): void {
    this.set(initial);
    (this.presence ??= new SignalNode<boolean>(true, this.owner, undefined)).set(false);
    this.list();
  }

  protected list(): void {
    // A GET keeps nothing, and has no turn that would end its list.
    if (this.listed || this.owner.persist === undefined || !this.owner.live) return;
    this.listed = true;
    written.push(this);
  }
}

const written: PersistedCell[] = [];

/** Handlers of `onPersistError` run: what they cannot write is reported, and not told to them again. */
let telling = false;

/** Throws a PersistError if something written in this turn cannot be kept. */
export function checkKept(loop: Loop): void {
  if (written.length > 0) loop.persist?.check(written);
}

/** The transaction stays: what was written is kept. Throws like `checkKept`, and then nothing was handed over. */
export function handOver(loop: Loop): void {
  if (written.length === 0) return;
  loop.persist?.check(written);
  loop.persist?.keep(written);
  forgetWritten();
}

/** A turn begins. */
export function beginWrites(): void {
  telling = false;
}

/** The turn is over, or rolled back. */
export function forgetWritten(): void {
  if (written.length === 0) return;
  for (const cell of written) {
    cell.listed = false;
    cell.draft = undefined;
  }
  written.length = 0;
}

/** Reports what ended user code in a turn; a persisted write that failed also to the session's `onPersistError`. */
export function failed(loop: Loop, error: VangoError): void {
  loop.host.onError(error, loop);
  if (isPersistError(error) && !telling) loop.persistFailed(error);
}

/** Tells the session's handlers, inside a turn of its own. */
export function tellPersistHandlers(loop: Loop, error: PersistError): void {
  telling = true;
  for (const fn of loop.persistHandlers ?? []) fn(error);
}

export function isPersistError(error: unknown): error is PersistError {
  if (!(error instanceof VangoError)) return false;
  const { kind, key } = error as Partial<PersistError>;
  return typeof kind === "string" && typeof key === "string";
}
