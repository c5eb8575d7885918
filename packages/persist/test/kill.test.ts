// What was acknowledged outlives `kill -9` of our process, and of the database; what was not is absent or whole (SPEC.md P22).
// The moment of the kill is random: a number of acknowledgements, while further writes are on their way. One kill is a round on each store.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SessionRecord, SessionStore } from "../src/index.js";
import { lmdbStore } from "../src/lmdb.js";
import { postgresStore } from "../src/postgres.js";
import { redisStore } from "../src/redis.js";
import { startPostgres, type PostgresServer } from "./servers/postgres.js";
import { startRedis, type RedisServer } from "./servers/redis.js";

/** One file in the end, since loading the drivers from theirs costs more than the writes of a round. It lies where lmdb is found. */
const WRITER = fileURLToPath(new URL("../node_modules/.cache/vango/kill-writer.cjs", import.meta.url));
const BOOT = fileURLToPath(new URL("./kill-boot.cjs", import.meta.url));
const buildWriter = () => build({
  entryPoints: [fileURLToPath(new URL("./kill-writer.mjs", import.meta.url))],
  outfile: WRITER,
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  external: ["lmdb", "pg-native"],
  logLevel: "error",
});
const FACTOR = Number(process.env["VANGO_SOAK_FACTOR"] ?? 1);
const ROUNDS = Math.ceil(200 * FACTOR);
const CRASHES = 10;
/** A round goes on for so many acknowledgements at most. */
const MOST_ACKS = FACTOR > 1 ? 30 : 16;
/** Rounds go on side by side, each lane on sessions of its own. */
const LANES = 3;
const SESSIONS = 4;

const KINDS = ["lmdb", "redis", "postgres"] as const;
type Kind = (typeof KINDS)[number];
type Addresses = Readonly<Record<Kind, string>>;

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/** The number that a record is at; throws when it is a mixture. */
function numberIn(record: SessionRecord): number {
  const { values, meta } = record;
  const n = Number(text(values.get("a")) || "0");
  if (n === 0) {
    expect([values.size, meta.length]).toEqual([0, 0]);
    return 0;
  }
  const pad = values.get("pad");
  // Bytes are compared as such: one by one, as `toEqual` does, they cost as much as a writer.
  const whole = pad !== undefined && Buffer.compare(pad, new Uint8Array((n * 37) % 5000).fill(n & 255)) === 0;
  expect({ b: text(values.get("b")), odd: values.has("odd"), meta: text(meta), whole }).toEqual({ b: String(n), odd: n % 2 === 1, meta: String(n), whole: true });
  return n;
}

/** Runs the writer until it is killed; gives the last number that each store has acknowledged of each session, by `kind id`. */
async function killed(addresses: Addresses, ids: readonly string[], chosen: Kind): Promise<Map<string, number>> {
  const plan = { addresses, ids, chosen, acks: 1 + Math.floor(Math.random() * MOST_ACKS), ticks: Math.floor(Math.random() * 6) };
  const child = spawn(process.execPath, [BOOT, JSON.stringify(plan)], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, VANGO_KILL_WRITER: WRITER } });
  let out = "";
  let problem = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (problem += chunk.toString()));
  const signal = await new Promise<NodeJS.Signals | null>((resolve) => child.once("close", (_, by) => resolve(by)));
  if (signal !== "SIGKILL") throw new Error(`The writer ended by itself (${signal}): ${problem}`);
  return new Map(out.split("\n").slice(0, -1).map((line): [string, number] => {
    const at = line.lastIndexOf(" ");
    return [line.slice(0, at), Number(line.slice(at))];
  }));
}

/** One process after the other on sessions of its own: each kill is a round on all three stores. Gives the rounds that were checked. */
async function lane(addresses: Addresses, stores: Readonly<Record<Kind, SessionStore>>, name: string, rounds: number): Promise<Record<Kind, number>> {
  const ids = Array.from({ length: SESSIONS }, (_, i) => `${name}-${i}`);
  const checked = { lmdb: 0, redis: 0, postgres: 0 };
  for (let round = 0; round < rounds; round++) {
    const last = await killed(addresses, ids, KINDS[round % KINDS.length] ?? "lmdb");
    for (const kind of KINDS) {
      let known = 0;
      for (const id of ids) {
        const record = await stores[kind].load(id);
        const found = record === null ? 0 : numberIn(record);
        // At most the one write that was on its way is there beyond what was acknowledged. Nothing is known of a session that had
        // no acknowledgement in this round.
        const acknowledged = last.get(`${kind} ${id}`);
        if (acknowledged === undefined) continue;
        last.delete(`${kind} ${id}`);
        known++;
        expect(found === acknowledged || found === acknowledged + 1, `${kind} ${id}: acknowledged ${acknowledged}, found ${found}`).toBe(true);
      }
      if (known > 0) checked[kind]++;
    }
    // What is left are records that were made once.
    for (const once of last.keys()) {
      const [kind, id] = once.split(" ") as [Kind, string];
      expect(await stores[kind].load(id), once).not.toBeNull();
    }
  }
  return checked;
}

