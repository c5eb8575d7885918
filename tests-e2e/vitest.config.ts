// Tests in a real Chromium (CHROMIUM_PATH, which `pnpm test` provides). One file at a time: servers and browsers share two cores.
// Files share one process and one browser.
// JSX in tests goes through our own compiler, as in an app.
import { vango } from "@vango/codegen/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [vango()],
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    environment: "node",
    fileParallelism: false,
    isolate: false,
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
