// What a child slot holds may become anything else: every kind of content after every other.
import { describe, expect, it } from "vitest";
import { Boundary, component, each, html } from "../../src/index.js";
import type { Signal, View } from "../../src/index.js";
import { openWith } from "../loop/harness.js";

const Comp = component(() => () => html`<b>c</b>`);
const Texts = component(() => () => "only text");
const Nothing = component(() => () => null);

const contents: Record<string, (list: Signal<readonly number[]>) => View> = {
  nothing: () => null,
  text: () => "text",
  number: () => 0,
  other: () => "other",
  view: () => html`<i>v</i>`,
  view2: () => html`<u>w</u>`,
  keyed: () => html`<i key="k">v</i>`,
  component: () => html`<${Comp} />`,
  textComponent: () => html`<${Texts} />`,
  nothingComponent: () => html`<${Nothing} />`,
  boundary: () => html`<${Boundary} fallback=${() => "f"}><s>x</s></${Boundary}>`,
  emptyEach: () => each([] as number[], (x) => x, (x) => html`<li>${x}</li>`),
  each: () => each([1, 2], (x) => x, (x) => html`<li>${x}</li>`),
  eachSignal: (list) => each(list, (x) => x, (x) => html`<li>${x}</li>`),
  deepEach: () => each([1, 2], (x) => x, (x) => html`<li>${html`<b>${x}</b>`}</li>`),
  texts: () => ["a", 1, null, "b"],
  emptyArray: () => [],
  items: () => [html`<i>1</i>`, "t", html`<u>2</u>`],
  moreItems: (list) => ["t", html`<u>2</u>`, each(list, (x) => x, (x) => html`<li>${x}</li>`), html`<${Comp} />`],
};

describe("contents", () => {
  for (const place of ["sole", "beside", "root", "component"] as const) {
    it(`LT1: any content becomes any other, ${place}`, () => {
      const names = Object.keys(contents);
      for (const from of names) {
        for (const to of names) {
          const make = (first: string) =>
            openWith((setup) => {
              const now = setup.signal(first);
              const list = setup.signal<readonly number[]>([7, 8]);
              const show = (): View => (contents[now.get()] as (l: Signal<readonly number[]>) => View)(list);
              const Holder = component(() => show);
              const view = (): View => {
                if (place === "sole") return html`<div>${show}</div>`;
                if (place === "beside") return html`<div>x${() => html`<section>${show}</section>`}${show}<br />y</div>`;
                return place === "root" ? show() : html`<div>a<${Holder} />b</div>`;
              };
              return { now, list, view };
            });
          const live = make(from);
          live.turn(() => live.it.now.set(to));
          const wanted = make(to);
          expect(live.html(), `${from} → ${to}`).toBe(wanted.html());
          live.turn(() => live.it.list.set([9]));
          wanted.turn(() => wanted.it.list.set([9]));
          expect(live.html(), `${from} → ${to}, later`).toBe(wanted.html());
          live.turn(() => live.it.now.set(from));
          expect(live.world.codes()).toEqual([]);
        }
      }
    });
  }
});
