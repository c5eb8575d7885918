/**
 * What a verdict is worth: random pairs of versions, judged, then tried with values of the writer's type that went through the
 * codec of the stores to the generated validator of the reader. No verdict may say warm where a value is refused; each cold one
 * brings a value that is. Once on schemas as they are, which shrinks, and once on what the compiler makes of TypeScript sources.
 */
import fc from "fast-check";
import { decodeValue, encodeValue } from "@vango/persist";
import { describe, expect, it } from "vitest";
import type { TypeChange } from "../../src/state/compat/change.js";
import { judgeTypes } from "../../src/state/compat/judge.js";
import { conforms } from "../../src/state/schema/conforms.js";
import { typeText } from "../../src/state/schema/print.js";
import type { StateSchema } from "../../src/state/schema/type.js";
import { checkOf } from "../../src/state/schema/validator.js";
import { pairArbitrary, schemaArbitrary } from "./generators/schemas.js";
import { declarationsOf, PRELUDE } from "./generators/typescript.js";
import { valuesOf } from "./generators/values.js";
import { extractInTurn, typesModule } from "./sources.js";

const PAIRS = 400;
/** Pairs whose types the compiler reads in one program. */
const BATCH = 2000;
const BATCHES = 1;
/** Pairs in one module. */
const MODULE = 40;
const VALUES = 5;

/** A soak tries as many times more. */
const PATIENCE = 300_000 * Number(process.env["VANGO_SOAK_FACTOR"] ?? 1);

const stored = (value: unknown): unknown => decodeValue(encodeValue(value));

type Pair = readonly [writer: StateSchema, reader: StateSchema];

class Tally {
  warm = 0;
  cold = 0;
  values = 0;
  unknown = 0;

  /** Judges one direction by trying it. */
  tryOut(way: "deploy" | "rollback", [writer, reader]: Pair, changes: readonly TypeChange[], seed: number): void {
    if (changes.some((change) => change.rule === "comparison-limit")) {
      this.unknown++;
      return;
    }
    const read = checkOf(reader);
    const cold = changes.filter((change) => change[way] === "cold");
    for (const { proof } of cold) {
      if (proof === undefined || !(way in proof)) throw new Error(`cold without a proof: ${JSON.stringify(changes)}`);
      const value = stored(proof[way]);
      if (conforms(writer, value) !== undefined) throw new Error("the proof is no value of the writer");
      if (read(value) === undefined) throw new Error("the reader takes the proof");
    }
    if (cold.length > 0) {
      this.cold++;
      return;
    }
    this.warm++;
    const values = valuesOf(writer);
    if (values === undefined) return;
    for (const written of fc.sample(values, { numRuns: VALUES, seed })) {
      const value = stored(written);
      if (conforms(writer, value) !== undefined) throw new Error("the generator made no value of the writer");
      if (read(value) !== undefined) throw new Error(`a value of the writer is refused at ${String(read(value))}`);
      this.values++;
    }
  }

  /** Enough was tried, and little given up. */
  check(pairs: number): void {
    expect(this.warm + this.cold + this.unknown).toBeGreaterThanOrEqual(pairs);
    expect(this.warm).toBeGreaterThan(pairs / 10);
    expect(this.cold).toBeGreaterThan(pairs / 5);
    expect(this.values).toBeGreaterThan(pairs / 2);
    expect(this.unknown).toBeLessThan(pairs / 100);
  }
}

function judgeAndTry([from, to]: Pair, seed: number, { deploy, rollback }: { readonly deploy: Tally; readonly rollback: Tally }): void {
  const changes = judgeTypes(from, to);
  deploy.tryOut("deploy", [from, to], changes, seed);
  rollback.tryOut("rollback", [to, from], changes, seed);
}

describe("verdicts", () => {
  it("SD2: warm is never wrong and cold is proved, for random pairs of versions, both ways", () => {
    const tallies = { deploy: new Tally(), rollback: new Tally() };
    fc.assert(fc.property(pairArbitrary, fc.integer(), (pair, seed) => judgeAndTry(pair, seed, tallies)), { numRuns: PAIRS });
    for (const tally of Object.values(tallies)) tally.check(PAIRS);
  }, PATIENCE);

  it("SD2: and for types as TypeScript has them, from sources through compiler, extraction and validators", async () => {
    const tallies = { deploy: new Tally(), rollback: new Tally() };
    let read = 0;
    await fc.assert(fc.asyncProperty(fc.noShrink(fc.integer()), async (seed) => {
      const pairs = await compiled(fc.sample(pairArbitrary, { seed, numRuns: BATCH }));
      read += pairs.length;
      pairs.forEach((pair, i) => {
        try {
          judgeAndTry(pair, seed + i, tallies);
        } catch (cause) {
          throw new Error(`pair ${i}: ${typeText(pair[0].root)} → ${typeText(pair[1].root)}\n${JSON.stringify(pair)}`, { cause });
        }
      });
    }), { numRuns: BATCHES });
    // A few of the random types cannot be persisted, or are no types: the compiler says so.
    expect(read).toBeGreaterThan(BATCH * BATCHES * 0.9);
    for (const tally of Object.values(tallies)) tally.check(read);
  }, PATIENCE);

  it("SD3: a type differs in nothing from itself", () => {
    fc.assert(fc.property(schemaArbitrary, (schema) => {
      expect(judgeTypes(schema, structuredClone(schema))).toEqual([]);
    }), { numRuns: 200 });
  });
});

/** The pairs as the compiler reads them, all in one program. */
async function compiled(pairs: readonly Pair[]): Promise<readonly Pair[]> {
  const files: Record<string, string> = {};
  for (let start = 0; start < pairs.length; start += MODULE) {
    const some = pairs.slice(start, start + MODULE).map(([from, to], i) => [`Old${start + i}`, from, `New${start + i}`, to] as const);
    const declarations = some.map(([old, from, now, to]) => `${declarationsOf(from, old)}\n${declarationsOf(to, now)}`);
    files[`types${start}.ts`] = typesModule(PRELUDE + declarations.join("\n"), some.flatMap(([old, , now]) => [old, now]));
  }
  const [extraction] = await extractInTurn([files]);
  const found = new Map(extraction?.entries.map(({ key, type }) => [key, type]));
  return pairs.flatMap((_, i): Pair[] => {
    const [from, to] = [found.get(`Old${i}`), found.get(`New${i}`)];
    return from === undefined || to === undefined ? [] : [[from, to]];
  });
}
