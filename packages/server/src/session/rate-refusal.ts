/**
 * The answer to an event beyond its session's budget. A flood gets it a thousand times at once, so it is made once and only its
 * number is written anew: an error with a stack each would stall the neighbours.
 */
import { encodeError, encodePayload } from "@vango/core/protocol";
import { serverError } from "../errors.js";

const CODE = "VANGO_RATE_LIMITED";

/** In development and in production, all but the number: it comes last. */
const heads = new Map<boolean, Uint8Array>();

export function rateRefusal(dev: boolean, seq: number): Uint8Array {
  let head = heads.get(dev);
  if (head === undefined) {
    const message = dev ? serverError(CODE).message : "The action could not be carried out.";
    // A seq of 0 is the last byte.
    head = encodeError({ code: CODE, message, seq: 0 }).slice(0, -1);
    heads.set(dev, head);
  }
  const number = encodePayload(seq);
  const bytes = new Uint8Array(head.length + number.length);
  bytes.set(head);
  bytes.set(number, head.length);
  return bytes;
}
