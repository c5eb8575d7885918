// Uncompiled JSX gives one coded error that names the compiler.
import { describe, expect, it } from "vitest";
import { Fragment, jsxDEV } from "../../src/jsx-dev-runtime.js";
import { jsx, jsxs } from "../../src/jsx-runtime.js";

describe("the automatic JSX runtime", () => {
  it.each([["jsx", () => jsx("p", {})], ["jsxs", () => jsxs("p", {})], ["jsxDEV", () => jsxDEV("p", {})], ["Fragment", () => Fragment({})]])("J6: %s throws VANGO_JSX_NOT_COMPILED", (_name, call) => {
    expect(call).toThrow(expect.objectContaining({ code: "VANGO_JSX_NOT_COMPILED", fix: expect.stringContaining("@vango/codegen/vite") }));
  });
});
