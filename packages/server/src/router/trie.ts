/**
 * The matcher: a trie with backtracking. Order at every segment: static, typed, plain, catch-all. Values are collected
 * by position and named by the route that wins, so two routes may name one spot differently.
 * A small trie of our own instead of a library, because typed parameters must fail over to the next candidate.
 */
import { serverError } from "../errors.js";
import { parseParam, parsePattern, type ParamType, type PatternSegment } from "./pattern.js";
import type { MatchedParams, RouteParamsValue } from "./route-table.js";

interface Node<T> {
  statics: Map<string, Node<T>> | undefined;
  typed: { readonly type: ParamType; readonly node: Node<T> }[] | undefined;
  plain: Node<T> | undefined;
  rest: Leaf<T> | undefined;
  leaf: Leaf<T> | undefined;
}

interface Leaf<T> {
  readonly value: T;
  readonly pattern: string;
  readonly names: readonly string[];
}

export type TrieMatch<T> =
  | { readonly kind: "found"; readonly value: T; readonly params: MatchedParams }
  /** Only a typed parameter stood in the way of this value. */
  | { readonly kind: "mistyped"; readonly value: T }
  /** A segment holds an encoded slash and no catch-all takes it. */
  | { readonly kind: "encoded-slash" }
  | { readonly kind: "none" };

const NO_PARAMS: MatchedParams = Object.freeze({});
const NONE = { kind: "none" } as const;
const ENCODED_SLASH = { kind: "encoded-slash" } as const;

export class Trie<T> {
  readonly #root: Node<T> = node();
  /** Routes without parameters: one lookup. A static route wins at every segment, so this cannot change the result. */
  readonly #exact = new Map<string, { kind: "found"; value: T; params: MatchedParams }>();

  add(pattern: string, value: T): void {
    const segments = parsePattern(pattern);
    const leaf: Leaf<T> = { value, pattern, names: segments.flatMap((s) => (s.kind === "static" ? [] : [s.name])) };
    let at = this.#root;
    for (const segment of segments) {
      if (segment.kind === "rest") {
        if (at.rest !== undefined) throw duplicate(at.rest.pattern, pattern);
        at.rest = leaf;
        return;
      }
      at = descend(at, segment);
    }
    if (at.leaf !== undefined) throw duplicate(at.leaf.pattern, pattern);
    at.leaf = leaf;
    if (leaf.names.length === 0) this.#exact.set(pattern, { kind: "found", value, params: NO_PARAMS });
  }

  /** Matches a canonical path. */
  match(path: string): TrieMatch<T> {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return exact;
    const raw = path === "/" ? [] : path.slice(1).split("/");
    const escaped = path.includes("%");
    const segments = escaped ? raw.map(decodeURIComponent) : raw;
    const slash = escaped && segments.some((s) => s.includes("/"));
    const values: RouteParamsValue[] = [];
    const leaf = find(this.#root, segments, 0, values, false);
    if (leaf !== undefined) return { kind: "found", value: leaf.value, params: name(leaf, values) };
    if (slash) return ENCODED_SLASH;
    const relaxed = find(this.#root, segments, 0, [], true);
    return relaxed === undefined ? NONE : { kind: "mistyped", value: relaxed.value };
  }
}

function node<T>(): Node<T> {
  return { statics: undefined, typed: undefined, plain: undefined, rest: undefined, leaf: undefined };
}

function descend<T>(at: Node<T>, segment: Exclude<PatternSegment, { kind: "rest" }>): Node<T> {
  if (segment.kind === "static") {
    at.statics ??= new Map();
    let next = at.statics.get(segment.text);
    if (next === undefined) at.statics.set(segment.text, (next = node()));
    return next;
  }
  if (segment.type === "string") return (at.plain ??= node());
  at.typed ??= [];
  let typed = at.typed.find((t) => t.type === segment.type);
  if (typed === undefined) at.typed.push((typed = { type: segment.type, node: node() }));
  return typed.node;
}

/** Depth first; `values` is rewound on the way back. `anyType` takes a typed parameter for a plain one. */
function find<T>(at: Node<T>, segments: readonly string[], i: number, values: RouteParamsValue[], anyType: boolean): Leaf<T> | undefined {
  const text = segments[i];
  if (text === undefined) return at.leaf;
  const fixed = at.statics?.get(text);
  if (fixed !== undefined) {
    const leaf = find(fixed, segments, i + 1, values, anyType);
    if (leaf !== undefined) return leaf;
  }
  const plainText = !text.includes("/");
  if (at.typed !== undefined && plainText) {
    for (const { type, node: next } of at.typed) {
      const value = anyType ? text : parseParam(type, text);
      if (value === undefined) continue;
      values.push(value);
      const leaf = find(next, segments, i + 1, values, anyType);
      if (leaf !== undefined) return leaf;
      values.pop();
    }
  }
  if (at.plain !== undefined && plainText) {
    values.push(text);
    const leaf = find(at.plain, segments, i + 1, values, anyType);
    if (leaf !== undefined) return leaf;
    values.pop();
  }
  if (at.rest !== undefined) {
    values.push(segments.slice(i));
    return at.rest;
  }
  return undefined;
}

function name<T>(leaf: Leaf<T>, values: readonly RouteParamsValue[]): MatchedParams {
  if (leaf.names.length === 0) return NO_PARAMS;
  const params: Record<string, RouteParamsValue> = {};
  for (let i = 0; i < leaf.names.length; i++) params[leaf.names[i] ?? ""] = values[i] ?? "";
  return params;
}

function duplicate(a: string, b: string): Error {
  return serverError("VANGO_DUPLICATE_ROUTE", { message: `\`${a}\` and \`${b}\`.` });
}
