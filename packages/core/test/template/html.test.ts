// H1 to H6: what `html` makes of values, components and markup.
import { describe, expect, test } from "vitest";
import { html, trimText } from "../../src/template/index.js";
import { ComponentView, ViewNode } from "../../src/view/view-node.js";

const Card = Object.assign(() => html``, { setup: () => () => null, label: "Card" });
const node = (v: unknown): ViewNode => {
  expect(v).toBeInstanceOf(ViewNode);
  return v as ViewNode;
};
const component = (v: unknown): ComponentView => {
  expect(v).toBeInstanceOf(ComponentView);
  return v as ComponentView;
};
const propsOf = (v: unknown): Record<string, unknown> => {
  const { props } = component(v);
  return { ...(typeof props === "function" ? props() : props) };
};
const signal = <T>(value: T) => ({ get: () => value, peek: () => value });

describe("holes", () => {
  test("H1: values stay, functions are called by their slot, handlers are not called", () => {
    let calls = 0;
    const f = (): string => `v${++calls}`;
    const v = node(html`<p class=${f} onClick=${f} id=${"i"}>${f}</p>`);
    expect(calls).toBe(0);
    expect([v.ev(0), v.ev(1), v.ev(2), v.ev(3)]).toEqual(["v1", f, "i", "v2"]);
  });

  test("H1: signals are left to the slot", () => {
    const s = signal(1);
    expect(node(html`<p>${s}</p>`).ev(0)).toBe(s);
  });

  test("H2: runs are composed to one string when all parts are text", () => {
    expect(node(html`<p>a ${1} b ${() => 2n}${null}${signal("!")}</p>`).ev(0)).toBe("a 1 b 2!");
    const inner = html`<b></b>`;
    expect(node(html`<p>a ${inner}</p>`).ev(0)).toEqual(["a ", inner]);
  });

  test("H2: attribute values of several parts are joined; a class with a list stays a list", () => {
    expect(node(html`<p class="a ${"b"} ${false}${() => "c"}"></p>`).ev(0)).toBe("a b c");
    expect(node(html`<p class="a ${{ on: true }}"></p>`).ev(0)).toEqual(["a ", { on: true }]);
    expect(node(html`<a href="/x/${7}?q=${signal("z")}"></a>`).ev(0)).toBe("/x/7?q=z");
  });

  test("H3: one parse per place, another template per place", () => {
    const at = (n: number): ViewNode => node(html`<p>${n}</p>`);
    expect(at(1).template).toBe(at(2).template);
    expect([at(1).ev(0), at(2).ev(0)]).toEqual([1, 2]);
  });

  test("H3: the root's key is the view's, a key below makes a view of its own", () => {
    expect(node(html`<li key=${7}>a</li>`).key).toBe(7);
    const v = node(html`<ul><li key=${"k"}>a</li></ul>`);
    expect(v.template.table).toBe("ul s:0");
    expect(node(v.ev(0)).key).toBe("k");
  });
});

describe("components", () => {
  test("H4: props by name, text, spread and key", () => {
    const f = (): number => 1;
    const v = html`<${Card} n=${1} title="a &amp; b" open onPick=${f} ...${{ z: 2 }} key=${"k"} />`;
    expect(component(v).type).toBe(Card);
    expect(component(v).key).toBe("k");
    expect(propsOf(v)).toEqual({ n: 1, title: "a & b", open: true, onPick: f, z: 2 });
  });

  test("H4: children are the prop `children`", () => {
    expect(propsOf(html`<${Card}>text</>`)).toEqual({ children: "text" });
    expect(propsOf(html`<${Card}>${5}</${Card}>`)).toEqual({ children: 5 });
    expect(propsOf(html`<${Card}>${1}${2}</>`)).toEqual({ children: [1, 2] });
    expect(node(propsOf(html`<${Card}><b>${1}</b></>`)["children"]).template.table).toBe("b s:0");
    expect(propsOf(html`<${Card}></>`)).toEqual({});
  });

  test("H4: components nest in markup", () => {
    const v = node(html`<ul><${Card} a=${1} /><li></li></ul>`);
    expect(v.template.table).toBe("ul,c:0.0".replace(",", " "));
    expect(propsOf(v.ev(0))).toEqual({ a: 1 });
  });

  test("H4: what is not a component is refused", () => {
    expect(() => html`<${5} />`).toThrow(/VANGO_TPL_SYNTAX.*not a component/);
  });
});

