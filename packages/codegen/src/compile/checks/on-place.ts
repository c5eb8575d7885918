// JSX4: `on()` stands only as the value of an event attribute, where its options can become static.
import type { Diagnostics } from "../diagnostics.js";
import { isOn } from "../handler.js";
import type { CoreNames } from "../imports.js";
import { isEventAttribute, unwrap, walk, type Node } from "../syntax.js";

export function checkOnPlace(program: Node, names: CoreNames, diagnostics: Diagnostics): void {
  const allowed = new Set<Node>();
  walk(program, (node) => {
    if (isEventAttribute(node) && node.value?.type === "JSXExpressionContainer") allowed.add(unwrap(node.value.expression));
    if (node.type === "CallExpression" && isOn(node, names) && !allowed.has(node)) diagnostics.error("VANGO_JSX_ON_PLACE", node.start);
  });
}
