// Builds the entries. Drivers and fast-check stay external: who uses a subpath brings its peer.
import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", testing: "src/testing.ts", lmdb: "src/lmdb.ts", redis: "src/redis.ts", postgres: "src/postgres.ts" },
  format: ["esm"],
  target: "es2022",
  platform: "node",
  sourcemap: true,
  clean: true,
  treeshake: false,
  splitting: true,
});
