// Module hooks of the app's process: those of `@vango/codegen/register`, and a way to translate sources ahead of time.
// The process that waits for its start has the time; when it starts, only what has changed since is translated.

import { readFile } from "node:fs/promises";
import type { InitializeHook, LoadHook } from "node:module";
import { fileURLToPath } from "node:url";
import type { MessagePort } from "node:worker_threads";
import { ahead, load as loadSource, translate } from "../../register-hooks.js";

export { resolve } from "../../register-hooks.js";

let imported: MessagePort | undefined;

/** Loads as `@vango/codegen/register` does, and names the file on the port, so that `vango dev` watches it wherever it lies. */
export const load: LoadHook = (url, context, next) => {
  if (url.startsWith("file:") && !/\/(?:node_modules|dist)\//.test(url)) imported?.postMessage(fileURLToPath(url.replace(/[?#].*$/, "")), []);
  return loadSource(url, context, next);
};

/** Takes a list of absolute paths from the port; translates them one after another. */
export const initialize: InitializeHook<{ readonly port: MessagePort }> = ({ port }) => {
  port.on("message", (paths: readonly string[]) => void translateAll(paths));
  port.unref();
  imported = port;
};

async function translateAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      const source = await readFile(path, "utf8");
      ahead.set(path, { source, code: await translate(source, path) });
    } catch {
      // A file that fails is translated again, and reported, when the app loads it.
    }
  }
}
