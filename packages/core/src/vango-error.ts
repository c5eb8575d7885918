// The one error class of every package. A code is stable and documented; `why` says what went wrong in the framework's
// terms, `fix` what to change. `at` and `related` name places (the write, the loader that was running …).

/** Text of one entry of a package's error catalogue. */
export interface ErrorEntry {
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}

/** What one occurrence adds to its entry; `fix` replaces the entry's where the place knows better. */
export interface ErrorDetail {
  readonly message?: string | undefined;
  readonly fix?: string | undefined;
  readonly at?: string | undefined;
  readonly related?: string | undefined;
  readonly cause?: unknown;
}

/** An error of Vango: a stable code, the cause and the fix. Each code has a page under `docs/errors/`. */
export class VangoError extends Error {
  readonly code: `VANGO_${string}`;
  readonly why: string;
  readonly fix: string;
  declare readonly at?: string;
  declare readonly related?: string;

  constructor(
    code: `VANGO_${string}`,
    entry: ErrorEntry,
    detail?: ErrorDetail,
  ) {
    const message = detail?.message === undefined ? entry.message : `${entry.message} ${detail.message}`;
    super(`${code}: ${message}`, detail?.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "VangoError";
    this.code = code;
    this.why = entry.why;
    this.fix = detail?.fix ?? entry.fix;
    if (detail?.at !== undefined) this.at = detail.at;
    if (detail?.related !== undefined) this.related = detail.related;
  }
}
