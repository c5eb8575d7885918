// knip: no unused file, export or dependency, and none that is used but not declared.
import { join } from "node:path";
import { run } from "../lib/process.mjs";
import { root } from "../lib/workspace.mjs";

export async function check() {
  const knip = join(root, "node_modules", "knip", "bin", "knip.js");
  const ended = await run(process.execPath, [knip, "--no-progress", "--no-config-hints", "--reporter", "compact"], { cwd: root, env: { FORCE_COLOR: "0" } });
  return { problems: ended.code === 0 ? [] : [ended.output.trim()] };
}
