// `pnpm vango …` from a clone: builds the command first, then hands everything to it, in the folder where it was called.
import { join } from "node:path";
import { buildQuietly } from "./lib/build.mjs";
import { requireWorkspace } from "./lib/environment.mjs";
import { handOver } from "./lib/process.mjs";
import { stop } from "./lib/say.mjs";
import { readJson, root } from "./lib/workspace.mjs";

requireWorkspace();
const built = await buildQuietly(["@vango/codegen..."]);
if (built !== 0) stop("the build failed, see above", "mend what it names and run the command again", built);
const dir = join(root, "packages", "codegen");
process.exitCode = await handOver(process.execPath, [join(dir, readJson(join(dir, "package.json")).bin.vango), ...process.argv.slice(2)],
  { cwd: process.env.INIT_CWD ?? root });
