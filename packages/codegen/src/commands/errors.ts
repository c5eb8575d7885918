// Catalogue of the errors of the `vango` command and of route generation. One entry a code; each has a page in docs/errors.

import { VangoError } from "@vango/core";

interface Entry { readonly message: string; readonly why: string; readonly fix: string }

export const CLI_ERRORS = {
  VANGO_CLI_USAGE: {
    message: "The command line was not understood.",
    why: "A command, flag or value is unknown or malformed.",
    fix: "See `vango --help` or `vango <command> --help`.",
  },
  VANGO_NODE_VERSION: {
    message: "This version of Node.js is too old.",
    why: "Vango runs on Node 20.19 or later of the 20 line, and on 22.12 or later.",
    fix: "Install a current Node.js, for example with your version manager, and run the command again.",
  },
  VANGO_NO_APP: {
    message: "There is no app here.",
    why: "The app's root is the folder that holds package.json; none was found.",
    fix: "Run the command in the app's folder, or pass --cwd DIR.",
  },
  VANGO_NO_ROUTES: {
    message: "The app has no routes.",
    why: "Pages are the files under app/routes; the folder is missing or holds no route.",
    fix: "Create app/routes/index.tsx that exports `page`, or pass --cwd DIR if the app is elsewhere.",
  },
  VANGO_NOT_BUILT: {
    message: "The app is not built.",
    why: "`vango start` runs what `vango build` wrote to dist/; dist/main.js is missing.",
    fix: "Run `vango build` first, or `vango dev` while you develop.",
  },
  VANGO_BUILD_FAILED: {
    message: "The build failed.",
    why: "The bundler reported errors; they are printed above with file and line.",
    fix: "Correct the errors and run the command again.",
  },
  VANGO_WORKERS: {
    message: "`vango dev` runs one process.",
    why: "In development the app is restarted at every change, and its errors are shown in the browser: one process at a time is what makes that quick and clear.",
    fix: "Leave --workers out. To try several workers, run `vango build` and `vango start --workers N`.",
  },
  VANGO_APP_ENTRY: {
    message: "app/main.ts does not export createVangoApp.",
    why: "The command calls createVangoApp({ routes, dev, publicDir }) of app/main.ts to make the app.",
    fix: "Write `export function createVangoApp({ routes, dev }) { return createApp({ routes, dev }); }`, or delete app/main.ts to use the default app.",
  },
  VANGO_APP_CRASHED: {
    message: "The app stopped while starting.",
    why: "Its process ended before it listened; its output is above.",
    fix: "Correct the error; `vango dev` starts the app again when a file changes.",
  },
  VANGO_AUDIT_TARGET: {
    message: "There is nothing to audit at this address.",
    why: "The audit needs a running app that answers with a live page: it takes the page's cookie and boot blob to act as a browser.",
    fix: "Start the app and give the address of one of its pages, for example `vango audit http://127.0.0.1:3000/`.",
  },
  VANGO_ROUTES_STALE: {
    message: "routes_gen.ts is stale.",
    why: "The committed file differs from what the files under app/routes give.",
    fix: "Run `vango gen routes` and commit routes_gen.ts.",
  },
  VANGO_ROUTE_NAME: {
    message: "A route file's name is not understood.",
    why: "A segment is plain text, [name], [name:int], [name:uuid] or, as the last one, [...name]; names are letters, digits and _.",
    fix: "Rename the file or folder. Helper files that are no routes start with _ or live outside app/routes.",
  },
  VANGO_ROUTE_CONFLICT: {
    message: "Two route files claim the same place.",
    why: "A URL must lead to one route: the same path written twice, or parameters of different name or type at one position, leave it open which one answers.",
    fix: "Delete or rename one of the two files.",
  },
  VANGO_ROUTE_EXPORTS: {
    message: "A route file does not export what its place needs.",
    why: "A page exports `page`; an API route GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS; layout.tsx `layout`; middleware.ts `middleware`.",
    fix: "Add the export, or, if the file is a helper, let its name start with _ or move it outside app/routes.",
  },
} as const satisfies Record<`VANGO_${string}`, Entry>;

export type CliErrorCode = keyof typeof CLI_ERRORS;

/** Makes an error of this catalogue. `message` is added to the entry's. */
export function cliError(code: CliErrorCode, detail?: { readonly message?: string; readonly at?: string; readonly related?: string; readonly cause?: unknown }): VangoError {
  return new VangoError(code, CLI_ERRORS[code], detail);
}
