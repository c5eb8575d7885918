/**
 * Building addresses (SPEC.md R10): what href() builds, the matcher gives back.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildHref } from "../../src/router/href.js";
import { canonicalPath } from "../../src/router/path.js";
import { Trie } from "../../src/router/trie.js";

describe("buildHref", () => {
  it("R10: fills parameters and encodes them", () => {
    expect(buildHref("/")).toBe("/");
    expect(buildHref("/users/[id:int]", { id: 7 }, { tab: "a b", none: undefined, many: [1, 2], ok: true })).toBe("/users/7?tab=a+b&many=1&many=2&ok=true");
    expect(buildHref("/u/[name]", { name: "a b/é".replace("/", "") })).toBe("/u/a%20b%C3%A9");
    expect(buildHref("/d/[...slug]", { slug: ["a/b", "c"] })).toBe("/d/a%2Fb/c");
    expect(buildHref("/d/[...slug]", { slug: "a/b" })).toBe("/d/a/b");
    expect(buildHref("/x", {}, new URLSearchParams({ q: "1" }))).toBe("/x?q=1");
  });

  it.each([
    ["/u/[id]", {}],
    ["/u/[id]", { id: "" }],
    ["/u/[id]", { id: ".." }],
    ["/u/[id]", { id: "a/b" }],
    ["/u/[id]", { id: {} }],
    ["/u/[id:int]", { id: "abc" }],
    ["/u/[id:int]", { id: 1.5 }],
    ["/d/[...s]", { s: [] }],
    ["/d/[...s]", { s: "a//b" }],
    ["/u/[toString]", {}],
  ])("R10: %s with %j is an error", (pattern, params) => {
    expect(() => buildHref(pattern, params as Record<string, unknown>)).toThrow("VANGO_HREF");
  });

  it("R10: round trip through canonical path and matcher", () => {
    const trie = new Trie<string>();
    trie.add("/a/[x]/[n:int]/[...rest]", "r");
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((s) => s !== "." && s !== ".." && !/[\\\0]/.test(s));
    fc.assert(
      fc.property(text.filter((s) => !s.includes("/")), fc.integer(), fc.array(text, { minLength: 1, maxLength: 4 }), (x, n, rest) => {
        const href = buildHref("/a/[x]/[n:int]/[...rest]", { x, n, rest });
        expect(canonicalPath(href)).toEqual({ kind: "ok", path: href });
        expect(trie.match(href)).toMatchObject({ kind: "found", params: { x, n, rest } });
      }),
      { numRuns: 1000, seed: 20261122 },
    );
  });
});
