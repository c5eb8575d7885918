// The store on PostgreSQL. Invariants: every operation is one function call in one transaction that holds the record's row; with
// the server's default settings a write that is done outlives the machine. The schema is made and migrated at the first use.
import pg from "pg";
import { firstEpoch, type Epoch } from "../epoch.js";
import { PersistError } from "../errors.js";
import { PERSIST_LIMITS, type StoreBudgets } from "../limits.js";
import { budgetsOf, checkChanges, checkInit, checkMeta, checkName, type Budgets } from "../measure.js";
import type {
  Changes,
  ClaimOptions,
  ClaimResult,
  CommitResult,
  CreateResult,
  ExchangeResult,
  OwnerResult,
  Refusal,
  SessionInit,
  SessionRecord,
  SessionStore,
  StoreStats,
  Survives,
  SweepResult,
} from "../store.js";
import { closedError, guarded } from "./failing.js";
import { migrate } from "./postgres-schema.js";

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`. Default: the environment variables of libpq. */
  readonly url?: string;
  /** A pool of pg, instead of `url`. It stays the caller's and is not closed. */
  readonly pool?: pg.Pool;
  /** Connections at most. Default 10. */
  readonly connections?: number;
  /** A call that has no answer by then has failed, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
  /** What the server is configured to survive: `"process"` with `synchronous_commit = off`. Default `"machine"`. */
  readonly survives?: Survives;
  /** The store's clock, in milliseconds. Default: that of the database. */
  readonly now?: () => number;
  /** Life of a record since its last touch, in milliseconds. Default 24 h. */
  readonly lifetimeMs?: number;
  readonly budgets?: StoreBudgets;
}

const CONNECTIONS = 10;
const TIMEOUT_MS = 5000;

/**
 * A session store in PostgreSQL. Needs the package `pg`. Its tables, `vango_…`, are made and migrated by itself.
 *
 * @example
 * const app = createApp({ routes, store: postgresStore({ url: process.env.DATABASE_URL }) });
 */
export function postgresStore(options: PostgresStoreOptions = {}): SessionStore {
  return new PostgresStore(options);
}

type Row = { readonly epoch: string; readonly owner: string; readonly meta: Buffer; readonly size: number; readonly touched_at: number; readonly names: readonly string[]; readonly vals: readonly Buffer[] };

class PostgresStore implements SessionStore {
  readonly name = "postgres";
  readonly survives: Survives;
  readonly #pool: pg.Pool;
  readonly #own: boolean;
  readonly #now: (() => number) | undefined;
  readonly #lifetimeMs: number;
  readonly #budgets: Budgets;
  /** The last write of each record that is on its way: connections of a pool overtake each other, writes must not. */
  readonly #writes = new Map<string, Promise<unknown>>();
  #ready: Promise<void> | undefined = undefined;
  #closed: Promise<void> | undefined = undefined;

  constructor(options: PostgresStoreOptions) {
    const { url, timeoutMs = TIMEOUT_MS } = options;
    this.survives = options.survives ?? "machine";
    this.#own = options.pool === undefined;
    this.#pool =
      options.pool ??
      new pg.Pool({
        ...(url === undefined ? {} : { connectionString: url }),
        max: options.connections ?? CONNECTIONS,
        connectionTimeoutMillis: timeoutMs,
        query_timeout: timeoutMs,
        statement_timeout: timeoutMs,
        allowExitOnIdle: true,
      });
    // An idle connection that breaks is replaced; without a listener it would end the process.
    if (this.#own) this.#pool.on("error", () => undefined);
    this.#now = options.now;
    this.#lifetimeMs = options.lifetimeMs ?? PERSIST_LIMITS.recordLifetimeMs;
    this.#budgets = budgetsOf(options.budgets);
  }

  async create(id: string, init: SessionInit): Promise<CreateResult> {
    this.#open(id);
    const size = checkInit(init, this.#budgets);
    const epoch = firstEpoch();
    const values = [...(init.values ?? [])];
    const given = [id, epoch, init.owner, Buffer.from(init.meta ?? []), init.keep === true, size, values.map(([key]) => key), values.map(([, value]) => Buffer.from(value)), this.#at(), this.#lifetimeMs];
    const made = await this.#inOrder(id, () => this.#call<boolean>("select vango_create($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as result", given));
    return made ? { ok: true, epoch, size } : { ok: false, reason: "exists" };
  }

  async commit(id: string, epoch: Epoch, changes: Changes, meta?: Uint8Array): Promise<CommitResult> {
    const done = await this.#change(id, epoch, changes, meta, false);
    return done.ok ? { ok: true, size: done.size } : done;
  }

  exchange(id: string, epoch: Epoch, changes: Changes, meta?: Uint8Array): Promise<ExchangeResult> {
    return this.#change(id, epoch, changes, meta, true);
  }

  async #change(id: string, epoch: Epoch, changes: Changes, meta: Uint8Array | undefined, raise: boolean): Promise<ExchangeResult> {
    this.#open(id);
    checkChanges(changes, this.#budgets);
    checkMeta(meta);
    const { sessionBytes } = this.#budgets;
    const values = [...changes].map(([, value]) => (value === null ? null : Buffer.from(value)));
    const given = [id, epoch, raise, sessionBytes, meta === undefined ? null : Buffer.from(meta), [...changes.keys()], values, this.#at(), this.#lifetimeMs];
    const [row] = await this.#inOrder(id, () =>
      this.#query<{ status: string; new_size: number; new_epoch: string }>("select * from vango_change($1, $2, $3, $4, $5, $6, $7, $8, $9)", given),
    );
    if (row?.status === "ok") return { ok: true, size: row.new_size, epoch: Number(row.new_epoch) };
    if (row?.status === "size") throw new PersistError("session-budget", { size: row.new_size, limit: sessionBytes });
    return refusal(row?.status);
  }

  async claim(id: string, { owner, ifEpoch }: ClaimOptions): Promise<ClaimResult> {
    this.#open(id);
    checkName("owner", owner);
    // One transaction: what is read is what was claimed.
    return this.#inOrder(id, () => this.#transaction(async (client): Promise<ClaimResult> => {
      const claim = await client.query<{ result: string }>("select vango_claim($1, $2, $3, $4, $5) as result", [id, owner, ifEpoch ?? null, this.#at(), this.#lifetimeMs]);
      const status = claim.rows[0]?.result;
      if (status !== "ok") return refusal(status);
      const { rows } = await client.query<Row>("select * from vango_load($1, $2)", [id, this.#at()]);
      return { ok: true, record: recordOf(rows[0] as Row) };
    }));
  }

  async load(id: string): Promise<SessionRecord | null> {
    this.#open(id);
    const [row] = await this.#query<Row>("select * from vango_load($1, $2)", [id, this.#at()]);
    return row === undefined ? null : recordOf(row);
  }

  touch(id: string, epoch: Epoch): Promise<OwnerResult> {
    return this.#owner(id, epoch, "touch");
  }

  release(id: string, epoch: Epoch): Promise<OwnerResult> {
    return this.#owner(id, epoch, "release");
  }

  delete(id: string, epoch: Epoch): Promise<OwnerResult> {
    return this.#owner(id, epoch, "delete");
  }

  async #owner(id: string, epoch: Epoch, what: string): Promise<OwnerResult> {
    this.#open(id);
    const given = [id, epoch, what, this.#at(), this.#lifetimeMs];
    const status = await this.#inOrder(id, () => this.#call<string>("select vango_owner($1, $2, $3, $4, $5) as result", given));
    return status === "ok" ? { ok: true } : refusal(status);
  }

  async sweep(limit: number = PERSIST_LIMITS.sweepBatch): Promise<SweepResult> {
    this.#open();
    const [row] = await this.#query<SweepResult>("select * from vango_sweep($1, $2)", [limit, this.#at()]);
    return { removed: row?.removed ?? 0, more: row?.more === true };
  }

  async stats(): Promise<StoreStats> {
    this.#open();
    const [row] = await this.#query<{ sessions: string; bytes: string }>("select count(*) as sessions, coalesce(sum(size), 0) as bytes from vango_records", []);
    return { sessions: Number(row?.sessions ?? 0), bytes: Number(row?.bytes ?? 0) };
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#own ? guarded(() => this.#pool.end()) : Promise.resolve());
  }

  #open(id?: string): void {
    if (this.#closed !== undefined) throw closedError();
    if (id !== undefined) checkName("session id", id);
  }

  /** Runs a write of a record after those that were begun before it. */
  #inOrder<T>(id: string, run: () => Promise<T>): Promise<T> {
    const before = this.#writes.get(id);
    const write = before === undefined ? run() : before.then(run, run);
    this.#writes.set(id, write);
    const done = (): void => {
      if (this.#writes.get(id) === write) this.#writes.delete(id);
    };
    write.then(done, done);
    return write;
  }

  #at(): number | null {
    return this.#now?.() ?? null;
  }

  async #query<R extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<readonly R[]> {
    await this.#migrated();
    return guarded(async () => (await this.#pool.query<R>({ text: sql, values: values as unknown[], name: sql.slice(0, 60) })).rows);
  }

  async #call<T>(sql: string, values: readonly unknown[]): Promise<T> {
    const [row] = await this.#query<{ result: T }>(sql, values);
    return (row as { result: T }).result;
  }

  async #transaction<T>(run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    await this.#migrated();
    return guarded(async () => {
      const client = await this.#pool.connect();
      let broken: Error | undefined;
      try {
        await client.query("begin");
        const result = await run(client);
        await client.query("commit");
        return result;
      } catch (error) {
        // A connection whose state is not known is not used again.
        broken = error instanceof Error ? error : new Error(String(error));
        throw error;
      } finally {
        client.release(broken);
      }
    });
  }

  /** Once a process; a failure is tried again by the next call. */
  #migrated(): Promise<void> {
    return (this.#ready ??= guarded(() => migrate(this.#pool)).catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    }));
  }
}

function refusal(status: string | undefined): Refusal {
  return { ok: false, reason: status === "fenced" ? "fenced" : "missing" };
}

function recordOf({ epoch, owner, meta, size, touched_at: touchedAt, names, vals }: Row): SessionRecord {
  return {
    epoch: Number(epoch),
    owner,
    values: new Map(names.map((name, i) => [name, new Uint8Array(vals[i] as Buffer)])),
    meta: new Uint8Array(meta),
    size,
    touchedAt,
  };
}
