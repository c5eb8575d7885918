// Builds the package; the panel's JSX is compiled by our own transform.
import { defineConfig } from "tsup";
import { vango } from "@vango/codegen/esbuild";

export default defineConfig({
  entry: { index: "src/index.ts" },
  format: ["esm"],
  target: "es2022",
  platform: "node",
  sourcemap: true,
  clean: true,
  treeshake: false,
  splitting: true,
  esbuildPlugins: [vango()],
});
