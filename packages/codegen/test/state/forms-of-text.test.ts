/** Forms of text are compared for every text, not for samples: as the engine's own regular expressions see them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choice, exactly, nothing, textOutside } from "../../src/state/compat/language.js";
import { languageOf } from "../../src/state/compat/parse-pattern.js";
import { TooComplex } from "../../src/state/compat/limits.js";
import { ANY_TEXT, BIGINT_TEXT, NUMBER_KEY, NUMBER_TEXT, exactText, textTest } from "../../src/state/schema/pattern.js";

const pattern: fc.Arbitrary<string> = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof({ maxDepth: 4 },
    fc.constantFrom("a", "b", "ab", "[a-c]", "[^a]", "\\d", "\\w", "\\s", ".", "", exactText("a.b"), ANY_TEXT, NUMBER_TEXT, BIGINT_TEXT),
    fc.tuple(tie("pattern"), tie("pattern")).map(([first, then]) => `(?:${first})(?:${then})`),
    fc.tuple(tie("pattern"), tie("pattern")).map(([one, other]) => `(?:${one}|${other})`),
    fc.tuple(tie("pattern"), fc.constantFrom("*", "+", "?", "{2}", "{1,2}", "{0,}")).map(([one, times]) => `(?:${one})${times}`)),
})).pattern;

const texts = fc.oneof(fc.string({ unit: fc.constantFrom("a", "b", "c", "0", "1", ".", "-", " ", "\n"), maxLength: 6 }), fc.string({ maxLength: 4 }));

describe("forms of text", () => {
  it("SD2: a text that one form has and the other has not is found, if there is one", () => {
    let found = 0;
    let none = 0;
    fc.assert(fc.property(pattern, pattern, fc.array(texts, { minLength: 20, maxLength: 20 }), (one, other, samples) => {
      const outside = textOutside(languageOf(one), languageOf(other));
      if (outside === undefined) {
        none++;
        for (const text of samples) expect(textTest(one).test(text) && !textTest(other).test(text), JSON.stringify(text)).toBe(false);
      } else {
        found++;
        expect([textTest(one).test(outside), textTest(other).test(outside)], JSON.stringify(outside)).toEqual([true, false]);
      }
    }), { numRuns: 400 });
    expect(found).toBeGreaterThan(100);
    expect(none).toBeGreaterThan(20);
  });

  it("SD2: numbers, bigints and keys of records", () => {
    const within = (one: string, other: string): boolean => textOutside(languageOf(one), languageOf(other)) === undefined;
    expect([within(BIGINT_TEXT, NUMBER_TEXT), within(NUMBER_TEXT, BIGINT_TEXT), within(NUMBER_TEXT, NUMBER_KEY), within(NUMBER_KEY, NUMBER_TEXT)]).toEqual([true, false, true, false]);
    fc.assert(fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
      expect(textOutside(exactly(String(value)), languageOf(NUMBER_TEXT))).toBeUndefined();
    }));
    expect(textOutside(languageOf("a|b"), choice([exactly("a"), exactly("b")]))).toBeUndefined();
    expect(textOutside(nothing, nothing)).toBeUndefined();
  });

  it("SD2: what is not understood is never guessed", () => {
    for (const unknown of ["(?=a)", "^a", "a$", "(a)\\1", "a{0,9999}", "\\p{L}", "(?<!a)b", "(a"]) expect(() => languageOf(unknown), unknown).toThrow(TooComplex);
  });
});
