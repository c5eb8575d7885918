// The JSX compiler as an esbuild plugin (also for tsup: `esbuildPlugins: [vango()]`).
// Invariant: it loads the files it compiles itself, so it stands before other plugins that load .tsx.
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import type { Loader, Plugin } from "esbuild";
import { compile } from "./compile/compile.js";
import { concerns, type VangoPluginOptions } from "./unplugin.js";

export type { VangoPluginOptions } from "./unplugin.js";

/**
 * Compiles Vango JSX in esbuild. Findings are reported as esbuild errors with file, line and column.
 *
 * @example
 * await esbuild.build({ entryPoints: ["app/main.tsx"], bundle: true, plugins: [vango()] });
 */
export function vango(options: VangoPluginOptions = {}): Plugin {
  return {
    name: "vango",
    setup(build) {
      const root = build.initialOptions.absWorkingDir ?? process.cwd();
      build.onLoad({ filter: options.include ?? /\.[cm]?[jt]sx?$/, namespace: "file" }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        if (!concerns(path, source, options.include)) return undefined;
        const { code, map, changed, diagnostics } = compile(source, path, { displayName: relative(root, path) });
        const lines = source.split("\n");
        const errors = diagnostics.map((d) => {
          const lineText = lines[d.line - 1] ?? "";
          // esbuild counts columns in bytes.
          const column = Buffer.byteLength(lineText.slice(0, d.column - 1));
          return { text: `${d.code}: ${d.message}`, location: { file: d.file, line: d.line, column, length: 1, lineText }, notes: [{ text: `Why: ${d.why}` }, { text: `Fix: ${d.fix}` }] };
        });
        if (errors.length > 0) return { errors, watchFiles: [path] };
        if (!changed) return undefined;
        const loader: Loader = /\.[cm]?ts$/.test(path) ? "ts" : path.endsWith(".tsx") ? "tsx" : "jsx";
        // Sources in the inline map are relative to the file, as bundlers expect.
        map.sources = [path.replace(/^.*[\\/]/, "")];
        return { contents: `${code}\n//# sourceMappingURL=${map.toUrl()}`, loader, watchFiles: [path] };
      });
    },
  };
}
