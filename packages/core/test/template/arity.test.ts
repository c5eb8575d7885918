// Payload fields of `html` handlers: what takes no parameter gets nothing, and says nothing about its neighbours.
import { expect, it } from "vitest";
import { html } from "../../src/template/html.js";
import type { ViewNode } from "../../src/view/view-node.js";

const table = (view: unknown): string => (view as ViewNode).template.table;

it("a handler without parameters sends no payload; the others, slot 0 among them, keep theirs", () => {
  const some = (e: object): object => e;
  const none = (): void => undefined;
  const page = (a: unknown, b: unknown): string => table(html`<main><input onInput=${a}><button onClick=${b}>b</button></main>`);
  expect(page(some, none)).toBe("main einput::: eclick:::-");
  expect(page(none, some)).toBe("main einput:::- eclick:::");
  expect(page(some, some)).toBe("main einput::: eclick:::");
  expect(page(none, none)).toBe("main einput:::- eclick:::-");
  expect(page(some, none)).toBe("main einput::: eclick:::-");
});
