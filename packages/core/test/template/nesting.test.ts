// T8: each rule of parser stability says what to do instead.
import { expect, test } from "vitest";
import { html } from "../../src/template/index.js";

test.each([
  [() => html`<p><div></div></p>`, "<div> cannot stand in <p>: it closes the paragraph"],
  [() => html`<p><span><ul></ul></span></p>`, "<ul> cannot stand in <p>"],
  [() => html`<table><tr></tr></table>`, "<tr> cannot stand in <table>. Put it into <tbody>"],
  [() => html`<div><tr></tr></div>`, "<tr> cannot stand in <div>. Its parent must be <tbody>, <thead>, <tfoot>."],
  [() => html`<table><div></div></table>`, "<div> cannot stand in <table>. Its children are <caption>, <colgroup>, <tbody>, <thead>, <tfoot>."],
  [() => html`<table>text</table>`, "Text cannot stand in <table>"],
  [() => html`<tr></tr>text`, "Text cannot stand next to <tr>"],
  [() => html`<tr></tr><div></div>`, "<div> and <tr> cannot stand side by side"],
  [() => html`<a><b><a></a></b></a>`, "<a> cannot stand inside another <a>"],
  [() => html`<button><button></button></button>`, "<button> cannot stand inside another <button>"],
  [() => html`<form><div><form></form></div></form>`, "<form> cannot stand inside another <form>"],
  [() => html`<label><label></label></label>`, "<label> cannot stand inside another <label>"],
  [() => html`<select><div></div></select>`, "<div> cannot stand in <select>. Its children are <option>, <optgroup>, <hr>."],
  [() => html`<div><option></option></div>`, "Its parent must be <select>, <optgroup> or <datalist>"],
  [() => html`<select><option><b></b></option></select>`, "<b> cannot stand in <option>. It takes text only."],
  [() => html`<ul><li><li></li></li></ul>`, "<li> cannot stand in <li>: it closes it"],
  [() => html`<h1><h2></h2></h1>`, "<h2> cannot stand in <h1>"],
  [() => html`<div><body></body></div>`, "<body> cannot be part of a template"],
  [() => html`<svg><div></div></svg>`, "<div> cannot stand in <svg>: put it into <foreignObject>."],
  [() => html`<div><circle/></div>`, "<circle> belongs into <svg>."],
  [() => html`<image/>`, "in HTML write <img>"],
])("T8: %s", (make, message) => {
  try {
    make();
    expect.unreachable();
  } catch (error) {
    expect(String(error)).toContain(message);
  }
});

test("T8: what parsers keep is accepted", () => {
  for (const make of [
    () => html`<p><button><div></div></button></p>`,
    () => html`<ul><li><ul><li></li></ul></li></ul><li></li>`,
    () => html`<table><caption></caption><thead><tr><th></th></tr></thead><tbody><tr><td><div></div></td></tr></tbody></table>`,
    () => html`<td></td><td></td>`,
    () => html`<svg><foreignObject><p></p></foreignObject></svg>`,
    () => html`<select><optgroup><option>a</option></optgroup><hr></select>`,
    () => html`<noscript><p>static</p></noscript>`,
  ]) {
    expect(make).not.toThrow();
  }
});
