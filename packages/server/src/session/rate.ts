/**
 * A token bucket in one number, the time at which it is full again: `perSecond` messages on average, `burst` at once. What is
 * refused costs a little too, so a client that goes on regardless sinks into debt and is told apart from one that had a burst.
 * Pure: every session keeps its number, and the rule is one for all. The number is a small integer for the first day and a half of
 * a process: a fraction would be an object of its own in every session.
 */

/** Parts of a millisecond in which is counted; finer where a token takes less than one. */
const TICKS = 16;
const FINE_TICKS = 16_000;
/** A tenth of a token is at least one tick up to this rate. */
const COARSE_PER_SECOND = 1600;
/** A refused message costs so many times less than an accepted one. */
const REFUSALS = 10;
/** So many refused without a pause, beyond the burst, are a flood: nobody does as much before an answer comes. */
const FLOOD = 1000;

/** The number of a bucket that was never drawn on. */
export const FULL = 0;

export class RateRule {
  readonly #ticks: number;
  /** Time that brings one token, in ticks. */
  readonly #one: number;
  readonly #refusal: number;
  /** A bucket that is full at most so much later has a token; one that is full so much later or more is so deep in debt that it is a flood. */
  readonly #last: number;
  readonly #flood: number;

  constructor(perSecond: number, burst: number) {
    this.#ticks = perSecond > COARSE_PER_SECOND ? FINE_TICKS : TICKS;
    this.#one = Math.max(1, Math.round((this.#ticks * 1000) / perSecond));
    this.#refusal = Math.max(1, Math.round(this.#one / REFUSALS));
    this.#last = (burst - 1) * this.#one;
    this.#flood = burst * this.#one + FLOOD * this.#refusal;
  }

  /** Whether there is a token. `now` in ms. */
  affords(fullAt: number, now: number): boolean {
    return fullAt - this.#tick(now) <= this.#last;
  }

  /** The bucket after a message that was accepted, at `tokens`, or refused. */
  take(fullAt: number, now: number, accepted: boolean, tokens = 1): number {
    return Math.max(fullAt, this.#tick(now)) + (accepted ? Math.ceil(tokens * this.#one) : this.#refusal);
  }

  /** A thousand were refused without a pause: this is no client of ours. */
  flooded(fullAt: number, now: number): boolean {
    return fullAt - this.#tick(now) >= this.#flood;
  }

  #tick(now: number): number {
    return Math.floor(now * this.#ticks);
  }
}
