// Generated files that are committed: read without regard to line ends, written whole or not at all, left alone when equal.
import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** The text of a file, with LF; undefined when there is none. */
export function generatedText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes the file if it differs. Tells whether it did. */
export function writeGenerated(file: string, text: string): boolean {
  if (generatedText(file) === text) return false;
  const part = `${file}.${process.pid}.tmp`;
  writeFileSync(part, text);
  renameSync(part, file);
  return true;
}

/** Where a file differs from what it should be. */
export function firstDifference(found: string | undefined, wanted: string): string {
  if (found === undefined) return "It does not exist.";
  const a = found.split("\n");
  const b = wanted.split("\n");
  const line = b.findIndex((text, i) => text !== a[i]);
  const at = line === -1 ? b.length : line;
  return `Line ${at + 1} is \`${a[at]?.trim() ?? ""}\`, not \`${b[at]?.trim() ?? ""}\`.`;
}
