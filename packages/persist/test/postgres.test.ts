// postgresStore and postgresBus pass the conformance suites, against a real server.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresBus, postgresStore } from "../src/postgres.js";
import { busConformance, storeConformance } from "../src/testing.js";
import { startPostgres, type PostgresServer } from "./servers/postgres.js";

let server: PostgresServer;
let url = "";
let pool: pg.Pool;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.database();
  pool = new pg.Pool({ connectionString: url });
}, 120_000);
afterAll(async () => {
  await pool.end();
  await server.stop();
}, 60_000);

describe("postgresStore", () => {
  /** Each case begins with empty tables, on one pool. */
  const open = async (options: Parameters<typeof postgresStore>[0]): Promise<ReturnType<typeof postgresStore>> => {
    const store = postgresStore({ pool, ...options });
    await store.stats();
    await pool.query("truncate vango_records cascade");
    return store;
  };
  for (const { title, run } of storeConformance(open, { runs: 40 })) it(title, run);

  it("P12: says what the server is set to survive, and uses its clock", async () => {
    const store = postgresStore({ url: await server.database() });
    expect([store.name, store.survives]).toEqual(["postgres", "machine"]);
    await store.create("s", { owner: "w" });
    expect(Math.abs(((await store.load("s"))?.touchedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await store.close();
  });

  it("P12: processes that start at the same time make the schema once, and later ones find it", async () => {
    const fresh = await server.database();
    const stores = Array.from({ length: 6 }, () => postgresStore({ url: fresh, connections: 1 }));
    const results = await Promise.all(stores.map((store, i) => store.create("s", { owner: `w${i}` })));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
    const late = postgresStore({ url: fresh });
    expect((await late.stats()).sessions).toBe(1);
    await late.close();
  });

  it("P12: without a server calls fail with kind storage, in time; broken connections are replaced", async () => {
    const nowhere = postgresStore({ url: "postgres://vango@127.0.0.1:1/none", timeoutMs: 500 });
    await expect(nowhere.load("s")).rejects.toMatchObject({ kind: "storage" });
    await nowhere.close();
    const fresh = await server.database();
    const store = postgresStore({ url: fresh });
    await store.create("s", { owner: "w" });
    await server.disconnect(fresh);
    // The pool may find out only by using the connection; then the call has failed and the next one works.
    await store.load("s").catch(() => null);
    expect((await store.load("s"))?.owner).toBe("w");
    await store.close();
  });

  it("P26: a server that is read-only refuses writes with kind storage; records stay readable, and writes go on when it is right again", async () => {
    const own = await server.database();
    const writes = postgresStore({ url: own });
    const made = await writes.create("s", { owner: "w", values: new Map([["k", Uint8Array.of(1)]]) });
    if (!made.ok) throw new Error(made.reason);
    // As on a standby server: every transaction of a new connection may only read.
    const standby = postgresStore({ url: `${own}${own.includes("?") ? "&" : "?"}options=${encodeURIComponent("-c default_transaction_read_only=on")}` });
    await expect(standby.commit("s", made.epoch, new Map([["k", Uint8Array.of(2)]]))).rejects.toMatchObject({ kind: "storage" });
    await expect(standby.create("other", { owner: "w" })).rejects.toMatchObject({ kind: "storage" });
    await expect(standby.claim("s", { owner: "w2" })).rejects.toMatchObject({ kind: "storage" });
    expect((await standby.load("s"))?.values).toEqual(new Map([["k", Uint8Array.of(1)]]));
    expect((await writes.commit("s", made.epoch, new Map([["k", Uint8Array.of(3)]]))).ok).toBe(true);
    await Promise.all([standby.close(), writes.close()]);
  });
});

describe("postgresBus", () => {
  for (const { title, run } of busConformance(() => postgresBus({ url }))) it(title, run);

  it("B7: who listens is told when messages may be missing", async () => {
    const fresh = await server.database();
    const bus = postgresBus({ url: fresh });
    let heard: (message: string) => void = () => undefined;
    const missed = new Promise<void>((resolve) => void bus.subscribe("c", (message) => heard(message), resolve).then(() => server.disconnect(fresh)));
    await missed;
    const message = new Promise<string>((resolve) => (heard = resolve));
    await bus.publish("c", "again");
    expect(await message).toBe("again");
    await bus.close();
  });
});
