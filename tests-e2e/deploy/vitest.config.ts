// A rolling deploy of the demo: one test that takes as long as its deploys.
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["*.test.ts"], environment: "node", expect: { poll: { timeout: 10_000 } }, testTimeout: 400_000, hookTimeout: 120_000 } });
