/**
 * Canonical paths (SPEC.md R1–R2; scenario 39).
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalPath, isLocalHref, stripBase } from "../../src/router/path.js";

const RUNS = { numRuns: 2000, seed: 20261122 };

describe("canonicalPath", () => {
  it.each(["/", "/a", "/a/b.c", "/a/..b", "/caf%C3%A9", "/a%20b", "/.well-known/x"])("R1: %s is canonical", (path) => {
    expect(canonicalPath(path)).toEqual({ kind: "ok", path });
  });

  it.each([
    ["/a//b/../c/", "/a/c"],
    ["//", "/"],
    ["/a/", "/a"],
    ["/./a/.", "/a"],
    ["/a/%2e%2E/b", "/b"],
    ["/a/b/..", "/a"],
    ["//evil.example/x", "/evil.example/x"],
  ])("R1: %s moves to %s", (raw, path) => {
    expect(canonicalPath(raw)).toEqual({ kind: "moved", path });
  });

  it.each(["", "a", "*", "http://x/a", "/..", "/a/../..", "/%2e%2e/x", "/a\\b", "/a%5Cb", "/a%00", "/a%0", "/a%zz", "/%ff", "/a b", "/é", "/a\u0001"])("R2: %j is refused", (raw) => {
    expect(canonicalPath(raw).kind).toBe("bad");
  });

  it("R1: what is canonical stays so; what moves, moves to a canonical path", () => {
    const segment = fc.constantFrom("a", "b.c", ".", "..", "", "%20", "%2e", "%2E%2e", "...", "x%2Fy");
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), (parts) => {
        const result = canonicalPath(`/${parts.join("/")}`);
        if (result.kind === "bad") return;
        expect(canonicalPath(result.path)).toEqual({ kind: "ok", path: result.path });
        expect(result.path.startsWith("//")).toBe(false);
      }),
      RUNS,
    );
  });

  it("R2: never throws and never lets a character through that a header cannot hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (text) => {
        const result = canonicalPath(`/${text}`);
        if (result.kind !== "bad") expect(result.path).toMatch(/^\/[\x21-\x7e]*$/);
      }),
      RUNS,
    );
  });
});

describe("stripBase", () => {
  it("R3: takes the base off whole segments only", () => {
    expect(stripBase("/app/x", "/app")).toBe("/x");
    expect(stripBase("/app", "/app")).toBe("/");
    expect(stripBase("/apple", "/app")).toBeUndefined();
    expect(stripBase("/x", "")).toBe("/x");
  });
});

describe("isLocalHref", () => {
  it.each(["/", "/a?b=c#d", "/a/b"])("R4: %s stays here", (href) => expect(isLocalHref(href)).toBe(true));
  it.each(["//evil", "/\\evil", "http://evil", "javascript:x", "", "a", "/a\nb", "/a b", "/\t/evil"])("R4: %j does not", (href) => expect(isLocalHref(href)).toBe(false));
});
