// The module TypeScript resolves JSX types from (`jsxImportSource: "@vango/core"`).
// JSX is compiled to templates before it runs, so the runtime functions only say that the compiler is missing.

import { jsxNotCompiled } from "./jsx/not-compiled.js";
import type { JSXElement, View } from "./jsx/contract.js";

export type { JSX } from "./jsx/namespace.js";

/** Groups children without an element of its own. */
export function Fragment(_props: { children?: View }): JSXElement { return jsxNotCompiled(); }

/** Present so that the automatic JSX runtime resolves. Always throws `VANGO_JSX_NOT_COMPILED`. */
export function jsx(_type: unknown, _props: unknown, _key?: string | number): JSXElement { return jsxNotCompiled(); }

/** As {@link jsx}, for elements with several children. */
export function jsxs(_type: unknown, _props: unknown, _key?: string | number): JSXElement { return jsxNotCompiled(); }
