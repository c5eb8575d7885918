// JSX syntax → the template AST of @vango/core, whose holes are pieces of code.
// What is known from the source becomes static; everything else is a hole.
import { decodeReferences, hasKeptReference, trimText, type AttrNode, type ChildNode, type ElementNode, type StaticValue } from "@vango/core/internal";
import type { Diagnostics } from "./diagnostics.js";
import { readEvent } from "./handler.js";
import type { CoreNames } from "./imports.js";
import { literalOf, unwrap, type Node } from "./syntax.js";

export type JsxElement = Extract<Node, { type: "JSXElement" }>;
export type JsxFragment = Extract<Node, { type: "JSXFragment" }>;
type JsxAttribute = Extract<Node, { type: "JSXAttribute" }>;

/** The code of a hole. */
export type Hole =
  | { readonly type: "code"; readonly node: Node }
  | { readonly type: "component"; readonly node: JsxElement }
  /** An element or fragment with a key: a view of its own. */
  | { readonly type: "keyed"; readonly node: JsxElement };

/** What converting needs to know about the file. */
export interface FileContext {
  readonly source: string;
  /** Of the file, with `/`. */
  readonly path: string;
  readonly names: CoreNames;
  readonly diagnostics: Diagnostics;
}

/** Element, component or fragment? */
export function jsxKind(node: JsxElement, file: FileContext): "element" | "component" | "fragment" {
  const name = node.openingElement.name;
  if (name.type === "JSXIdentifier") {
    if (file.names.get(name.name) === "Fragment") return "fragment";
    return /^[a-z]/.test(name.name) || name.name.includes("-") ? "element" : "component";
  }
  return name.type === "JSXNamespacedName" ? "element" : "component";
}

/** The `key` attribute. */
export function keyOf(node: JsxElement): JsxAttribute | undefined {
  for (const a of node.openingElement.attributes) {
    if (a.type === "JSXAttribute" && a.name.type === "JSXIdentifier" && a.name.name === "key") return a;
  }
  return undefined;
}

/** Children of an element or fragment; nested fragments are part of them. */
export function convertChildren(nodes: readonly Node[], file: FileContext): ChildNode<Hole>[] {
  return nodes.flatMap((node) => convertChild(node, file));
}

/** One JSX node as template nodes. */
export function convertChild(node: Node, file: FileContext): ChildNode<Hole>[] {
  const loc = node.start;
  switch (node.type) {
    case "JSXText": {
      const text = decodeReferences(trimText(file.source.slice(node.start, node.end)));
      return text === "" ? [] : [{ type: "text", text, loc }];
    }
    case "JSXExpressionContainer":
      return node.expression.type === "JSXEmptyExpression" ? [] : convertExpression(node.expression, file);
    case "JSXSpreadChild":
      return [{ type: "hole", hole: { type: "code", node: node.expression }, loc }];
    case "JSXFragment":
      return convertChildren(node.children, file);
    case "JSXElement": {
      const kind = jsxKind(node, file);
      if (kind === "component") return [{ type: "hole", hole: { type: "component", node }, loc }];
      if (keyOf(node) !== undefined) return [{ type: "hole", hole: { type: "keyed", node }, loc }];
      return kind === "fragment" ? convertChildren(node.children, file) : [convertElement(node, file)];
    }
    default:
      return [{ type: "hole", hole: { type: "code", node }, loc }];
  }
}

function convertExpression(expression: Node, file: FileContext): ChildNode<Hole>[] {
  const inner = unwrap(expression);
  const loc = expression.start;
  if (inner.type === "JSXElement" || inner.type === "JSXFragment") return convertChild(inner, file);
  const literal = literalOf(inner);
  if (literal === undefined) return [{ type: "hole", hole: { type: "code", node: expression }, loc }];
  if (literal.value === true) {
    file.diagnostics.error("VANGO_TPL_TRUE", loc);
    return [];
  }
  const text = literal.value === null || literal.value === undefined || literal.value === false ? "" : String(literal.value);
  return text === "" ? [] : [{ type: "text", text, loc }];
}

