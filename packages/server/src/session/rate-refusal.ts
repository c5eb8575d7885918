/**
 * The answer to events beyond their session's budget: one for all that were refused one after the other in an iteration of the
 * event loop. A flood is refused a thousand times at once, and each answer of its own would be time that the neighbours wait.
 */
import { encodeError } from "@vango/core/protocol";
import { serverError } from "../errors.js";

const CODE = "VANGO_RATE_LIMITED";
/** So many are told at once: the page knows each of them by its number's low byte. */
const MOST = 100;

/** Made once, in development: an error with a stack each would stall the neighbours too. */
let text: string | undefined;

/** Events with consecutive numbers that were refused and whose page has not been told. */
export class Refused {
  #last: number;

  constructor(
    readonly first: number,
    readonly dev: boolean,
  ) {
    this.#last = first;
  }

  /** False: it is none of these, they have to be told first. */
  add(seq: number): boolean {
    if (seq !== this.#last + 1 || seq - this.first >= MOST) return false;
    this.#last = seq;
    return true;
  }

  /** The error that tells the page. */
  encode(): Uint8Array {
    const { first, dev } = this;
    const message = dev ? (text ??= serverError(CODE).message) : "The action could not be carried out.";
    const seq = this.#last;
    return encodeError({ code: CODE, message, seq, ...(first === seq ? {} : { first }) });
  }
}
