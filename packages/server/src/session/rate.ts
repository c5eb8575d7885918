/**
 * A token bucket in two numbers: `perSecond` events on average, `burst` at once. What is refused costs a little too, so a
 * client that goes on regardless sinks into debt and is told apart from one that had a burst.
 */

/** What a refused event costs, of an accepted one. */
const REFUSAL = 0.1;

export class Rate {
  #tokens: number;
  #at: number;

  constructor(
    readonly perSecond: number,
    readonly burst: number,
    now: number,
  ) {
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes one of those that are there, without a look at the clock. */
  takeHeld(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Takes one; false when there is none. */
  take(now: number): boolean {
    if (this.#tokens < 1) {
      this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#at) / 1000) * this.perSecond);
      this.#at = now;
      if (this.#tokens < 1) {
        this.#tokens -= REFUSAL;
        return false;
      }
    }
    this.#tokens--;
    return true;
  }

  /** Ten bursts were refused without a pause: this is no client of ours. */
  get flooded(): boolean {
    return this.#tokens <= -this.burst;
  }
}
