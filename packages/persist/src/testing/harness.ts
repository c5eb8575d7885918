// What the conformance cases share: a store on a clock that only moves when told, and short ways to make bytes.
import type { StoreBudgets } from "../limits.js";
import type { Values, SessionStore } from "../store.js";

/** How the suite opens the store under test. The store is empty, uses `now` as its clock and these limits. */
export interface OpenOptions {
  readonly now: () => number;
  readonly lifetimeMs: number;
  readonly budgets: StoreBudgets;
}

/** Opens a fresh, empty store for one case. */
export type OpenStore = (options: OpenOptions) => Promise<SessionStore> | SessionStore;

/** One case of the suite: give `title` and `run` to the test runner. */
export interface ConformanceCase {
  /** Rule of SPEC.md and what it says, such as "P3: a commit at another epoch is fenced". */
  readonly title: string;
  readonly run: () => Promise<void>;
}

export const LIFETIME_MS = 60_000;
export const BUDGETS = { valueBytes: 1000, sessionBytes: 2500 } as const;

/** A clock of the suite. */
export class TestClock {
  #at = 1_700_000_000_000;
  readonly now = (): number => this.#at;
  advance(ms: number): void {
    this.#at += ms;
  }
}

/** Runs `body` on a fresh store and closes it, also when the body fails. */
export async function withStore(open: OpenStore, body: (store: SessionStore, clock: TestClock) => Promise<void>): Promise<void> {
  const clock = new TestClock();
  const store = await open({ now: clock.now, lifetimeMs: LIFETIME_MS, budgets: BUDGETS });
  try {
    await body(store, clock);
  } finally {
    await store.close();
  }
}

export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

/** `length` equal bytes. */
export function filled(length: number, value = 7): Uint8Array {
  return new Uint8Array(length).fill(value);
}

export function values(entries: Readonly<Record<string, Uint8Array>>): Values {
  return new Map(Object.entries(entries));
}

/** Makes a record and gives its epoch. */
export async function made(store: SessionStore, id: string, initial: Values = new Map(), owner = "w1"): Promise<number> {
  const result = await store.create(id, { owner, values: initial });
  if (!result.ok) throw new Error(`create(${id}): ${result.reason}`);
  return result.epoch;
}
