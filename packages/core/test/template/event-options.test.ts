// T1: event options and fields survive the table, in one form whatever order they were given in.
import { expect, test } from "vitest";
import fc from "fast-check";
import { decodeEvent, encodeEvent, encodeOptions } from "../../src/template/index.js";

const options = fc.record(
  {
    preventDefault: fc.constant(true), stopPropagation: fc.constant(true), self: fc.constant(true), once: fc.constant(true), passive: fc.constant(true),
    capture: fc.constant(true), debounce: fc.nat(100000), throttle: fc.nat(100000), keys: fc.array(fc.string({ minLength: 1 }).filter((k) => k !== "Space" && !/[\ud800-\udfff]/.test(k)), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: [] },
);

test("T1: decode(encode(x)) is x; the text holds no blank", () => {
  fc.assert(
    fc.property(options, fc.option(fc.array(fc.constantFrom("value", "key", "clientX"), { maxLength: 3 }), { nil: undefined }), (o, fields) => {
      const text = encodeEvent(o, fields);
      expect(text).not.toMatch(/\s/);
      expect(decodeEvent(text)).toEqual({ options: o, fields });
      const reversed = Object.fromEntries(Object.entries(o).reverse());
      expect(encodeOptions(reversed)).toBe(encodeOptions(o));
    }),
    { numRuns: 500, seed: 11 },
  );
});
