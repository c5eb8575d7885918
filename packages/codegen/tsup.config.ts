// Builds the library entries, the command, and the entries that run in other processes: module hooks, the app's process
// under `vango dev`, and the runtime that `vango build` bundles. `bundle` of shared parts is by splitting.
import { defineConfig } from "tsup";

const library = { index: "src/index.ts", vite: "src/vite.ts", esbuild: "src/esbuild.ts", unplugin: "src/unplugin.ts", lint: "src/lint.ts", register: "src/register.ts" };

export default defineConfig({
  entry: { ...library, "register-hooks": "src/register-hooks.ts", cli: "src/cli.ts", serve: "src/commands/serve.ts", "app-process": "src/commands/dev/app-process.ts", "app-hooks": "src/commands/dev/app-hooks.ts", "state-worker": "src/commands/dev/state-worker.ts", "migrations-process": "src/commands/state/migrations-process.ts", "migrations-hooks": "src/commands/state/migrations-hooks.ts" },
  format: ["esm"],
  // The app brings it: what runs in its workers is its own copy.
  external: ["@vango/server/workers"],
  target: "node20",
  platform: "node",
  sourcemap: true,
  clean: true,
  splitting: true,
});
