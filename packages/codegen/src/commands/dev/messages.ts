// Messages between `vango dev` and the process that runs the app.

import type { ErrorReport } from "../report.js";

/** To the app's process: run the app at `root`. */
export interface StartMessage { readonly type: "start"; readonly root: string }

/** From the app's process: it listens, it could not start, or it imports a file of its own. */
export type AppMessage =
  | { readonly type: "ready"; readonly port: number }
  | { readonly type: "error"; readonly report: ErrorReport }
  | { readonly type: "import"; readonly path: string };
