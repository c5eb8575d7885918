// Writes a tree of files to a fresh temporary folder, removed after the test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export function tree(files: Readonly<Record<string, string>>): string {
  const root = keptTree(files);
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** {@link tree} for several tests: whoever made it removes it. */
export function keptTree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "vango-codegen-"));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

export const page = "export const page = 1;\n";
export const api = "export const GET = 1;\n";
export const layout = "export const layout = 1;\n";
