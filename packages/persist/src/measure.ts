// Checks and sizes shared by all stores, so that they refuse the same things with the same error.
// A check throws before anything is written.
import { PersistError } from "./errors.js";
import { PERSIST_LIMITS, type StoreBudgets } from "./limits.js";
import type { Changes, SessionInit, Values } from "./store.js";

/** Budgets with their defaults filled in. Bytes. */
export interface Budgets {
  readonly valueBytes: number;
  readonly sessionBytes: number;
}

export function budgetsOf(given: StoreBudgets | undefined): Budgets {
  return {
    valueBytes: given?.valueBytes ?? PERSIST_LIMITS.valueBytes,
    sessionBytes: given?.sessionBytes ?? PERSIST_LIMITS.sessionBytes,
  };
}

/** Control characters and lone surrogates: some backends refuse or change them. */
const UNSTORABLE = /[\p{Cc}\p{Cs}]/u;

/** Length of a name in UTF-8 bytes. */
export function nameBytes(name: string): number {
  return Buffer.byteLength(name);
}

/** Refuses a session id, owner or key that some store could not hold. */
export function checkName(what: "session id" | "owner" | "key", name: string): void {
  const size = typeof name === "string" ? nameBytes(name) : 0;
  if (size > 0 && size <= PERSIST_LIMITS.nameBytes && !UNSTORABLE.test(name)) return;
  throw new PersistError("codec", {
    message: `The ${what} is not storable text.`,
    size,
    limit: PERSIST_LIMITS.nameBytes,
    ...(what === "key" ? { key: String(name).slice(0, 64) } : {}),
  });
}

/** Refuses meta that is not bytes or too large. */
export function checkMeta(meta: Uint8Array | undefined): void {
  if (meta === undefined) return;
  if (!(meta instanceof Uint8Array)) throw new PersistError("codec", { message: "Meta is not a Uint8Array." });
  if (meta.length > PERSIST_LIMITS.metaBytes) {
    throw new PersistError("codec", { message: "Meta is too large.", size: meta.length, limit: PERSIST_LIMITS.metaBytes });
  }
}

/** Refuses keys and values that may not be stored: everything that can be known without the record. */
export function checkChanges(changes: Changes | Values, budgets: Budgets): void {
  for (const [key, value] of changes) {
    checkName("key", key);
    if (value === null) continue;
    if (!(value instanceof Uint8Array)) throw new PersistError("codec", { key, message: "The value is not a Uint8Array." });
    if (value.length > budgets.valueBytes) {
      throw new PersistError("value-budget", { key, size: value.length, limit: budgets.valueBytes });
    }
  }
}

/** Checks a new record; gives its size in bytes. */
export function checkInit(init: SessionInit, budgets: Budgets): number {
  checkName("owner", init.owner);
  checkMeta(init.meta);
  if (init.values === undefined) return 0;
  checkChanges(init.values, budgets);
  const size = valuesSize(init.values);
  checkSessionSize(size, budgets);
  return size;
}

/** Refuses a record that would be over the session's budget. */
export function checkSessionSize(size: number, budgets: Budgets): void {
  if (size > budgets.sessionBytes) throw new PersistError("session-budget", { size, limit: budgets.sessionBytes });
}

/** Bytes of keys and values together. */
export function valuesSize(values: Values): number {
  let size = 0;
  for (const [key, value] of values) size += nameBytes(key) + value.length;
  return size;
}

/** Bytes of a record of `size` after `changes`; `current` gives the length of the stored value of a key, if any. */
export function sizeAfter(size: number, changes: Changes, current: (key: string) => number | undefined): number {
  let next = size;
  for (const [key, value] of changes) {
    const name = nameBytes(key);
    const before = current(key);
    if (before !== undefined) next -= name + before;
    if (value !== null) next += name + value.length;
  }
  return next;
}
