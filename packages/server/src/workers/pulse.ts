/**
 * Whether a process still answers. Counts questions, not time: a supervisor that did not run itself for a while (a suspended
 * machine, one with far too much to do) asked nothing meanwhile, and must not take everybody for stuck. Pure.
 */

/** Milliseconds between questions; without an answer to so many in a row a worker is taken for stuck. */
export const ASK_MS = 5000;
const UNANSWERED = 6;
/** As people are told. */
export const STUCK_SECONDS = (ASK_MS * UNANSWERED) / 1000;

export class Pulse {
  #unanswered = 0;

  /** It is time for a question. True: ask it. False: it has answered none of the last ones. */
  ask(): boolean {
    if (this.#unanswered >= UNANSWERED) return false;
    this.#unanswered++;
    return true;
  }

  /** It said something, whatever it was. */
  heard(): void {
    this.#unanswered = 0;
  }
}
