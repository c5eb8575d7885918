// AST → template definition: the only writer of statics and tables (docs/architecture.md §2).
// Invariants: pure; slots are numbered in source order, except that innerHTML and a textarea's value follow the other attributes,
// so that emission order is slot order; equal trees give equal bytes.
import type { AttrNode, AttrValue, ChildNode, ElementNode, HoleNode, MergeEntry, Part, SlotValue, StaticValue, TextNode } from "./ast.js";
import type { TemplateDef } from "./define.js";
import { fault } from "./errors.js";
import { encodeEvent } from "./event-options.js";
import { templateId } from "./hash.js";
import { canonicalAttribute, canonicalTag, childNamespace, elementNamespace, isProperty, isUrlAttribute, isWordBoolean, rootNamespace, BOOLEAN_ATTRIBUTES, OPAQUE_TAGS, RENAMED_ATTRIBUTES, TEXT_TAGS, VOID_TAGS, type Namespace } from "./names.js";
import { enter, keptRoots, rootContext, type Context } from "./nesting.js";
import { escapeAttribute, escapeText, hasKeptReference } from "./text.js";

/** A definition, and for each slot how its value is made. */
export interface BuiltTemplate<H> {
  readonly def: TemplateDef;
  readonly order: readonly SlotValue<H>[];
}

/**
 * Builds the definition of a template.
 *
 * @throws TemplateFaultError at the first place that a browser's parser would not keep, or that the rules refuse.
 * @example
 * const { def, order } = buildTemplate([{ type: "element", tag: "p", attrs: [], children: [{ type: "hole", hole: 0, loc: 0 }], loc: 0 }]);
 */
export function buildTemplate<H>(roots: readonly ChildNode<H>[]): BuiltTemplate<H> {
  return new Builder<H>().build(roots);
}

class Builder<H> {
  private readonly statics: string[] = [];
  private chunk = "";
  private readonly slots: string[] = [];
  private readonly order: SlotValue<H>[] = [];

  build(given: readonly ChildNode<H>[]): BuiltTemplate<H> {
    const written = given.filter((n) => n.type !== "text" || n.text !== "");
    const counted: string[] = [];
    const ns = this.namespaceOf(written);
    const roots = keptRoots(written, ns);
    this.children(roots, "", ns, rootContext(ns), counted, "");
    const last = roots[roots.length - 1];
    if (last === undefined || this.endsWithText(roots)) {
      this.chunk += "<!>";
      counted.push("!");
    }
    this.statics.push(this.chunk);
    const table = [`${ns === "" ? "" : `${ns}/`}${counted.join(",")}`, ...this.slots].join(" ");
    return { def: { id: templateId(this.statics, table), statics: this.statics, table }, order: this.order };
  }

  /** True when the last root run is text without a hole: nothing counted would end the instance. */
  private endsWithText(roots: readonly ChildNode<H>[]): boolean {
    for (let i = roots.length - 1; i >= 0; i--) {
      const node = roots[i];
      if (node?.type === "element") return i < roots.length - 1;
      if (node?.type === "hole") return false;
    }
    return true;
  }

  private namespaceOf(roots: readonly ChildNode<H>[]): Namespace {
    for (const node of roots) if (node.type === "element") return rootNamespace(node.tag);
    return "";
  }

  /** Ends a chunk at an emitting slot. */
  private emitSlot(text: string, value: SlotValue<H>): void {
    this.statics.push(this.chunk);
    this.chunk = "";
    this.slots.push(text);
    this.order.push(value);
  }

  private children(given: readonly ChildNode<H>[], path: string, ns: Namespace, context: Context, counted: string[], extra: string): void {
    const nodes = context.kept(given);
    const sole = path !== "" && nodes.every((n) => n.type !== "element");
    let i = 0;
    while (i < nodes.length) {
      const node = nodes[i];
      if (node === undefined) break;
      if (node.type === "element") {
        this.element(node, join(path, counted), ns, context, counted);
        i++;
        continue;
      }
      const run: (TextNode | HoleNode<H>)[] = [];
      for (; i < nodes.length; i++) {
        const next = nodes[i];
        if (next === undefined || next.type === "element") break;
        run.push(next);
      }
      this.run(run, sole, path, counted, run[0] === nodes[0] ? extra : "");
    }
  }

