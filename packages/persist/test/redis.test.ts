// redisStore and redisBus pass the conformance suites, against a real server.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisBus, redisStore } from "../src/redis.js";
import { busConformance, storeConformance } from "../src/testing.js";
import { startRedis, type RedisServer } from "./servers/redis.js";

let server: RedisServer;
let opened = 0;
/** Each case has keys of its own. */
const fresh = (): { readonly url: string; readonly prefix: string } => ({ url: server.url, prefix: `t${++opened}-${process.pid}:` });

beforeAll(async () => {
  server = await startRedis();
}, 60_000);
afterAll(() => server.stop());

describe("redisStore", () => {
  for (const { title, run } of storeConformance((options) => redisStore({ ...fresh(), ...options }), { runs: 40 })) it(title, run);

  it("P12: says what Redis is set to survive, and uses its clock", async () => {
    const store = redisStore({ ...fresh(), survives: "machine" });
    expect([store.name, store.survives]).toEqual(["redis", "machine"]);
    const made = await store.create("s", { owner: "w" });
    const record = await store.load("s");
    expect(made.ok && record?.epoch === made.epoch).toBe(true);
    expect(Math.abs((record?.touchedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await store.close();
  });

  it("P12: without a server calls fail with kind storage, in time", async () => {
    const store = redisStore({ url: "redis://127.0.0.1:1", timeoutMs: 500 });
    await expect(store.load("s")).rejects.toMatchObject({ kind: "storage" });
    await expect(store.create("s", { owner: "w" })).rejects.toMatchObject({ kind: "storage" });
    await store.close();
  });

  it("P12: scripts that Redis has forgotten are sent again", async () => {
    const store = redisStore(fresh());
    await store.create("s", { owner: "w" });
    const { Redis } = await import("ioredis");
    const admin = new Redis(server.url);
    await admin.script("FLUSH");
    await admin.quit();
    expect((await store.load("s"))?.owner).toBe("w");
    await store.close();
  });

  for (const [state, worse, right] of [
    ["full", ["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"]],
    ["read-only", ["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"]],
  ] as const) {
    it(`P26: a server that is ${state} refuses writes with kind storage; records stay readable, and writes go on when it is right again`, async () => {
      // A server of its own, since it is changed for everybody.
      const own = await startRedis({ durable: true });
      const { Redis } = await import("ioredis");
      const admin = new Redis(own.url);
      const store = redisStore({ url: own.url });
      try {
        const made = await store.create("s", { owner: "w", values: new Map([["k", Uint8Array.of(1)]]) });
        if (!made.ok) throw new Error(made.reason);
        await admin.call(worse[0], ...worse.slice(1));
        await expect(store.commit("s", made.epoch, new Map([["k", Uint8Array.of(2)]]))).rejects.toMatchObject({ kind: "storage" });
        // A full one still runs scripts that begin by removing something.
        if (state === "read-only") await expect(store.claim("s", { owner: "w2" })).rejects.toMatchObject({ kind: "storage" });
        expect((await store.load("s"))?.values).toEqual(new Map([["k", Uint8Array.of(1)]]));
        await admin.call(right[0], ...right.slice(1));
        expect((await store.commit("s", made.epoch, new Map([["k", Uint8Array.of(3)]]))).ok).toBe(true);
        expect((await store.load("s"))?.values).toEqual(new Map([["k", Uint8Array.of(3)]]));
      } finally {
        await store.close();
        admin.disconnect();
        await own.stop();
      }
    }, 60_000);
  }
});

describe("redisBus", () => {
  for (const { title, run } of busConformance(() => redisBus({ url: server.url }))) it(title, run);

  it("B7: who listens is told when messages may be missing", async () => {
    const own = await startRedis();
    const bus = redisBus({ url: own.url });
    try {
      let heard: (message: string) => void = () => undefined;
      const missed = new Promise<void>((resolve) => void bus.subscribe("c", (message) => heard(message), resolve).then(() => own.crash()));
      await missed;
      const message = new Promise<string>((resolve) => (heard = resolve));
      await bus.publish("c", "again").catch(() => bus.publish("c", "again"));
      expect(await message).toBe("again");
    } finally {
      await bus.close();
      await own.stop();
    }
  });
});
