// The app of the tests with workers: built by `vango build`, run by `--workers N`. What is acknowledged is durable when STORE
// names a folder, which all workers share.
import { lmdbStore } from "@vango/persist/lmdb";
import { createApp, type App, type AppOptions } from "@vango/server";

export function createVangoApp(context: AppOptions): App {
  const { STORE } = process.env;
  return createApp({ ...context, ...(STORE === undefined ? {} : { store: lmdbStore({ path: STORE }), durability: "before-ack" as const }) });
}
