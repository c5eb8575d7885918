/**
 * Errors that anybody can bring about by what he sends (malformed messages, addresses that are none): told in one line, without
 * a stack, once a code in ten seconds and with the number of those that were not told. So nobody can fill a disk with logs. They are
 * all counted, and all go to the diagnostics channel and to the app's own `onError`.
 */

/** Between two lines about one code, ms. */
const EVERY_MS = 10_000;

export const isClientMistake = (code: string): boolean => /^VANGO_(WIRE_|BAD_PATH$|BAD_PARAM$)/.test(code);

export class ClientMistakes {
  readonly #codes = new Map<string, { nextAt: number; untold: number }>();

  /** How many of this code were not told since the last line; undefined: this one is not told either. */
  next(code: string, now: number): number | undefined {
    const known = this.#codes.get(code);
    if (known !== undefined && now < known.nextAt) {
      known.untold++;
      return undefined;
    }
    this.#codes.set(code, { nextAt: now + EVERY_MS, untold: 0 });
    return known?.untold ?? 0;
  }
}
