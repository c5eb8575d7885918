// No source file above 600 lines, generated ones excepted: a longer one has more than one concern.
import { files, read } from "../lib/workspace.mjs";

export const limit = 600;
const generated = /(_gen|\.gen)\.tsx?$|\.d\.ts$/;

export async function check() {
  const sources = ["packages", "apps", "tests-e2e", "benchmarks", "docs", "scripts"]
    .flatMap((path) => files(path, (f) => /\.(ts|tsx|mts|mjs)$/.test(f) && !generated.test(f)));
  /** @type {string[]} */
  const problems = [];
  let longest = { file: "", lines: 0 };
  for (const file of sources) {
    const lines = read(file).trimEnd().split("\n").length;
    if (lines > longest.lines) longest = { file, lines };
    if (lines > limit) problems.push(`${file}: ${lines} lines, ${limit} allowed`);
  }
  return { problems, note: `${sources.length} files, the longest ${longest.file} with ${longest.lines} lines` };
}
