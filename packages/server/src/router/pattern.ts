/**
 * Route patterns: `/users/[id:int]/[...rest]` parsed once into segments, with the parameter types they know.
 */
import { serverError } from "../errors.js";

export type ParamType = "string" | "int" | "uuid";

export type PatternSegment =
  | { readonly kind: "static"; readonly text: string }
  | { readonly kind: "param"; readonly name: string; readonly type: ParamType }
  | { readonly kind: "rest"; readonly name: string };

const PARAM = /^\[([A-Za-z_][A-Za-z0-9_]*)(?::(int|uuid))?\]$/;
const REST = /^\[\.\.\.([A-Za-z_][A-Za-z0-9_]*)\]$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INT = /^-?(?:0|[1-9][0-9]*)$/;
const UNSAFE_NAMES = new Set(["__proto__", "constructor", "prototype"]);

/** Parses a pattern; throws VANGO_BAD_ROUTE. */
export function parsePattern(pattern: string): readonly PatternSegment[] {
  if (pattern === "/") return [];
  if (!pattern.startsWith("/") || pattern.endsWith("/")) throw badRoute(pattern, "it must start with `/` and not end with one");
  const names = new Set<string>();
  const parts = pattern.slice(1).split("/");
  return parts.map((part, i) => {
    const segment = parseSegment(pattern, part);
    if (segment.kind === "static") return segment;
    if (segment.kind === "rest" && i !== parts.length - 1) throw badRoute(pattern, "a catch-all must be last");
    if (names.has(segment.name)) throw badRoute(pattern, `the parameter ${segment.name} appears twice`);
    if (UNSAFE_NAMES.has(segment.name)) throw badRoute(pattern, `a parameter must not be called ${segment.name}`);
    names.add(segment.name);
    return segment;
  });
}

function parseSegment(pattern: string, part: string): PatternSegment {
  const rest = REST.exec(part);
  if (rest !== null) return { kind: "rest", name: rest[1] ?? "" };
  const param = PARAM.exec(part);
  if (param !== null) return { kind: "param", name: param[1] ?? "", type: (param[2] as ParamType | undefined) ?? "string" };
  if (part === "" || part === "." || part === ".." || /[[\]\\]/.test(part)) throw badRoute(pattern, `\`${part}\` is not a segment`);
  return { kind: "static", text: part };
}

function badRoute(pattern: string, why: string): Error {
  return serverError("VANGO_BAD_ROUTE", { message: `\`${pattern}\`: ${why}.` });
}

/** A decoded segment as a value of its type; undefined when it does not fit. */
export function parseParam(type: ParamType, text: string): string | number | undefined {
  switch (type) {
    case "string":
      return text;
    case "uuid":
      return UUID.test(text) ? text : undefined;
    case "int": {
      if (!INT.test(text) || text === "-0") return undefined;
      const value = Number(text);
      return Number.isSafeInteger(value) ? value : undefined;
    }
  }
}
