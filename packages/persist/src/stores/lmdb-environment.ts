// An LMDB database that several processes of one machine have open at once. Invariants: a change is within one transaction, and that
// builds on the last one, whoever opens the database or is killed meanwhile; a change that is acknowledged is in the file, and a
// machine that fails leaves the file whole.
import { open, type RootDatabase } from "lmdb";
import { PersistError } from "../errors.js";
import { LmdbBase } from "./lmdb-base.js";
import { ensureDatabase, refuseForeign } from "./lmdb-file.js";
import { takeTurn } from "./lmdb-turn.js";

/** Options of {@link lmdbEnvironment}. */
export interface LmdbEnvironmentOptions<T> {
  /** File of the database; its folder is made. A second file with `-lock` stands beside it, and while it is opened or closed a third with `-turn`. */
  readonly path: string;
  /** Opens the tables. Called for a new database before the others see it, and again with the one that is used. */
  readonly tables: (root: RootDatabase<unknown, string>) => T;
  /** Tables at most. Default 12. */
  readonly maxDbs?: number;
  /**
   * A write is done when the disk has all of it: survives the machine, and is slower. Without, a machine that fails may take the
   * last commit back, never damage the file. Default false.
   */
  readonly flush?: boolean;
}

/**
 * Opens an LMDB database for use by several processes at once, such as those of `vango start --workers N`: write with `write`
 * instead of the methods of lmdb, which may lose commits when another process opens the database.
 *
 * @throws PersistError of kind `storage`: the file is no database, its end is missing, or it cannot be opened
 *
 * @example
 * const { tables, write } = lmdbEnvironment({ path: "data/app.lmdb", tables: (root) => ({ notes: root.openDB<string, number>({ name: "notes" }) }) });
 * await write(() => void tables.notes.putSync(1, "first"));
 */
export function lmdbEnvironment<T>(options: LmdbEnvironmentOptions<T>): LmdbEnvironment<T> {
  return new Environment(options);
}

/** What {@link lmdbEnvironment} gives. */
export interface LmdbEnvironment<T> {
  readonly tables: T;
  /**
   * Runs `change` in a transaction; done when it is committed. Nothing in it may be awaited, and what it has written before it throws
   * stays. Changes that come together share a transaction.
   */
  readonly write: <R>(change: () => R) => Promise<R>;
  /** Runs `query` on the last commit of all processes. */
  readonly read: <R>(query: () => R) => Promise<R>;
  /** Reads of the tables that follow in this turn of the event loop see what other processes have committed. `read` waits until they do. */
  readonly refresh: () => void;
  readonly close: () => Promise<void>;
}

/** A transaction in vain needs a process that opens the database meanwhile. */
const TRIES = 100;

/** Everybody's state is in it. */
const OWNER_ALONE = 0o600;

class Environment<T> implements LmdbEnvironment<T> {
  readonly tables: T;
  readonly #path: string;
  readonly #root: RootDatabase<unknown, string>;
  readonly #base: LmdbBase;
  /** Changes for the next transaction. */
  #waiting: Waiting[] = [];
  /** A transaction is on its way that will take them. */
  #queued = false;

  constructor({ path, tables, maxDbs = 12, flush = false }: LmdbEnvironmentOptions<T>) {
    this.#path = path;
    refuseForeign(path);
    try {
      ensureDatabase(path, OWNER_ALONE, (draft) => {
        const root = opened(draft, maxDbs, flush);
        tables(root);
        return root;
      });
      this.#root = inTurn(path, () => opened(path, maxDbs, flush));
      this.tables = tables(this.#root);
      this.#base = new LmdbBase(path);
      // This opening may have been what the others' next transaction would trip over.
      this.#root.transactionSync(() => this.#base.isLast(this.#root.getWriteTxnId()));
    } catch (cause) {
      throw new PersistError("storage", { message: `The database ${path} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}.`, cause });
    }
  }

  readonly write = <R>(change: () => R): Promise<R> => {
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push(new Change(change, resolve, reject));
      if (!this.#queued) void this.#commit();
    });
  };

  readonly read = async <R>(query: () => R): Promise<R> => {
    // Another process may have written since this turn of the event loop began.
    this.#root.resetReadTxn();
    if (!this.#base.isSeen()) {
      await this.write(() => undefined);
      this.#root.resetReadTxn();
    }
    return query();
  };

  readonly refresh = (): void => {
    this.#root.resetReadTxn();
    // A failure shows in the write of whoever changes something.
    if (!this.#base.isSeen()) void this.write(() => undefined).catch(() => undefined);
  };

  readonly close = async (): Promise<void> => {
    const done = takeTurn(this.#path, OWNER_ALONE);
    try {
      await this.#root.close();
    } finally {
      done();
    }
    this.#base.close();
  };

  /** One transaction for what waits when it begins; another try when it does not build on the last one. */
  async #commit(): Promise<void> {
    this.#queued = true;
    let taken: Waiting[] | undefined;
    try {
      for (let tries = 1; taken === undefined; tries++) {
        if (tries > TRIES) throw new PersistError("storage", { message: "Other processes open the database without end." });
        await this.#root.transaction(() => {
          if (!this.#base.isLast(this.#root.getWriteTxnId())) return;
          taken = this.#taken();
          for (const change of taken) change.run();
        });
      }
      for (const change of taken) change.settle();
    } catch (error) {
      const reason = await reasonOf(error);
      for (const change of taken ?? this.#taken()) change.fail(reason);
    }
  }

  #taken(): Waiting[] {
    const taken = this.#waiting;
    this.#waiting = [];
    this.#queued = false;
    return taken;
  }
}

interface Waiting {
  run(): void;
  /** The transaction is committed. */
  settle(): void;
  fail(error: unknown): void;
}

/** What one call changes, within a transaction. */
class Change<R> implements Waiting {
  readonly #change: () => R;
  readonly #resolve: (result: R) => void;
  #result: { readonly value: R } | undefined = undefined;
  #error: unknown = undefined;

  constructor(
    change: () => R,
    resolve: (result: R) => void,
    readonly fail: (error: unknown) => void,
  ) {
    this.#change = change;
    this.#resolve = resolve;
  }

  run(): void {
    try {
      this.#result = { value: this.#change() };
    } catch (error) {
      this.#error = error;
    }
  }

  settle(): void {
    if (this.#result === undefined) this.fail(this.#error);
    else this.#resolve(this.#result.value);
  }
}

/** Why a commit has failed: lmdb tells it by a second promise, that nobody else waits for. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && "commitError" in error)) return error;
  try {
    await error.commitError;
  } catch (reason) {
    return reason;
  }
  return error;
}

function inTurn<R>(path: string, body: () => R): R {
  const done = takeTurn(path, OWNER_ALONE);
  try {
    return body();
  } finally {
    done();
  }
}

/** The path is a file, whatever its name looks like. */
function opened(path: string, maxDbs: number, flush: boolean): RootDatabase<unknown, string> {
  // `overlappingSync` would acknowledge a little earlier. But a process that is killed while it syncs makes another one write down
  // an old number of transactions, or give up the database for good (`mdb_mutex_failed` of lmdb 3.5.6).
  // (The native side reads `permissionsMode`, the declarations lack it.)
  const options = { noSubdir: true, compression: false, maxDbs, overlappingSync: false, eventTurnBatching: false, noMetaSync: !flush, permissionsMode: OWNER_ALONE } as const;
  return open<unknown, string>({ path, ...options });
}