describe("kill -9 of our process", () => {
  let redis: RedisServer;
  let postgres: PostgresServer;
  let database = "";
  const folder = mkdtempSync(join(tmpdir(), "vango-kill-"));
  beforeAll(async () => {
    rmSync(`${WRITER}.cache`, { force: true });
    [redis, postgres] = await Promise.all([startRedis(), startPostgres(), buildWriter()]);
    database = await postgres.database();
    // The schema is there before the first writer is killed.
    const store = postgresStore({ url: database });
    await store.stats();
    await store.close();
  }, 120_000);
  afterAll(async () => {
    await Promise.all([redis.stop(), postgres.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it("P22: on lmdb, Redis and PostgreSQL what was acknowledged is there, and nothing is half there", async () => {
    const addresses = { lmdb: join(folder, "kill.lmdb"), redis: redis.url, postgres: database };
    const stores = { lmdb: lmdbStore({ path: addresses.lmdb }), redis: redisStore({ url: addresses.redis }), postgres: postgresStore({ url: addresses.postgres }) };
    try {
      const lanes = await Promise.all(Array.from({ length: LANES }, (_, i) => lane(addresses, stores, `lane${i}`, Math.ceil(ROUNDS / LANES))));
      for (const kind of KINDS) expect(lanes.reduce((sum, checked) => sum + checked[kind], 0), kind).toBeGreaterThanOrEqual(ROUNDS);
    } finally {
      for (const kind of KINDS) await stores[kind].close();
    }
  }, 600_000 * Math.max(1, FACTOR));
});

describe("kill -9 of the database", () => {
  /** Writes while the server is killed and started again; gives the last acknowledged number. A client may repeat a write by itself. */
  async function writeThroughCrash(store: SessionStore, id: string, from: number, acks: number, crash: () => Promise<void>): Promise<number> {
    const claim = await store.claim(id, { owner: "w" });
    if (!claim.ok) throw new Error(claim.reason);
    let n = from;
    let back = false;
    let restarted: Promise<void> | undefined;
    for (let written = 0; !back; written++) {
      if (written === acks) restarted = crash().then(() => void (back = true));
      const next = Buffer.from(String(n + 1));
      const changes = new Map([["a", next], ["b", next], ["pad", Buffer.alloc(((n + 1) * 37) % 5000, n + 1)], ["odd", (n + 1) % 2 === 1 ? next : null]]);
      try {
        const result = await store.commit(id, claim.record.epoch, changes, next);
        if (!result.ok) throw new Error(result.reason);
        n++;
      } catch (error) {
        expect(error).toMatchObject({ kind: "storage" });
        break;
      }
    }
    await restarted;
    return n;
  }

  async function crashes(open: () => SessionStore, crash: () => Promise<void>): Promise<void> {
    let store = open();
    await store.create("s", { owner: "w" });
    let n = 0;
    for (let round = 0; round < CRASHES; round++) {
      const acknowledged = await writeThroughCrash(store, "s", n, 1 + Math.floor(Math.random() * 40), crash);
      await store.close();
      store = open();
      const record = await store.load("s");
      if (record === null) throw new Error("the record is gone");
      n = numberIn(record);
      expect(n === acknowledged || n === acknowledged + 1, `acknowledged ${acknowledged}, found ${n}`).toBe(true);
    }
    await store.close();
  }

  it("P22: on Redis with appendfsync always", async () => {
    const server = await startRedis({ durable: true });
    try {
      await crashes(() => redisStore({ url: server.url, survives: "machine" }), () => server.crash());
    } finally {
      await server.stop();
    }
  }, 300_000);

  it("P22: on PostgreSQL with fsync", async () => {
    const server = await startPostgres({ durable: true });
    try {
      const url = await server.database();
      await crashes(() => postgresStore({ url }), () => server.crash());
    } finally {
      await server.stop();
    }
  }, 300_000);
});
