// One segment of a route file's path: static text or a parameter.
// Invariant: `pattern` is the one canonical spelling of a segment (Unicode NFC, not percent-encoded), as the router reads it.

import { cliError } from "../commands/errors.js";

export type ParamType = "string" | "int" | "uuid" | "rest";

export type Segment =
  | { readonly kind: "static"; readonly pattern: string }
  | { readonly kind: "param"; readonly pattern: string; readonly name: string; readonly type: ParamType };

const PARAM = /^\[(\.\.\.)?([A-Za-z_][A-Za-z0-9_]*)(?::([a-z]+))?\]$/;

/** Names that would reach an object's prototype when parameters become properties. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** Reads a segment. `file` is for the error: its path from the app's root. */
export function parseSegment(text: string, last: boolean, file: string): Segment {
  const refuse = (message: string) => cliError("VANGO_ROUTE_NAME", { message, at: file });
  const param = PARAM.exec(text);
  if (param !== null) {
    const [, rest, name = "", type] = param;
    if (FORBIDDEN.has(name)) throw refuse(`\`${text}\` in ${file}: this parameter name is reserved.`);
    if (rest !== undefined) {
      if (type !== undefined) throw refuse(`\`${text}\` in ${file}: a rest parameter has no type.`);
      if (!last) throw refuse(`\`${text}\` in ${file}: a rest parameter must be the last segment.`);
      return { kind: "param", pattern: text, name, type: "rest" };
    }
    if (type !== undefined && type !== "int" && type !== "uuid") throw refuse(`\`${text}\` in ${file}: the type is int or uuid, not ${type}.`);
    return { kind: "param", pattern: text, name, type: type ?? "string" };
  }
  if (text.includes("%")) throw refuse(`\`${text}\` in ${file}: write the character itself, not its percent encoding.`);
  // the router's pattern characters, and what a URL or a module specifier would read as its own syntax
  if (text === "" || /[[\]()?#\\\u0000-\u001f]/.test(text)) throw refuse(`\`${text}\` in ${file}.`);
  return { kind: "static", pattern: text.normalize("NFC") };
}

/** The TypeScript type of a decoded parameter. */
export function paramType(type: ParamType): string {
  if (type === "int") return "number";
  return type === "rest" ? "readonly string[]" : "string";
}
