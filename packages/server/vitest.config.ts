// Files share a process a worker: starting one for each costs more than a third of the suite.
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { testTimeout: 30_000, expect: { poll: { timeout: 10_000 } }, isolate: false, include: ["test/**/*.test.{ts,tsx}"], environment: "node" } });
