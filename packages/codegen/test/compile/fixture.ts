// A folder with an application and a small @vango/core in its node_modules, built from source: tests need no dist.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const core = join(root, "../core/src");

/** esbuild's alias of what this package imports from core. */
export const coreAlias = { "@vango/core/internal": join(core, "template/index.ts") };

export interface Fixture {
  readonly dir: string;
  write(files: Readonly<Record<string, string>>): void;
  remove(): void;
}

/** Makes the folder inside this package, so that its dependencies resolve. */
export async function fixture(files: Readonly<Record<string, string>>): Promise<Fixture> {
  const cache = join(root, ".vango");
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, "vango-test-"));
  const write = (more: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(more)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
  };
  write({ "package.json": '{ "type": "module" }', "node_modules/@vango/core/package.json": '{ "name": "@vango/core", "type": "module", "exports": { "./compiled": "./compiled.js" } }', ...files });
  await build({ entryPoints: [join(core, "compiled.ts")], bundle: true, format: "esm", platform: "neutral", outfile: join(dir, "node_modules/@vango/core/compiled.js") });
  return { dir, write, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
