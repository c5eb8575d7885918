// `devtools(options)`: adds the panel to an app in development. In production it gives the options back untouched, so nothing
// of it is reachable, and nothing listens.
import type { AppOptions, RouteEntry } from "@vango/server";
import { createHead } from "./head.js";
import { createPanel } from "./panel.js";
import { SessionLog } from "./session-log.js";
import { STYLE } from "./style.js";
import { watch } from "./watch.js";

/** Where the panel stands, below the app's base path. */
export const DEVTOOLS_PATH = "/_vango/devtools";
const STYLE_PATH = `${DEVTOOLS_PATH}/style`;

/** Ends what an earlier call in this process began: a dev server that reloads must not log twice. */
let stopWatching: (() => void) | undefined;

/**
 * Gives the options of an app with the panel at `/_vango/devtools`. Only with `dev: true`; otherwise unchanged.
 *
 * @example
 * const app = createApp(devtools({ routes, dev: process.env.NODE_ENV !== "production" }));
 */
export function devtools(options: AppOptions): AppOptions {
  if (options.dev !== true) return options;
  const panelPath = `${options.basePath ?? ""}${DEVTOOLS_PATH}`;
  const log = new SessionLog({ hidden: (route) => route === panelPath || route === DEVTOOLS_PATH });
  stopWatching?.();
  stopWatching = watch(log);
  const page = createPanel(log);
  const head = createHead(`${options.basePath ?? ""}${STYLE_PATH}`);
  const entries: readonly RouteEntry[] = [
    { path: DEVTOOLS_PATH, kind: "page", load: async () => ({ page, head }) },
    { path: STYLE_PATH, kind: "api", load: async () => ({ GET: () => new Response(STYLE, { headers: { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" } }) }) },
  ];
  return { ...options, routes: { ...options.routes, routes: [...options.routes.routes, ...entries] } };
}
