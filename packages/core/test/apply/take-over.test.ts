// Take-over: instances found by position, with whatever extensions and proxies leave in a page.
import { describe, expect, it } from "vitest";
import { ownerOf } from "../../src/apply/page.js";
import { takeOver } from "../../src/apply/take-over.js";
import { WireError } from "../../src/protocol/wire-error.js";
import type { LightElement } from "../../src/testing/light-element.js";
import { parseDocument } from "../../src/testing/light-parse.js";
import { documentOf, mirrorOf, op, patch, text, val, type PageParts } from "./page.js";

/** A page with every shape: two runs, nested ranges that are not flat, F wrappers, roots with a range between. */
const SHAPES: PageParts = {
  head: "<title>t</title>",
  body:
    "<main><h1>A</h1>lead<!><ul><li>1</li><li>2</li></ul></main>" + // 2: main, lead text, ul 7,8
    "text in F<!>" + // 3: F
    "<i>x</i><b>y</b><!>" + // 4: F with items 9 (i), 10 (b)
    "<dt>k</dt><li>in range</li><!><dd>v</dd>", // 5: dt,!,dd with 11 (li)
  t: ["t0", "title x:0", "m0", "main s:0.0 c:0.1 s:0.2", "l0", "li k:0 s:0", "i0", "i s:0", "b0", "b s:0", "d0", "dt,!,dd s:0 c:1 s:2"],
  // prettier-ignore
  s: [
    1, 5, 1,
    4,
    6, 1, /* main */ 0, 0, 1, 9, 2,
    1, 1, /* F with text */
    0, 1, /* F with items */ 2, 11, 1, 13, 1,
    14, 1, /* dt,!,dd */ 0, 1, 9, 1, 0,
  ],
};

