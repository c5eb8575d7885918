// Expectations for the inner loops of properties. Asking vitest costs more than most of what is asked about there, so it is asked
// only what does not hold: then it fails, and says how the two differ.
import { expect } from "vitest";

/** `expect(got).toBe(wanted)`. */
export function same<T>(got: T, wanted: T): void {
  if (!Object.is(got, wanted)) expect(got).toBe(wanted);
}

/** `expect(got).toEqual(wanted)` for lists of primitives. */
export function sameList<T extends string | number | undefined>(got: readonly T[], wanted: readonly T[]): void {
  if (got.length !== wanted.length || got.some((value, i) => !Object.is(value, wanted[i]))) expect(got).toEqual(wanted);
}
