// The suite itself is tested: each broken store below breaks one promise of the port, and the suite must notice.
import { describe, expect, it } from "vitest";
import { memoryStore, type Changes, type Epoch, type SessionStore } from "../src/index.js";
import { faultyStore, storeConformance, type OpenStore } from "../src/testing.js";

/** A store whose named methods are replaced; the rest is memoryStore's. */
function broken(change: (good: SessionStore) => Partial<SessionStore>): OpenStore {
  return (options) => {
    const good = memoryStore(options);
    const methods = ["create", "commit", "exchange", "claim", "load", "touch", "release", "delete", "sweep", "stats", "close"] as const;
    const bound = Object.fromEntries(methods.map((name) => [name, (good[name] as (...given: unknown[]) => unknown).bind(good)]));
    return { name: "broken", survives: "nothing", ...bound, ...change(good) } as SessionStore;
  };
}

async function failures(open: OpenStore): Promise<string[]> {
  const failed: string[] = [];
  for (const { title, run } of storeConformance(open, { runs: 100, seed: 42 })) {
    try {
      await run();
    } catch {
      failed.push(title.slice(0, title.indexOf(":")));
    }
  }
  return failed;
}

const BROKEN: readonly (readonly [name: string, open: OpenStore, rule: string])[] = [
  ["ignores the epoch of a commit", broken((good) => ({ commit: async (id, _epoch, changes, meta) => good.commit(id, (await good.load(id))?.epoch ?? 0, changes, meta) })), "P3"],
  ["checks the epoch, then writes later", broken((good) => ({ commit: (id, epoch, changes, meta) => lateCommit(good, id, epoch, changes, meta) })), "P14"],
  ["keeps the epoch in a claim", broken((good) => ({ claim: async (id) => { const record = await good.load(id); return record === null ? { ok: false, reason: "missing" } : { ok: true, record }; } })), "P4"],
  ["ignores ifEpoch", broken((good) => ({ claim: (id, options) => good.claim(id, { owner: options.owner }) })), "P4"],
  ["makes a record in commit", broken((good) => ({ commit: async (id, epoch, changes, meta) => { if ((await good.load(id)) === null) await good.create(id, { owner: "x" }); return good.commit(id, epoch, changes, meta); } })), "P3"],
  ["writes the good half of a refused commit", broken((good) => ({ commit: (id, epoch, changes, meta) => halfCommit(good, id, epoch, changes, meta) })), "P8"],
  ["load is a touch", broken((good) => ({ load: async (id) => { const record = await good.load(id); if (record !== null) await good.touch(id, record.epoch); return record; } })), "P6"],
  ["sweeps nothing", broken(() => ({ sweep: async () => ({ removed: 0, more: false }) })), "P7"],
  ["loses meta", broken((good) => ({ commit: (id, epoch, changes) => good.commit(id, epoch, changes) })), "P2"],
  ["exchanges without raising the epoch", broken((good) => ({ exchange: async (id, epoch, changes, meta) => { const result = await good.commit(id, epoch, changes, meta); return result.ok ? { ...result, epoch: epoch + 1 } : result; } })), "P20"],
  ["lets kept records expire", broken((good) => ({ create: (id, { keep: _keep, ...init }) => good.create(id, init) })), "P21"],
  ["release does nothing", broken(() => ({ release: async () => ({ ok: true }) })), "P4"],
];

async function lateCommit(good: SessionStore, id: string, epoch: Epoch, changes: Changes, meta?: Uint8Array): ReturnType<SessionStore["commit"]> {
  const seen = await good.load(id);
  if (seen === null) return { ok: false, reason: "missing" };
  if (seen.epoch !== epoch) return { ok: false, reason: "fenced" };
  for (let hop = 0; hop < 20; hop++) await Promise.resolve();
  return good.commit(id, (await good.load(id))?.epoch ?? epoch, changes, meta);
}

async function halfCommit(good: SessionStore, id: string, epoch: Epoch, changes: Changes, meta?: Uint8Array): ReturnType<SessionStore["commit"]> {
  try {
    return await good.commit(id, epoch, changes, meta);
  } catch (error) {
    for (const change of changes) await good.commit(id, epoch, new Map([change])).catch(() => undefined);
    throw error;
  }
}

describe("storeConformance", () => {
  it.each(BROKEN)("P15: notices a store that %s", async (_name, open, rule) => {
    expect(await failures(open)).toContain(rule);
  });

  it("P16: faultyStore fails before or after the write, with kind storage", async () => {
    const inner = memoryStore();
    const store = faultyStore(inner, (op, call) => (op !== "commit" ? undefined : call === 0 ? "before" : call === 1 ? "after" : undefined));
    const made = await store.create("s", { owner: "w" });
    if (!made.ok) throw new Error(made.reason);
    const changes = new Map([["k", Uint8Array.of(1)]]);
    await expect(store.commit("s", made.epoch, changes)).rejects.toMatchObject({ kind: "storage", code: "VANGO_PERSIST_STORAGE" });
    expect((await inner.load("s"))?.values.size).toBe(0);
    await expect(store.commit("s", made.epoch, changes)).rejects.toMatchObject({ kind: "storage" });
    expect((await inner.load("s"))?.values.size).toBe(1);
    expect(await store.commit("s", made.epoch, changes)).toEqual({ ok: true, size: 2 });
  });
});
