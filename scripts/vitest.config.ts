// Tests of the workspace's own scripts: a check that never fails is worth nothing.
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["**/*.test.mjs"], environment: "node", testTimeout: 30_000 } });
