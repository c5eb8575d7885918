// The light DOM against parse5's own tree and serialiser, and its nodes against what a browser does.
import fc from "fast-check";
import * as parse5 from "parse5";
import { describe, expect, it } from "vitest";
import { type LightControl, LightElement, LightTemplate } from "../../src/testing/light-element.js";
import { LightEvent, LightEventTarget } from "../../src/testing/light-event.js";
import { LightComment, type LightNode, LightText } from "../../src/testing/light-node.js";
import { parseDocument, parseNodes } from "../../src/testing/light-parse.js";
import { selectLight } from "../../src/testing/light-select.js";
import { serialise, serialiseChildren } from "../../src/testing/light-serialise.js";

const theirs = (html: string): string => parse5.serialize(parse5.parseFragment(html));

/** A tree without the ways of writing it: names, namespaces, attributes, data. */
type Shape = string | { readonly name: string; readonly ns: string; readonly attributes: [string, string][]; readonly nodes: Shape[] };

function ourShape(node: LightNode): Shape {
  if (node instanceof LightText) return `text ${node.data}`;
  if (node instanceof LightComment) return `comment ${node.data}`;
  const el = node as LightElement;
  const content = el instanceof LightTemplate ? el.content : el;
  return { name: el.localName, ns: el.namespaceURI, attributes: [...el.attributes], nodes: content.childNodes.map(ourShape) };
}

type Theirs = parse5.DefaultTreeAdapterTypes.ChildNode;
function theirShape(node: Theirs): Shape {
  if ("value" in node) return `text ${node.value}`;
  if ("data" in node) return `comment ${node.data}`;
  const el = node as parse5.DefaultTreeAdapterTypes.Template;
  const { childNodes } = "content" in el ? el.content : (el as parse5.DefaultTreeAdapterTypes.Element);
  const attributes = el.attrs.map((a): [string, string] => [a.prefix ? `${a.prefix}:${a.name}` : a.name, a.value]);
  return { name: el.tagName, ns: el.namespaceURI, attributes, nodes: childNodes.map(theirShape) };
}

const word = fc.constantFrom("a", "b & c", '"q"', "<x>", "é😀", "\u00a0", " ", "\n", "&amp;", "'", "]]>", "--");
const attribute = fc.tuple(fc.constantFrom("class", "id", "data-x", "title", "hidden", "viewBox", "xlink:href"), word);
const escapeText = (s: string): string => s.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
const escapeValue = (s: string): string => escapeText(s).replace(/"/g, "&quot;");
const { node } = fc.letrec<{ node: string; nodes: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    word.map(escapeText),
    fc.constantFrom("<!>", "<!-- c -->", "<br>", "<input disabled value=x>", "<p title=a>t</p>", '<svg><circle r="1"/><foreignObject><p>x</p></foreignObject></svg>', "<math><mi>x</mi></math>", "<textarea>\n\n&lt;</textarea>", "<style>a > b {}</style>", "<script>if (a < b && c) {}</script>", "<template><b>x</b></template>", "<pre>\nx</pre>"),
    fc
      .tuple(fc.constantFrom("div", "span", "b", "ul", "li", "p", "table", "h1", "a", "section"), fc.uniqueArray(attribute, { maxLength: 3, selector: ([name]) => name }), tie("nodes"))
      .map(([tag, attributes, content]) => `<${tag}${attributes.map(([n, v]) => ` ${n}="${escapeValue(v)}"`).join("")}>${content}</${tag}>`),
  ),
  nodes: fc.array(tie("node"), { maxLength: 4 }).map((list) => list.join("")),
}));

