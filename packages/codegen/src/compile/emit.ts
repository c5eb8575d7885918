// Template AST → JavaScript: calls of `@vango/core/compiled`, with templates hoisted to the top of the module.
// Invariant: code of holes is copied, never changed, besides the JSX inside it.
import { buildTemplate, TemplateFaultError, type AttrValue, type ChildNode, type MergeEntry, type Part, type SlotValue, type StaticValue } from "@vango/core/internal";
import { namelessComponent } from "./component-name.js";
import { Rope } from "./rope.js";
import { childNodes, isPlain, unwrap, type Node } from "./syntax.js";
import { attributeValue, checkDecoded, convertChildren, convertElement, jsxKind, keyOf, type FileContext, type Hole, type JsxElement, type JsxFragment } from "./to-ast.js";

type Import = "template" | "view" | "child" | "compose" | "list";

/** Emits the code of one module. */
export class Emitter {
  private readonly imports = new Set<Import>();
  private readonly templates = new Map<string, { readonly name: string; readonly code: string }>();
  private needsNone = false;
  private named = false;
  private readonly prefix: string;

  constructor(private readonly file: FileContext) {
    let prefix = "_$";
    while (file.source.includes(prefix)) prefix += "$";
    this.prefix = prefix;
  }

  /** True when any JSX was met. */
  get used(): boolean {
    return this.imports.size > 0;
  }

  /** True when what is emitted is not the source. */
  get changed(): boolean {
    return this.used || this.named;
  }

  /** What stands before the module's own code, on one line. */
  header(): string {
    if (!this.used) return "";
    const names = [...this.imports].sort().map((n) => `${n} as ${this.prefix}${n}`);
    const none = this.needsNone ? ` const ${this.prefix}none = () => undefined;` : "";
    return `import { ${names.join(", ")} } from "@vango/core/compiled";${none}${[...this.templates.values()].map((t) => ` ${t.code}`).join("")}\n`;
  }

  /** Source code with the JSX in it replaced, and components named. */
  code(node: Node): Rope {
    const rope = new Rope();
    let at = node.start;
    const visit = (n: Node): void => {
      if (n.type === "JSXElement" || n.type === "JSXFragment") {
        rope.slice(at, n.start).append(this.jsx(n));
        at = n.end;
        return;
      }
      const nameless = namelessComponent(n, this.file);
      for (const child of childNodes(n).sort((a, b) => a.start - b.start)) visit(child);
      if (nameless === undefined) return;
      this.named = true;
      rope.slice(at, nameless.end).text(`, { name: ${JSON.stringify(nameless.name)} }`);
      at = nameless.end;
    };
    visit(node);
    return rope.slice(at, node.end);
  }

  private use(name: Import): string {
    this.imports.add(name);
    return this.prefix + name;
  }

  private jsx(node: JsxElement | JsxFragment): Rope {
    try {
      const rope = new Rope().mark(node.start);
      if (node.type === "JSXElement") {
        const kind = jsxKind(node, this.file);
        if (kind === "component") return rope.append(this.component(node));
        const key = this.key(node);
        if (kind === "element") return rope.append(this.view([convertElement(node, this.file)], key));
        if (key !== undefined) return rope.append(this.view(convertChildren(node.children, this.file), key));
      }
      return rope.append(this.fragment(convertChildren(node.children, this.file)));
    } catch (error) {
      if (!(error instanceof TemplateFaultError)) throw error;
      this.file.diagnostics.error(error.fault.code, error.fault.loc, error.fault.message);
      return new Rope().text("null");
    }
  }

  /** As `html` does: one component or keyed view is itself, holes alone are a list, anything else is a view. */
  private fragment(nodes: readonly ChildNode<Hole>[]): Rope {
    const only = nodes.length === 1 ? nodes[0] : undefined;
    if (only?.type === "hole" && only.hole.type !== "code") return this.hole(only.hole);
    const holes = nodes.flatMap((n) => (n.type === "hole" ? [n.hole] : []));
    if (holes.length === nodes.length && holes.length > 0) {
      return new Rope().text(`${this.use("list")}(`).append(this.joined(holes.map((h) => this.hole(h)))).text(")");
    }
    return this.view(nodes, undefined);
  }

  private key(node: JsxElement): Rope | undefined {
    const attr = keyOf(node);
    return attr === undefined ? undefined : this.value(attributeValue(attr, this.file), attr.start);
  }

  private view(nodes: readonly ChildNode<Hole>[], key: Rope | undefined): Rope {
    const { def, order } = buildTemplate(nodes);
    let template = this.templates.get(def.id);
    if (template === undefined) {
      const name = `${this.prefix}t${this.templates.size + 1}`;
      const args = `${JSON.stringify(def.id)}, ${JSON.stringify(def.statics)}, ${JSON.stringify(def.table)}`;
      template = { name, code: `const ${name} = /* @__PURE__ */ ${this.use("template")}(${args});` };
      this.templates.set(def.id, template);
    }
    const rope = new Rope().text(`${this.use("view")}(${template.name}, `).append(this.evaluator(order));
    if (key !== undefined) rope.text(", ").append(key);
    return rope.text(")");
  }

  private evaluator(order: readonly SlotValue<Hole>[]): Rope {
    const first = order[0];
    if (first === undefined) {
      this.needsNone = true;
      return new Rope().text(`${this.prefix}none`);
    }
    if (order.length === 1) return new Rope().text("() => (").append(this.slot(first)).text(")");
    const i = `${this.prefix}i`;
    const rope = new Rope().text(`(${i}) => { switch (${i}) { `);
    order.forEach((value, n) => rope.text(`case ${n}: return (`).append(this.slot(value)).text("); "));
    return rope.text("} }");
  }

