import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "jsx-runtime": "src/jsx-runtime.ts",
    "jsx-dev-runtime": "src/jsx-dev-runtime.ts",
    compiled: "src/compiled.ts",
    protocol: "src/protocol/index.ts",
    testing: "src/testing/index.ts",
    internal: "src/internal.ts",
  },
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  sourcemap: true,
  clean: true,
  splitting: true,
});
