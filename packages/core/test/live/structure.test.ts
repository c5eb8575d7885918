// The client's structure: read with care, and the join of ranges that are hard to tell apart.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { component, each, html } from "../../src/index.js";
import type { View } from "../../src/index.js";
import { parseStructure } from "../../src/live/client-structure.js";
import { getPage, openPage } from "../loop/harness.js";
import { atLeast, FACTOR } from "../cases.js";
import { same } from "../same.js";

const t = ["aaaaaaaaaa", "div s:0", "bbbbbbbbbb", "p c:0 c:0.1"];

describe("structure", () => {
  it("LT16: a page's own structure parses, ids in preorder", () => {
    const page = getPage(component(() => () => html`<main>${[html`<p>a</p>`, html`<div>${() => html`<b></b>`}</div>`, html`<p>z</p>`]}</main>`));
    const { contents, nextId } = parseStructure(page.t, page.s);
    expect(contents[0]?.runs).toEqual([]);
    expect(contents[1]?.idAt(0)).toBe(1);
    const inner = contents[1]?.runs[0]?.items[0]?.[0];
    expect([inner?.idAt(0), inner?.runs.map((r) => r.count), nextId]).toEqual([2, [1, 1, 1], 6]);
  });

  it("LT16: what does not parse is VANGO_BAD_STRUCTURE", () => {
    const bad: (readonly number[])[] = [
      [], [0], [0, 0, 0], [0, 1], [0, 1, 5], [0, 1, 5, 0], [0, 1, 99, 1], [0, 1, 4, 1], [0, 1, 5, 3_000_000], [0, 1, 5, -1], [0, 1, 5, 1.5], [0, 1, 5, NaN],
      [0, 1, 2 ** 32 + 5, 1], [0, 2 ** 31, 5, 1], [0, 1e9, 5, 1], [0, 1, 5, Infinity], [0, "1" as never, 5, 1], [0, null as never],
      [0, 3, 5, 100_000, 5, 100_000, 5, 100_000],
      [0, ...Array.from({ length: 400 }, () => [1, 4, 1]).flat(), 0],
    ];
    for (const s of bad) expect(() => parseStructure(t, s), JSON.stringify(s).slice(0, 60)).toThrow(/VANGO_BAD_STRUCTURE/);
    expect(() => parseStructure(["x", 5 as never], [0, 0])).toThrow(/VANGO_BAD_STRUCTURE/);
    expect(parseStructure(t, [0, 1, 5, 7]).nextId).toBe(8);
  });

  it("LT16: ids and key hashes of a live page belong to the items in preorder", () => {
    const s = [0, 2, 4, 1, 1, 5, 2, 5, 1];
    const { contents, nextId } = parseStructure(t, s, [7, 1, 40, 1, 900, 2], [1, 0, 3, 2 ** 32 - 1]);
    const outer = contents[1];
    const inner = outer?.runs[0]?.items[0]?.[0];
    expect([outer?.idAt(0), outer?.idAt(1), outer?.keys]).toEqual([7, 40, [1, 0]]);
    expect([inner?.idAt(0), inner?.idAt(1), inner?.keys]).toEqual([900, 901, [3, 2 ** 32 - 1]]);
    expect(nextId).toBe(902);
    const bad: (readonly [i: unknown, k?: unknown])[] = [
      [[]], [[7, 3]], [[7, 5]], [[7, 2, 7, 2]], [[7, 2, 8, 2]], [[0, 4]], [[-1, 4]], [[1.5, 4]], [[1, NaN]], [[1, 0, 5, 4]], [[1, -1, 5, 5]], [[1, 4, 9]],
      [[2 ** 41, 4]], [[1, 2 ** 40]], [["1", 4]], [[null, 4]], [[1, 4], [1]], [[1, 4], [1, 2, 3, 4, 5]], [[1, 4], [1, 2, 3, -1]], [[1, 4], [1, 2, 3, 0.5]],
      [[1, 4], [1, 2, 3, 2 ** 32]], [[1, 4], [1, 2, 3, "4"]],
    ];
    for (const [i, k] of bad) expect(() => parseStructure(t, s, i as number[], k as number[]), JSON.stringify([i, k])).toThrow(/VANGO_BAD_STRUCTURE/);
  });

  it("LT16: any numbers end in a structure or in VANGO_BAD_STRUCTURE, soon", () => {
    const number = fc.oneof({ weight: 8, arbitrary: fc.nat(8) }, fc.nat(1_000_000), fc.constantFrom(-1, 0.5, NaN, 2 ** 40));
    let parsed = 0;
    let seen = 0;
    const started = performance.now();
    fc.assert(
      fc.property(fc.array(number, { maxLength: 40 }), (s) => {
        seen++;
        // Every other time with ids and keys that nobody made with care.
        const ids = seen % 2 === 0 ? s.map((n, i) => (i % 2 === 0 ? n + i : 1)) : undefined;
        try {
          parseStructure(t, s, ids, seen % 4 === 0 ? s.slice(0, 3) : undefined);
          parsed++;
        } catch (error) {
          same((error as { code?: string }).code, "VANGO_BAD_STRUCTURE");
        }
      }),
      { numRuns: 40_000, seed: 4 },
    );
    expect(seen).toBeGreaterThanOrEqual(atLeast(40_000));
    expect(parsed).toBeGreaterThan(FACTOR < 1 ? 0 : 20);
    const wide = [0, 1, 4, 60_000, ...new Array<number>(60_000).fill(0)];
    expect(parseStructure(t, wide).nextId).toBe(60_001);
    expect((performance.now() - started) / seen).toBeLessThan(1);
  }, 120_000);
});

