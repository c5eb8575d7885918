/**
 * `createApp`: the app with this package's renderer and sessions.
 */
import type { App, AppOptions } from "./app-options.js";
import { buildApp } from "./build-app.js";
import { renderPage } from "./http/render-page.js";
import { createSessions } from "./session/sessions.js";

/**
 * Makes an app. Throws for options it cannot use: VANGO_BAD_OPTION, VANGO_UNKNOWN_LIMIT, VANGO_BAD_LIMIT,
 * VANGO_WEAK_SECRET, VANGO_BAD_ROUTE, VANGO_DUPLICATE_ROUTE.
 *
 * @example
 * ```ts
 * const app = createApp({ routes, secret: process.env["SECRET"] });
 * const { url } = await app.listen({ port: 3000 });
 * process.once("SIGTERM", () => void app.drain());
 * ```
 */
export function createApp(o: AppOptions): App {
  return buildApp(o, { createSessions, renderPage });
}
