// The value that comes with an input event is the slot's last sent value: no echo, but a correction when the server disagrees.
import { describe, expect, it } from "vitest";
import { component, each, html, on } from "../../src/index.js";
import { record } from "../../src/testing/record.js";

const values = (ops: readonly { readonly op: string; readonly value?: unknown }[]): unknown[] => ops.filter((o) => o.op === "prop").map((o) => o.value);

describe("the value of a control", () => {
  it("is not sent back to the control it came from, but goes to others", () => {
    const page = record(component((setup) => {
      const text = setup.signal("");
      return () => html`<input id="a" title="x > y" onInput=${(e: { value: string }) => text.set(e.value)} value=${text}><textarea onInput=${(e: { value: string }) => text.set(e.value)} value=${text}></textarea><p>${text}</p>`;
    }));
    page.fire("input", "input", { value: "hel" });
    expect(page.patches().map((p) => p.op)).toEqual(["prop", "text"]);
    page.clear();
    page.fire("textarea", "input", { value: "hello" });
    expect(values(page.patches())).toEqual(["hello"]);
    expect(page.patches()[0]).toMatchObject({ at: expect.stringContaining("input") as string });
  });

  it("is corrected when the handler wants another one, and when it keeps the old one", () => {
    const page = record(component((setup) => {
      const digits = setup.signal("1");
      return () => html`<input onInput=${(e: { value: string }) => digits.set(e.value.replace(/\D/g, ""))} value=${digits}>`;
    }));
    page.fire("input", "input", { value: "12x" });
    expect(values(page.patches())).toEqual(["12"]);
    page.clear();
    page.fire("input", "input", { value: "12y" });
    expect(page.frames()).toHaveLength(1); // the light DOM was not typed into: it shows "12" already
    expect(Buffer.from(page.frames()[0] as Uint8Array).toString()).toContain("12");
    page.clear();
    page.fire("input", "input", { value: "123" });
    expect(page.frames()).toEqual([]);
  });

  it("of a checkbox in a packed row is not echoed, and a later change by the server arrives", () => {
    const page = record(component((setup) => {
      const rows = setup.signal([{ id: 1, done: false }, { id: 2, done: false }]);
      const set = (id: number, done: boolean): void => rows.updateWhere((r) => r.id === id, (r) => ({ ...r, done }));
      return () => html`<ul>${each(rows, (r) => r.id, (r) => html`<li><input type="checkbox" onChange=${(e: { checked: boolean }) => set(r.id, e.checked)} checked=${r.done}></li>`)}</ul><button onClick=${() => set(2, false)}>x</button>`;
    }));
    page.fire("li:nth-child(2) input", "change", { checked: true });
    expect(page.frames()).toEqual([]);
    page.fire("button", "click");
    expect(page.frames()).toHaveLength(1);
  });

  it("of one control says nothing about its neighbours, and a foreign type is ignored", () => {
    const page = record(component((setup) => {
      const a = setup.signal("a");
      const b = setup.signal("b");
      return () => html`<p><input id="a" value=${a}><input id="b" onInput=${on({}, (e: { value: string }) => { a.set("B"); b.set(String(e.value)); })} value=${b}></p>`;
    }));
    page.fire("#b", "input", { value: "B" });
    expect(values(page.patches())).toEqual(["B"]);
    page.clear();
    page.fire("#b", "input", { value: 7 });
    expect(values(page.patches())).toEqual(["7"]);
  });
});
