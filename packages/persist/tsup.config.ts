// Builds the two entries. fast-check stays external: only users of ./testing need it.
import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", testing: "src/testing.ts" },
  format: ["esm"],
  target: "es2022",
  platform: "node",
  dts: true,
  sourcemap: true,
  clean: true,
  treeshake: false,
  splitting: true,
});
