// Every operation of a frame, on the light DOM.
import { describe, expect, it } from "vitest";
import { WireError } from "../../src/protocol/wire-error.js";
import { frame, items, mirrorOf, op, patch, spread, text, val } from "./page.js";

const LI = ["li0", "li k:0 eclick::: s:0"];
const LI_HTML = '<li v="1"></li>';
const list = (...rows: string[]) =>
  mirrorOf({
    body: `<ul>${rows.map((row) => `<li v="1">${row}</li>`).join("")}</ul>`,
    t: ["ul0", "ul s:0", ...LI],
    s: [0, 1, 4, 1, ...(rows.length ? [1, 7, rows.length] : [0])],
  });

/** `<p class>` with text, an anchor between a bold and more, a spread and a URL. */
const mixed = () =>
  mirrorOf({
    body: '<div><p class="a">one</p>two<!><b>bold</b>three<!><a href="/x">link</a><i></i></div>',
    t: ["d0", "div k:0.0 s:0.0 c:0.1 c:0.3 uhref:0.4 z:0.5 ytop:0.5 h:0.2"],
    s: [0, 1, 4, 1, 0, 0, 0],
  });

describe("A: operations", () => {
  it("A1: SET writes the text of a sole range", () => {
    const m = list("a", "b");
    const kept = m.select("li")[1]!.firstChild;
    patch(m, op.set(3, 2, "B"));
    expect(m.html()).toBe("<ul><li>a</li><li>B</li></ul>");
    expect(m.select("li")[1]!.firstChild).toBe(kept);
    expect(m.ops()).toEqual([{ op: "text", at: "body>ul>li:nth-child(2)", value: "B" }]);
  });

  it("A1: SET and FLAG write text before an anchor, attributes, class, style, innerHTML and spread", () => {
    const m = mixed();
    patch(
      m,
      op.set(1, 0, "b"),
      op.set(1, 2, "TWO"),
      op.set(1, 3, "THREE"),
      op.set(1, 4, "/y"),
      op.set(1, 5, "1", "data-x"),
      op.flag(1, 5, true, "hidden"),
      op.set(1, 6, "color:red"),
      op.set(1, 7, "<u>raw</u>"),
    );
    expect(m.html()).toBe(
      '<div><p class="b">one</p>TWO<b><u>raw</u></b>THREE<a href="/y">link</a><i data-x="1" hidden="" style="color:red"></i></div>',
    );
    patch(m, op.flag(1, 0, false), op.flag(1, 2, false), op.flag(1, 5, false, "hidden"), op.flag(1, 7, false), op.flag(1, 1, false));
    expect(m.html()).toBe('<div><p></p><b></b>THREE<a href="/y">link</a><i data-x="1" style="color:red"></i></div>');
    patch(m, op.set(1, 2, "again"), op.set(1, 1, "one"));
    expect(m.html()).toBe('<div><p>one</p>again<b></b>THREE<a href="/y">link</a><i data-x="1" style="color:red"></i></div>');
  });

  it("A1: what does not change is not written; a spread keeps only the attributes that are listed, and its event mark", () => {
    const m = mirrorOf({ body: '<div><p class="a">one</p>two<!><i v="3" title="t" lang="de" data-x="1"></i></div>', t: ["d0", "div k:0.0 s:0.0 c:0.1 eclick:0.2 z:0.2"], s: [0, 1, 4, 1, 0, 0] });
    patch(m, op.set(1, 0, "a"), op.set(1, 1, "one"), op.set(1, 2, "two"), op.set(1, 4, "t", "title"));
    expect(m.ops()).toEqual([]);
    patch(m, op.set(1, 4, " title data-x ", ""), op.set(1, 4, "t", "title"));
    expect(m.ops()).toEqual([{ op: "attr", at: "body>div>i:nth-child(2)", name: "lang", value: null }]);
    patch(m, op.set(1, 4, "  ", ""));
    expect(m.document()).toContain('<i v="3"></i>');
    const raw = mirrorOf({ body: "<div><b>x &amp; &lt;y</b><br></div>", t: ["d0", "div h:0"], s: [0, 1, 5, 1] });
    patch(raw, op.set(1, 0, "<b>x &amp; &lt;y</b><br/>"));
    expect(raw.ops()).toEqual([]);
    patch(raw, op.set(1, 0, "<b>z</b>"));
    expect(raw.html()).toBe("<div><b>z</b></div>");
  });

  it("A2: INSERT puts rows at the end, before an item, and clears text first", () => {
    const m = list("a");
    const row = (first: number, ...rows: string[]) => ({ t: 3, first, rows: rows.map((r) => [val(null), text(r)]) });
    patch(m, op.template(3, "li0", LI[1]!, LI_HTML), op.insert(1, 0, 0, row(5, "x", "y")));
    patch(m, op.insert(1, 0, 6, row(9, "between")));
    expect(m.html()).toBe("<ul><li>a</li><li>between</li><li>x</li><li>y</li></ul>");
    expect(m.ops()).toEqual([
      { op: "insert", parent: "body>ul", index: 1, count: 2, html: "<li>x</li><li>y</li>" },
      { op: "insert", parent: "body>ul", index: 1, count: 1, html: "<li>between</li>" },
    ]);
    const empty = list();
    patch(empty, op.set(1, 0, "nothing here"));
    expect(empty.html()).toBe("<ul>nothing here</ul>");
    patch(empty, op.template(3, "li0", LI[1]!, LI_HTML), op.insert(1, 0, 0, row(5, "x")));
    expect(empty.html()).toBe("<ul><li>x</li></ul>");
  });

  it("A3: REMOVE takes consecutive ids, wherever they stand, and forgets what they held", () => {
    const m = list("a", "b", "c", "d");
    patch(m, op.move(5, 4), op.remove(3, 2));
    expect(m.html()).toBe("<ul><li>a</li><li>d</li></ul>");
    expect([...m.page.insts.keys()]).toEqual([0, 1, 2, 5]);
  });

  it("A4: MOVE keeps nodes and says where from and to", () => {
    const m = list("a", "b", "c");
    const [a, b, c] = m.select("li");
    patch(m, op.move(4, 3), op.move(2, 0));
    expect(m.select("li")).toEqual([c, b, a]);
    expect(m.ops()).toEqual([
      { op: "move", parent: "body>ul", from: 2, to: 0 },
      { op: "move", parent: "body>ul", from: 1, to: 2 },
    ]);
  });

  it("A5: CLEAR empties a range, text after it starts anew", () => {
    const m = list("a", "b");
    patch(m, op.clear(1, 0), op.set(1, 0, "none"));
    expect(m.html()).toBe("<ul>none</ul>");
    expect(m.page.insts.size).toBe(2);
    expect(m.ops()).toEqual([
      { op: "remove", parent: "body>ul", index: 0, count: 2 },
      { op: "text", at: "body>ul", value: "none" },
    ]);
  });

  it("A5: SET on a range with items clears it first", () => {
    const m = list("a", "b");
    patch(m, op.set(1, 0, "none"));
    expect(m.html()).toBe("<ul>none</ul>");
    expect(m.page.insts.size).toBe(2);
  });

  it("A6: REPLACE puts a new item in the old one's place", () => {
    const m = list("a", "b", "c");
    patch(m, op.template(4, "em0", "li s:0.0", "<li><em></em></li>"), op.replace(3, 4, 7, text("new")));
    expect(m.html()).toBe("<ul><li>a</li><li><em>new</em></li><li>c</li></ul>");
    expect(m.ops()).toEqual([{ op: "replace", at: "body>ul>li:nth-child(2)", html: "<li><em>new</em></li>" }]);
    patch(m, op.set(7, 0, "newer"), op.replace(7, 0, 8, text("plain")));
    expect(m.html()).toBe("<ul><li>a</li>plain<li>c</li></ul>");
    patch(m, op.replace(8, 4, 9, text("back")));
    expect(m.html()).toBe("<ul><li>a</li><li><em>back</em></li><li>c</li></ul>");
  });

  it("A7: EXT: URL, EMIT after the DOM, EPOCH, and event types of new templates", () => {
    const m = list();
    patch(
      m,
      op.emit("saved", { id: 7, list: [1, "two"] }),
      op.url(1, true, "/next?x=1"),
      op.epoch(9),
      op.template(3, "b0", "button ekeydown:0:kEnter,c:key", '<button v="0"></button>'),
    );
    expect(m.url).toBe("/next?x=1");
    expect(m.page.epoch).toBe(9);
    expect(m.emitted).toEqual([{ name: "saved", detail: { id: 7, list: [1, "two"] } }]);
    expect(m.listened).toEqual([{ type: "keydown", options: { k: ["Enter"], c: true } }]);
    expect(m.ops()).toEqual([
      { op: "url", href: "/next?x=1", replace: true },
      { op: "emit", name: "saved", detail: { id: 7, list: [1, "two"] } },
    ]);
  });

  it("A8: nested ranges and F wrappers: inserted, patched, moved with all they hold, forgotten", () => {
    const m = mirrorOf({});
    const SECTION = 2;
    const LI2 = 3;
    patch(
      m,
      op.template(SECTION, "s0", "section s:0.0 c:0.1 s:0.2", "<section><h1></h1><!><ul></ul></section>"),
      op.template(LI2, "li1", "li k:0 s:0", "<li></li>"),
      op.insert(0, 1, 0, {
        t: SECTION,
        first: 1,
        rows: [
          [
            text("title"),
            items(
              { t: 0, first: 2, rows: [[text("in F")]] },
              { t: 0, first: 3, rows: [[items({ t: 0, first: 4, rows: [[text("deep")], [text("")]] })]] },
            ),
            items({ t: LI2, first: 6, rows: [[val("on"), text("1")], [val(null), text("2")]] }),
          ],
        ],
      }),
    );
    expect(m.html()).toBe('<section><h1>title</h1>in Fdeep<ul><li class="on">1</li><li>2</li></ul></section>');
    patch(m, op.set(5, 0, "!"), op.move(3, 3), op.set(4, 0, "DEEP"));
    expect(m.html()).toBe('<section><h1>title</h1>DEEP!in F<ul><li class="on">1</li><li>2</li></ul></section>');
    patch(m, op.insert(2, 0, 0, { t: LI2, first: 8, rows: [[val(null), text("li in F")]] }), op.move(2, 4), op.flag(6, 0, false));
    expect(m.html()).toBe("<section><h1>title</h1><li>li in F</li>DEEP!<ul><li>1</li><li>2</li></ul></section>");
    patch(m, op.set(1, 0, "T"), op.remove(3));
    expect(m.html()).toBe("<section><h1>T</h1><li>li in F</li><ul><li>1</li><li>2</li></ul></section>");
    expect([...m.page.insts.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 6, 7, 8]);
    patch(m, op.remove(1));
    expect(m.html()).toBe("");
    expect(m.page.insts.size).toBe(1);
  });

  it("A9: templates with several roots and a range at root level", () => {
    const m = mirrorOf({});
    patch(
      m,
      op.template(2, "dl0", "dt,!,dd s:0 c:1 s:2", "<dt></dt>: <!><dd></dd>"),
      op.template(3, "x0", "!,b c:0 s:1", "lead <!><b></b>"),
      op.insert(0, 1, 0, { t: 2, first: 1, rows: [[text("a"), text("x"), text("1")], [text("b"), text(""), text("2")]] }),
      op.insert(0, 1, 0, { t: 3, first: 3, rows: [[text("y"), text("B")]] }),
    );
    expect(m.html()).toBe("<dt>a</dt>: x<dd>1</dd><dt>b</dt>: <dd>2</dd>lead y<b>B</b>");
    patch(m, op.move(3, 2), op.move(1, 0), op.set(1, 2, "ONE"), op.set(3, 1, "bold"));
    expect(m.html()).toBe("lead y<b>bold</b><dt>b</dt>: <dd>2</dd><dt>a</dt>: x<dd>ONE</dd>");
    patch(m, op.remove(3), op.remove(2));
    expect(m.html()).toBe("<dt>a</dt>: x<dd>ONE</dd>");
  });

  it("A10: roots of SVG and MathML get their namespace", () => {
    const m = mirrorOf({ body: "<svg></svg>", t: ["svg0", "svg s:0"], s: [0, 1, 4, 1, 0] });
    patch(
      m,
      op.template(3, "c0", "svg/circle,circle ar:0 ar:1", "<circle></circle><circle></circle>"),
      op.template(4, "m0", "math/mi s:0", "<mi></mi>"),
      op.insert(1, 0, 0, { t: 3, first: 2, rows: [[val("1"), val("2")]] }),
      op.insert(0, 1, 0, { t: 4, first: 3, rows: [[text("x")]] }),
    );
    expect(m.select("circle").map((el) => [el.namespaceURI, el.getAttribute("r")])).toEqual([
      ["http://www.w3.org/2000/svg", "1"],
      ["http://www.w3.org/2000/svg", "2"],
    ]);
    expect(m.select("mi")[0]!.namespaceURI).toBe("http://www.w3.org/1998/Math/MathML");
  });

  it("A11: properties are set as properties; a select takes its value after its options", () => {
    const m = mirrorOf({});
    patch(
      m,
      op.template(2, "in0", "input pvalue:0 pchecked:0 bdisabled:0", "<input>"),
      op.template(3, "sel0", "select pvalue:0 s:0", "<select></select>"),
      op.template(4, "opt0", "option pvalue:0 s:0", "<option></option>"),
      op.template(5, "ta0", "textarea x:0", "<textarea></textarea>"),
      op.template(6, "sp0", "p z:0 s:0", "<p></p>"),
      op.insert(0, 1, 0, { t: 2, first: 1, rows: [[val("typed"), val(true), val(true)]] }),
      op.insert(0, 1, 0, {
        t: 3,
        first: 2,
        rows: [[val("b"), items({ t: 4, first: 3, rows: [[val("a"), text("A")], [val("b"), text("B")]] })]],
      }),
      op.insert(0, 1, 0, { t: 5, first: 5, rows: [[val("notes")]] }),
      op.insert(0, 1, 0, { t: 6, first: 6, rows: [[spread({ id: "p", hidden: true, title: null }), text("s")]] }),
    );
    expect(m.html()).toBe(
      '<input value="typed" checked="" disabled=""><select value="b"><option value="a">A</option><option value="b">B</option></select><textarea>notes</textarea><p id="p" hidden="">s</p>',
    );
    m.clear();
    patch(m, op.flag(1, 1, false), op.set(1, 0, "typed"), op.set(5, 0, "more"), op.flag(1, 0, false));
    expect(m.ops()).toEqual([
      { op: "prop", at: "body>input:nth-child(1)", name: "checked", value: false },
      { op: "prop", at: "body>textarea:nth-child(3)", name: "value", value: "more" },
      { op: "prop", at: "body>input:nth-child(1)", name: "value", value: null },
    ]);
  });

  it("A11: a spread sets live properties as properties, the rest as attributes", () => {
    const m = mirrorOf({ body: '<input type="text" value="a">', t: ["in0", "input z:0"], s: [0, 1, 5, 1] });
    patch(m, op.set(1, 0, "b", "value"), op.flag(1, 0, true, "checked"), op.flag(1, 0, true, "disabled"), op.flag(1, 0, false, "value"));
    expect(m.ops()).toEqual([
      { op: "prop", at: "body>input", name: "value", value: "b" },
      { op: "prop", at: "body>input", name: "checked", value: true },
      { op: "attr", at: "body>input", name: "disabled", value: "" },
      { op: "prop", at: "body>input", name: "value", value: null },
    ]);
    expect(m.html()).toBe('<input type="text" checked="" disabled="">');
  });

  it("A12: head content is patched like body content", () => {
    const m = mirrorOf({ head: "<title>a</title>", t: ["t0", "title x:0"], s: [1, 5, 1, 0] });
    patch(m, op.set(1, 0, "b & c"));
    expect(m.document()).toContain("<head><title>b &amp; c</title><!><meta");
    expect(m.ops()).toEqual([{ op: "text", at: "head>title:nth-child(1)", value: "b & c" }]);
  });

  it("A13: a frame that does not fit throws a coded error", () => {
    const code = (...ops: Parameters<typeof patch>[1][]): string => {
      try {
        patch(list("a"), ...ops);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
        return (error as WireError).code;
      }
      return "none";
    };
    expect(code(op.set(99, 0, "x"))).toBe("VANGO_APPLY_FRAME");
    expect(code(op.set(2, 9, "x"))).toBe("VANGO_APPLY_FRAME");
    expect(code(op.remove(1, 9))).toBe("VANGO_APPLY_FRAME");
    expect(code(op.remove(0))).toBe("VANGO_APPLY_FRAME");
    expect(code(op.insert(1, 0, 0, { t: 3, first: 9, rows: [[val(null), text("")]] }))).toBe("VANGO_APPLY_FRAME");
    expect(code(op.insert(1, 0, 0, { t: 9, first: 9, rows: [] }), op.set(1, 0, "x"))).toBe("none");
    expect(code(op.insert(1, 0, 0, { t: 0, first: 1, rows: [[text("")]] }))).toBe("VANGO_APPLY_FRAME");
    expect(code((w) => w.op(9, 7))).toBe("VANGO_WIRE_KIND");
    expect(code((w) => w.varint(1 << 30))).toBe("VANGO_APPLY_FRAME");
  });

  it("A14: sequence numbers: the past is ignored, a gap throws", () => {
    const m = list("a");
    m.apply(frame(1, op.set(2, 2, "b")));
    m.apply(frame(1, op.set(2, 2, "c")));
    expect(m.html()).toBe("<ul><li>b</li></ul>");
    expect(() => m.apply(frame(3))).toThrow(/VANGO_WIRE_SEQUENCE/);
    m.apply(frame(2, op.set(2, 2, "d")));
    m.seq = 255;
    m.apply(frame(256, op.set(2, 2, "e")));
    m.apply(frame(250, op.set(2, 2, "f")));
    expect(m.html()).toBe("<ul><li>e</li></ul>");
    expect(m.seq).toBe(256);
  });

  it("A15: events are found from the element, across instances", () => {
    const m = mirrorOf({
      body: '<div v="1"><p><b v="0">x</b></p><!><i>y</i></div>',
      t: ["d1", "div c:0.0 eclick:", "p0", "p ekeydown::d300,kEnter+a%2B:key,code s:0.0"],
      s: [0, 1, 4, 1, 1, 7, 1],
    });
    const at = (css: string, type: string) => {
      const found = m.eventAt(m.select(css)[0]!, type);
      return found && [found.instance, found.slot];
    };
    expect(at("b", "keydown")).toEqual([2, 0]);
    expect(at("b", "click")).toEqual([1, 1]);
    expect(at("i", "click")).toEqual([1, 1]);
    expect(at("i", "keydown")).toBeUndefined();
    expect(m.eventAt(m.select("b")[0]!, "keydown")!.event).toEqual({
      slot: 0,
      type: "keydown",
      options: { d: 300, k: ["Enter", "a+"] },
      fields: ["key", "code"],
    });
  });
});