/** An intrinsic element with everything below it. */
export function convertElement(node: JsxElement, file: FileContext): ElementNode<Hole> {
  const { name, attributes } = node.openingElement;
  const tag = file.source.slice(name.start, name.end);
  if (name.type === "JSXNamespacedName") file.diagnostics.error("VANGO_JSX_NAMESPACE", name.start, `\`${tag}\` is not an element.`);
  const attrs = attributes.flatMap((a): AttrNode<Hole>[] => {
    if (a.type === "JSXSpreadAttribute") return [{ type: "spread", hole: { type: "code", node: a.argument }, loc: a.start }];
    return convertAttribute(a, file);
  });
  return { type: "element", tag: tag.replace(/^.*:/, ""), attrs, children: convertChildren(node.children, file), loc: node.start };
}

const NAMESPACES = /^(?:xlink|xml|xmlns):/;

function convertAttribute(attr: JsxAttribute, file: FileContext): AttrNode<Hole>[] {
  const name = file.source.slice(attr.name.start, attr.name.end);
  const loc = attr.start;
  if (name === "key" || name === "children") return [];
  if (attr.name.type === "JSXNamespacedName" && !NAMESPACES.test(name)) {
    file.diagnostics.error("VANGO_JSX_NAMESPACE", loc, namespaceHint(name));
    return [];
  }
  if (/^on[A-Z]/.test(name)) return convertEvent(attr, name, file);
  const value = attributeValue(attr, file);
  if (value.type === "static") return value.value === null ? [] : [{ type: "static", name, value: value.value, loc }];
  return [{ type: "dynamic", name, value: { hole: { type: "code", node: value.node } }, loc }];
}

function namespaceHint(name: string): string {
  const [space = "", rest = ""] = name.split(":");
  if (space === "on") return `Write \`on${rest.charAt(0).toUpperCase()}${rest.slice(1)}\` instead of \`${name}\`.`;
  if (space === "class") return `Write \`class={{ ${/^\w+$/.test(rest) ? rest : `"${rest}"`}: … }}\` instead of \`${name}\`.`;
  return space === "bind" || space === "prop" || space === "attr" ? `Write \`${rest}={…}\` instead of \`${name}\`.` : `\`${name}\` is not an attribute.`;
}

const EVENT_RENAMES: Readonly<Record<string, string>> = { onDoubleClick: "onDblClick" };

function convertEvent(attr: JsxAttribute, name: string, file: FileContext): AttrNode<Hole>[] {
  const loc = attr.start;
  const value = attributeValue(attr, file);
  if (value.type === "static") {
    if (value.value !== null && value.value !== false) file.diagnostics.error("VANGO_TPL_EVENT", loc, `\`${name}\` takes a function: ${name}={fn}.`);
    return [];
  }
  const better = Object.hasOwn(EVENT_RENAMES, name) ? EVENT_RENAMES[name] : undefined;
  if (better !== undefined) file.diagnostics.error("VANGO_TPL_EVENT", loc, `Did you mean \`${better}\`?`);
  if (/[a-z]Capture$/.test(name) && !/^on(?:Got|Lost)PointerCapture$/.test(name)) {
    file.diagnostics.error("VANGO_TPL_EVENT", loc, `Write \`${name.slice(0, -7)}={on({ capture: true }, …)}\`.`);
  }
  const { handler, options, fields } = readEvent(value.node, file.names, file.diagnostics);
  return [{ type: "event", event: name.slice(2).toLowerCase(), hole: { type: "code", node: handler }, options, fields, loc }];
}

/** The value of an attribute or prop: known, or code. A missing value is `true`, `undefined` is `null`. */
export function attributeValue(attr: JsxAttribute, file: FileContext): { readonly type: "static"; readonly value: StaticValue } | { readonly type: "code"; readonly node: Node } {
  const { value } = attr;
  if (value === null) return { type: "static", value: true };
  if (value.type === "Literal") return { type: "static", value: decodeReferences(file.source.slice(value.start + 1, value.end - 1)) };
  if (value.type !== "JSXExpressionContainer") return { type: "code", node: value };
  const literal = literalOf(value.expression);
  if (literal === undefined) return { type: "code", node: value.expression };
  return { type: "static", value: typeof literal.value === "bigint" ? String(literal.value) : (literal.value ?? null) };
}

/** Refuses references that only a browser can decode, where a JavaScript string is needed. */
export function checkDecoded(text: string, loc: number, file: FileContext): string {
  if (hasKeptReference(text)) file.diagnostics.error("VANGO_TPL_REFERENCE", loc, "The text is a JavaScript string.");
  return text;
}
