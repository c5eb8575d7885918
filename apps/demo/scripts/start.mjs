// `pnpm demo`: runs the built demo (`dist/main.js`, made by `vango build`) in this folder, whatever folder it is called from.
// The built server reads PORT, HOST, `--port`, `--host`; the app reads `--reseed` and DATABASE_URL.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const main = new URL("../dist/main.js", import.meta.url);
if (!existsSync(main)) {
  console.error("cairn: the demo is not built. Run `pnpm demo` in the repository's root, or `pnpm --filter @vango/demo run build`.");
  process.exit(1);
}
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await import(main.href);
