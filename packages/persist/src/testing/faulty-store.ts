// A store that fails on demand, for tests of what stands above the port: retry, `unsaved`, held frames.
// `before` faults leave the record untouched; `after` faults happen once it is written, so the outcome is unknown.
import { PersistError } from "../errors.js";
import type { SessionStore } from "../store.js";

/** The operations of a store that can be made to fail. */
export type StoreOperation = "create" | "commit" | "exchange" | "claim" | "load" | "touch" | "release" | "delete" | "sweep" | "stats";

/** Decides whether the n-th call (from 0) of an operation fails, and when. */
export type FaultPlan = (operation: StoreOperation, call: number) => "before" | "after" | undefined;

/**
 * Wraps a store so that calls fail with kind `storage` as `plan` says.
 *
 * @example
 * const store = faultyStore(memoryStore(), (op, n) => (op === "commit" && n < 2 ? "before" : undefined));
 */
export function faultyStore(store: SessionStore, plan: FaultPlan): SessionStore {
  const calls = new Map<StoreOperation, number>();
  async function guarded<T>(operation: StoreOperation, run: () => Promise<T>): Promise<T> {
    const call = calls.get(operation) ?? 0;
    calls.set(operation, call + 1);
    const fault = plan(operation, call);
    if (fault === "before") throw new PersistError("storage", { message: `Injected before ${operation}.` });
    const result = await run();
    if (fault === "after") throw new PersistError("storage", { message: `Injected after ${operation}.` });
    return result;
  }
  return {
    name: `faulty ${store.name}`,
    survives: store.survives,
    create: (id, init) => guarded("create", () => store.create(id, init)),
    commit: (id, epoch, changes, meta) => guarded("commit", () => store.commit(id, epoch, changes, meta)),
    exchange: (id, epoch, changes, meta) => guarded("exchange", () => store.exchange(id, epoch, changes, meta)),
    claim: (id, options) => guarded("claim", () => store.claim(id, options)),
    load: (id) => guarded("load", () => store.load(id)),
    touch: (id, epoch) => guarded("touch", () => store.touch(id, epoch)),
    release: (id, epoch) => guarded("release", () => store.release(id, epoch)),
    delete: (id, epoch) => guarded("delete", () => store.delete(id, epoch)),
    sweep: (limit) => guarded("sweep", () => store.sweep(limit)),
    stats: () => guarded("stats", () => store.stats()),
    close: () => store.close(),
  };
}
