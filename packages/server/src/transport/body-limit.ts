/**
 * The error of a request body that is too large, in the one shape both transports and the pipeline agree on.
 */
import { serverError } from "../errors.js";

/** A coded error with `statusCode` 413. */
export function bodyTooLarge(limit: number): Error & { statusCode: number } {
  return Object.assign(serverError("VANGO_BODY_TOO_LARGE", { message: `The limit is ${limit} bytes.` }), { statusCode: 413 });
}

/** True for our own error and for the one that srvx raises, also when wrapped as a cause. */
export function isBodyTooLarge(error: unknown): boolean {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 4; e = e.cause, depth++) {
    if ((e as { statusCode?: unknown }).statusCode === 413 || (e as { status?: unknown }).status === 413) return true;
  }
  return false;
}
