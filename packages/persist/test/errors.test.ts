// The typed errors and the epochs.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VangoError } from "@vango/core";
import { firstEpoch, nextEpoch, PersistError, sizeAfter, valuesSize } from "../src/index.js";

describe("PersistError", () => {
  it.each([
    ["value-budget", "VANGO_PERSIST_VALUE_BUDGET"],
    ["session-budget", "VANGO_PERSIST_SESSION_BUDGET"],
    ["storage", "VANGO_PERSIST_STORAGE"],
    ["codec", "VANGO_PERSIST_CODEC"],
  ] as const)("P8: kind %s has code %s and says why and how to fix it", (kind, code) => {
    const error = new PersistError(kind, { key: "cart", size: 12, limit: 10, cause: "root" });
    expect(error).toBeInstanceOf(VangoError);
    expect(error).toMatchObject({ kind, code, key: "cart", size: 12, limit: 10, cause: "root" });
    expect(error.message).toContain('Key "cart". 12 bytes, limit 10.');
    expect(error.why.length * error.fix.length).toBeGreaterThan(0);
  });
});

describe("epochs", () => {
  it("P5: are safe integers, high, random and raised by claims", () => {
    const seen = new Set(Array.from({ length: 1000 }, firstEpoch));
    expect(seen.size).toBe(1000);
    for (const epoch of seen) {
      expect(epoch).toBeGreaterThanOrEqual(2 ** 40);
      expect(Number.isSafeInteger(epoch + 2 ** 51)).toBe(true);
      expect(nextEpoch(epoch)).toBeGreaterThan(epoch);
    }
  });
});

describe("sizes", () => {
  it("P8: the size after changes equals the size of the changed values", () => {
    const key = fc.constantFrom("a", "größe", "😀");
    const bytes = fc.uint8Array({ maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(key, bytes)), fc.array(fc.tuple(key, fc.option(bytes))), (before, changed) => {
        const values = new Map<string, Uint8Array>(before);
        const changes = new Map<string, Uint8Array | null>(changed);
        const size = sizeAfter(valuesSize(values), changes, (name) => values.get(name)?.length);
        for (const [name, value] of changes) {
          if (value === null) values.delete(name);
          else values.set(name, value);
        }
        expect(size).toBe(valuesSize(values));
      }),
      { numRuns: 500 },
    );
  });
});
