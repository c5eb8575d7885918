/** One persisted key of an app as the sources declare it, and what was found wrong on the way. */
import type { StateSchema } from "./schema/type.js";
import type { StateKind } from "./compat/change.js";

/** Where something stands: path from the app's root with `/`, line and column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface StateEntry extends Place {
  readonly kind: StateKind;
  readonly key: string;
  /** Of a session key: whose value it is. */
  readonly scope?: "tab" | "browser";
  /** Identity of the type: `@schemaId` or the option; else `module#TypeName`; a type with no name has `module#kind:key`. */
  readonly schema: string;
  readonly type: StateSchema;
  /** Of the schema (root and defs): 16 hex digits of SHA-256 of its canonical JSON. */
  readonly hash: string;
  /** Module that declares it: path from the app's root without extension. */
  readonly module: string;
  /** The initial value as an expression of JavaScript, evaluated in the bindings. */
  readonly initial: string;
  /** Schema ids and hashes that the call's `migrate` option reads, sorted. */
  readonly migrates: readonly string[];
  /** Former keys, from `vango state alias`. */
  readonly aliases: readonly string[];
}
