// The join after the state has changed since the GET: what the first frame makes of the page, and where clicks go afterwards.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseHtml } from "../../src/testing/mirror.js";
import { renderOnce } from "../../src/testing/record.js";
import type { ComponentType } from "../../src/view/component-type.js";
import { openPage, type Live } from "../loop/harness.js";
import { applyChange, change, model, page, pageOf, type Controls, type Model, type Spec } from "./random-page.js";
import { atLeast } from "../cases.js";
import { same } from "../same.js";

const RUNS = Number(process.env["VANGO_PROPERTY_RUNS"] ?? 1_000);
const seed = Number(process.env["VANGO_SEED"] ?? 20261122);

/** Fires a click on every element that has a handler; each must reach the handler of the very element. */
export function clickAll(live: Live, controls: Controls): number {
  let count = 0;
  for (const el of live.mirror.select("[data-who]")) {
    let heard: string | undefined;
    controls.clicked = (who) => (heard = who);
    const target = live.mirror.eventAt(el, "click");
    same(target === undefined, false);
    same(live.loop.event(target?.instance ?? -1, target?.slot ?? -1, (type) => ({ type })), undefined);
    same(heard, el.getAttribute("data-who"));
    count++;
  }
  return count;
}

function expectFresh(live: Live, spec: Spec, now: Model): void {
  const wanted = renderOnce(pageOf(spec, now) as unknown as ComponentType, {});
  same(live.mirror.normalHtml(), normaliseHtml(wanted.body));
}

describe("join", () => {
  it("LT2, LT3: whatever changed since the GET, the first frame gives the page of a fresh render, ids agree, later patches fit", () => {
    let joins = 0;
    let synced = 0;
    let clicks = 0;
    fc.assert(
      fc.property(page, model, fc.array(change, { maxLength: 4 }), fc.array(change, { minLength: 3, maxLength: 3 }), fc.boolean(), (spec, first, before, after, blind) => {
        const controls: Controls = {};
        let now = before.reduce(applyChange, first);
        const live = openPage(pageOf(spec, now, controls), { got: pageOf(spec, first), blind });
        joins++;
        if (live.synced) synced++;
        expectFresh(live, spec, now);
        clicks += clickAll(live, controls);
        for (const edit of after) {
          const next = (now = applyChange(now, edit));
          live.turn(() => controls.set?.(next));
          expectFresh(live, spec, now);
          clicks += clickAll(live, controls);
        }
        live.loop.dispose();
      }),
      { numRuns: RUNS, seed },
    );
    expect(joins).toBeGreaterThanOrEqual(atLeast(RUNS));
    expect(synced).toBeGreaterThan(atLeast(RUNS) / 10);
    expect(clicks).toBeGreaterThan(atLeast(RUNS));
  }, 600_000);
});
