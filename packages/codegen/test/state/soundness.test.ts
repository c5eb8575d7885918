/**
 * What a verdict is worth: random pairs of versions, judged, then tried with values of the writer's type that went through the
 * codec of the stores. No verdict may say warm where a value is refused; each cold one brings a value that is.
 */
import fc from "fast-check";
import { decodeValue, encodeValue } from "@vango/persist";
import { describe, expect, it } from "vitest";
import type { TypeChange } from "../../src/state/compat/change.js";
import { judgeTypes } from "../../src/state/compat/judge.js";
import { conforms } from "../../src/state/schema/conforms.js";
import type { StateSchema } from "../../src/state/schema/type.js";
import { pairArbitrary, schemaArbitrary } from "./generators/schemas.js";
import { valuesOf } from "./generators/values.js";

const PAIRS = 2000;
const VALUES = 12;

const stored = (value: unknown): unknown => decodeValue(encodeValue(value));

interface Tally { warm: number; cold: number; values: number; unknown: number }

/** Judges one direction by trying it. */
function tryOut(way: "deploy" | "rollback", [writer, reader]: readonly [StateSchema, StateSchema], changes: readonly TypeChange[], seed: number, tally: Tally): void {
  if (changes.some((change) => change.rule === "comparison-limit")) {
    tally.unknown++;
    return;
  }
  const cold = changes.filter((change) => change[way] === "cold");
  for (const { proof } of cold) {
    expect(proof).toHaveProperty(way);
    const value = stored(proof?.[way]);
    expect(conforms(writer, value), "the proof is a value of the writer").toBeUndefined();
    expect(conforms(reader, value), "the reader refuses the proof").toBeTypeOf("string");
  }
  if (cold.length > 0) {
    tally.cold++;
    return;
  }
  tally.warm++;
  const values = valuesOf(writer);
  if (values === undefined) return;
  for (const written of fc.sample(values, { numRuns: VALUES, seed })) {
    const value = stored(written);
    expect(conforms(writer, value), "the generator makes values of the writer").toBeUndefined();
    expect(conforms(reader, value), "a value of the writer is read by the reader").toBeUndefined();
    tally.values++;
  }
}

describe("verdicts", () => {
  it("SD2: warm is never wrong and cold is proved, for random pairs of versions, both ways", () => {
    const tally = { deploy: { warm: 0, cold: 0, values: 0, unknown: 0 }, rollback: { warm: 0, cold: 0, values: 0, unknown: 0 } };
    let pairs = 0;
    fc.assert(fc.property(pairArbitrary, fc.integer(), ([from, to], seed) => {
      const changes = judgeTypes(from, to);
      pairs++;
      tryOut("deploy", [from, to], changes, seed, tally.deploy);
      tryOut("rollback", [to, from], changes, seed, tally.rollback);
    }), { numRuns: PAIRS });
    console.log(tally);
    expect(pairs).toBeGreaterThanOrEqual(PAIRS);
    for (const { warm, cold, unknown } of Object.values(tally)) {
      expect(warm).toBeGreaterThan(PAIRS / 8);
      expect(cold).toBeGreaterThan(PAIRS / 5);
      expect(unknown).toBeLessThan(PAIRS / 100);
    }
  });

  it("SD3: a type differs in nothing from itself", () => {
    fc.assert(fc.property(schemaArbitrary, (schema) => {
      expect(judgeTypes(schema, structuredClone(schema))).toEqual([]);
    }), { numRuns: 200 });
  });
});
