/**
 * The error an API function throws to choose its own answer.
 */

/**
 * Answered as `{ "error": message, "code": code }` with `status`.
 *
 * @example
 * ```ts
 * throw new HttpError(409, "The name is taken.", "NAME_TAKEN");
 * ```
 */
export class HttpError extends Error {
  /**
   * @param status 400 to 599.
   * @param message Sent to the caller.
   * @param code Stable, for programs. Default `HTTP_<status>`.
   */
  constructor(
    readonly status: number,
    message: string,
    readonly code: string = `HTTP_${status}`,
  ) {
    super(message);
    this.name = "HttpError";
    if (!Number.isInteger(status) || status < 400 || status > 599) throw new RangeError(`HttpError: ${status} is not an error status.`);
  }
}
