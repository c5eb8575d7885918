/**
 * The stores of every kind for whole apps: real servers, started by the helpers of @vango/persist's own tests.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryBus, memoryStore, type Bus, type SessionStore } from "@vango/persist";
import { lmdbStore } from "@vango/persist/lmdb";
import { postgresBus, postgresStore } from "@vango/persist/postgres";
import { redisBus, redisStore } from "@vango/persist/redis";
import { startPostgres } from "../../../persist/test/servers/postgres.js";
import { startRedis } from "../../../persist/test/servers/redis.js";

/** A store that runs, and a way to connect to it once more, as another process does. */
export interface RunningStore {
  connect(): SessionStore;
  bus(): Bus;
  stop(): Promise<void>;
}

export const STORES: readonly (readonly [name: string, start: () => Promise<RunningStore>])[] = [
  ["memory", memory],
  ["lmdb", lmdb],
  ["redis", redis],
  ["postgres", postgres],
];

async function memory(): Promise<RunningStore> {
  const [store, bus] = [memoryStore(), memoryBus()];
  return { connect: () => ({ ...bound(store), close: () => Promise.resolve() }), bus: () => bus, stop: () => store.close() };
}

/** One machine: its processes share the file, and a bus of their own. */
async function lmdb(): Promise<RunningStore> {
  const folder = mkdtempSync(join(tmpdir(), "vango-states-"));
  const bus = memoryBus();
  return { connect: () => lmdbStore({ path: join(folder, "states.lmdb") }), bus: () => bus, stop: async () => rmSync(folder, { recursive: true, force: true }) };
}

async function redis(): Promise<RunningStore> {
  const server = await startRedis();
  const prefix = `states-${process.pid}:`;
  return { connect: () => redisStore({ url: server.url, prefix }), bus: () => redisBus({ url: server.url, prefix }), stop: () => server.stop() };
}

async function postgres(): Promise<RunningStore> {
  const server = await startPostgres();
  const url = await server.database();
  return { connect: () => postgresStore({ url }), bus: () => postgresBus({ url }), stop: () => server.stop() };
}

/** The operations of a store as an object of its own, so that some can be replaced and each counts as a connection. */
export function bound(store: SessionStore): SessionStore {
  const operations = ["create", "commit", "exchange", "claim", "load", "touch", "release", "delete", "sweep", "stats", "close"] as const;
  const own = Object.fromEntries(operations.map((name) => [name, (store[name] as (...args: unknown[]) => unknown).bind(store)]));
  return { name: store.name, survives: store.survives, ...own } as unknown as SessionStore;
}
