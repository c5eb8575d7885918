/**
 * Matching (SPEC.md R5–R9; scenario 38), against a slow model on random tables.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseParam, parsePattern } from "../../src/router/pattern.js";
import { Trie } from "../../src/router/trie.js";

function trie(...patterns: string[]): Trie<string> {
  const t = new Trie<string>();
  for (const p of patterns) t.add(p, p);
  return t;
}

const UUID = "0F8fad5b-d9cb-469f-a165-70867728950e";

describe("Trie", () => {
  it("R5: static beats typed beats plain beats catch-all, whatever the order of registration", () => {
    const patterns = ["/x/[...rest]", "/x/[name]", "/x/[id:uuid]", "/x/[n:int]", "/x/new"];
    for (const order of [patterns, [...patterns].reverse()]) {
      const t = trie(...order);
      expect(t.match("/x/new")).toMatchObject({ value: "/x/new" });
      expect(t.match("/x/7")).toMatchObject({ value: "/x/[n:int]", params: { n: 7 } });
      expect(t.match(`/x/${UUID}`)).toMatchObject({ value: "/x/[id:uuid]", params: { id: UUID } });
      expect(t.match("/x/abc")).toMatchObject({ value: "/x/[name]", params: { name: "abc" } });
      expect(t.match("/x/a/b")).toMatchObject({ value: "/x/[...rest]", params: { rest: ["a", "b"] } });
    }
  });

  it("R5: comes back from a dead end", () => {
    const t = trie("/a/b/c", "/a/[x]/d", "/[...all]");
    expect(t.match("/a/b/d")).toMatchObject({ value: "/a/[x]/d", params: { x: "b" } });
    expect(t.match("/a/b/e")).toMatchObject({ value: "/[...all]", params: { all: ["a", "b", "e"] } });
  });

  it("R6: a catch-all takes at least one segment; each is decoded by itself", () => {
    const t = trie("/blog/[...slug]");
    expect(t.match("/blog").kind).toBe("none");
    expect(t.match("/blog/a%2Fb/c%20d")).toMatchObject({ params: { slug: ["a/b", "c d"] } });
  });

  it("R7: params are decoded; an encoded slash outside a catch-all is refused", () => {
    const t = trie("/u/[name]", "/caf\u00e9");
    expect(t.match("/u/a%20b")).toMatchObject({ params: { name: "a b" } });
    expect(t.match("/caf%C3%A9")).toMatchObject({ value: "/caf\u00e9" });
    expect(t.match("/u/a%2Fb").kind).toBe("encoded-slash");
    expect(t.match("/nowhere%2f").kind).toBe("encoded-slash");
  });

  it("R8: a value that only misses its type is told apart from nothing", () => {
    const t = trie("/users/[id:int]");
    expect(t.match("/users/abc")).toEqual({ kind: "mistyped", value: "/users/[id:int]" });
    expect(t.match("/users/1/2").kind).toBe("none");
  });

  it("R8: int is one spelling of a safe integer", () => {
    for (const ok of ["0", "7", "-7", "9007199254740991"]) expect(parseParam("int", ok)).toBe(Number(ok));
    for (const no of ["", "07", "+7", "1e3", "1.0", "-0", " 7", "9007199254740993", "0x1"]) expect(parseParam("int", no)).toBeUndefined();
  });

  it("R9: two routes may name one spot differently; the same shape twice is an error", () => {
    const t = trie("/a/[id]/x", "/a/[user]/y");
    expect(t.match("/a/1/x")).toMatchObject({ params: { id: "1" } });
    expect(t.match("/a/1/y")).toMatchObject({ params: { user: "1" } });
    expect(() => trie("/a/[id]", "/a/[user]")).toThrow("VANGO_DUPLICATE_ROUTE");
    expect(() => trie("/a/[...x]", "/a/[...y]")).toThrow("VANGO_DUPLICATE_ROUTE");
    expect(() => trie("/a", "/a")).toThrow("VANGO_DUPLICATE_ROUTE");
  });

  it.each(["", "a", "/a/", "//", "/a//b", "/[...x]/y", "/[a]/[a]", "/[id:float]", "/a[b]", "/[__proto__]", "/a/..", "/[]"])("R9: pattern %j is refused", (pattern) => {
    expect(() => trie(pattern)).toThrow("VANGO_BAD_ROUTE");
  });

  it("R5: agrees with a slow model on random tables", () => {
    const segment = fc.constantFrom("a", "b", "[x]", "[n:int]");
    const pattern = fc.tuple(fc.array(segment, { maxLength: 4 }), fc.boolean()).map(([parts, rest]) => {
      const named = parts.map((p, i) => p.replace("x", `x${i}`).replace("n:", `n${i}:`));
      return `/${[...named, ...(rest ? ["[...r]"] : [])].join("/")}`;
    });
    const path = fc.array(fc.constantFrom("a", "b", "7", "zz"), { maxLength: 5 }).map((p) => `/${p.join("/")}`);
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { maxLength: 8 }), path, (patterns, at) => {
        const found = trie(...patterns).match(at);
        expect(found.kind === "found" ? found.value : undefined).toBe(model(patterns, at));
      }),
      { numRuns: 3000, seed: 20261122 },
    );
  });
});

/** All patterns that match, the best by the rank of each segment from the left. */
function model(patterns: readonly string[], path: string): string | undefined {
  const segments = path === "/" ? [] : path.slice(1).split("/");
  const ranked = patterns.flatMap((pattern) => {
    const rank: number[] = [];
    const parts = parsePattern(pattern);
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      const text = segments[i];
      if (part === undefined || text === undefined) return [];
      if (part.kind === "rest") return [{ pattern, rank: [...rank, 3] }];
      if (part.kind === "static" ? part.text !== text : parseParam(part.type, text) === undefined) return [];
      rank.push(part.kind === "static" ? 0 : part.type === "string" ? 2 : 1);
    }
    return parts.length === segments.length ? [{ pattern, rank }] : [];
  });
  ranked.sort((a, b) => {
    for (let i = 0; ; i++) {
      const x = a.rank[i];
      const y = b.rank[i];
      if (x === undefined || y === undefined) return 0;
      if (x !== y) return x - y;
    }
  });
  return ranked[0]?.pattern;
}
