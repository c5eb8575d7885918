// The JSX compiler as a plugin of every bundler that unplugin knows (Vite, Rollup, Rolldown, webpack, Rspack).
// Files without JSX are only checked, and only if they import @vango/core.
import { createUnplugin, type UnpluginInstance } from "unplugin";
import { compile } from "./compile/compile.js";
import { CompileError } from "./compile/diagnostics.js";

/** Options of the plugins. */
export interface VangoPluginOptions {
  /** Files to compile, tested on the path without query. Default: every .js, .jsx, .ts, .tsx outside node_modules. */
  readonly include?: RegExp;
}

const SOURCE = /\.[cm]?[jt]sx?$/;

/** True when a file is the compiler's business: JSX always, other sources for the checks of setup and `on`. */
export function concerns(path: string, code: string, include: RegExp | undefined): boolean {
  if (path.includes("\0") || !(include ?? SOURCE).test(path) || /[\\/]node_modules[\\/]/.test(path)) return false;
  return /\.[cm]?[jt]sx$/.test(path) || code.includes("@vango/core");
}

/** Compiles, or throws a {@link CompileError}. undefined: leave the file as it is. */
export function transform(code: string, id: string, options: VangoPluginOptions | undefined): { code: string; map: string } | undefined {
  const path = id.replace(/[?#].*$/, "");
  if (/[?&](?:raw|url)\b/.test(id) || !concerns(path, code, options?.include)) return undefined;
  const result = compile(code, path);
  const [first, ...rest] = result.diagnostics.filter((d) => d.severity === "error");
  if (first !== undefined) throw new CompileError([first, ...rest]);
  return result.changed ? { code: result.code, map: result.map.toString() } : undefined;
}

/**
 * The plugin for any bundler: `unplugin.rollup()`, `unplugin.webpack()` …
 *
 * @example
 * import { unplugin } from "@vango/codegen/unplugin";
 * export default { plugins: [unplugin.rollup()] };
 */
export const unplugin: UnpluginInstance<VangoPluginOptions | undefined> = createUnplugin<VangoPluginOptions | undefined>((options) => ({
  name: "vango",
  enforce: "pre",
  transform: {
    filter: { id: options?.include ?? /\.[cm]?[jt]sx?(?:$|\?)/ },
    handler: (code, id) => transform(code, id, options),
  },
}));
