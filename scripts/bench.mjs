// `pnpm bench [--json FILE] [--only T1,T3]`: builds what the benchmarks measure, then runs them. Paths count from where it was called.
import { isAbsolute, join, resolve } from "node:path";
import { buildQuietly } from "./lib/build.mjs";
import { requireWorkspace } from "./lib/environment.mjs";
import { handOver } from "./lib/process.mjs";
import { stop } from "./lib/say.mjs";
import { scriptCommand } from "./lib/script.mjs";
import { root } from "./lib/workspace.mjs";

requireWorkspace();
const built = await buildQuietly(["@vango/benchmarks..."]);
if (built !== 0) stop("the build failed, see above", "mend what it names and run the command again", built);
const from = process.env.INIT_CWD ?? root;
const args = process.argv.slice(2);
const at = args.indexOf("--json");
const file = at >= 0 ? args[at + 1] : undefined;
if (file !== undefined && !isAbsolute(file)) args[at + 1] = resolve(from, file);
const dir = join(root, "benchmarks");
const [command, ...first] = scriptCommand(dir, "bench");
process.exitCode = await handOver(command, [...first, ...args], { cwd: dir });
