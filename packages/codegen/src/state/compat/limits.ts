/** How much work a comparison of two types may be, before it says that they are too complex to compare. */

/** Steps of the search for a value that one type has and the other has not: at most about a second. */
export const SEARCH_STEPS = 60_000;

/** The comparison was given up: its answer is unknown, which the plan says as cold. */
export class TooComplex extends Error {
  override readonly name = "TooComplex";
  constructor(readonly what: string) {
    super(`Too complex to compare: ${what}.`);
  }
}