describe("L: light DOM", () => {
  it("L1: parse and serialise agree with parse5 on random trees", { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(node, (html) => {
        const nodes = parseNodes(html);
        expect(nodes.childNodes.map(ourShape)).toEqual(parse5.parseFragment(html).childNodes.map(theirShape));
        // Not every tree survives its own HTML (a table in a p); where parse5's does, ours must.
        const written = theirs(html);
        if (theirs(written) !== written) return;
        const ours = serialiseChildren(nodes);
        expect(theirs(ours)).toBe(written);
        expect(serialiseChildren(parseNodes(ours))).toBe(ours);
      }),
      { numRuns: 500 },
    );
  });

  it("L2: exact bytes of what SSR writes", () => {
    const html =
      '<ul class="a &amp; &quot;b&quot;"><li v="1">1 &lt; 2</li>x<!></ul><input disabled="" value="é"><textarea>\n\nx</textarea><svg viewBox="0 0 1 1"><circle r="1"></circle></svg>';
    expect(serialiseChildren(parseNodes(html))).toBe(html);
    const document = `<!doctype html><html lang="en"><head><title>t</title><!></head><body>${html}<!></body></html>`;
    expect(serialise(parseDocument(document))).toBe(document);
  });

  it("L3: what is visible: no anchors, no event marks; sorted by attribute name on request", () => {
    const nodes = parseNodes('<b v="0" id="x" class="y">t</b><!><!--kept-->');
    expect(serialiseChildren(nodes, { visible: true })).toBe('<b id="x" class="y">t</b><!--kept-->');
    expect(serialiseChildren(nodes, { visible: true, sorted: true })).toBe('<b class="y" id="x">t</b><!--kept-->');
  });

  it("L4: namespaces, references and raw text", () => {
    const nodes = parseNodes('<svg><linearGradient/></svg><math><mi>x</mi></math>&notin;&#x1f600;<script>a &amp; b</script>');
    const [svg, math] = nodes.childNodes as LightElement[];
    expect(svg!.namespaceURI).toBe("http://www.w3.org/2000/svg");
    expect((svg!.firstChild as LightElement).localName).toBe("linearGradient");
    expect(math!.namespaceURI).toBe("http://www.w3.org/1998/Math/MathML");
    expect((nodes.childNodes[2] as LightText).data).toBe("∉😀");
    expect(nodes.lastChild!.textContent).toBe("a &amp; b");
  });

  it("L5: nodes are linked, moved and cloned as in a browser", () => {
    const div = new LightElement("div");
    const [a, b, c] = ["a", "b", "c"].map((name) => new LightElement(name)) as [LightElement, LightElement, LightElement];
    div.append(a);
    a.before(b);
    div.insertBefore(c, a);
    expect(div.children).toEqual([b, c, a]);
    div.insertBefore(a, b);
    expect(serialise(div)).toBe("<div><a></a><b></b><c></c></div>");
    expect([b.previousSibling, b.nextSibling, div.firstChild, div.lastChild]).toEqual([a, c, a, c]);
    b.replaceWith(new LightText("t"));
    expect(serialise(div.cloneNode(true))).toBe("<div><a></a>t<c></c></div>");
    expect(b.parentNode).toBeNull();
    expect(() => a.append(div)).toThrow();
    expect(() => div.insertBefore(b, new LightElement("x"))).toThrow();
    expect(() => div.moveBefore(a, null)).toThrow(/not connected/);
    div.textContent = "x";
    const text = div.firstChild;
    div.textContent = "y";
    expect(div.firstChild).toBe(text);
    div.textContent = "";
    expect(div.firstChild).toBeNull();
  });

  it("L6: selectors", () => {
    const doc = parseDocument('<main><ul id=l><li class="a b">1<li class=b data-testid="x">2</ul><svg><circle/></svg></main>');
    const found = (css: string) => selectLight(doc, css).map((el) => el.textContent);
    expect(found("li.b")).toEqual(["1", "2"]);
    expect(found("#l > li:nth-child(2)")).toEqual(["2"]);
    expect(found('[data-testid="x"], li.a')).toEqual(["1", "2"]);
    expect(found("li:not(.a)")).toEqual(["2"]);
    expect(selectLight(doc, "svg circle")).toHaveLength(1);
    expect(found("li:contains('2')")).toEqual(["2"]);
  });

  it("L7: events pass capture, target and bubble phase; a listener that throws stops nobody", async () => {
    const doc = parseDocument("<main><b id=b></b></main>");
    const b = doc.getElementById("b") as LightElement;
    const window = (doc.defaultView = new LightEventTarget());
    const heard: string[] = [];
    const hear = (name: string) => () => void heard.push(name);
    window.addEventListener("x", hear("window"));
    doc.addEventListener("x", hear("capture"), true);
    doc.addEventListener("x", hear("bubble"));
    b.addEventListener("x", hear("once"), { once: true });
    b.addEventListener("x", (e) => e.preventDefault(), { passive: true });
    expect(b.dispatchEvent(new LightEvent("x", { bubbles: true, cancelable: true }))).toBe(true);
    expect(heard.splice(0)).toEqual(["capture", "once", "bubble", "window"]);
    const thrown: unknown[] = [];
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", (error) => thrown.push(error));
    b.addEventListener("x", () => {
      throw new Error("no");
    });
    b.addEventListener("x", (e) => {
      e.preventDefault();
      e.stopPropagation();
    });
    expect(b.dispatchEvent(new LightEvent("x", { bubbles: true, cancelable: true }))).toBe(false);
    expect(heard.splice(0)).toEqual(["capture"]);
    b.dispatchEvent(new LightEvent("x"));
    await new Promise((resolve) => setImmediate(resolve));
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
    expect(thrown).toHaveLength(2);
  });

  it("L8: links, data, focus, controls, order", () => {
    const doc = parseDocument('<a href="/x?q#h" target=t data-vango-link=""></a><input value=v><select><option>a<option selected value=c>b</select>');
    doc.baseURI = "https://app.test/y/";
    const [a, input, select] = ["a", "input", "select"].map((css) => doc.querySelector(css)) as [LightElement & URL, LightControl, LightControl];
    expect([a.origin, a.pathname, a.search, a.hash, a.dataset["vangoLink"], a.dataset["no"]]).toEqual(["https://app.test", "/x", "?q", "#h", "", undefined]);
    input.value = "w";
    expect([input.value, input.defaultValue, input.getAttribute("value")]).toEqual(["w", "v", "w"]);
    expect([select.value, select.selectedIndex, select.type]).toEqual(["c", 1, "select-one"]);
    input.focus();
    expect(doc.activeElement).toBe(input);
    input.remove();
    expect(doc.activeElement).toBe(doc.body);
    expect([a.compareDocumentPosition(select), select.compareDocumentPosition(a), doc.compareDocumentPosition(a), a.compareDocumentPosition(input)]).toEqual([4, 2, 4, 1]);
  });
});
