// T8, T9: what the builder accepts, the HTML parser keeps: parse5 gives the very tree, and every path leads to its node.
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { defaultTreeAdapter, parseFragment, type DefaultTreeAdapterMap } from "parse5";
import { buildTemplate, defineTemplate, slotKinds, TemplateFaultError, VOID_TAGS, type AttrNode, type ChildNode } from "../../src/template/index.js";
import { atLeast } from "../cases.js";

type Tree = ChildNode<number>;
type Parsed = DefaultTreeAdapterMap["childNode"];

/** Where a template's roots are parsed, as the client does it. */
function contextFor(roots: readonly string[], namespace: string): DefaultTreeAdapterMap["element"] {
  const parents: Record<string, string> = { tr: "tbody", td: "tr", th: "tr", tbody: "table", thead: "table", tfoot: "table", caption: "table", colgroup: "table", col: "colgroup" };
  const first = roots.find((r) => r !== "!") ?? "";
  const ns = namespace === "svg" ? "http://www.w3.org/2000/svg" : namespace === "math" ? "http://www.w3.org/1998/Math/MathML" : "http://www.w3.org/1999/xhtml";
  return defaultTreeAdapter.createElement(namespace === "" ? (parents[first] ?? "template") : namespace, ns as never, []);
}

/** A tree as text: tags, attributes and texts, so that two trees can be compared. */
function shape(nodes: readonly Parsed[]): unknown[] {
  return nodes.map((n) => {
    if (n.nodeName === "#text") return (n as DefaultTreeAdapterMap["textNode"]).value;
    if (n.nodeName === "#comment") return "!";
    const el = n as DefaultTreeAdapterMap["element"];
    const inner = el.nodeName === "template" ? (el as DefaultTreeAdapterMap["template"]).content : el;
    return [el.tagName, Object.fromEntries(el.attrs.map((a) => [a.name, a.value])), shape(inner.childNodes)];
  });
}

/** The tree an AST means, without dynamic parts. */
function meant(given: readonly Tree[], root: boolean, parent = ""): unknown[] {
  const table = /^(?:table|tbody|thead|tfoot|tr|colgroup)$/.test(parent) || (root && given.some((n) => n.type === "element" && /^(?:caption|col|colgroup|tbody|thead|tfoot|tr|td|th)$/.test(n.tag)));
  const nodes = table ? given.filter((n) => n.type !== "text") : given;
  const out: unknown[] = [];
  let run = { text: "", holes: 0 };
  const elements = nodes.some((n) => n.type === "element");
  const flush = (last: boolean): void => {
    if (run.holes > 0) {
      if (elements || root) out.push("!");
    } else if (run.text !== "") {
      out.push(run.text);
      if (root && last) out.push("!");
    }
    run = { text: "", holes: 0 };
  };
  for (const n of nodes) {
    if (n.type === "text") run.text += n.text;
    else if (n.type === "hole") run.holes++;
    else {
      flush(false);
      out.push([n.tag, Object.fromEntries(n.attrs.flatMap((a) => (a.type === "static" ? [[a.name, String(a.value)]] : []))), meant(n.children, false, n.tag)]);
    }
  }
  flush(true);
  return out.length === 0 && root ? ["!"] : out;
}

const TAGS = "div p span b i a button form label ul ol li dl dt dd table caption colgroup col tbody thead tfoot tr td th select optgroup option datalist h1 h2 pre section details summary br img input hr svg g circle foreignObject desc math mi mrow ruby rt rp fieldset legend em strong nobr address object main".split(" ");

const text = fc.oneof(fc.constantFrom("x", "a & b", "<tag>", "\u00a0", " ", "ünï 𝄞", '"q"', "&amp;"), fc.string({ minLength: 1, maxLength: 6 }).map((s) => s.replace(/[\u0000-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]/g, "_")));
const attr: fc.Arbitrary<AttrNode<number>> = fc.record({ type: fc.constant("static" as const), name: fc.constantFrom("id", "title", "data-x", "class", "href"), value: text, loc: fc.constant(0) });
const tree: fc.Arbitrary<Tree> = fc.letrec<{ node: Tree }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    fc.oneof(text.map((t): Tree => ({ type: "text", text: t, loc: 0 })), fc.constant<Tree>({ type: "hole", hole: 0, loc: 0 })),
    fc.record({ type: fc.constant("element" as const), tag: fc.constantFrom(...TAGS), attrs: fc.uniqueArray(attr, { selector: (a) => (a.type === "static" ? a.name : ""), maxLength: 2 }), children: fc.array(tie("node"), { maxLength: 3 }), loc: fc.constant(0) }),
  ),
})).node;

/** Makes likely trees out of wild ones: void elements lose their children. */
function withoutVoidContent(node: Tree): Tree {
  return node.type === "element" ? { ...node, children: VOID_TAGS.has(node.tag) ? [] : node.children.map(withoutVoidContent) } : node;
}

/** The counted node of a path. */
function follow(roots: readonly Parsed[], path: readonly number[]): Parsed | undefined {
  let nodes = roots;
  let found: Parsed | undefined;
  for (const index of path) {
    found = nodes.filter((n) => n.nodeName !== "#text")[index];
    nodes = found !== undefined && "childNodes" in found ? found.childNodes : [];
  }
  return found;
}

describe("parser stability", { timeout: 60_000 }, () => {
  test("T8: any tree that is accepted is parsed to itself; T5: paths lead to elements and anchors", () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(tree, { minLength: 1, maxLength: 3 }), (wild) => {
        const roots = wild.map(withoutVoidContent);
        let built;
        try {
          built = buildTemplate(roots);
        } catch (error) {
          if (error instanceof TemplateFaultError) return;
          throw error;
        }
        accepted++;
        const template = defineTemplate(built.def.id, built.def.statics, built.def.table);
        const parsed = parseFragment(contextFor(template.roots, template.namespace), template.html, {}).childNodes;
        expect(shape(parsed)).toEqual(meant(roots, true));
        expect(parsed.filter((n) => n.nodeName !== "#text").map((n) => (n.nodeName === "#comment" ? "!" : n.nodeName))).toEqual(template.roots);
        for (const slot of template.slots) {
          const node = follow(parsed, slot.path);
          expect(node).toBeDefined();
          expect(node?.nodeName === "#comment").toBe(slot.kind === slotKinds.CHILD);
        }
      }),
      { numRuns: 6000, seed: 20261122 },
    );
    expect(accepted).toBeGreaterThan(atLeast(1500));
  });
});
