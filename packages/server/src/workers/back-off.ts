/**
 * How long to wait before a worker is started again: the longer, the more of its kind ended soon. Pure.
 */

/** First and longest wait, ms. */
const FIRST_MS = 100;
const LONGEST_MS = 10_000;
/** A worker that was ready and lived so long ended for a reason of its own: the next starts soon. */
const SETTLED_MS = 10_000;

export class BackOff {
  #wait = FIRST_MS;

  /** A worker has ended after `readyMs` of being ready (0: it never was). Gives the wait until the next, in ms. */
  ended(readyMs: number): number {
    if (readyMs >= SETTLED_MS) this.#wait = FIRST_MS;
    const wait = this.#wait;
    this.#wait = Math.min(LONGEST_MS, wait * 2);
    return wait;
  }
}
