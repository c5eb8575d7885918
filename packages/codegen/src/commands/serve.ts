// The production entry's runtime: bundled into dist/main.js by `vango build`, so that the app runs without this package.
// Listens, prints the URL, drains on the first SIGINT or SIGTERM, stops at once on the second. With `--workers N` this
// process only supervises: the app is loaded by the workers, which run the same file.

import { workerSide, type WorkerSide } from "@vango/server/workers";
import { makeApp } from "./make-app.js";
import { readListen, readWorkers, WORKERS_VARIABLE, type Listen } from "./options.js";
import { assertPortFree, listenError } from "./port.js";
import { formatError } from "./report.js";
import { superviseWorkers, TEMPORARY_SECRET } from "./serve-workers.js";
import type { AppContext, AppModules, ServedApp } from "./served-app.js";
import { assertStateFresh } from "./built-state.js";

/** What dist/main.js says of itself. */
export interface Served {
  /** The path of dist/main.js. */
  readonly file: string;
  readonly publicDir: string;
  /** Loads the app's modules and its routes. */
  readonly load: () => Promise<{ readonly modules: AppModules; readonly routes: unknown; readonly state: object | undefined }>;
}

/** `--port`, `--host` and `--workers` of `node dist/main.js`; the app's own flags are left alone. */
function flag(name: string): string | undefined {
  const at = process.argv.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  const arg = process.argv[at];
  return arg === undefined || at < 2 ? undefined : arg === name ? (process.argv[at + 1] ?? "") : arg.slice(name.length + 1);
}

/** Runs the built app. A failure is printed, with exit code 1; it never throws. */
export async function serve(served: Served): Promise<void> {
  const { env } = process; // `vango build` replaces the whole expression process.env.NODE_ENV, also where it is written to
  env["NODE_ENV"] ??= "production";
  process.setSourceMapsEnabled(true);
  const side = workerSide(env);
  try {
    assertStateFresh(served.file);
    const where = readListen({ port: flag("--port"), host: flag("--host") }, env);
    if (side !== undefined) return await serveAsWorker(served, where, side);
    const workers = readWorkers(flag("--workers"), env[WORKERS_VARIABLE]);
    if (workers > 1) await superviseWorkers(served.file, where, workers);
    else await serveAlone(served, where);
  } catch (error) {
    console.error(formatError(error));
    // an app may already hold timers or stores that keep the process alive
    if (side === undefined) process.exit(1);
    side.failed();
  }
}

async function serveAlone(served: Served, where: Listen): Promise<void> {
  await assertPortFree(where);
  const app = await load(served);
  const server = await app.listen(where).catch((error: unknown) => { throw listenError(error, where); });
  console.log(`listening on ${server.url}`);
  drainOnSignal(app, server);
}

async function serveAsWorker(served: Served, where: Listen, side: WorkerSide): Promise<void> {
  if (side.place.number !== 1) delete process.env[TEMPORARY_SECRET]; // the warning about it is said once
  const app = await load(served, side);
  const { url, transport = "", worker = "", close } = await app.listen({ ...where, reusePort: true, peers: side.peers }).catch((error: unknown) => { throw listenError(error, where); });
  side.ready({ url, transport, worker }, async (why) => {
    if (why !== "") console.log(`worker ${side.place.number}: ${why}, draining`);
    await app.drain();
    await close();
  });
}

async function load({ load: modulesOf, publicDir }: Served, side?: WorkerSide): Promise<ServedApp> {
  const { modules, routes, state } = await modulesOf();
  const context: AppContext = { routes, ...(state === undefined ? {} : { state }), publicDir, dev: false, ...(side === undefined ? {} : { worker: side.place }) };
  return makeApp(modules, context);
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
