// The production entry's runtime: bundled into dist/main.js by `vango build`, so that the app runs without this package.
// Listens, prints the URL, drains on the first SIGINT or SIGTERM, stops at once on the second.

import { makeApp } from "./make-app.js";
import { readListen } from "./options.js";
import { assertPortFree, listenError } from "./port.js";
import { formatError } from "./report.js";
import type { AppContext, AppModules, ServedApp } from "./served-app.js";

/** `--port` and `--host` of `node dist/main.js`; the app's own flags are left alone. */
function flag(name: string): string | undefined {
  const at = process.argv.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  const arg = process.argv[at];
  return arg === undefined || at < 2 ? undefined : arg === name ? (process.argv[at + 1] ?? "") : arg.slice(name.length + 1);
}

/** Runs the built app. A failure is printed, with exit code 1; it never throws. */
export async function serve(modules: AppModules, context: Omit<AppContext, "dev">): Promise<void> {
  const { env } = process; // `vango build` replaces the whole expression process.env.NODE_ENV, also where it is written to
  env["NODE_ENV"] ??= "production";
  process.setSourceMapsEnabled(true);
  try {
    const where = readListen({ port: flag("--port"), host: flag("--host") }, env);
    await assertPortFree(where);
    const app = await makeApp(modules, { ...context, dev: false });
    const server = await app.listen(where).catch((error: unknown) => { throw listenError(error, where); });
    console.log(`listening on ${server.url}`);
    drainOnSignal(app, server);
  } catch (error) {
    console.error(formatError(error));
    // an app may already hold timers or stores that keep the process alive
    process.exit(1);
  }
}

function drainOnSignal(app: ServedApp, server: { close(): Promise<void> }): void {
  let draining = false;
  const stop = (signal: string) => {
    if (draining) {
      console.log(`${signal} again: stopping now`);
      process.exit(1);
    }
    draining = true;
    console.log(`${signal}: draining (again to stop now)`);
    app.drain().then(() => server.close()).then(() => process.exit(0), (error: unknown) => {
      console.error(formatError(error));
      process.exit(1);
    });
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}
