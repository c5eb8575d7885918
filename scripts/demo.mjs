// `pnpm demo [arguments]`: builds the demo and what it stands on, then starts it; the arguments are the demo's own
// (`--reseed`, `--port N`). A taken port is found before the build, not after.
import { join } from "node:path";
import { buildQuietly } from "./lib/build.mjs";
import { portIsFree, requireWorkspace } from "./lib/environment.mjs";
import { handOver } from "./lib/process.mjs";
import { say, stop } from "./lib/say.mjs";
import { root } from "./lib/workspace.mjs";
import { scriptCommand } from "./lib/script.mjs";

const host = "127.0.0.1";
requireWorkspace();
const args = process.argv.slice(2);
const named = args.find((arg) => arg.startsWith("--port="))?.slice("--port=".length) ?? (args.includes("--port") ? args[args.indexOf("--port") + 1] : undefined);
const port = Number(named ?? process.env.PORT ?? 3000);
if (!Number.isInteger(port) || port < 0 || port > 65_535) stop(`${named ?? process.env.PORT} is no port`, "give a number from 0 to 65535, for example `PORT=3001`");
if (port !== 0 && !await portIsFree(port, host)) stop(`port ${port} on ${host} is taken`, `stop what listens there, or choose another: \`PORT=${port + 1} npx -y pnpm@12.21.0 demo\``);
say("building the demo …");
const built = await buildQuietly(["@vango/demo..."]);
if (built !== 0) stop("the build failed, see above", "mend what it names and run the command again", built);
const [command, ...first] = scriptCommand(join(root, "apps", "demo"), "start");
process.exitCode = await handOver(command, [...first, ...args], { cwd: join(root, "apps", "demo") });
