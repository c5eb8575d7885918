// Parts of a validator's source: where a value stands, as expressions of the generated code.
import type { StateType } from "./type.js";

/** Statements of generated code. */
export type Emitted = readonly string[];

/** A value in the generated code. */
export interface Place {
  /** The variable that holds it. */
  readonly value: string;
  /** The expression that counts the recursion. */
  readonly depth: string;
  /** The expression of the path to it, evaluated only where something is wrong. */
  readonly path: string;
  /** The path with one more part; `part` is an expression. */
  under(part: string): string;
  /** What stands below it, held by `value`. */
  at(value: string, part: string): Place;
}

export function place(value: string, depth: string, path = '""'): Place {
  const under = (part: string): string => (path === '""' ? part : joined(path, part));
  return { value, depth, path, under, at: (below, part) => place(below, depth, under(part)) };
}

/** Two neighbouring texts are one. */
function joined(a: string, b: string): string {
  const texts = /^(.*)"$/s.exec(a);
  return texts !== null && b.startsWith('"') ? `${texts[1] ?? ""}${b.slice(1)}` : `${a} + ${b}`;
}

export const PLAIN_FIELDS = "/^[A-Za-z_$][\\w$]*$/";

/** `.name`, or `["a name"]`: the end of a path, and of an expression. */
export function quoteField(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

export function isUnion(type: StateType): type is Extract<StateType, { kind: "union" }> {
  return type.kind === "union";
}
