// Forms whose browser does what the handler does.
import { coreCall, coreImports, type CoreNames } from "../../compile/imports.js";
import { expressionOf, isFunction, unwrap, walk, type Node } from "../../compile/syntax.js";
import type { Finding } from "../finding.js";
import type { LintRule } from "./rule.js";

export const noNativeSubmit: LintRule = {
  name: "no-native-submit",
  summary: "A form with a handler does not submit itself as well.",
  why: "Without preventDefault the browser runs the handler and then loads the form's address: the page is thrown away with what was typed.",
  fix: "Wrap the handler: onSubmit={on({ preventDefault: true }, (event) => …)}. A form that is to work without JavaScript has an action.",
  check({ program }) {
    const names = coreImports(program);
    const found: Finding[] = [];
    walk(program, (node) => {
      if (node.type !== "JSXOpeningElement" || node.name.type !== "JSXIdentifier" || node.name.name !== "form") return;
      const handler = submitHandler(node.attributes);
      if (handler !== undefined && submits(handler, names)) found.push({ start: handler.start, end: handler.end, what: "This form is submitted by the browser too." });
    });
    return found;
  },
};

/** What `onSubmit` holds; undefined where the form may have another address, or another way to go, on purpose. */
function submitHandler(attributes: readonly Node[]): Node | undefined {
  let handler: Node | undefined;
  for (const attribute of attributes) {
    if (attribute.type !== "JSXAttribute" || attribute.name.type !== "JSXIdentifier") return undefined;
    const { name } = attribute.name;
    if (name === "action" || name === "method" || name === "target") return undefined;
    if (name === "onSubmit") handler = expressionOf(attribute);
  }
  return handler === undefined ? undefined : unwrap(handler);
}

/** True only for what can be read here: a function, or `on` with options that leave preventDefault out. */
function submits(handler: Node, names: CoreNames): boolean {
  if (isFunction(handler)) return true;
  if (handler.type !== "CallExpression" || coreCall(handler, names) !== "on") return false;
  const [options, inner] = handler.arguments;
  if (options?.type !== "ObjectExpression" || inner === undefined || !submits(unwrap(inner), names)) return false;
  return options.properties.every((p) => p.type === "Property" && !p.computed && p.key.type === "Identifier" && p.key.name !== "preventDefault");
}
