// Makes the app from its modules: createVangoApp of app/main.ts, else the default app.

import { cliError } from "./errors.js";
import type { AppContext, AppModules, ServedApp } from "./served-app.js";

/** @throws VangoError `VANGO_APP_ENTRY` when app/main.ts exports something else. */
export async function makeApp({ createApp, main }: AppModules, context: AppContext): Promise<ServedApp> {
  if (main === undefined) return createApp(context);
  const create = main["createVangoApp"];
  if (typeof create !== "function") throw cliError("VANGO_APP_ENTRY", { message: `It exports ${Object.keys(main).join(", ") || "nothing"}.` });
  const app: unknown = await (create as (context: AppContext) => unknown)(context);
  const { listen, drain } = (app ?? {}) as Partial<ServedApp>;
  if (typeof listen !== "function" || typeof drain !== "function") throw cliError("VANGO_APP_ENTRY", { message: "createVangoApp did not return an app." });
  return app as ServedApp;
}
