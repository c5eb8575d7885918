// Writes src/jsx/elements.gen.ts from the data packages; `--check` compares instead and exits 1 when it is stale.
// Run by `pnpm --filter @vango/core gen:jsx`.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { elementsModule } from "./jsx/elements-module.mjs";

const file = fileURLToPath(new URL("../src/jsx/elements.gen.ts", import.meta.url));
const next = elementsModule();

if (process.argv.includes("--check")) {
  let current = "";
  try { current = readFileSync(file, "utf8"); } catch { /* absent counts as stale */ }
  if (current !== next) {
    console.error("src/jsx/elements.gen.ts is stale: run `pnpm --filter @vango/core gen:jsx` and commit the result.");
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, next);
  console.log(`wrote src/jsx/elements.gen.ts (${next.length} characters)`);
}
