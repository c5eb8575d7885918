// The demo's persisted state is as committed: its generated files are fresh, and no cold change ships without being accepted.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../lib/workspace.mjs";

export async function check() {
  const cli = join(root, "packages/codegen/dist/cli.js");
  if (!existsSync(cli)) return { problems: ["packages/codegen is not built"] };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "state", "check", "--cwd", join(root, "apps/demo")], { encoding: "utf8" });
  return { problems: status === 0 ? [] : [`${stdout}${stderr}`.trim()], note: stdout.trim() };
}
