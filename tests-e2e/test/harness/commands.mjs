// Several `vango` commands in one process: TypeScript is loaded, and the declarations of packages are read, once for all of them.
// argv: JSON, a list of argument lists; prints a JSON list of { code, out }.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const cli = pathToFileURL(join(dirname(createRequire(import.meta.url).resolve("@vango/codegen/package.json")), "dist", "cli.js")).href;
const [, , lists] = process.argv;
const write = process.stdout.write.bind(process.stdout);
const ended = [];
for (const [i, args] of JSON.parse(lists).entries()) {
  let out = "";
  process.argv.splice(2, Infinity, ...args);
  process.exitCode = undefined;
  process.stdout.write = (chunk) => Boolean((out += chunk));
  // The entry runs as often as it has a name of its own; what it imports is shared.
  await import(`${cli}?${i}`);
  ended.push({ code: process.exitCode ?? 0, out });
}
process.stdout.write = write;
process.exitCode = 0;
console.log(JSON.stringify(ended));