  private run(run: readonly (TextNode | HoleNode<H>)[], sole: boolean, path: string, counted: string[], extra: string): void {
    const parts = mergeTexts(run);
    if (!parts.some((p) => "hole" in p)) {
      const text = run.map((n) => (n.type === "text" ? n.text : "")).join("");
      this.chunk += (extra === "n" && text.startsWith("\n") ? "\n" : "") + escapeText(text);
      return;
    }
    checkKept(run);
    const suffix = extra === "" ? "" : `:${extra}`;
    if (sole) {
      this.emitSlot(`s:${path}${suffix}`, runValue(parts));
      return;
    }
    this.emitSlot(`c:${join(path, counted)}${suffix}`, runValue(parts));
    this.chunk += "<!>";
    counted.push("!");
  }

  private element(node: ElementNode<H>, path: string, outer: Namespace, context: Context, counted: string[]): void {
    const ns = elementNamespace(node.tag, outer);
    const tag = canonicalTag(node.tag, ns);
    const inside = enter(context, tag, ns, node.loc);
    counted.push(tag);
    this.chunk += `<${tag}`;
    const content = this.attributes(node, tag, ns, path);
    this.chunk += ">";
    if (ns === "" && VOID_TAGS.has(tag)) {
      if (node.children.length > 0) fault("VANGO_TPL_VOID", node.children[0]?.loc ?? node.loc, `<${tag}> is a void element.`);
      return;
    }
    const opensWithDrop = ns === "" && (tag === "pre" || tag === "listing") ? "n" : "";
    if (content !== undefined) this.contentAttribute(node, content, path);
    else if (ns === "" && TEXT_TAGS.has(tag)) this.textContent(node, tag, path);
    else if (ns === "" && OPAQUE_TAGS.has(tag)) this.opaqueContent(node, tag);
    else this.children(node.children, path, childNamespace(tag, ns), inside, [], opensWithDrop);
    this.chunk += `</${tag}>`;
  }

  /** Writes an element's attributes; gives back the one that is content: innerHTML, or a textarea's value. */
  private attributes(node: ElementNode<H>, tag: string, ns: Namespace, path: string): (AttrNode<H> & { type: "static" | "dynamic" }) | undefined {
    const seen = new Set<string>();
    const attrs = node.attrs.map((a) => normalize(a, ns));
    const merged = attrs.some((a) => a.type === "spread");
    const dynamic: AttrNode<H>[] = [];
    let content: (AttrNode<H> & { type: "static" | "dynamic" }) | undefined;
    for (const attr of attrs) {
      checkAttribute(attr, tag, node, seen);
      if ((attr.type === "static" || attr.type === "dynamic") && (attr.name === "innerHTML" || (tag === "textarea" && attr.name === "value"))) content = attr;
      else if (attr.type !== "static" || merged || (tag === "select" && attr.name === "value")) dynamic.push(attr);
      else this.chunk += staticAttribute(attr.name, attr.value);
    }
    // Event attributes are one static list of slot numbers, so they are numbered before the chunk goes on.
    const base = this.order.length;
    const list = merged ? foldSpread(dynamic) : dynamic;
    const events = list.flatMap((a, i) => (a.type === "event" ? [base + i] : []));
    if (events.length > 0) this.chunk += ` v="${events.join(",")}"`;
    for (const attr of list) this.dynamicAttribute(attr, tag, path, merged ? dynamic : []);
    return content;
  }

  private dynamicAttribute(attr: AttrNode<H>, tag: string, path: string, merge: readonly AttrNode<H>[]): void {
    if (attr.type === "event") {
      this.slots.push(`e${encodeName(attr.event)}::${encodeEvent(attr.options, attr.fields)}`);
      this.order.push({ type: "hole", hole: attr.hole });
    } else if (attr.type === "spread") {
      this.emitSlot(`z:${path}`, { type: "merge", entries: merge.flatMap((a) => mergeEntry(a)) });
    } else {
      this.emitSlot(attributeSlot(attr.name, tag, path), attributeValue(attr.name, attr.value));
    }
  }

  private contentAttribute(node: ElementNode<H>, attr: AttrNode<H> & { type: "static" | "dynamic" }, path: string): void {
    if (attr.name === "innerHTML" && attr.type === "dynamic") {
      this.emitSlot(`h:${path}`, attributeValue("innerHTML", attr.value));
      return;
    }
    if (node.children.length > 0) fault("VANGO_TPL_ATTRIBUTE", attr.loc, "A <textarea> takes its text from `value` or from its children, not from both.");
    if (attr.type === "static") {
      const text = attr.value === null || typeof attr.value === "boolean" ? "" : String(attr.value);
      this.chunk += (text.startsWith("\n") ? "\n" : "") + escapeText(text);
    } else this.emitSlot(`pvalue:${path}:t`, attributeValue("value", attr.value));
  }

