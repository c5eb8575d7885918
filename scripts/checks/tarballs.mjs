// The packages as they would be published: packed once a process, with `workspace:` and `catalog:` resolved.
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../lib/process.mjs";
import { packages, root } from "../lib/workspace.mjs";

/** @typedef {{ member: import("../lib/workspace.mjs").Member, file: string, bytes: Buffer }} Tarball */

/** @type {Promise<Tarball[]> | undefined} */
let packed;

/** @returns {Promise<Tarball[]>} */
export function tarballs() {
  packed ??= packAll();
  return packed;
}

async function packAll() {
  const base = join(root, "node_modules", ".cache", "vango", "tarballs");
  rmSync(base, { recursive: true, force: true });
  /** @type {Tarball[]} */
  const result = [];
  for (const member of packages()) {
    const dir = join(base, member.short);
    mkdirSync(dir, { recursive: true });
    // The pnpm that runs us, if one does: `npx pnpm` is not on PATH in a script's own children.
    const pnpm = process.env.npm_execpath?.includes("pnpm") ? process.env.npm_execpath : "pnpm";
    const [command, args] = /\.[cm]?js$/.test(pnpm) ? [process.execPath, [pnpm]] : [pnpm, []];
    const ended = await run(command, [...args, "pack", "--pack-destination", dir], { cwd: member.dir, timeoutMs: 60_000 });
    const name = readdirSync(dir).find((f) => f.endsWith(".tgz"));
    if (ended.code !== 0 || name === undefined) throw new Error(`pnpm pack failed in ${member.path}:\n${ended.output}`);
    const file = join(dir, name);
    result.push({ member, file, bytes: readFileSync(file) });
  }
  return result;
}
