// SS7: the value of a select in the first HTML.
import { describe, expect, it } from "vitest";
import { component, each, html, type View } from "../../src/index.js";
import { renderOnce } from "../../src/testing/record.js";
import type { ComponentType } from "../../src/view/component-type.js";

const body = (view: () => View): string => renderOnce(component(() => view) as unknown as ComponentType, {}).body;

describe("select", () => {
  it("SS7: marks the option that has the value, static or of a list, by value or by text", () => {
    expect(body(() => html`<select value=${"b"}><option value="a">A</option><option value="b">B</option></select><option value="b">x</option>`)).toBe(
      '<select value="b"><option value="a">A</option><option value="b" selected>B</option></select><option value="b">x</option>',
    );
    const names = ['q"q', "b & c", "d"];
    expect(body(() => html`<p><select value=${'q"q'}>${each(names, (n) => n, (n) => html`<option value=${n}>${n}</option>`)}</select></p>`)).toContain('<option value="q&quot;q" selected>');
    expect(body(() => html`<p><select value=${"b & c"}>${each(names, (n) => n, (n) => html`<option>${n}</option>`)}</select></p>`)).toContain("<option selected>b &amp; c</option>");
  });

  it("SS7: two selects in one template; no value marks nothing", () => {
    expect(body(() => html`<div><select value=${"1"}><option>1</option><option>2</option></select><select value=${2}><option>1</option><option>2</option></select></div>`)).toBe(
      '<div><select value="1"><option selected>1</option><option>2</option></select><select value="2"><option>1</option><option selected>2</option></select></div>',
    );
    expect(body(() => html`<div><select value=${null}><option>1</option></select></div>`)).toBe("<div><select><option>1</option></select></div>");
  });
});