  private textContent(node: ElementNode<H>, tag: string, path: string): void {
    const run: (TextNode | HoleNode<H>)[] = [];
    for (const child of node.children) {
      if (child.type === "element") fault("VANGO_TPL_TEXT_ONLY", child.loc, `<${child.tag}> stands in <${tag}>.`);
      run.push(child);
    }
    const parts = mergeTexts(run);
    const newline = tag === "textarea" ? "n" : "";
    if (parts.some((p) => "hole" in p)) {
      checkKept(run);
      const extra = tag === "style" ? "r" : newline;
      this.emitSlot(`x:${path}${extra === "" ? "" : `:${extra}`}`, runValue(parts));
      return;
    }
    const text = parts.map((p) => ("text" in p ? p.text : "")).join("");
    if (tag === "style") this.chunk += rawText(text, tag, node.loc);
    else this.chunk += (newline !== "" && text.startsWith("\n") ? "\n" : "") + escapeText(text);
  }

  private opaqueContent(node: ElementNode<H>, tag: string): void {
    for (const child of node.children) {
      if (child.type === "text") {
        this.chunk += tag === "template" || tag === "noscript" ? escapeText(child.text) : rawText(child.text, tag, child.loc);
      } else if (child.type === "hole") fault("VANGO_TPL_DYNAMIC", child.loc, `<${tag}> has a dynamic child.`);
      else if (tag !== "template" && tag !== "noscript") fault("VANGO_TPL_TEXT_ONLY", child.loc, `<${child.tag}> stands in <${tag}>.`);
      else this.staticElement(child, tag);
    }
  }

  /** An element inside `template` or `noscript`: no slot may come of it. */
  private staticElement(node: ElementNode<H>, host: string): void {
    const slotsBefore = this.order.length;
    this.element(node, "0", "", rootContext(""), []);
    if (this.order.length > slotsBefore) fault("VANGO_TPL_DYNAMIC", node.loc, `<${node.tag}> in <${host}> has dynamic parts.`);
  }
}

const join = (path: string, counted: readonly string[]): string => (path === "" ? String(counted.length) : `${path}.${counted.length}`);

/** Names in a table hold no blank, colon, comma or percent sign. */
const encodeName = (name: string): string => name.replace(/[%\s:,]/g, encodeURIComponent);

function mergeTexts<H>(run: readonly (TextNode | HoleNode<H>)[]): Part<H>[] {
  const parts: Part<H>[] = [];
  for (const node of run) {
    const last = parts[parts.length - 1];
    if (node.type === "hole") parts.push({ hole: node.hole });
    else if (node.text === "") continue;
    else if (last !== undefined && "text" in last) parts[parts.length - 1] = { text: last.text + node.text };
    else parts.push({ text: node.text });
  }
  return parts;
}

function runValue<H>(parts: readonly Part<H>[]): SlotValue<H> {
  const only = parts.length === 1 ? parts[0] : undefined;
  return only !== undefined && "hole" in only ? { type: "hole", hole: only.hole } : { type: "run", parts };
}

/** Text of a dynamic run is a JavaScript string: what only a browser can decode has no place in it. */
function checkKept<H>(run: readonly (TextNode | HoleNode<H>)[]): void {
  for (const node of run) {
    if (node.type === "text" && hasKeptReference(node.text)) fault("VANGO_TPL_REFERENCE", node.loc, "It stands next to a dynamic value.");
  }
}

function rawText(text: string, tag: string, loc: number): string {
  if (new RegExp(`</${tag}|<!--`, "i").test(text)) fault("VANGO_TPL_SYNTAX", loc, `The text of <${tag}> would end the element.`);
  return hasKeptReference(text) ? text.replaceAll("\ufdd1", "&") : text;
}

function normalize<H>(attr: AttrNode<H>, ns: Namespace): AttrNode<H> {
  return attr.type === "static" || attr.type === "dynamic" ? { ...attr, name: canonicalName(attr.name, ns, attr.loc) } : attr;
}

