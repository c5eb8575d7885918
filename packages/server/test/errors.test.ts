/**
 * The error catalogue (SPEC.md E1–E2).
 */
import { VangoError } from "@vango/core";
import { describe, expect, it } from "vitest";
import { asVangoError, SERVER_ERRORS, serverError, type ServerErrorCode } from "../src/errors.js";
import { LIMITS, resolveLimits } from "../src/limits.js";

describe("errors", () => {
  it.each(Object.keys(SERVER_ERRORS) as ServerErrorCode[])("E1: %s says what, why and how to fix it", (code) => {
    const error = serverError(code, { message: "Detail." });
    expect(error).toBeInstanceOf(VangoError);
    expect(error.code).toBe(code);
    expect(error.message).toContain("Detail.");
    for (const text of [SERVER_ERRORS[code].message, error.why, error.fix]) expect(text.length).toBeGreaterThan(10);
  });

  it("E2: any thrown value becomes a coded error and keeps its cause", () => {
    const coded = serverError("VANGO_HREF");
    expect(asVangoError(coded)).toBe(coded);
    const cause = new Error("x");
    expect(asVangoError(cause)).toMatchObject({ code: "VANGO_INTERNAL", cause });
    expect(asVangoError("text", "VANGO_SSR_FAILED")).toMatchObject({ code: "VANGO_SSR_FAILED", cause: "text" });
    // An error that crossed a process is an object like one.
    expect(asVangoError({ message: "no brace" }, "VANGO_ROUTE_LOAD").message).toBe("VANGO_ROUTE_LOAD: A route module failed to load. no brace");
  });
});

describe("limits", () => {
  it("H15: defaults come from the table, overrides by name", () => {
    const limits = resolveLimits({ turnMs: 7 });
    expect(limits.turnMs).toBe(7);
    expect(limits.messageBytes).toBe(LIMITS.messageBytes.value);
    expect(Object.keys(limits).sort()).toEqual(Object.keys(LIMITS).sort());
    expect(() => resolveLimits({ __proto__x: 1 })).toThrow("VANGO_UNKNOWN_LIMIT");
    expect(() => resolveLimits(JSON.parse('{"__proto__":1}') as Record<string, number>)).toThrow("VANGO_UNKNOWN_LIMIT");
    expect(() => resolveLimits({ toString: 1 })).toThrow("VANGO_UNKNOWN_LIMIT");
    expect(resolveLimits({ heldFrames: 190 }).heldFrames).toBe(190);
    expect(() => resolveLimits({ heldFrames: 191 })).toThrow("VANGO_BAD_LIMIT");
  });
});
