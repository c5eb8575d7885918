// The panel's JSX is compiled by our own transform in tests too.
import { defineConfig } from "vitest/config";
import { vango } from "@vango/codegen/vite";

export default defineConfig({ plugins: [vango()], test: { testTimeout: 30_000, include: ["test/**/*.test.{ts,tsx}"], environment: "node" } });
