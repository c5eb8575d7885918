// The connection that redisStore and redisBus use: ioredis, told to fail in time instead of waiting for a Redis that is away.
import { createHash } from "node:crypto";
import { Redis, type RedisOptions } from "ioredis";
import { SCRIPTS, type ScriptName } from "./redis-scripts.js";

/** Where Redis is. A client that is given stays the caller's: it is not closed. */
export interface RedisConnection {
  /** `redis://user:password@host:port/db`, `rediss://…` with TLS. Default `redis://127.0.0.1:6379`. */
  readonly url?: string;
  /** A client of ioredis, instead of `url`. */
  readonly client?: Redis;
  /** Before every key and channel. Default `vango:`. */
  readonly prefix?: string;
  /** A command that has no answer by then has failed, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
}

const DEFAULT_URL = "redis://127.0.0.1:6379";
export const DEFAULT_PREFIX = "vango:";
const TIMEOUT_MS = 5000;
/** Waits between attempts to connect, at most, in milliseconds. */
const RECONNECT_CAP_MS = 2000;

export function connect({ url = DEFAULT_URL, timeoutMs = TIMEOUT_MS }: RedisConnection, more: RedisOptions = {}): Redis {
  const client = new Redis(url, {
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: 1,
    retryStrategy: (tries) => Math.min(RECONNECT_CAP_MS, 50 * 2 ** Math.min(tries, 10)) * (0.5 + Math.random() / 2),
    ...more,
  });
  // Every command tells of its own failure; without a listener the connection's would end the process.
  client.on("error", () => undefined);
  return client;
}

const shas = Object.fromEntries(Object.entries(SCRIPTS).map(([name, { lua }]) => [name, createHash("sha1").update(lua).digest("hex")])) as Record<ScriptName, string>;

/** Runs a script by its hash; sends it when Redis does not know it (any more). Texts come as Buffers. */
export async function runScript(client: Redis, name: ScriptName, keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<unknown> {
  const given = [keys.length, ...keys, ...args];
  try {
    return await client.callBuffer("EVALSHA", shas[name], ...given);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return client.callBuffer("EVAL", SCRIPTS[name].lua, ...given);
  }
}