describe("markup", () => {
  test("H5: whitespace follows JSX, comments vanish", () => {
    const v = node(html`
      <p>
        a  b
        c <!-- no ${1} -->
        <i></i> d
      </p>
    `);
    expect(v.template.html).toBe("<p>a  b c <i></i> d</p>");
    expect(node(html`<p>a<!-- ${1} -->${2}</p>`).ev(0)).toBe("a2");
  });

  test("H5: the whitespace rule", () => {
    expect(trimText(" a ")).toBe(" a ");
    expect(trimText("\n  a \r\n\t b\n")).toBe("a b");
    expect(trimText("a\n\n  \n b ")).toBe("a b ");
    expect(trimText(" \n ")).toBe("");
  });

  test.each([
    [() => html`<p>`, /VANGO_TPL_SYNTAX.*<p> is not closed/],
    [() => html`<p></b>`, /<\/b> does not close <p>/],
    [() => html`</p>`, /closes nothing/],
    [() => html`<${Card}>x`, /component is not closed/],
    [() => html`<p ${"a"}>`, /cannot be an attribute's name/],
    [() => html`<p a${"a"}="x">`, /part of an attribute's name/],
    [() => html`<p a=x${"a"}>`, /into quotes/],
    [() => html`<p a=${"a"}x>`, /into quotes/],
    [() => html`<p a="x>`, /not closed/],
    [() => html`a < b`, /literal `<` as `&lt;`/],
    [() => html`<!doctype html>`, /Only comments/],
    [() => html`<!-- x`, /comment is not closed/],
    [() => html`<p>${1} &zeta;</p>`, /VANGO_TPL_REFERENCE/],
    [() => html`<${Card} a="&zeta;" />`, /VANGO_TPL_REFERENCE/],
    [() => html`<p onclick=${1}></p>`, /VANGO_TPL_EVENT.*Write `onClick`/],
    [() => html`<p onClick="go()"></p>`, /VANGO_TPL_EVENT.*takes a function/],
    [() => html`<p onClick.prevnt=${1}></p>`, /Did you mean `\.prevent`/],
    [() => html`<p onClick.zzzzzzzz=${1}></p>`, /Options: \.prevent/],
    [() => html`<p onClick=${1} onClick=${2}></p>`, /VANGO_TPL_DUPLICATE.*two handlers/],
    [() => html`<p id="a" id="b"></p>`, /VANGO_TPL_DUPLICATE.*`id` twice/],
    [() => html`<p className="a"></p>`, /Write `class`/],
    [() => html`<p v="a"></p>`, /framework's own/],
    [() => html`<p innerHTML="a"></p>`, /trustedHtml/],
    [() => html`<p innerHTML=${1}>a</p>`, /VANGO_TPL_INNER_HTML/],
    [() => html`<iframe srcdoc=${1}></iframe>`, /srcdoc/],
    [() => html`<a href=" javascript:x"></a>`, /script URL/],
    [() => html`<script>${1}</script>`, /VANGO_TPL_DYNAMIC/],
    [() => html`<template><p>${1}</p></template>`, /VANGO_TPL_DYNAMIC/],
    [() => html`<textarea value=${1}>x</textarea>`, /not from both/],
    [() => html`<style></sty <!-- </style>`, /would end the element/],
  ])("H6, T9: %s is refused with its place", (make, message) => {
    expect(make).toThrow(message);
    try {
      make();
    } catch (error) {
      expect((error as { at?: string }).at).toMatch(/^html template, line \d+, column \d+$/);
      expect(String(error)).toContain("> 1 | ");
    }
  });
});
