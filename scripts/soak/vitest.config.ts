// Runs a member's own suite, with its own configuration, with fast-check replaced by the soaking one.
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { loadConfigFromFile } from "vite";
import { defineConfig, mergeConfig } from "vitest/config";

const member = process.cwd();
const own = await loadConfigFromFile({ command: "serve", mode: "test" }, join(member, "vitest.config.ts"), member);
const replacement = fileURLToPath(new URL("fast-check.ts", import.meta.url));

export default mergeConfig(own?.config ?? {}, defineConfig({
  plugins: [{
    name: "vango-soak",
    enforce: "pre",
    resolveId: (id: string, importer: string | undefined) => (id === "fast-check" && importer !== replacement ? replacement : undefined),
  }],
}));
