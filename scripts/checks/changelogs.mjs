// Every published package says what it is, what it promises and what changed; and names the licence that is there.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packages, root } from "../lib/workspace.mjs";

export async function check() {
  /** @type {string[]} */
  const problems = [];
  for (const { path, dir, manifest } of packages()) {
    for (const name of ["README.md", "SPEC.md", "CHANGELOG.md"])
      if (!existsSync(join(dir, name))) problems.push(`${path}/${name} is missing`);
    if (!/^\d+\.\d+\.\d+/.test(manifest.version)) problems.push(`${path}: version ${manifest.version}`);
  }
  for (const name of ["LICENSE", "CONTRIBUTING.md", "README.md", ".changeset/config.json"])
    if (!existsSync(join(root, name))) problems.push(`${name} is missing`);
  return { problems };
}
