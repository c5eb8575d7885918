// The mirror's log and paths.
import { describe, expect, it } from "vitest";
import { normaliseHtml } from "../../src/testing/mirror.js";
import { encodeKeyHashes } from "../../src/protocol/server-messages.js";
import { pathOf } from "../../src/testing/patch-log.js";
import { items, mirrorOf, op, patch, text } from "../apply/page.js";

describe("R: mirror", () => {
  it("R1: paths name an element or a text from the page's root", () => {
    const m = mirrorOf({ body: "<section><p>a</p></section><section>x<b>y</b>z</section>", t: ["s", "section", "t", "section"], s: [0, 2, 5, 1, 7, 1] });
    const paths = m.select("section, p, b").map(pathOf);
    expect(paths).toEqual(["body>section:nth-child(1)", "body>section:nth-child(1)>p", "body>section:nth-child(2)", "body>section:nth-child(2)>b"]);
    expect(m.select("p")[0]!.childNodes.map(pathOf)).toEqual(["body>section:nth-child(1)>p"]);
    expect(m.select("section")[1]!.childNodes.map(pathOf)).toEqual([
      "body>section:nth-child(2)>#text(1)",
      "body>section:nth-child(2)>b",
      "body>section:nth-child(2)>#text(3)",
    ]);
    expect(pathOf(m.doc.body)).toBe("body");
    expect(pathOf(m.select("title, meta")[0]!)).toBe("head>meta");
  });

  it("R2: several runs of one INSERT range are one operation, neighbours removed are one", () => {
    const m = mirrorOf({});
    patch(
      m,
      op.template(2, "a", "a s:0", "<a></a>"),
      op.template(3, "b", "b s:0", "<b></b>"),
      op.insert(0, 1, 0, { t: 2, first: 1, rows: [[text("1")], [text("2")]] }),
      op.insert(0, 1, 0, { t: 3, first: 3, rows: [[text("3")]] }),
      op.insert(0, 1, 0, { t: 0, first: 4, rows: [[items({ t: 2, first: 5, rows: [[text("4")], [text("5")]] })]] }),
    );
    expect(m.ops()).toEqual([{ op: "insert", parent: "body", index: 0, count: 5, html: "<a>1</a><a>2</a><b>3</b><a>4</a><a>5</a>" }]);
    m.clear();
    patch(m, op.remove(2, 2), op.remove(4));
    expect(m.ops()).toEqual([{ op: "remove", parent: "body", index: 1, count: 4 }]);
    expect(m.html()).toBe("<a>1</a>");
  });

  it("R3: nothing outside the connected page is recorded", () => {
    const m = mirrorOf({ body: "<p></p>", t: ["p", "p k:0 s:0"], s: [0, 1, 5, 1] });
    const away = m.doc.createElement("p");
    away.setAttribute("id", "x");
    away.append("text");
    expect(m.ops()).toEqual([]);
    patch(m, op.set(1, 0, "c"), op.flag(1, 0, false), op.flag(1, 0, false));
    expect(m.ops()).toEqual([
      { op: "attr", at: "body>p", name: "class", value: "c" },
      { op: "attr", at: "body>p", name: "class", value: null },
    ]);
  });

  it("R5: a page tells itself: structure, ids, the key hashes it has learnt; numbers without a template are kept", () => {
    const m = mirrorOf({});
    patch(
      m,
      op.template(2, "u", "ul s:0", "<ul></ul>"),
      op.template(4, "l", "li s:0", "<li></li>"),
      op.insert(0, 1, 0, { t: 2, first: 9, rows: [[items({ t: 4, first: 20, rows: [[text("1")], [text("2")], [text("3")]] }, { t: 2, first: 30, rows: [[text("")]] })]] }),
      op.insert(0, 1, 10, { t: 4, first: 7, rows: [[text("0")]] }),
    );
    patch(m, op.move(20, 0));
    m.learnKeys(encodeKeyHashes([21, 2, 500, 1], [5, 6, 7]));
    expect(m.describe()).toEqual({
      t: ["u", "ul s:0", "", "", "l", "li s:0"],
      s: [0, 2, 9, 1, 4, 1, 3, 9, 2, 5, 1, 9, 1],
      i: [7, 1, 9, 1, 21, 2, 30, 1, 20, 1],
      k: [0, 0, 5, 6, 0, 0],
    });
    m.select("li")[1]!.remove();
    expect(() => m.describe()).toThrow(/VANGO_APPLY_STRUCTURE/);
  });

  it("R4: normal form: one state, one text", () => {
    expect(normaliseHtml('<b id=x class="y" v="3">a</b><!>')).toBe(normaliseHtml('<b class="y" id="x">a</b>'));
    const m = mirrorOf({ body: '<p id="a" class="b"></p>', t: ["p", "p k:0 s:0"], s: [0, 1, 5, 1] });
    expect(m.html()).toBe('<p id="a" class="b"></p>');
    expect(m.normalHtml()).toBe('<p class="b" id="a"></p>');
  });
});
