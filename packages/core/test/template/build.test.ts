// T1 to T7: statics, tables and paths of templates, as text.
import { describe, expect, test } from "vitest";
import { defineTemplate, F, html, R, slotKinds, Template, templateById } from "../../src/template/index.js";
import { ViewNode } from "../../src/view/view-node.js";

/** The definition behind an html call. */
function def(view: unknown): [statics: readonly string[], table: string] {
  if (!(view instanceof ViewNode)) throw new TypeError("not a view of a template");
  return [view.template.statics, view.template.table];
}

const x: unknown = "x";

describe("statics and tables", () => {
  test("T1: attributes come before children, static ones before v, v before slots", () => {
    expect(def(html`<li id="a" class=${x} onClick=${x}>${x}<b></b></li>`)).toEqual([['<li id="a" v="1"', ">", "<!><b></b></li>"], "li k:0 eclick::: c:0.0"]);
  });

  test("T2: a run is one slot: sole without an anchor, else followed by one", () => {
    expect(def(html`<p>count: ${x}</p>`)).toEqual([["<p>", "</p>"], "p s:0"]);
    expect(def(html`<p>${x} of ${x}</p>`)).toEqual([["<p>", "</p>"], "p s:0"]);
    expect(def(html`<p>a ${x}<i></i>b</p>`)).toEqual([["<p>", "<!><i></i>b</p>"], "p c:0.0"]);
    expect(def(html`<p><i></i>${x}<b></b>${x}</p>`)).toEqual([["<p><i></i>", "<!><b></b>", "<!></p>"], "p c:0.1 c:0.3"]);
  });

  test("T3: every instance ends with an element or an anchor", () => {
    expect(def(html`text`)).toEqual([["text<!>"], "!"]);
    expect(def(html`<b></b>tail`)).toEqual([["<b></b>tail<!>"], "b,!"]);
    expect(def(html`head<b></b>`)).toEqual([["head<b></b>"], "b"]);
    expect(def(html`<b></b>${x}`)).toEqual([["<b></b>", "<!>"], "b,! c:1"]);
    expect(def(html``)).toEqual([["<!>"], "!"]);
  });

  test("T4: kinds of attributes", () => {
    expect(def(html`<input value=${x} checked=${x} disabled=${x} name=${x} style=${x}>`)[1]).toBe("input pvalue:0 pchecked:0 bdisabled:0 aname:0 y:0");
    expect(def(html`<a href=${x} data-id=${x} hidden=${x}></a>`)[1]).toBe("a uhref:0 adata-id:0 ahidden:0");
    expect(def(html`<select value=${x}><option selected=${x}>a</option></select>`)[1]).toBe("select pvalue:0:o pselected:0.0");
    expect(def(html`<video muted=${x} src=${x}></video>`)[1]).toBe("video pmuted:0 usrc:0");
    expect(def(html`<li value=${x}></li>`)[1]).toBe("li avalue:0");
  });

  test("T4: content attributes follow the others: a textarea's value, innerHTML", () => {
    expect(def(html`<textarea value=${x} class=${x}></textarea>`)).toEqual([["<textarea", ">", "</textarea>"], "textarea k:0 pvalue:0:t"]);
    expect(def(html`<div innerHTML=${x} id=${x}></div>`)).toEqual([["<div", ">", "</div>"], "div aid:0 h:0"]);
    expect(def(html`<textarea value="a<b"></textarea>`)).toEqual([["<textarea>a&lt;b</textarea>"], "textarea"]);
  });

  test("T4: with a spread all attributes but events are one slot, later ones win", () => {
    const view = html`<a id="1" ...${{ id: "2", href: "/" }} class=${"k"} onClick=${x}></a>` as unknown as ViewNode;
    expect(def(view)).toEqual([['<a v="1"', "></a>"], "a z:0 eclick:::"]);
    expect(view.ev(0)).toEqual({ id: "2", href: "/", class: "k" });
  });

  test("T5: paths count elements and anchors only", () => {
    expect(def(html`<ul>a<li>b</li>${x}<li><b>${x}</b></li></ul><p>${x}</p>`)[1]).toBe("ul,p c:0.1 s:0.2.0 s:1");
  });

  test("T4: text elements take one text", () => {
    expect(def(html`<title>${x} - app</title>`)).toEqual([["<title>", "</title>"], "title x:0"]);
    expect(def(html`<style>${x}</style>`)[1]).toBe("style x:0:r");
    expect(def(html`<textarea>${x}</textarea>`)[1]).toBe("textarea x:0:n");
    expect(def(html`<pre>${x}</pre>`)[1]).toBe("pre s:0:n");
    expect(def(html`<style>a > b { color: red }</style>`)[0]).toEqual(["<style>a > b { color: red }</style>"]);
  });

  test("T6: static values are escaped; booleans follow the attribute", () => {
    expect(def(html`<p title='a"<&amp;>'>1 &lt; 2 &copy; &zeta; &amp;</p>`)[0]).toEqual(['<p title="a&quot;&lt;&amp;&gt;">1 &lt; 2 © &zeta; &amp;</p>']);
    expect(def(html`<input disabled aria-hidden contenteditable hidden>`)[0]).toEqual(['<input disabled="" aria-hidden="true" contenteditable="true" hidden="">']);
  });

  test("T7: SVG and MathML roots name their namespace, names get their capitals", () => {
    expect(def(html`<circle r=${x}></circle>`)).toEqual([["<circle", "></circle>"], "svg/circle ar:0"]);
    expect(def(html`<svg viewbox=${x}><lineargradient/><foreignobject><p>${x}</p></foreignobject></svg>`)).toEqual([
      ["<svg", "><linearGradient></linearGradient><foreignObject><p>", "</p></foreignObject></svg>"],
      "svg aviewBox:0 s:0.1.0",
    ]);
    expect(def(html`<mi>${x}</mi>`)[1]).toBe("math/mi s:0");
    expect(def(html`<svg><title>${x}</title></svg>`)[1]).toBe("svg s:0.0");
  });

  test("T7: table parts are templates of their own; blanks between them vanish", () => {
    expect(def(html`<tr><td>${x}</td></tr>`)).toEqual([["<tr><td>", "</td></tr>"], "tr s:0.0"]);
    expect(def(html`<table> <tbody>${x}</tbody> </table>`)).toEqual([["<table><tbody>", "</tbody></table>"], "table s:0.0"]);
  });

  test("T1: event options and fields", () => {
    expect(def(html`<form onSubmit.prevent.once=${x} onKeyDown.keys-Enter+Space.stop=${x} onInput.debounce-300=${x}></form>`)[1]).toBe("form esubmit::p,o: ekeydown::s,kEnter+%20: einput::d300:");
  });
});