describe("join of what differs", () => {
  const join = (got: () => View, now: () => View) => openPage(component(() => now), { got: component(() => got) });

  it("LT3: a range that follows a flat run takes the client's ids of its own children", () => {
    const heard: string[] = [];
    const view = (n: number) => (): View =>
      html`<main>${[html`<p>${n}</p>`, html`<div>${() => [html`<b onClick=${() => heard.push("b")}>x</b>`, html`<i onClick=${() => heard.push("i")}>${n}</i>`]}</div>`, html`<p>z</p>`, html`<u>${() => html`<s onClick=${() => heard.push("s")}>${n}</s>`}</u>`]}</main>`;
    const live = join(view(1), view(2));
    expect(live.synced).toBe(true);
    expect(live.html()).toBe("<main><p>2</p><div><b>x</b><i>2</i></div><p>z</p><u><s>2</s></u></main>");
    for (const name of ["b", "i", "s"]) live.click(name);
    expect(heard).toEqual(["b", "i", "s"]);
    expect(live.mirror.ops().every((o) => o.op === "text")).toBe(true);
  });

  it("LT3: attributes that only the GET's spread had are gone", () => {
    const view = (props: object, n: number) => (): View => html`<main><p ...${() => props}>${n}</p></main>`;
    const live = join(view({ title: "a", lang: "en" }, 1), view({ lang: "de" }, 1));
    expect(live.html()).toBe('<main><p lang="de">1</p></main>');
  });

  it("LT3: rows in another order are inserted anew: no row becomes another in place", () => {
    const heard: number[] = [];
    const view = (ids: readonly number[]) => (): View => html`<ul>${each(ids, (x) => x, (x) => html`<li onClick=${() => heard.push(x)}>row</li>`)}</ul>`;
    const live = join(view([1, 2, 3]), view([2, 1, 3]));
    expect(live.mirror.ops().map((o) => o.op)).toEqual(["remove", "insert"]);
    live.click("li");
    expect(heard).toEqual([2]);
    const same = join(view([1, 2]), view([1, 2]));
    expect(same.synced).toBe(false);
  });

  it("LT2: lists that became empty, filled, flat, deep or text", () => {
    const shapes: (() => View)[] = [
      () => html`<ul>${each([] as number[], (x) => x, (x) => html`<li>${x}</li>`)}</ul>`,
      () => html`<ul>${each([1, 2], (x) => x, (x) => html`<li>${x}</li>`)}</ul>`,
      () => html`<ul>${each([1, 2], (x) => x, (x) => html`<li>${() => html`<b>${x}</b>`}</li>`)}</ul>`,
      () => html`<ul>${each([1, 2], (x) => x, (x) => (x === 1 ? html`<li>${x}</li>` : html`<li class="x">${x}</li>`))}</ul>`,
      () => html`<ul>${() => "text"}</ul>`,
      () => html`<ul>${() => null}</ul>`,
      () => html`<ul>${() => [html`<li>a</li>`, "text", html`<li>b</li>`]}</ul>`,
    ];
    for (const got of shapes) {
      for (const now of shapes) {
        const live = join(got, now);
        const wanted = openPage(component(() => now));
        expect(live.html()).toBe(wanted.html());
        expect(live.synced).toBe(live.page.body !== wanted.page.body);
      }
    }
  });
});
