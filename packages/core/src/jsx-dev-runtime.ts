// The development twin of jsx-runtime: tools that emit `jsxDEV` find it here and get the same error.

import { jsxNotCompiled } from "./jsx/not-compiled.js";
import type { JSXElement } from "./jsx/contract.js";

export type { JSX } from "./jsx/namespace.js";
export { Fragment } from "./jsx-runtime.js";

/** Present so that the automatic JSX runtime resolves. Always throws `VANGO_JSX_NOT_COMPILED`. */
export function jsxDEV(_type: unknown, _props: unknown, _key?: string | number): JSXElement { return jsxNotCompiled(); }