  private slot(value: SlotValue<Hole>): Rope {
    switch (value.type) {
      case "hole":
        return this.hole(value.hole);
      case "const":
        return new Rope().text(JSON.stringify(value.value));
      case "run":
        return new Rope().text(`${this.use("compose")}(`).append(this.parts(value.parts, ", ")).text(")");
      case "join":
        return this.parts(value.parts, " + ");
      case "merge":
        return new Rope().text("{ ").append(this.joined(value.entries.map((e) => this.mergeEntry(e)))).text(" }");
    }
  }

  private parts(parts: readonly Part<Hole>[], separator: string): Rope {
    return this.joined(parts.map((p) => ("text" in p ? new Rope().text(JSON.stringify(p.text)) : this.hole(p.hole))), separator);
  }

  private joined(ropes: readonly Rope[], separator = ", "): Rope {
    const out = new Rope();
    ropes.forEach((rope, i) => (i > 0 ? out.text(separator) : out).append(rope));
    return out;
  }

  private mergeEntry(entry: MergeEntry<Hole>): Rope {
    if ("spread" in entry) return new Rope().text("...").append(this.spread(entry.spread));
    return new Rope().text(`${propertyName(entry.name)}: `).append(this.attribute(entry.value));
  }

  private spread(hole: Hole): Rope {
    return new Rope().text("(").append(this.hole(hole)).text(")");
  }

  private attribute(value: StaticValue | AttrValue<Hole>): Rope {
    if (value === null || typeof value !== "object") return new Rope().text(JSON.stringify(value));
    return "hole" in value ? this.hole(value.hole) : this.parts(value.parts, " + ");
  }

  private hole(hole: Hole): Rope {
    if (hole.type === "component") return this.component(hole.node);
    if (hole.type === "keyed") return this.jsx(hole.node);
    this.checkSync(hole.node);
    return this.code(hole.node);
  }

  private checkSync(node: Node): void {
    if (node.type === "AwaitExpression" || node.type === "YieldExpression") {
      this.file.diagnostics.error("VANGO_JSX_AWAIT", node.start);
      return;
    }
    if (/Function|Class|JSXElement|JSXFragment/.test(node.type)) return;
    for (const child of childNodes(node)) this.checkSync(child);
  }

  private component(node: JsxElement): Rope {
    const { name } = node.openingElement;
    const rope = new Rope().mark(node.start).text(`${this.use("child")}(`).slice(name.start, name.end).text(", ");
    const { props, plain } = this.props(node);
    if (props.length === 0) rope.text("null");
    else rope.text(plain ? "{ " : "() => ({ ").append(this.joined(props)).text(plain ? " }" : " })");
    const key = this.key(node);
    if (key !== undefined) rope.text(", ").append(key);
    return rope.text(")");
  }

  /** Props as entries of an object; plain when nothing in them reads state. */
  private props(node: JsxElement): { readonly props: readonly Rope[]; readonly plain: boolean } {
    const props: Rope[] = [];
    const seen = new Set<string>();
    let plain = true;
    for (const attr of node.openingElement.attributes) {
      if (attr.type === "JSXSpreadAttribute") {
        plain &&= isPlain(attr.argument);
        props.push(new Rope().text("...").append(this.hole({ type: "code", node: attr.argument })));
        continue;
      }
      const name = this.file.source.slice(attr.name.start, attr.name.end);
      if (name === "key") continue;
      if (attr.name.type === "JSXNamespacedName") this.file.diagnostics.error("VANGO_JSX_NAMESPACE", attr.start, `\`${name}\` is not a prop.`);
      if (seen.has(name)) this.file.diagnostics.error("VANGO_TPL_DUPLICATE", attr.start, `\`${name}\` is given twice.`);
      seen.add(name);
      const value = attributeValue(attr, this.file);
      if (value.type === "code") plain &&= isPlainValue(value.node, this.file);
      props.push(new Rope().text(`${propertyName(name)}: `).append(this.value(value, attr.start)));
    }
    const children = convertChildren(node.children, this.file);
    if (children.length > 0) {
      const early = children.some((c) => c.type === "hole" && !(c.hole.type === "code" && isPlainValue(c.hole.node, this.file)));
      // A boundary guards what its children do, so nothing of them may run with its props: they are a view, evaluated below it.
      const guarded = early && isBoundary(node, this.file);
      if (!guarded) plain &&= !early;
      props.push(new Rope().text("children: ").append(guarded ? this.view(children, undefined) : this.children(children)));
    }
    return { props, plain };
  }

  private children(nodes: readonly ChildNode<Hole>[]): Rope {
    const only = nodes.length === 1 ? nodes[0] : undefined;
    if (only?.type === "text") return new Rope().text(JSON.stringify(checkDecoded(only.text, only.loc, this.file)));
    return only?.type === "hole" ? this.hole(only.hole) : this.fragment(nodes);
  }

  private value(value: ReturnType<typeof attributeValue>, loc: number): Rope {
    if (value.type === "code") return this.hole({ type: "code", node: value.node });
    if (typeof value.value === "string") checkDecoded(value.value, loc, this.file);
    return new Rope().text(value.value === null ? "undefined" : JSON.stringify(value.value));
  }
}

/** A view of an element is plain too: its slots are evaluated later. */
function isPlainValue(node: Node, file: FileContext): boolean {
  const inner = unwrap(node);
  if (inner.type === "JSXElement") return jsxKind(inner, file) === "element" && keyOf(inner) === undefined;
  return isPlain(inner);
}

function isBoundary(node: JsxElement, file: FileContext): boolean {
  const { name } = node.openingElement;
  return name.type === "JSXIdentifier" && file.names.get(name.name) === "Boundary";
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__" ? name : `[${JSON.stringify(name)}]`;
}