function canonicalName(name: string, ns: Namespace, loc: number): string {
  const better = Object.hasOwn(RENAMED_ATTRIBUTES, name) ? RENAMED_ATTRIBUTES[name] : undefined;
  if (better !== undefined) fault("VANGO_TPL_ATTRIBUTE", loc, `\`${name}\` is not an HTML attribute. Write \`${better}\`.`);
  if (name === "innerHTML") return name;
  if (!/^[^\s"'<>/=\u0000-\u001f]+$/.test(name)) fault("VANGO_TPL_ATTRIBUTE", loc, `\`${name}\` is not a name of an attribute.`);
  return canonicalAttribute(name, ns);
}

function checkAttribute<H>(attr: AttrNode<H>, tag: string, node: ElementNode<H>, seen: Set<string>): void {
  if (attr.type === "spread") return;
  const name = attr.type === "event" ? `on:${attr.event}` : attr.name;
  if (seen.has(name)) fault("VANGO_TPL_DUPLICATE", attr.loc, attr.type === "event" ? `<${tag}> has two handlers of \`${attr.event}\`.` : `<${tag}> has \`${name}\` twice.`);
  seen.add(name);
  if (attr.type === "event") return;
  if (name === "v") fault("VANGO_TPL_ATTRIBUTE", attr.loc, "`v` is the framework's own attribute. Choose another name, such as `data-v`.");
  if (/^on[a-z]/.test(name)) fault("VANGO_TPL_EVENT", attr.loc, `\`${name}\` as an attribute would be code in the page. Write \`on${name.charAt(2).toUpperCase()}${name.slice(3)}\` with a function.`);
  if (name === "innerHTML") {
    if (attr.type === "static") fault("VANGO_TPL_ATTRIBUTE", attr.loc, "innerHTML takes trustedHtml(…).");
    if (node.children.length > 0) fault("VANGO_TPL_INNER_HTML", attr.loc, `<${tag}> has children too.`);
    if (VOID_TAGS.has(tag) || TEXT_TAGS.has(tag) || OPAQUE_TAGS.has(tag)) fault("VANGO_TPL_INNER_HTML", attr.loc, `<${tag}> cannot have innerHTML.`);
  }
  if (name === "srcdoc" && attr.type === "dynamic") fault("VANGO_TPL_ATTRIBUTE", attr.loc, "A dynamic srcdoc would be a page of its own with your origin. Serve it from a URL.");
  if (attr.type === "static" && isUrlAttribute(tag, name) && /^[\s\u0000-\u0020]*(?:j\s*a\s*v\s*a|v\s*b)\s*s\s*c\s*r\s*i\s*p\s*t\s*:/i.test(String(attr.value))) {
    fault("VANGO_TPL_ATTRIBUTE", attr.loc, `\`${name}\` is a script URL. Write a handler.`);
  }
}

function staticAttribute(name: string, value: StaticValue): string {
  if (value === null) return "";
  if (typeof value === "boolean") {
    if (isWordBoolean(name)) return ` ${name}="${value ? "true" : "false"}"`;
    return value ? ` ${name}=""` : "";
  }
  return ` ${name}="${escapeAttribute(String(value))}"`;
}

function attributeSlot(name: string, tag: string, path: string): string {
  if (name === "class") return `k:${path}`;
  if (name === "style") return `y:${path}`;
  const encoded = encodeName(name);
  if (isProperty(tag, name)) return `p${encoded}:${path}${tag === "select" ? ":o" : ""}`;
  if (isUrlAttribute(tag, name)) return `u${encoded}:${path}`;
  return `${BOOLEAN_ATTRIBUTES.has(name) ? "b" : "a"}${encoded}:${path}`;
}

function attributeValue<H>(name: string, value: StaticValue | AttrValue<H>): SlotValue<H> {
  if (value === null || typeof value !== "object") return { type: "const", value: typeof value === "number" ? String(value) : value };
  if ("hole" in value) return { type: "hole", hole: value.hole };
  return { type: "join", name, parts: value.parts };
}

/** With a spread, every attribute but events is part of one object: the first of them marks its place. */
function foldSpread<H>(attrs: readonly AttrNode<H>[]): AttrNode<H>[] {
  const spread = attrs.find((a) => a.type === "spread");
  const first = attrs.find((a) => a.type !== "event");
  return attrs.flatMap((a): AttrNode<H>[] => (a.type === "event" ? [a] : a === first && spread !== undefined ? [spread] : []));
}

function mergeEntry<H>(attr: AttrNode<H>): MergeEntry<H>[] {
  if (attr.type === "event") return [];
  if (attr.type === "spread") return [{ spread: attr.hole }];
  return [{ name: attr.name, value: typeof attr.value === "number" ? String(attr.value) : attr.value }];
}
