// The one error type of decoders, applier and take-over. It carries a code only, because the browser bundles it; the
// catalogue with why and fix is wire-catalogue.ts.

/** Codes of malformed messages (`VANGO_WIRE_*`) and of frames or documents that do not fit the page (`VANGO_APPLY_*`). */
export type WireCode =
  | "VANGO_WIRE_TRUNCATED"
  | "VANGO_WIRE_TRAILING"
  | "VANGO_WIRE_DEPTH"
  | "VANGO_WIRE_UTF8"
  | "VANGO_WIRE_KEY"
  | "VANGO_WIRE_TYPE"
  | "VANGO_WIRE_SIZE"
  | "VANGO_WIRE_SHAPE"
  | "VANGO_WIRE_KIND"
  | "VANGO_WIRE_SEQUENCE"
  | "VANGO_APPLY_FRAME"
  | "VANGO_APPLY_STRUCTURE";

/** Thrown by every decoder of the protocol and by the applier; `code` says why, `message` adds the place. */
export class WireError extends Error {
  declare readonly code: WireCode;
  constructor(code: WireCode, detail: unknown = "") {
    super(code + " " + detail);
    this.code = code;
  }
}

/** Throws a {@link WireError}; an expression, so that decoders stay short. */
export const fail = (code: WireCode, detail?: unknown): never => {
  throw new WireError(code, detail);
};

/** Throws `error` again, as a {@link WireError} of `code` unless it is one: what a bad input breaks is always coded. */
export const recode = (error: unknown, code: WireCode): never => {
  throw error instanceof WireError ? error : new WireError(code, error);
};
