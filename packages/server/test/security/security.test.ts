/**
 * Tokens, the browser cookie and origins (SPEC.md X1–X5).
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signBoot, verifyBoot } from "../../src/security/boot-signature.js";
import { BrowserCookie } from "../../src/security/browser-cookie.js";
import { isForeignWrite, isSameOrigin } from "../../src/security/origin.js";
import { Tokens } from "../../src/security/tokens.js";

const OLD = "old-secret-old-secret-old-secret-old";
const NEW = "new-secret-new-secret-new-secret-new";
const headers = (map: Record<string, string>) => (name: string) => map[name];

describe("Tokens", () => {
  it("X1: a signature verifies for its purpose and its data alone", () => {
    const tokens = new Tokens([NEW]);
    const signature = tokens.sign("boot", "data");
    expect(tokens.verify("boot", "data", signature)).toBe(true);
    expect(tokens.verify("csrf", "data", signature)).toBe(false);
    expect(tokens.verify("boot", "datb", signature)).toBe(false);
    expect(new Tokens([OLD]).verify("boot", "data", signature)).toBe(false);
  });

  it("X2: the first key signs, every key verifies", () => {
    const rotated = new Tokens([NEW, OLD]);
    expect(rotated.open("tab", new Tokens([OLD]).seal("tab", "id"))).toBe("id");
    expect(new Tokens([OLD]).open("tab", rotated.seal("tab", "id"))).toBeUndefined();
    expect(new Tokens([NEW]).open("tab", rotated.seal("tab", "id"))).toBe("id");
  });

  it("X1: no other text passes, whatever was changed", () => {
    const tokens = new Tokens([NEW]);
    const sealed = tokens.seal("browser", "abc");
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 2 }), (at, text) => {
        const changed = sealed.slice(0, at) + text + sealed.slice(at + 1);
        expect(tokens.open("browser", changed)).toBe(changed === sealed ? "abc" : undefined);
      }),
      { numRuns: 2000, seed: 20261122 },
    );
  });

  it("X1: garbage is refused, never thrown", () => {
    const tokens = new Tokens([NEW]);
    for (const text of ["", ".", "a.", "a.b.c", ".x", "é.ü", "a.=", `${"x".repeat(10_000)}.y`]) expect(tokens.open("tab", text)).toBeUndefined();
  });
});

describe("BrowserCookie", () => {
  it("X3: reads back what it made, in a header of many, and nothing else", () => {
    const cookie = new BrowserCookie(new Tokens([NEW]), false);
    const made = cookie.identify(undefined);
    const pair = (made.setCookie ?? "").split(";")[0] ?? "";
    expect(cookie.read(`a=b; ${pair}; c=d`)).toBe(made.id);
    expect(cookie.identify(pair)).toEqual({ id: made.id, setCookie: undefined });
    expect(cookie.read(`x${pair}`)).toBeUndefined();
    expect(cookie.read(undefined)).toBeUndefined();
    // One that a sibling domain has tossed is sent first.
    expect(cookie.read(`vango=x; ${pair}`)).toBe(made.id);
    expect(cookie.read(`${pair}; vango=x`)).toBe(made.id);
    expect(cookie.read(`${"vango=x; ".repeat(4)}${pair}`)).toBeUndefined();
    expect(new BrowserCookie(new Tokens([NEW]), true).read(pair)).toBeUndefined();
  });
});

describe("origin", () => {
  it("X4: Origin must be present and be this host", () => {
    expect(isSameOrigin(headers({ origin: "http://a.example:3000", host: "a.example:3000" }), undefined)).toBe(true);
    expect(isSameOrigin(headers({ origin: "https://A.example", host: "a.example" }), undefined)).toBe(true);
    for (const origin of ["http://evil.example", "http://a.example", "null", "", "http://a.example:3000.evil.example", "file://a.example:3000"]) {
      expect(isSameOrigin(headers({ origin, host: "a.example:3000" }), undefined), origin).toBe(false);
    }
    expect(isSameOrigin(headers({ host: "a.example" }), undefined)).toBe(false);
    expect(isSameOrigin(headers({ origin: "http://a.example" }), undefined)).toBe(false);
  });

  it("X4: with a public origin the comparison is exact, whatever Host says", () => {
    const of = (origin: string) => isSameOrigin(headers({ origin, host: "10.0.0.1:3000" }), "https://example.org");
    expect(of("https://example.org")).toBe(true);
    expect(of("http://example.org")).toBe(false);
    expect(of("http://10.0.0.1:3000")).toBe(false);
  });

  it("X5: only writes are checked; Sec-Fetch-Site speaks when Origin is missing", () => {
    const foreign = (method: string, h: Record<string, string>) => isForeignWrite(method, headers(h), undefined);
    expect(foreign("GET", { origin: "http://evil" })).toBe(false);
    expect(foreign("POST", { origin: "http://evil", host: "a" })).toBe(true);
    expect(foreign("DELETE", { origin: "http://a", host: "a" })).toBe(false);
    expect(foreign("POST", { "sec-fetch-site": "same-site" })).toBe(true);
    expect(foreign("POST", { "sec-fetch-site": "same-origin" })).toBe(false);
    expect(foreign("POST", {})).toBe(false);
  });
});

describe("boot signature", () => {
  const blob = { v: 1, b: "b", t: ["x", "y"], s: [1, 2], h: [3], p: "/", n: "n" };
  it("X1: covers every field and the browser", () => {
    const tokens = new Tokens([NEW]);
    const boot = signBoot(tokens, blob, "me");
    expect(verifyBoot(tokens, JSON.stringify(boot), "me")).toEqual(boot);
    for (const change of [{ v: 2 }, { b: "c" }, { t: ["x"] }, { s: [1, 3] }, { h: [] }, { p: "/x" }, { n: "m" }, { g: "" }, { t: "x" }, { s: ["1"] }]) {
      expect(verifyBoot(tokens, JSON.stringify({ ...boot, ...change }), "me")).toBeUndefined();
    }
    for (const text of ["", "null", "[]", "{", "1", '"x"']) expect(verifyBoot(tokens, text, "me")).toBeUndefined();
  });
});
