// Runs a member's package script without a package manager or shell between: signals and exit codes stay exact.
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { stop } from "./say.mjs";
import { readJson } from "./workspace.mjs";

/** @param {string} dir the member @param {string} name of a script: `node file …` or `bin …` @returns {[string, ...string[]]} */
export function scriptCommand(dir, name) {
  const script = readJson(join(dir, "package.json")).scripts?.[name];
  if (typeof script !== "string") return stop(`${dir} has no script "${name}"`, "add it to its package.json");
  const [program = "", ...args] = script.split(/\s+/);
  if (program === "node") return [process.execPath, ...args];
  const bin = binOf(dir, program);
  return bin ? [process.execPath, bin, ...args] : stop(`"${program}" of script "${name}" is not installed in ${dir}`, "add it to its devDependencies and run `pnpm install`");
}

/** The JavaScript file behind a dependency's command. @param {string} dir @param {string} program */
function binOf(dir, program) {
  const manifest = readJson(join(dir, "package.json"));
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const at = join(dir, "node_modules", dependency);
    if (!existsSync(join(at, "package.json"))) continue;
    const { bin, name } = readJson(join(at, "package.json"));
    const file = typeof bin === "string" ? (name === program ? bin : undefined) : bin?.[program];
    if (file) return join(realpathSync(at), file);
  }
  return undefined;
}
