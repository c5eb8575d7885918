// Module hooks of the app's process: those of `@vango/codegen/register`, and a way to translate sources ahead of time.
// The process that waits for its start has the time; when it starts, only what has changed since is translated.

import { readFile } from "node:fs/promises";
import type { InitializeHook } from "node:module";
import type { MessagePort } from "node:worker_threads";
import { ahead, translate } from "../../register-hooks.js";

export { load, resolve } from "../../register-hooks.js";

/** Takes a list of absolute paths from the port; translates them one after another. */
export const initialize: InitializeHook<{ readonly port: MessagePort }> = ({ port }) => {
  port.on("message", (paths: readonly string[]) => void translateAll(paths));
  port.unref();
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
