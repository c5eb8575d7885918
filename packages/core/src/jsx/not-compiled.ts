// What the automatic JSX runtime does here: one coded error that names the missing build step.

import { coreError } from "../errors.js";

/** @throws VangoError `VANGO_JSX_NOT_COMPILED`, always. */
export function jsxNotCompiled(): never {
  throw coreError("VANGO_JSX_NOT_COMPILED");
}
