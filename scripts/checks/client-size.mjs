// What every visitor downloads has a budget: the client's entry, compressed as it is served.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { root } from "../lib/workspace.mjs";

/** Bytes of brotli, quality 11, per file of a build. Parts that are loaded on demand get a line of their own. */
export const budgets = {
  "packages/client/dist/vango.min.js": 6_000,
  "packages/client/dist/vango-more.min.js": 4_096,
};

/** @param {Uint8Array} bytes */
export function brotliSize(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
}

export async function check() {
  /** @type {string[]} */
  const problems = [];
  /** @type {string[]} */
  const notes = [];
  for (const [file, limit] of Object.entries(budgets)) {
    const path = join(root, file);
    if (!existsSync(path)) { problems.push(`${file} was not built`); continue; }
    const size = brotliSize(readFileSync(path));
    notes.push(`${file}: ${size} of ${limit} B brotli`);
    if (size > limit) problems.push(`${file}: ${size} B brotli, ${limit} allowed`);
  }
  return { problems, note: notes.join("\n") };
}
