/**
 * A session's record of long turns. What a turn takes beyond `turnMs` is charged to an account; time pays it back slowly. A
 * turn beyond `turnViolationMs` is a violation as well. The second violation closes the session, and so does an account that
 * one more turn could carry beyond `turnStallMs`. An account that is paid back forgets the violations.
 */

/** What time pays back, of itself: 10 ms a second. */
export const PAID_BACK = 0.01;
/** Long turns of one session are reported at most this often, ms; violations always. */
export const REPORT_EVERY_MS = 10_000;

export interface TurnLimits {
  readonly turnMs: number;
  readonly turnViolationMs: number;
  readonly turnStallMs: number;
}

/** What a turn was: nothing to speak of, to be reported, a violation, the end. */
export type Verdict = "ordinary" | "long" | "violation" | "close";

export class Offences {
  #owed = 0;
  #violations = 0;
  #at = 0;
  #reported = -Infinity;

  /** What is charged at this time, ms. */
  owed(now: number): number {
    return Math.max(0, this.#owed - (now - this.#at) * PAID_BACK);
  }

  charge(ms: number, now: number, { turnMs, turnViolationMs, turnStallMs }: TurnLimits): Verdict {
    if (ms <= turnMs) return "ordinary";
    const owed = this.owed(now);
    if (owed === 0) this.#violations = 0;
    // A violation is charged as the longest turn that is none: its first never closes the session, however long it was.
    const most = turnViolationMs - turnMs;
    this.#owed = owed + Math.min(ms - turnMs, most);
    this.#at = now;
    const violation = ms > turnViolationMs;
    if (violation) this.#violations++;
    if (this.#violations > 1 || (this.#owed > most && this.#owed + most > turnStallMs)) return "close";
    if (violation) return "violation";
    if (now - this.#reported < REPORT_EVERY_MS) return "ordinary";
    this.#reported = now;
    return "long";
  }
}
