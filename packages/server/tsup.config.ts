import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    internal: "src/internal.ts",
    testing: "src/testing/index.ts",
    prometheus: "src/observe/prometheus.ts",
    opentelemetry: "src/observe/opentelemetry.ts",
    log: "src/observe/log.ts",
    workers: "src/workers/index.ts",
  },
  format: ["esm"],
  target: "node20",
  platform: "node",
  // Never bundled: the addon would become a path string.
  external: ["uWebSockets.js"],
  sourcemap: true,
  clean: true,
  splitting: true,
});
