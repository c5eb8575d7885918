// SS6: the body in pieces.
import { describe, expect, it } from "vitest";
import { Boundary, component, each, html } from "../../src/index.js";
import { encodeHtml } from "../../src/ssr/encode.js";
import { renderOnce } from "../../src/testing/record.js";
import type { ComponentType } from "../../src/view/component-type.js";

const rows = Array.from({ length: 500 }, (_, id) => ({ id, text: `row ${id} é <b>` }));

describe("chunks", () => {
  it("SS6: a long list comes in pieces that joined are the page; the bytes are those of the joined text", () => {
    const Page = component(() => () => html`<main><ul>${each(rows, (r) => r.id, (r) => html`<li>${r.text}</li>`)}</ul><p>end</p></main>`);
    const page = renderOnce(Page as unknown as ComponentType, {});
    expect(page.chunks.length).toBeGreaterThan(2);
    const wanted = `<main><ul>${rows.map((r) => `<li>${r.text.replace(/</g, "&lt;").replace(/>/g, "&gt;")}</li>`).join("")}</ul><p>end</p></main>`;
    expect(page.body).toBe(wanted);
    expect(Buffer.from(encodeHtml(page.chunks)).equals(Buffer.from(wanted))).toBe(true);
    expect(Buffer.from(encodeHtml(["é".repeat(100_000), "z"])).equals(Buffer.from(`${"é".repeat(100_000)}z`))).toBe(true);
  });

  it("SS6: pieces of what a boundary gave up are taken back", () => {
    const Risky = component(() => () => html`<ul>${each(rows, (r) => r.id, (r) => html`<li>${r.id === 499 ? fail() : r.text}</li>`)}</ul>`);
    const Page = component(() => () => html`<main><i>before</i><${Boundary} fallback=${() => "failed"}><${Risky} /></${Boundary}><i>behind</i></main>`);
    const page = renderOnce(Page as unknown as ComponentType, {});
    expect(page.body).toBe("<main><i>before</i>failed<!><!><i>behind</i></main>");
  });

  it("SS6: an element whose first newline the parser drops holds its content in one piece", () => {
    const Page = component(() => () => html`<pre>${each(rows, (r) => r.id, (r) => (r.id === 0 ? "\nfirst" : r.text))}</pre>`);
    const page = renderOnce(Page as unknown as ComponentType, {});
    expect(page.body.startsWith("<pre>\n\nfirst")).toBe(true);
    expect(page.chunks).toHaveLength(1);
  });
});

function fail(): never {
  throw new Error("row");
}
