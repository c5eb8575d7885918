// oxlint over the whole repository; a warning fails too, else it stays for ever.
import { join } from "node:path";
import { run } from "../lib/process.mjs";
import { root } from "../lib/workspace.mjs";

export async function check() {
  const oxlint = join(root, "node_modules", "oxlint", "bin", "oxlint");
  const ended = await run(process.execPath, [oxlint, "--deny-warnings", "--format=unix"], { cwd: root });
  return { problems: ended.code === 0 ? [] : [ended.output.trim()] };
}
