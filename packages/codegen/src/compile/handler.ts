// Event attributes: the options of an inline `on({…}, handler)` and the payload fields a handler reads.
// Both become static data of the template, so both must be readable from the source alone.
import { didYouMean, OPTION_NAMES } from "@vango/core/internal";
import type { Diagnostics } from "./diagnostics.js";
import { coreCall, type CoreNames } from "./imports.js";
import { isFunction, literalOf, unwrap, walk, type FunctionNode, type Node } from "./syntax.js";

/** Options as `on` takes them; only what was written. */
export interface Options {
  preventDefault?: boolean;
  stopPropagation?: boolean;
  self?: boolean;
  once?: boolean;
  passive?: boolean;
  capture?: boolean;
  debounce?: number;
  throttle?: number;
  keys?: readonly string[];
}

export interface EventCode {
  readonly handler: Node;
  readonly options: Options;
  readonly fields: readonly string[] | undefined;
}

/** Reads `expr` of `onX={expr}`. */
export function readEvent(expression: Node, names: CoreNames, diagnostics: Diagnostics): EventCode {
  const inner = unwrap(expression);
  if (inner.type !== "CallExpression" || !isOn(inner, names)) {
    return { handler: expression, options: {}, fields: fieldsOf(inner, diagnostics) };
  }
  const [options, handler] = inner.arguments;
  if (options === undefined || handler === undefined || handler.type === "SpreadElement") {
    diagnostics.error("VANGO_JSX_ON_OPTIONS", inner.start, "on() takes options and a handler.");
    return { handler: expression, options: {}, fields: undefined };
  }
  return { handler, options: readOptions(options, diagnostics), fields: fieldsOf(unwrap(handler), diagnostics) };
}

/** True for a call of core's `on`. */
export function isOn(call: Extract<Node, { type: "CallExpression" }>, names: CoreNames): boolean {
  return coreCall(call, names) === "on";
}

function readOptions(node: Node, diagnostics: Diagnostics): Options {
  const object = unwrap(node);
  const out: Record<string, unknown> = {};
  if (object.type !== "ObjectExpression") {
    diagnostics.error("VANGO_JSX_ON_OPTIONS", node.start);
    return {};
  }
  for (const p of object.properties) {
    const name = p.type === "Property" && !p.computed ? (p.key.type === "Identifier" ? p.key.name : p.key.type === "Literal" ? String(p.key.value) : undefined) : undefined;
    if (p.type !== "Property" || name === undefined || p.shorthand) {
      diagnostics.error("VANGO_JSX_ON_OPTIONS", p.start);
      continue;
    }
    if (!OPTION_NAMES.includes(name)) {
      const near = didYouMean(name, OPTION_NAMES);
      diagnostics.error("VANGO_JSX_ON_OPTIONS", p.start, `\`${name}\` is not an option. ${near === undefined ? `Options: ${OPTION_NAMES.join(", ")}.` : `Did you mean \`${near}\`?`}`);
      continue;
    }
    const value = optionValue(name, p.value);
    if (value === undefined) diagnostics.error("VANGO_JSX_ON_OPTIONS", p.value.start, expectation(name));
    else if (value !== false) out[name] = value;
  }
  return out as Options;
}

function optionValue(name: string, node: Node): unknown {
  const inner = unwrap(node);
  if (name === "keys") {
    if (inner.type !== "ArrayExpression") return undefined;
    const keys = inner.elements.map((e) => (e === null || e.type === "SpreadElement" ? undefined : literalOf(e)?.value));
    return keys.every((k) => typeof k === "string" && k !== "") ? keys : undefined;
  }
  const value = literalOf(inner)?.value;
  if (name === "debounce" || name === "throttle") return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
  return typeof value === "boolean" ? value : undefined;
}

function expectation(name: string): string {
  if (name === "keys") return "`keys` is a list of literal key names.";
  return name === "debounce" || name === "throttle" ? `\`${name}\` is a whole number of milliseconds.` : `\`${name}\` is true or false.`;
}

/** Members that only the browser's event object has. */
const DOM_ONLY = new Set(["preventDefault", "stopPropagation", "stopImmediatePropagation", "target", "currentTarget", "nativeEvent"]);

/**
 * The payload fields a handler reads: `(e) => set(e.value)` gives `["value"]`, no parameter gives `[]`.
 * undefined: not known (a handler by name, or the event passed on), so the event type's default is sent.
 * `type` is known on the server and never sent.
 */
export function fieldsOf(handler: Node, diagnostics: Diagnostics): readonly string[] | undefined {
  if (!isFunction(handler)) return undefined;
  const [first, ...rest] = handler.params;
  if (first === undefined) return handler.type === "ArrowFunctionExpression" || !usesArguments(handler) ? [] : undefined;
  if (rest.length > 0) return undefined;
  const found = new Set<string>();
  const complete = first.type === "ObjectPattern" ? addPattern(first, found) : first.type === "Identifier" && addReads(first.name, handler, found, diagnostics);
  found.delete("type");
  return complete ? [...found].sort() : undefined;
}

function usesArguments(fn: FunctionNode): boolean {
  let used = false;
  if (fn.body !== null) walk(fn.body, (node) => void (used ||= node.type === "Identifier" && node.name === "arguments"));
  return used;
}

function addPattern(pattern: Extract<Node, { type: "ObjectPattern" }>, found: Set<string>): boolean {
  for (const p of pattern.properties) {
    if (p.type !== "Property" || p.computed || p.key.type !== "Identifier") return false;
    found.add(p.key.name);
  }
  return true;
}

/** Every mention of the parameter must be a plain member read, or a destructuring of it. */
function addReads(name: string, fn: FunctionNode, found: Set<string>, diagnostics: Diagnostics): boolean {
  let complete = true;
  const mention = (node: Node): boolean => unwrap(node).type === "Identifier" && (unwrap(node) as { name: string }).name === name;
  const visit = (node: Node): boolean | void => {
    if (node.type === "MemberExpression" && mention(node.object)) {
      const property = node.computed ? literalOf(node.property)?.value : node.property.type === "Identifier" ? node.property.name : undefined;
      if (typeof property !== "string") complete = false;
      else if (DOM_ONLY.has(property)) diagnostics.error("VANGO_JSX_EVENT_DOM", node.start, `\`${name}.${property}\` does not exist on the server.`);
      else found.add(property);
      return false;
    }
    if (node.type === "VariableDeclarator" && node.init !== null && mention(node.init) && node.id.type === "ObjectPattern") {
      if (!addPattern(node.id, found)) complete = false;
      return false;
    }
    if (node.type === "Property" && !node.computed && !node.shorthand) {
      walk(node.value, visit);
      return false;
    }
    if (node.type === "MemberExpression" && !node.computed) {
      walk(node.object, visit);
      return false;
    }
    if (node.type === "Identifier" && node.name === name) complete = false;
  };
  if (fn.body !== null) walk(fn.body, visit);
  return complete;
}
