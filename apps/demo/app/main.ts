// Makes the app for `vango dev`, `vango build` and `vango start`: opens the workspace (seeding it on first start), the store of the sessions, then the server.
// Under `vango dev` the inspector is at /_vango/devtools. Takes `--reseed` and DATABASE_URL; without the latter the data lies in `.vango/` of the folder the app runs in.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { devtools } from "@vango/devtools";
import type { SessionStore } from "@vango/persist";
import { lmdbStore } from "@vango/persist/lmdb";
import { postgresStore } from "@vango/persist/postgres";
import { createApp, type App, type AppOptions } from "@vango/server";
import state from "../vango_state_bindings_gen.js";
import { closeWorkspace, openWorkspace } from "./workspace.js";

const home = ".vango";
const dataFolder = `${home}/cairn`;

export async function createVangoApp(context: AppOptions): Promise<App> {
  const report = (error: unknown): void => console.error(`cairn: ${error instanceof Error ? error.message : String(error)}`);
  const { label, seeded } = await openWorkspace({
    databaseUrl: process.env["DATABASE_URL"],
    path: join(process.cwd(), dataFolder),
    label: dataFolder,
    reseed: process.argv.includes("--reseed"),
    progress: progressLine(),
    onError: report,
  }).catch((error: unknown) => stop(error));
  console.log(`cairn: data in ${label}${seeded ? ", freshly seeded" : ""}`);
  const kept = sessionStore();
  const app = createApp(devtools({ ...context, state, store: kept, secret: process.env["CAIRN_SECRET"] ?? keptSecret(join(process.cwd(), home)) }));
  const drain = app.drain.bind(app);
  app.drain = async () => {
    await drain();
    await kept.close();
    await closeWorkspace();
  };
  return app;
}

/** Where sessions are kept: beside the data, or in the database that has it. */
function sessionStore(): SessionStore {
  const url = process.env["DATABASE_URL"];
  return url === undefined || url === "" ? lmdbStore({ path: join(process.cwd(), home, "sessions.lmdb") }) : postgresStore({ url });
}

/** A store that cannot be opened is one line with the fix, not a stack. */
function stop(error: unknown): never {
  const url = process.env["DATABASE_URL"];
  const { code, message } = error as NodeJS.ErrnoException;
  const store = url === undefined || url === "" ? `the store in ${dataFolder}` : `PostgreSQL at ${URL.canParse(url) ? new URL(url).host : "DATABASE_URL"}`;
  console.error(`cairn: cannot open ${store}: ${message || code || "no answer"}. Correct or unset DATABASE_URL; without it the embedded store is used.`);
  process.exit(1);
}

/** The key that signs cookies and pages: made once, kept beside the data, so a restart knows its browsers. */
function keptSecret(folder: string): string {
  const file = join(folder, "secret");
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(file, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return readFileSync(file, "utf8");
}

/** One line that counts up on a terminal, and only its end in a log. */
function progressLine(): (done: number, total: number) => void {
  let shown = -1;
  return (done, total) => {
    const percent = Math.floor((done / total) * 100);
    if (percent === shown) return;
    shown = percent;
    if (process.stdout.isTTY) process.stdout.write(`\rcairn: seeding … ${percent} %${done === total ? "\n" : ""}`);
    else if (done === total) console.log(`cairn: seeded ${total} records`);
  };
}
