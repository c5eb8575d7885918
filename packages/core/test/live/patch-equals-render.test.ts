import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseHtml } from "../../src/testing/mirror.js";
import { record, renderOnce } from "../../src/testing/record.js";
import type { ComponentType } from "../../src/view/component-type.js";
import { applyChange, change, model, page, pageOf, type Model } from "./random-page.js";
import { atLeast } from "../cases.js";
import { same } from "../same.js";

const RUNS = Number(process.env["VANGO_PROPERTY_RUNS"] ?? 1_000);
const CHANGES = 12;

describe("patch(a → b) ≡ render(b)", () => {
  it("LT1: after each random change of a random page, the patched page equals a fresh render", () => {
    let changes = 0;
    fc.assert(
      fc.property(page, model, fc.array(change, { minLength: CHANGES, maxLength: CHANGES }), (spec, first, edits) => {
        const controls: { set?: (m: Model) => void } = {};
        const page = record(pageOf(spec, first, controls));
        let now = first;
        for (const edit of edits) {
          now = applyChange(now, edit);
          const next = now;
          page.loop.turn(() => controls.set?.(next));
          changes++;
          const wanted = renderOnce(pageOf(spec, now) as unknown as ComponentType, {});
          same(page.mirror.normalHtml(), normaliseHtml(wanted.body));
        }
        page.dispose();
      }),
      { numRuns: RUNS, seed: Number(process.env["VANGO_SEED"] ?? 20261122) },
    );
    expect(changes).toBeGreaterThanOrEqual(atLeast(RUNS) * CHANGES);
  }, 600_000);
});
