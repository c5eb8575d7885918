// The documentation site builds: VitePress fails on a dead link between pages.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../lib/process.mjs";
import { root } from "../lib/workspace.mjs";

export async function check() {
  const docs = join(root, "docs");
  const vitepress = join(docs, "node_modules", "vitepress", "bin", "vitepress.js");
  const ended = await run(process.execPath, [vitepress, "build"], { cwd: docs, timeoutMs: 180_000, env: { FORCE_COLOR: "0" } });
  if (ended.code !== 0) return { problems: [ended.output.trim()] };
  return { problems: existsSync(join(docs, ".vitepress", "dist", "index.html")) ? [] : ["no index.html was built"] };
}
