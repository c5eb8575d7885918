// Finds files of this package: package.json and the entries in dist that run in other processes or bundles.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's folder: the nearest one above this module that holds package.json. */
function packageRoot(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, "package.json"))) dir = dirname(dir);
  return dir;
}

/** Absolute path of a file of this package. */
export const packageFile = (file: string): string => join(packageRoot(), file);
