// JSX6: `.map()` that gives elements needs keys.
import type { Sink } from "../diagnostics.js";
import { calleeOf, isFunction, unwrap, walk, type FunctionNode, type Node } from "../syntax.js";
import { keyOf } from "../to-ast.js";

export function checkMapKeys(program: Node, diagnostics: Sink): void {
  walk(program, (node) => {
    if (node.type !== "CallExpression") return;
    const callee = calleeOf(node);
    if (callee === undefined || callee.object === undefined) return;
    const callback = callee.name === "map" || callee.name === "flatMap" ? node.arguments[0] : callee.object === "Array" && callee.name === "from" ? node.arguments[1] : undefined;
    if (callback === undefined) return;
    const fn = unwrap(callback);
    if (!isFunction(fn)) return;
    for (const result of results(fn)) {
      if (result.type === "JSXElement" && keyOf(result) !== undefined) continue;
      const what = result.type === "JSXElement" ? "The element" : "The fragment";
      diagnostics.error("VANGO_JSX_MAP_KEY", result.start, `${what} has no key.`);
    }
  });
}

/** The JSX a function can return. */
function results(fn: FunctionNode): Extract<Node, { type: "JSXElement" | "JSXFragment" }>[] {
  if (fn.body === null) return [];
  if (fn.body.type !== "BlockStatement") return jsxOf(fn.body);
  const out: Extract<Node, { type: "JSXElement" | "JSXFragment" }>[] = [];
  walk(fn.body, (node) => {
    if (isFunction(node)) return false;
    if (node.type === "ReturnStatement" && node.argument !== null) out.push(...jsxOf(node.argument));
    return undefined;
  });
  return out;
}

function jsxOf(given: Node): Extract<Node, { type: "JSXElement" | "JSXFragment" }>[] {
  const node = unwrap(given);
  switch (node.type) {
    case "JSXElement":
    case "JSXFragment":
      return [node];
    case "ConditionalExpression":
      return [...jsxOf(node.consequent), ...jsxOf(node.alternate)];
    case "LogicalExpression":
      return [...jsxOf(node.left), ...jsxOf(node.right)];
    default:
      return [];
  }
}
