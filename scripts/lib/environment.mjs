// What every command needs before it starts: the right Node, the installed packages. It uses nothing that is installed.
// pnpm installs before each script (`verifyDepsBeforeRun`) and runs the script even if that failed: we look and say so.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { stop, warn } from "./say.mjs";
import { members, root } from "./workspace.mjs";

/** Node versions that the packages' `engines` name. @param {string} version */
export function nodeIsSupported(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

export function requireNode() {
  if (nodeIsSupported(process.versions.node)) return;
  stop(`Node ${process.versions.node} is too old or unsupported (needed: 20.19 or newer in 20, 22.12 or newer)`,
    "install Node 20 LTS or newer, for example `nvm install 20`, and run the same command again");
}

/** The first declared dependency that is not installed, as `member: name`. @returns {string | undefined} */
export function missingDependency() {
  const all = [{ path: ".", dir: root, names: ["turbo", "typescript", "vitest"] },
    ...members().map((m) => ({ path: m.path, dir: m.dir,
      names: Object.keys({ ...m.manifest.dependencies, ...m.manifest.devDependencies }) }))];
  for (const { path, dir, names } of all)
    for (const name of names)
      if (!existsSync(join(dir, "node_modules", name))) return `${path}: ${name}`;
  return undefined;
}

export function requireInstall() {
  const missing = missingDependency();
  if (missing === undefined) return;
  stop(`packages are not installed (${missing} is missing: the install above did not finish, mostly for want of a network)`,
    "check the connection to the npm registry, then run the same command again, or `pnpm install` to see the error");
}

export function noteGit() {
  if (spawnSync("git", ["--version"], { stdio: "ignore" }).status === 0) return;
  warn("git is not installed", "Builds work but are cached less well, and `vango state plan --against <ref>` can't run; install git to have both.");
}

/** Resolves to whether nobody listens there. @param {number} port @param {string} host @returns {Promise<boolean>} */
export function portIsFree(port, host) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** The checks that every root command makes. */
export function requireWorkspace() {
  requireNode();
  requireInstall();
  noteGit();
}
