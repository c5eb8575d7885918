import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CLIENT_ERRORS } from "../src/errors.js";

const src = new URL("../src/", import.meta.url);

describe("catalogue", () => {
  it("C130: holds every code that the sources report, and no other", () => {
    const text = readdirSync(src, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && name !== "errors.ts")
      .map((name) => readFileSync(new URL(name, src), "utf8"))
      .join("\n");
    const used = new Set([
      ...[...text.matchAll(/drop\("(\w+)"\)/g)].map((m) => "VANGO_EVENT_" + m[1]),
      ...[...text.matchAll(/"(VANGO_(?!WIRE|APPLY|TRY_|UNSAVED)\w+[A-Z])"/g)].map((m) => m[1]!),
    ]);
    expect([...used].sort()).toEqual(Object.keys(CLIENT_ERRORS).sort());
  });
});
