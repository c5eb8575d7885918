// Walking oxc's syntax tree. Offsets are UTF-16 units into the source.
import { visitorKeys, type Node } from "oxc-parser";

export type { Node };

/** The nodes directly below one, in source order as the parser lists them. */
export function childNodes(node: Node): Node[] {
  const out: Node[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) out.push(item);
    } else if (isNode(value)) out.push(value);
  }
  return out;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** Visits a node and everything below it; a visitor that gives `false` is not led deeper. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => boolean | void, parent?: Node): void {
  if (visit(node, parent) === false) return;
  for (const child of childNodes(node)) walk(child, visit, node);
}

/** An expression without parentheses and type assertions. */
export function unwrap(node: Node): Node {
  switch (node.type) {
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
      return unwrap(node.expression);
    default:
      return node;
  }
}

export type FunctionNode = Extract<Node, { type: "ArrowFunctionExpression" | "FunctionExpression" | "FunctionDeclaration" }>;

export function isFunction(node: Node): node is FunctionNode {
  return node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression" || node.type === "FunctionDeclaration";
}

/** What a call calls: `on(…)` → "on", `setup.signal(…)` → "signal" of object "setup". */
export function calleeOf(call: Extract<Node, { type: "CallExpression" }>): { readonly name: string; readonly object: string | undefined } | undefined {
  const callee = unwrap(call.callee);
  if (callee.type === "Identifier") return { name: callee.name, object: undefined };
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier") return undefined;
  const object = unwrap(callee.object);
  return { name: callee.property.name, object: object.type === "Identifier" ? object.name : "" };
}

/** The expression of `name={…}`, as it is written. */
export function expressionOf({ value }: Extract<Node, { type: "JSXAttribute" }>): Node | undefined {
  return value?.type === "JSXExpressionContainer" ? value.expression : undefined;
}

/** `onClick={…}`: an attribute whose value is a handler. */
export function isEventAttribute(node: Node): node is Extract<Node, { type: "JSXAttribute" }> {
  return node.type === "JSXAttribute" && node.name.type === "JSXIdentifier" && /^on[A-Z]/.test(node.name.name);
}

/** A value known from the source alone; `undefined` as a result means it is not. `value` undefined stands for JavaScript's. */
export function literalOf(given: Node): { readonly value: string | number | bigint | boolean | null | undefined } | undefined {
  const node = unwrap(given);
  switch (node.type) {
    case "Literal":
      if ("regex" in node && node.regex !== undefined) return undefined;
      if ("bigint" in node && typeof node.bigint === "string") return { value: BigInt(node.bigint) };
      return typeof node.value === "object" && node.value !== null ? undefined : { value: node.value as string | number | boolean | null };
    case "Identifier":
      return node.name === "undefined" ? { value: undefined } : undefined;
    case "TemplateLiteral":
      return node.expressions.length === 0 ? { value: node.quasis[0]?.value.cooked ?? "" } : undefined;
    case "UnaryExpression": {
      const inner = literalOf(node.argument);
      if (inner === undefined) return undefined;
      if (node.operator === "-" && typeof inner.value === "number") return { value: -inner.value };
      if (node.operator === "!") return { value: !inner.value };
      return node.operator === "void" ? { value: undefined } : undefined;
    }
    default:
      return undefined;
  }
}

/** True when evaluating it can read no state: a value may be taken at once instead of in a computation of its own. */
export function isPlain(given: Node): boolean {
  const node = unwrap(given);
  if (isFunction(node)) return true;
  switch (node.type) {
    case "Literal":
    case "Identifier":
    case "ThisExpression":
      return true;
    case "TemplateLiteral":
      return node.expressions.every(isPlain);
    case "UnaryExpression":
      return node.operator !== "delete" && isPlain(node.argument);
    case "BinaryExpression":
    case "LogicalExpression":
      return isPlain(node.left) && isPlain(node.right);
    case "ConditionalExpression":
      return isPlain(node.test) && isPlain(node.consequent) && isPlain(node.alternate);
    case "ArrayExpression":
      return node.elements.every((e) => e === null || (e.type !== "SpreadElement" && isPlain(e)));
    case "ObjectExpression":
      return node.properties.every((p) => p.type === "Property" && (!p.computed || isPlain(p.key)) && isPlain(p.value));
    default:
      return false;
  }
}
