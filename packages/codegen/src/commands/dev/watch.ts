// Watches the app's sources. Gives changed files in batches, so that "save all" is one restart.

import { relative, sep } from "node:path";
import { watch } from "chokidar";
import { ROUTES_FILE } from "../../routes/generate.js";

/** Quiet time, in ms, that ends a batch. */
const BATCH_MS = 25;

const IGNORED = /(?:^|\/)(?:node_modules|dist|coverage|test|tests|\.[^/]+)(?:\/|$)/;
const SOURCE = /\.(?:[cm]?[jt]sx?|json|html|css|svg|sql|md)$/;

/** Calls `changed` with paths from the root, sorted. `ready` settles when changes are seen from now on. */
export function watchSources(root: string, changed: (files: readonly string[]) => void): { readonly ready: Promise<void>; close(): Promise<void> } {
  const pending = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const from = (path: string) => relative(root, path).split(sep).join("/");
  const watcher = watch(root, {
    ignoreInitial: true,
    ignored: (path, stats) => {
      const file = from(path);
      return IGNORED.test(file) || (stats?.isFile() === true && (!SOURCE.test(file) || file === ROUTES_FILE));
    },
  });
  watcher.on("all", (event, path) => {
    if (event === "addDir") return;
    pending.add(from(path));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const files = [...pending].sort();
      pending.clear();
      changed(files);
    }, BATCH_MS);
  });
  return {
    ready: new Promise((resolve) => watcher.once("ready", resolve)),
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
