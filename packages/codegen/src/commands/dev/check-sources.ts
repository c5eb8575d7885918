// Compiles changed files before the app is restarted: an error is known in milliseconds, with its place and the lines
// around it, and the running app is left alone. Files that failed are checked again until they compile.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, type Diagnostic } from "../../compile/index.js";
import type { ErrorReport } from "../report.js";

const SOURCE = /\.[cm]?[jt]sx?$/;

export interface SourceCheck {
  /** Checks these files and those that failed before; with no files, all below app/. The first error, or undefined. */
  (files: readonly string[]): ErrorReport | undefined;
}

export function sourceCheck(root: string): SourceCheck {
  const failed = new Set<string>();
  return (files) => {
    const named = files.length > 0 ? files : allSources(root);
    const found: Diagnostic[] = [];
    for (const file of [...new Set([...failed, ...named])].sort()) {
      failed.delete(file);
      const path = join(root, file);
      if (!SOURCE.test(file) || !existsSync(path)) continue;
      const errors = compile(readFileSync(path, "utf8"), path, { displayName: file }).diagnostics.filter(({ severity }) => severity === "error");
      if (errors.length > 0) failed.add(file);
      found.push(...errors);
    }
    return found[0] === undefined ? undefined : reportOfDiagnostic(found[0], found.length - 1);
  };
}

/** Source files below app/, from the root, sorted. */
export function allSources(root: string): readonly string[] {
  const app = join(root, "app");
  if (!existsSync(app)) return [];
  return readdirSync(app, { recursive: true, encoding: "utf8" }).map((file) => `app/${file.replaceAll("\\", "/")}`).filter((file) => SOURCE.test(file)).sort();
}

function reportOfDiagnostic({ code, message, file, line, column, frame, why, fix }: Diagnostic, more: number): ErrorReport {
  return { title: code, message: more === 0 ? message : `${message} (and ${more} more)`, at: `${file}:${line}:${column}`, frame, why, fix };
}
