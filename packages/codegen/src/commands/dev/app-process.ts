// Runs inside the app's process under `vango dev`: preloads the framework, waits for "start", then loads the app from
// source and listens on a free port. Every route module is loaded at once, so that a compile error shows now, not on its page.

import { existsSync } from "node:fs";
import { createRequire, register } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { ROUTES_FILE } from "../../routes/generate.js";
import { BINDINGS_FILE } from "../../state/artifacts/model.js";
import { makeApp } from "../make-app.js";
import { reportOf } from "../report.js";
import type { AppModules } from "../served-app.js";
import { allSources } from "./check-sources.js";
import type { AppMessage, StartMessage } from "./messages.js";

type Module = Readonly<Record<string, unknown>>;

const load = async (file: string) => (await import(pathToFileURL(file).href)) as Module;
const send = (message: AppMessage) => process.send?.(message);

/** The app's own copy of the server package, which need not be the one beside this command. */
const loadServer = (root: string) => load(createRequire(join(root, "package.json")).resolve("@vango/server"));

async function start(root: string): Promise<void> {
  const server = await loadServer(root);
  const { routes } = await load(join(root, ROUTES_FILE));
  await Promise.all((routes as { routes: readonly { load(): Promise<object>; layouts?: readonly (() => Promise<object>)[]; middleware?: readonly (() => Promise<object>)[] }[] }).routes
    .flatMap((route) => [route.load(), ...(route.layouts ?? []).map((one) => one()), ...(route.middleware ?? []).map((one) => one())]));
  const file = ["app/main.ts", "app/main.tsx", "app/main.js"].map((name) => join(root, name)).find((name) => existsSync(name));
  const modules = { createApp: server["createApp"] as AppModules["createApp"], main: file === undefined ? undefined : await load(file) };
  const publicDir = join(root, "public");
  const bindings = join(root, BINDINGS_FILE);
  const state = existsSync(bindings) ? ((await load(bindings))["default"] as object) : undefined;
  const app = await makeApp(modules, { routes, ...(state === undefined ? {} : { state }), dev: true, ...(existsSync(publicDir) ? { publicDir } : {}) });
  const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
  send({ type: "ready", port });
}

function fail(error: unknown): void {
  // exit only when the message is out, and after those that name the imported files: the one at fault must be watched
  setImmediate(() => {
    if (process.send === undefined) process.exit(1);
    process.send({ type: "error", report: reportOf(error) } satisfies AppMessage, () => process.exit(1));
  });
}

const hooks = new MessageChannel();
process.setSourceMapsEnabled(true);
register("./app-hooks.js", { parentURL: import.meta.url, data: { port: hooks.port2 }, transferList: [hooks.port2] });
hooks.port1.on("message", (path: string) => send({ type: "import", path }));
hooks.port1.unref();

process.env["NODE_ENV"] ??= "development";
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => undefined); // the terminal signals the whole group; `vango dev` decides
process.on("SIGTERM", () => process.exit(0));
process.on("message", (message: StartMessage) => {
  if (message.type === "start") start(message.root).catch(fail);
});

// While waiting for "start": load what does not depend on the app's sources, then translate those as they are now.
const root = process.argv[2];
if (root !== undefined) {
  await loadServer(root).catch(() => undefined);
  hooks.port1.postMessage([ROUTES_FILE, ...allSources(root)].map((file) => join(root, file)));
}
