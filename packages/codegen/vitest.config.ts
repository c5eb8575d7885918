import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Templates are pure and have no build step of their own: the compiler's tests read them from source. */
const templates = fileURLToPath(new URL("../core/src/template/index.ts", import.meta.url));
const compiled = fileURLToPath(new URL("../core/src/compiled.ts", import.meta.url));

export default defineConfig({
  resolve: { alias: { "@vango/core/internal": templates, "@vango/core/compiled": compiled } },
  test: { testTimeout: 30_000, expect: { poll: { timeout: 10_000 } }, isolate: false, include: ["test/**/*.test.{ts,tsx}"], environment: "node" },
});
