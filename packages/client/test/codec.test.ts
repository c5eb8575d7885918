import { decodePayload as coreDecode, encodePayload as coreEncode } from "@vango/core/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePayload, encodePayload } from "../src/more/codec.js";

const SEED = 20_260;
const key = fc.string({ maxLength: 40 }).filter((k) => !/^(__proto__|constructor|prototype)$/.test(k));
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.nat(300),
    fc.double({ noNaN: true }).filter((n) => !Object.is(n, -0)),
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.array(tie("any"), { maxLength: 20 }),
    fc.dictionary(key, tie("any"), { maxKeys: 20, noNullPrototype: true }),
  ),
})).any;

describe("codec", () => {
  it(`C120: core's strict decoder reads what the bundle writes (seed ${SEED})`, () => {
    fc.assert(fc.property(value, (v) => void expect(coreDecode(encodePayload(v))).toEqual(v)), { seed: SEED, numRuns: 2000 });
  });

  it(`C120: the bundle reads what core writes (seed ${SEED})`, () => {
    fc.assert(fc.property(value, (v) => void expect(decodePayload(coreEncode(v))).toEqual(v)), { seed: SEED, numRuns: 2000 });
  });

  it("C120: long strings, lists and maps; bytes; members that are undefined", () => {
    const long = ["x".repeat(70_000), "y".repeat(300), Array.from({ length: 70_00 }, (_, i) => i), Object.fromEntries(Array.from({ length: 40 }, (_, i) => ["k" + i, i]))];
    expect(coreDecode(encodePayload(long.slice(1)))).toEqual(long.slice(1));
    expect(decodePayload(coreEncode(long))).toEqual(long);
    expect(decodePayload(coreEncode(new Uint8Array([1, 2, 3])))).toEqual(new Uint8Array([1, 2, 3]));
    expect(coreDecode(encodePayload({ a: 1, b: undefined }))).toEqual({ a: 1 });
    expect(decodePayload(Uint8Array.of(9, 9, 0x92, 1, 0xa1, 0x61), 2)).toEqual([1, "a"]);
  });
});
