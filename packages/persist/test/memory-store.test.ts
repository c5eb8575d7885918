// memoryStore passes the conformance suite of the port.
import { describe, expect, it } from "vitest";
import { memoryStore, PERSIST_LIMITS } from "../src/index.js";
import { storeConformance } from "../src/testing.js";

describe("memoryStore", () => {
  for (const { title, run } of storeConformance((options) => memoryStore(options), { runs: 500 })) it(title, run);

  it("P6: uses 24 hours and the default budgets when none are given", async () => {
    let at = 0;
    const store = memoryStore({ now: () => at });
    const made = await store.create("s", { owner: "w", values: new Map([["k", new Uint8Array(PERSIST_LIMITS.valueBytes)]]) });
    expect(made.ok).toBe(true);
    at = 24 * 60 * 60 * 1000 - 1;
    expect(await store.load("s")).not.toBeNull();
    at += 1;
    expect(await store.load("s")).toBeNull();
  });

  it("P8: a commit that does not grow a record is never over the session budget", async () => {
    const store = memoryStore({ budgets: { sessionBytes: 10 } });
    const made = await store.create("s", { owner: "w", values: new Map([["k", new Uint8Array(9)]]) });
    if (!made.ok) throw new Error(made.reason);
    expect(await store.commit("s", made.epoch, new Map([["k", new Uint8Array(9).fill(1)]]))).toEqual({ ok: true, size: 10 });
    await expect(store.commit("s", made.epoch, new Map([["k", new Uint8Array(10)]]))).rejects.toMatchObject({ kind: "session-budget", size: 11, limit: 10 });
  });

  it("P12: says that it survives nothing", () => {
    expect(memoryStore()).toMatchObject({ name: "memory", survives: "nothing" });
  });
});
