// The two assertions the conformance suite needs, so that it runs under any test runner.
import { PersistError, type PersistErrorKind } from "../errors.js";

/** Fails with both values unless they are deeply equal. Maps, byte arrays and plain objects. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const a = show(actual);
  const e = show(expected);
  if (a !== e) throw new Error(`${what}: expected ${e}, got ${a}`);
}

/** Fails unless `run` rejects with a PersistError of this kind; gives the error. */
export async function rejects(run: () => Promise<unknown>, kind: PersistErrorKind, what: string): Promise<PersistError> {
  let outcome: unknown;
  try {
    outcome = await run();
  } catch (error) {
    if (error instanceof PersistError && error.kind === kind) return error;
    throw new Error(`${what}: expected a PersistError of kind ${kind}, got ${String(error)}`, { cause: error });
  }
  throw new Error(`${what}: expected a PersistError of kind ${kind}, but it resolved to ${show(outcome)}`);
}

/** A stable text of a value; equal values have equal texts. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes[${[...value].join(",")}]`;
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => `${show(key)}=>${show(item)}`).sort();
    return `{${entries.join(", ")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${key}: ${show((value as Record<string, unknown>)[key])}`).join(", ")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
