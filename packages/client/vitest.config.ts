import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Core from its source: these tests run without a build, and exercise what the bundle is made of.
export default defineConfig({
  resolve: { alias: { "@vango/core/protocol": fileURLToPath(new URL("../core/src/protocol/index.ts", import.meta.url)) } },
  test: { testTimeout: 30_000, expect: { poll: { timeout: 10_000 } }, include: ["test/**/*.test.{ts,tsx}"], environment: "node", restoreMocks: true, unstubGlobals: true },
});
