/**
 * A token bucket in one number, the time at which it is full again: `perSecond` messages on average, `burst` at once. What is
 * refused costs a little too, so a client that goes on regardless sinks into debt and is told apart from one that had a burst.
 * Pure: every session keeps its number, and the rule is one for all.
 */

/** What a refused message costs, of an accepted one. */
const REFUSAL = 0.1;
/** Sums of fractions are not exact; of an accepted message. */
const ROUNDING = 0.001;

/** The number of a bucket that was never drawn on. */
export const FULL = -Infinity;

export class RateRule {
  /** Time that brings one token, ms. */
  readonly #one: number;
  /** A bucket that is full at most so much later has a token; one that is full so much later or more is so deep in debt that it is a flood. */
  readonly #last: number;
  readonly #flood: number;

  constructor(perSecond: number, burst: number) {
    this.#one = 1000 / perSecond;
    this.#last = (burst - 1 + ROUNDING) * this.#one;
    this.#flood = (2 * burst - ROUNDING) * this.#one;
  }

  /** Whether there is a token, if it was full `fullAt`. */
  affords(fullAt: number, now: number): boolean {
    return fullAt - now <= this.#last;
  }

  /** The bucket after a message that was accepted, at `tokens`, or refused. */
  take(fullAt: number, now: number, accepted: boolean, tokens = 1): number {
    return (fullAt > now ? fullAt : now) + (accepted ? tokens : REFUSAL) * this.#one;
  }

  /** Ten bursts were refused without a pause: this is no client of ours. */
  flooded(fullAt: number, now: number): boolean {
    return fullAt - now >= this.#flood;
  }
}
