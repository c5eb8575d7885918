// The JSX compiler as a Vite plugin; it runs before Vite strips types.
import type { Plugin } from "vite";
import { transform, type VangoPluginOptions } from "./unplugin.js";

export type { VangoPluginOptions } from "./unplugin.js";

/**
 * Compiles Vango JSX in Vite and Vitest. Errors show in Vite's overlay with the place and the fix.
 *
 * @example
 * // vite.config.ts
 * import { vango } from "@vango/codegen/vite";
 * export default { plugins: [vango()] };
 */
export function vango(options: VangoPluginOptions = {}): Plugin {
  return {
    name: "vango",
    enforce: "pre",
    transform: {
      filter: { id: options.include ?? /\.[cm]?[jt]sx?(?:$|\?)/ },
      handler(code, id) {
        return transform(code, id, options);
      },
    },
  };
}
