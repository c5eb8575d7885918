// "Are the types wrong?" on the packed tarballs, as TypeScript in an ESM project or behind a bundler sees them. The packages are
// ESM only, so what a CommonJS consumer sees is left out.
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { tarballs } from "./tarballs.mjs";

/** Kinds of resolution that an ESM-only package does not promise. */
const left = new Set(["node10", "node16-cjs"]);

export async function check() {
  /** @type {string[]} */
  const problems = [];
  for (const { member, bytes } of await tarballs()) {
    // Entries that are assets have no types by nature.
    const assets = Object.entries(member.manifest.exports ?? {}).filter(([, target]) => typeof target === "string").map(([entry]) => entry);
    const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)), { excludeEntrypoints: assets });
    if (!analysis.types) { problems.push(`${member.name} has no types`); continue; }
    for (const problem of analysis.problems) {
      if ("resolutionKind" in problem && left.has(problem.resolutionKind)) continue;
      const where = "entrypoint" in problem ? ` ${problem.entrypoint} (${problem.resolutionKind})` : "";
      problems.push(`${member.name}${where}: ${problem.kind}`);
    }
  }
  return { problems };
}
