// The store on Redis or Valkey (one primary; no cluster: a script touches two keys). Invariants: every operation is one script,
// which Redis runs alone; what a write survives is what Redis is set to: `appendfsync always` the machine, else the process.
import type { Redis } from "ioredis";
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
import { connect, DEFAULT_PREFIX, runScript, type RedisConnection } from "./redis-client.js";
import type { ScriptName } from "./redis-scripts.js";

/** Options of {@link redisStore}. */
export interface RedisStoreOptions extends RedisConnection {
  /** What Redis is configured to survive. Default `"process"`; say `"machine"` when it runs with `appendfsync always`. */
  readonly survives?: Survives;
  /** The store's clock, in milliseconds. Default: that of Redis. */
  readonly now?: () => number;
  /** Life of a record since its last touch, in milliseconds. Default 24 h. */
  readonly lifetimeMs?: number;
  readonly budgets?: StoreBudgets;
}

/**
 * A session store in Redis or Valkey. Needs the package `ioredis`.
 *
 * @example
 * const app = createApp({ routes, store: redisStore({ url: process.env.REDIS_URL }) });
 */
export function redisStore(options: RedisStoreOptions = {}): SessionStore {
  return new RedisStore(options);
}

/** Records asked for at once by `stats`. */
const STATS_BATCH = 1000;

class RedisStore implements SessionStore {
  readonly name = "redis";
  readonly survives: Survives;
  readonly #client: Redis;
  readonly #own: boolean;
  readonly #prefix: string;
  readonly #expiry: string;
  readonly #now: (() => number) | undefined;
  readonly #lifetimeMs: number;
  readonly #budgets: Budgets;
  #closed: Promise<void> | undefined = undefined;

  constructor(options: RedisStoreOptions) {
    this.survives = options.survives ?? "process";
    this.#own = options.client === undefined;
    this.#client = options.client ?? connect(options);
    const prefix = options.prefix ?? DEFAULT_PREFIX;
    this.#prefix = `${prefix}s:`;
    this.#expiry = `${prefix}expiry`;
    this.#now = options.now;
    this.#lifetimeMs = options.lifetimeMs ?? PERSIST_LIMITS.recordLifetimeMs;
    this.#budgets = budgetsOf(options.budgets);
  }

  async create(id: string, init: SessionInit): Promise<CreateResult> {
    this.#open(id);
    const size = checkInit(init, this.#budgets);
    const epoch = firstEpoch();
    const values = [...(init.values ?? [])].flatMap(([key, value]) => [key, Buffer.from(value)]);
    const [answer] = await this.#run("create", id, [epoch, init.owner, Buffer.from(init.meta ?? []), init.keep === true ? 1 : 0, size, ...values]);
    return text(answer) === "ok" ? { ok: true, epoch, size } : { ok: false, reason: "exists" };
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
    const given = [...changes].flatMap(([key, value]) => (value === null ? [key, 0, ""] : [key, 1, Buffer.from(value)]));
    const [answer, size, now] = await this.#run("change", id, [epoch, raise ? 1 : 0, sessionBytes, meta === undefined ? 0 : 1, Buffer.from(meta ?? []), ...given]);
    switch (text(answer)) {
      case "ok":
        return { ok: true, size: Number(text(size)), epoch: Number(text(now)) };
      case "size":
        throw new PersistError("session-budget", { size: Number(text(size)), limit: sessionBytes });
      default:
        return refusal(answer);
    }
  }

  async claim(id: string, { owner, ifEpoch }: ClaimOptions): Promise<ClaimResult> {
    this.#open(id);
    checkName("owner", owner);
    const [answer, record] = await this.#run("claim", id, [owner, ifEpoch ?? ""]);
    return text(answer) === "ok" ? { ok: true, record: recordOf(record) } : refusal(answer);
  }

  async load(id: string): Promise<SessionRecord | null> {
    this.#open(id);
    const [answer, record] = await this.#script("load", [this.#prefix + id], []);
    return text(answer) === "ok" ? recordOf(record) : null;
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
    const [answer] = await this.#run("owner", id, [epoch, what]);
    return text(answer) === "ok" ? { ok: true } : refusal(answer);
  }

  async sweep(limit: number = PERSIST_LIMITS.sweepBatch): Promise<SweepResult> {
    this.#open();
    const [removed, more] = await this.#script("sweep", [this.#expiry], [this.#prefix, limit]);
    return { removed: Number(text(removed)), more: text(more) === "1" };
  }

  async stats(): Promise<StoreStats> {
    this.#open();
    return guarded(async () => {
      const sessions = await this.#client.zcard(this.#expiry);
      let bytes = 0;
      for (let from = 0; from < sessions; from += STATS_BATCH) {
        const ids = await this.#client.zrange(this.#expiry, from, from + STATS_BATCH - 1);
        const pipeline = this.#client.pipeline();
        for (const id of ids) pipeline.hget(this.#prefix + id, "s");
        for (const [error, size] of (await pipeline.exec()) ?? []) {
          if (error !== null) throw error;
          bytes += Number(size ?? 0);
        }
      }
      return { sessions, bytes };
    });
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#own ? guarded(async () => void (await this.#client.quit().catch(() => this.#client.disconnect()))) : Promise.resolve());
  }

  #open(id?: string): void {
    if (this.#closed !== undefined) throw closedError();
    if (id !== undefined) checkName("session id", id);
  }

  #run(name: ScriptName, id: string, args: readonly (string | number | Buffer)[]): Promise<readonly unknown[]> {
    return this.#script(name, [this.#prefix + id, this.#expiry], [id, ...args]);
  }

  #script(name: ScriptName, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<readonly unknown[]> {
    return guarded(async () => (await runScript(this.#client, name, keys, [this.#now?.() ?? "", this.#lifetimeMs, ...args])) as readonly unknown[]);
  }
}

function text(answer: unknown): string {
  return answer instanceof Uint8Array ? Buffer.from(answer).toString() : String(answer);
}

function refusal(answer: unknown): Refusal {
  return { ok: false, reason: text(answer) === "fenced" ? "fenced" : "missing" };
}

/** A hash as it comes: field and value in turn. */
function recordOf(flat: unknown): SessionRecord {
  const fields = flat as readonly Buffer[];
  const values = new Map<string, Uint8Array>();
  const own = new Map<string, Buffer>();
  for (let i = 0; i < fields.length; i += 2) {
    const name = (fields[i] as Buffer).toString();
    const value = fields[i + 1] as Buffer;
    if (name.startsWith("v:")) values.set(name.slice(2), new Uint8Array(value));
    else own.set(name, value);
  }
  const number = (name: string): number => Number(own.get(name)?.toString());
  return { epoch: number("e"), owner: own.get("o")?.toString() ?? "", values, meta: new Uint8Array(own.get("m") ?? []), size: number("s"), touchedAt: number("t") };
}
