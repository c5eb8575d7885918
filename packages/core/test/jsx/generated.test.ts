// The committed elements.gen.ts is what the generator writes from the installed data packages.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("J1: elements.gen.ts is up to date", { timeout: 30_000 }, () => {
  const run = () => execFileSync(process.execPath, [fileURLToPath(new URL("../../scripts/gen-jsx.mjs", import.meta.url)), "--check"], { stdio: "pipe" });
  expect(run).not.toThrow();
});
