// H7: children of a boundary run below it.
import { describe, expect, test } from "vitest";
import { Boundary, component, html } from "../../src/index.js";
import { record } from "../../src/testing/record.js";

describe("children of a boundary", () => {
  test("H7: what they throw is its own, at the mount and later", () => {
    const page = record(
      component((setup) => {
        const n = setup.signal(0);
        const risky = (): string => {
          if (n.get() > 0) throw new Error("child");
          return "fine";
        };
        return () => html`<main><${Boundary} fallback=${() => "caught"}>${risky}</${Boundary}><b onClick=${() => n.inc()}>+</b></main>`;
      }),
    );
    expect(page.html()).toBe("<main>fine<b>+</b></main>");
    page.fire("b", "click");
    expect(page.html()).toBe("<main>caught<b>+</b></main>");
    const Mounted = component(() => () => html`<main><${Boundary} fallback=${() => "caught"}>${() => { throw new Error("child"); }}</${Boundary}></main>`);
    expect(record(Mounted).html()).toBe("<main>caught</main>");
  });
});
