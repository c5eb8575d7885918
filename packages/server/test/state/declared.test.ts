/**
 * Bindings and how they read blobs (SPEC.md PS15, PS16).
 */
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/create-app.js";
import { Declared, type Reading } from "../../src/state/declared.js";
import type { StateBindings } from "../../src/state/bindings.js";
import { bindings, entry, isNumber } from "./builds.js";

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return "nothing";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("bindings", () => {
  const good = entry("n", "app#N", "h1", isNumber);
  it("PS15: what is no bindings is VANGO_STATE_BINDINGS when the app is made", () => {
    const wrong: readonly [string, object][] = [
      ["an empty object", {}],
      ["another version", { ...bindings([]), version: 2 }],
      ["no fingerprint", { ...bindings([]), fingerprint: "" }],
      ["no entries", { ...bindings([]), entries: {} }],
      ["no removed keys", { ...bindings([]), removed: undefined }],
      ["an entry that is none", bindings([null as never])],
      ["an unknown kind", bindings([{ ...good, kind: "local" as never }])],
      ["a scope that is none", bindings([{ ...good, kind: "session", scope: "window" as never }])],
      ["no key", bindings([{ ...good, key: "" }])],
      ["no hash", bindings([{ ...good, hash: 5 as never }])],
      ["no check", bindings([{ ...good, check: undefined as never }])],
      ["hashes that are none", bindings([{ ...good, previous: [1] as never }])],
      ["two of one key", bindings([good, good])],
      ["an alias that is another's key", bindings([good, { ...good, key: "m", aliases: ["n"] }])],
      ["a removed key without hashes", bindings([], [{ kind: "shared", key: "x" } as never])],
    ];
    for (const [what, state] of wrong) expect(codeOf(() => createApp({ routes: { buildId: "b", routes: [] }, state })), what).toBe("VANGO_STATE_BINDINGS");
    // A default export that a bundler wrapped is none either: the message says what is missing.
    expect(() => new Declared({ default: bindings([good]) })).toThrow(/`version` is undefined/);
    expect(new Declared(bindings([good, { ...good, kind: "global" }, { ...good, kind: "session" }, { ...good, kind: "session", scope: "browser" }])).globals).toEqual(["n"]);
  });

  it("PS15: a key that they do not know is VANGO_STATE_UNDECLARED, with the place", () => {
    const declared = new Declared(bindings([good, { ...good, kind: "session", scope: "browser", key: "theme" }]));
    for (const name of ["shared:m", "global:n", "session:n", "browser:n"]) expect(codeOf(() => declared.get(name)), name).toBe("VANGO_STATE_UNDECLARED");
    expect(() => declared.get("shared:cart")).toThrow(/sharedSignal "cart" at .*declared\.test/);
    // Where there is no browser its keys are the page's own.
    expect(declared.get("session:theme").name).toBe("browser:theme");
  });
});

describe("the reading of a blob", () => {
  const state: StateBindings = bindings(
    [
      entry("cart", "shop:Cart:v2", "h5", isNumber, { aliases: ["basket", "bag"], previous: ["h1", "h2", "h3", "h4"], reads: ["h3"], readsWithLoss: ["h4"], migrates: ["h2", "shop:Cart:v1"] }),
      entry("list", "app#List", "l3", isNumber, { previous: ["l1", "l2"], migrates: ["app#List"] }),
    ],
    [{ kind: "shared", key: "old", hashes: ["o1"] }],
  );
  const declared = new Declared(state);
  const as = (name: string, id: string, hash: string): Reading["as"] => declared.reading(`shared:${name}`, { id, hash, version: 1 }).as;

  it("PS16: is by schema id and hash", () => {
    expect(as("cart", "shop:Cart:v2", "h5")).toBe("same");
    expect(as("cart", "shop:Cart:v2", "h3")).toBe("reads");
    expect(as("cart", "shop:Cart:v2", "h4")).toBe("lossy");
    expect(as("cart", "shop:Cart:v2", "h2")).toBe("migrates");
    expect(as("cart", "shop:Cart:v2", "h1")).toBe("cold");
    expect(as("cart", "shop:Cart:v2", "h6")).toBe("newer");
    expect(as("cart", "", "")).toBe("lossy");
  });

  it("PS16: another schema id is another value, unless a migration names it", () => {
    expect(as("cart", "shop:Cart:v1", "h9")).toBe("migrates");
    expect(as("cart", "shop:Other", "h5")).toBe("cold");
    expect(as("cart", "shop:Other", "h3")).toBe("cold");
    expect(as("cart", "shop:Cart:v3", "h7")).toBe("newer");
  });

  it("PS16: a migration that is named by the present id is for versions before, never for a newer one", () => {
    expect(as("list", "app#List", "l1")).toBe("migrates");
    expect(as("list", "app#List", "l3")).toBe("same");
    expect(as("list", "app#List", "l4")).toBe("newer");
  });

  it("PS16: a type without a name is the same under a renamed key, and no other's", () => {
    const anonymous = new Declared(bindings([entry("basket", "#shared:basket", "h2", isNumber, { aliases: ["cart"], previous: ["h1"], reads: ["h1"] })]));
    const read = (id: string, hash: string): Reading["as"] => anonymous.reading("shared:cart", { id, hash, version: 1 }).as;
    expect([read("#shared:cart", "h2"), read("#shared:cart", "h1"), read("app#Cart", "h2"), read("#shared:cart", "h3")]).toEqual(["same", "reads", "cold", "newer"]);
  });

  it("PS16: a former name is the present one's; a dropped key is known by its hashes; others are nobody's", () => {
    expect(as("basket", "shop:Cart:v2", "h5")).toBe("same");
    expect(as("old", "x", "o1")).toBe("removed");
    expect(as("old", "x", "o2")).toBe("unknown");
    expect(as("else", "shop:Cart:v2", "h5")).toBe("unknown");
  });
});