describe("registry", () => {
  test("T10: the same content is the same object, whoever defines it", () => {
    const a = html`<p>${1}</p>` as unknown as ViewNode;
    const b = html`<p>${2}</p>` as unknown as ViewNode;
    expect(a.template).toBe(b.template);
    expect(a.template.id).toMatch(/^[0-9a-z]{10}$/);
    expect(templateById(a.template.id)).toBe(a.template);
    expect(defineTemplate(a.template.id, a.template.statics, a.template.table)).toBe(a.template);
  });

  test("T10: the same id with other content is refused", () => {
    const { template } = html`<p>${1}</p>` as unknown as ViewNode;
    expect(() => defineTemplate(template.id, ["<b>", "</b>"], "b s:0")).toThrow(/VANGO_TPL_CONFLICT/);
  });

  test("T10: a table that does not fit is refused", () => {
    expect(() => defineTemplate("bad0000001", ["<p></p>"], "p s:0")).toThrow(/VANGO_TPL_TABLE.*1 statics for 1/);
    expect(() => defineTemplate("bad0000002", ["<p>", "</p>"], "p ?:0")).toThrow(/VANGO_TPL_TABLE.*slot 0/);
  });

  test("T11: parsed slots", () => {
    const t = (html`<a class=${x} onClick.debounce-5=${x} href=${x}>${x}</a>` as unknown as ViewNode).template;
    expect([...t.kinds]).toEqual([slotKinds.CLASS, slotKinds.EVENT, slotKinds.URL_ATTR, slotKinds.SOLE]);
    expect(t.names).toEqual(["", "click", "href", ""]);
    expect([t.emit, t.childSlots, t.eventSlots, t.flatCapable]).toEqual([[0, 2, 3], [3], [1], false]);
    expect(t.slots[1]?.event).toEqual({ options: { debounce: 5 }, fields: undefined });
    expect(t.slots[3]?.path).toEqual([0]);
    const area = (html`<textarea value=${x}></textarea><pre>${x}</pre><style>${x}</style>` as unknown as ViewNode).template;
    expect([[...area.asText], [...area.dropsNewline], [...area.rawText]]).toEqual([[1, 0, 1], [1, 1, 0], [0, 0, 1]]);
  });

  test("T12: the built-in templates", () => {
    expect([F.statics, F.table, R.names, R.roots]).toEqual([["", "<!>"], "! c:0", ["head", "body"], ["head", "body"]]);
    expect(F).toBeInstanceOf(Template);
  });
});
