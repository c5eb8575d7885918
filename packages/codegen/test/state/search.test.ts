import fc from "fast-check";
import { decodeValue, encodeValue } from "@vango/persist";
import { describe, expect, it } from "vitest";
import { Search } from "../../src/state/compat/search.js";
import { conforms } from "../../src/state/schema/conforms.js";
import { pairArbitrary, schemaArbitrary } from "./generators/schemas.js";
import { valuesOf } from "./generators/values.js";

describe("search for a value outside", () => {
  it("dbg", () => {
    let found = 0, none = 0, empty = 0, complex = 0; let max = 0; let worst;
    fc.assert(fc.property(pairArbitrary, fc.integer(), ([from, to], seed) => {
      const values = valuesOf(from);
      if (values === undefined) { empty++; return; }
      const t = performance.now();
      let out;
      try { out = new Search(from.defs, to.defs).outside(from.root, [to.root]); } catch (e) { if (!/Too complex/.test(String(e))) throw e; complex++; console.log(String(e), JSON.stringify([from,to])); return; }
      const ms = performance.now() - t; if (ms > max) { max = ms; worst = [from, to]; }
      if (out !== undefined) {
        found++;
        expect(conforms(from, out.value)).toBe(undefined);
        expect(conforms(to, out.value)).not.toBe(undefined);
      } else {
        none++;
        for (const value of fc.sample(values, { numRuns: 20, seed })) { expect(conforms(from, value)).toBe(undefined); expect(conforms(to, value)).toBe(undefined); }
      }
    }), { numRuns: 3000 });
    console.log({ found, none, empty, complex, max }, JSON.stringify(worst));
  });
});
