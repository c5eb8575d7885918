// Watches what the running app depends on: app/, public/, package.json and config files, and files it has imported from
// elsewhere. A README or a script beside them restarts nothing. Gives changed files in batches, so that "save all" is one restart.

import { relative, sep } from "node:path";
import { watch } from "chokidar";
import { ROUTES_FILE } from "../../routes/generate.js";
import { BINDINGS_FILE } from "../../state/artifacts/model.js";

/** Quiet time, in ms, that ends a batch. */
const BATCH_MS = 25;

const IGNORED = /(?:^|\/)(?:node_modules|dist|coverage|test|tests|\.[^/]+)(?:\/|$)/;
const SOURCE = /\.(?:[cm]?[jt]sx?|json|html|css|svg|sql|md)$/;

/** What `vango dev` writes itself. */
const GENERATED: ReadonlySet<string> = new Set([ROUTES_FILE, BINDINGS_FILE]);

const WATCHED = /^(?:$|(?:app|public)(?:\/|$)|package\.json$|tsconfig[^/]*\.json$|[^/]+\.config\.[cm]?[jt]s$)/;

export interface SourceWatcher {
  /** Settles when changes are seen from now on. */
  readonly ready: Promise<void>;
  /** Watches one more file, by its absolute path. */
  add(path: string): void;
  close(): Promise<void>;
}

/** Calls `changed` with paths from the root, sorted. */
export function watchSources(root: string, changed: (files: readonly string[]) => void): SourceWatcher {
  const imported = new Set<string>();
  const pending = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const from = (path: string) => relative(root, path).split(sep).join("/");
  const watcher = watch(root, {
    ignoreInitial: true,
    ignored: (path, stats) => {
      const file = from(path);
      if (imported.has(file)) return false;
      return !WATCHED.test(file) || IGNORED.test(file) || (stats?.isFile() === true && (!SOURCE.test(file) || GENERATED.has(file)));
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
    add(path) {
      const file = from(path);
      if (imported.has(file) || GENERATED.has(file) || file.startsWith("app/")) return;
      imported.add(file);
      watcher.add(path);
    },
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
