// Module hooks behind `@vango/codegen/register`; Node runs them on a thread of their own.
// Resolving: an import of `./x.js` finds `./x.ts` or `./x.tsx`, as TypeScript does. Loading: JSX is compiled, types are stripped.
import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { compile } from "./compile/compile.js";
import { CompileError } from "./compile/diagnostics.js";

const INSTEAD: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".jsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  "": [".ts", ".tsx", ".js", ".jsx", "/index.ts", "/index.tsx", "/index.js"],
};

/** Tries the TypeScript names of a relative import that was not found. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!/^(?:\.{0,2}\/|file:)/.test(specifier)) throw error;
    const [, base = "", extension = "", query = ""] = /^([^?#]*?)(\.[cm]?jsx?)?([?#].*)?$/.exec(specifier) ?? [];
    for (const candidate of INSTEAD[extension] ?? []) {
      try {
        return await next(base + candidate + query, context);
      } catch {
        // The next name; if none fits, the first error tells what was asked for.
      }
    }
    throw error;
  }
};

/** Loads TypeScript and JSX. */
export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith("file:") || url.includes("/node_modules/")) return next(url, context);
  const path = fileURLToPath(url.replace(/[?#].*$/, ""));
  const extension = /\.(tsx|jsx|ts|mts)$/.exec(path)?.[1];
  if (extension === undefined) return next(url, context);
  return { format: "module", shortCircuit: true, source: await translate(await readFile(path, "utf8"), path) };
};

/** Files translated ahead of their loading, by path; used only while the source is still the same. Filled by `vango dev`. */
export const ahead = new Map<string, { readonly source: string; readonly code: string }>();

/** Source → JavaScript with an inline source map. @throws CompileError */
export async function translate(source: string, path: string): Promise<string> {
  const known = ahead.get(path);
  if (known?.source === source) return known.code;
  const compiled = compile(source, path, { displayName: relative(process.cwd(), path) });
  const [first, ...rest] = compiled.diagnostics;
  if (first !== undefined) throw new CompileError([first, ...rest]);
  compiled.map.sources = [path];
  const input = compiled.changed ? `${compiled.code}\n//# sourceMappingURL=${compiled.map.toUrl()}` : source;
  const { code } = await transform(input, {
    loader: path.endsWith("jsx") ? "js" : "ts",
    format: "esm",
    target: "node20",
    sourcefile: path,
    sourcemap: "inline",
  });
  return code;
}