describe("O: take-over", () => {
  it("O1: ids are allotted in preorder, all items of a range before anything inside them", () => {
    const m = mirrorOf(SHAPES);
    const owner = (css: string) => ownerOf(m.select(css)[0]!)!.id;
    expect(owner("title")).toBe(1);
    expect(owner("main")).toBe(2);
    expect(m.select("main li").map((el) => ownerOf(el)!.id)).toEqual([6, 7]);
    expect([owner("i"), owner("b")]).toEqual([8, 9]);
    expect([owner("dt"), owner("dd"), owner("body > li")]).toEqual([5, 5, 10]);
    expect(m.page.insts.size).toBe(11);
    patch(
      m,
      op.set(1, 0, "T"),
      op.set(2, 0, "B"),
      op.set(2, 1, "LEAD"),
      op.set(7, 1, "two"),
      op.set(3, 0, "F!"),
      op.set(9, 0, "Y"),
      op.set(5, 0, "K"),
      op.set(5, 2, "V"),
      op.set(10, 0, "c"),
    );
    expect(m.html()).toBe(
      '<main><h1>B</h1>LEAD<ul><li>1</li><li>two</li></ul></main>F!<i>x</i><b>Y</b><dt>K</dt><li class="c">in range</li><dd>V</dd>',
    );
    expect(m.document()).toContain("<head><title>T</title><!>");
  });

  it("O2: foreign elements, comments and text are stepped over and survive", () => {
    const plain = mirrorOf(SHAPES);
    const noisy = mirrorOf({
      ...SHAPES,
      head: "<style>ext</style>" + SHAPES.head!,
      body:
        "\n<grammarly-x></grammarly-x>" +
        SHAPES.body!.replace("<ul>", "<!--ext--><ul>\n<font></font>").replace("<i>", "<!-- foreign --><span></span> <i>").replace("</b>", "</b><u>ext</u>"),
      after: "<div id=ext></div>",
    });
    const ops = [op.set(2, 1, "LEAD"), op.set(6, 1, "one"), op.set(8, 0, "X"), op.set(5, 2, "V"), op.move(4, 3)] as const;
    patch(plain, ...ops);
    patch(noisy, ...ops);
    for (const css of ["ul li", "i", "b", "dd", "title"]) {
      expect(noisy.select(css).map((el) => el.textContent), css).toEqual(plain.select(css).map((el) => el.textContent));
    }
    expect(noisy.select("grammarly-x, font, #ext")).toHaveLength(3);
  });

  it("O3: extra text nodes beside a text slot go when it is written", () => {
    const m = mirrorOf({ body: "<p>a</p>b<!>", t: ["p0", "p s:0", "q0", "p,! s:0 c:1"], s: [0, 1, 7, 1] });
    const [p] = m.select("p") as [LightElement];
    p.append("extra");
    p.nextSibling!.before("more");
    patch(m, op.set(1, 0, "A"), op.set(1, 1, "B"));
    expect(m.html()).toBe("<p>A</p>B");
    while (p.firstChild) p.removeChild(p.firstChild);
    p.append(m.doc.createElement("font"));
    patch(m, op.set(1, 0, "AA"));
    expect(m.html()).toBe("<p>AA</p>B");
  });

  it("O4: a structure that does not fit throws VANGO_APPLY_STRUCTURE", () => {
    const refused = (parts: PageParts) => {
      let thrown: unknown;
      try {
        mirrorOf(parts);
      } catch (error) {
        thrown = error;
      }
      expect(thrown, JSON.stringify(parts)).toBeInstanceOf(WireError);
      expect((thrown as WireError).code).toBe("VANGO_APPLY_STRUCTURE");
    };
    refused({ body: "<ul><li></li></ul>", t: ["u", "ul s:0", "l", "li"], s: [0, 1, 4, 1, 1, 7, 2] });
    refused({ body: "<p></p>", t: ["u", "ul s:0"], s: [0, 1, 5, 1] });
    refused({ body: "", s: [0, 1, 1, 1] });
    refused({ body: "", s: [0] });
    refused({ body: "", s: [0, 0, 0] });
    refused({ body: "<p></p>", t: ["p", "p s:0"], s: [0, 1, 8, 1] });
    refused({ body: "<p></p>", t: ["p", "p s:0.4"], s: [0, 1, 4, 1, 1, 5, 1] });
    refused({ body: "<p></p>", t: ["p", "p s:0"], s: [0, 1, 5, 1e9] });
    refused({ body: "<p></p>", t: ["p", "p s:0"], s: [0, 1e9, 5, 1] });
  });

  it("O5: a flat row costs one instance: its slots are found when first patched", () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `<li><a>${i}</a></li>`).join("");
    const html = documentOf({ body: `<ul>${rows}</ul>`, t: ["u", "ul s:0", "l", "li k:0 s:0.0"], s: [0, 1, 4, 1, 1, 7, 1000] });
    const doc = parseDocument(html);
    const page = takeOver(doc, { v: 1, b: "", t: ["u", "ul s:0", "l", "li k:0 s:0.0"], s: [0, 1, 4, 1, 1, 7, 1000], h: [], g: "", p: "/", n: "" });
    expect(page.insts.size).toBe(1002);
    expect(page.insts.get(500)!.nodes).toBeUndefined();
    expect(page.insts.get(500)!.first).toBe(page.insts.get(500)!.last);
  });

  it("O6: moves keep node identity, also of wrapped items and with foreign nodes between", () => {
    const m = mirrorOf({ body: "<ul><li>1</li>a<!><b>2</b><!></ul>", t: ["u", "ul s:0", "l", "li s:0", "b", "b s:0"], s: [0, 1, 4, 1, 2, 7, 1, 0, 2, 0, 1, 9, 1] });
    const nodes = new Map(m.select("li, b").map((el) => [el.localName, el]));
    m.select("ul")[0]!.insertBefore(m.doc.createElement("x-foreign"), m.select("b")[0]!);
    patch(m, op.move(4, 3), op.move(2, 0));
    expect(m.select("ul")[0]!.textContent).toBe("2a1");
    for (const el of m.select("li, b")) expect(nodes.get(el.localName)).toBe(el);
    patch(m, op.insert(4, 0, 0, { t: 0, first: 9, rows: [[text("+")]] }), op.set(2, 0, "one"));
    expect(m.select("ul")[0]!.textContent).toBe("2+aone");
  });

  it("O7: a row inserted after the take-over is patched like one of the page", () => {
    const m = mirrorOf({ body: "<ul></ul>", t: ["u", "ul s:0"], s: [0, 1, 4, 1, 0] });
    patch(m, op.template(3, "l", "li k:0 s:0.0 c:0.1", "<li><a></a><!></li>"), op.insert(1, 0, 0, { t: 3, first: 2, rows: [[val(null), text("x"), text("")]] }));
    patch(m, op.set(2, 0, "c"), op.set(2, 2, "tail"), op.set(2, 1, "y"));
    expect(m.html()).toBe('<ul><li class="c"><a>y</a>tail</li></ul>');
  });
});
