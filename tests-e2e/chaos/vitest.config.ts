// The chaos run: one test that lasts as long as its run does.
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["*.test.ts"], environment: "node", expect: { poll: { timeout: 10_000 } }, testTimeout: 0, hookTimeout: 120_000 } });
