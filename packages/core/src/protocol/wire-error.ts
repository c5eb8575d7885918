// The one error type of decoders and of the applier. It carries a code only: the browser bundles it, and the
// catalogue with why and fix (WIRE_ERRORS in wire-catalogue.ts) stays on the server.

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
  | "VANGO_APPLY_TARGET"
  | "VANGO_APPLY_STRUCTURE";

/** Thrown by every decoder of the protocol and by the applier; `code` says why, `message` adds the place. */
export class WireError extends Error {
  readonly code: WireCode;
  constructor(code: WireCode, detail = "") {
    super(code + " " + detail);
    this.code = code;
  }
}

/** Throws a {@link WireError}; an expression, so that decoders stay short. */
export const fail = (suffix: WireSuffix, detail?: string | number): never => {
  throw new WireError(`VANGO_${suffix}`, detail === undefined ? "" : String(detail));
};

/** A {@link WireCode} without its `VANGO_`. */
export type WireSuffix = WireCode extends `VANGO_${infer S}` ? S : never;
