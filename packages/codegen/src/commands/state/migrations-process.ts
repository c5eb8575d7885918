// Tries migrations on recorded values, in a process of its own: modules of the app are loaded, which may do anything, and are
// gone with it. One order comes, one answer goes.
import { register } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MIGRATIONS_EXPORT, type ModuleMigrations } from "../../state/initial/migrations.js";
import { checkOf } from "../../state/schema/validator.js";
import { loadPersist, type Persist } from "./app-persist.js";
import type { MigrationOrder, Tried, TryMigration } from "./try-migrations.js";

type Migrations = ModuleMigrations | { readonly failed: string };

async function carryOut({ root, values }: MigrationOrder): Promise<readonly Tried[]> {
  const files = [...new Set(values.map(({ file }) => join(root, file)))];
  register("./migrations-hooks.js", { parentURL: import.meta.url, data: files });
  const persist = await loadPersist(root);
  const modules = new Map<string, Migrations>();
  for (const file of files) modules.set(file, await migrationsOf(file));
  return values.map((value) => tryOne(value, modules.get(join(root, value.file)) as Migrations, persist));
}

async function migrationsOf(file: string): Promise<Migrations> {
  try {
    return ((await import(pathToFileURL(file).href)) as { readonly [MIGRATIONS_EXPORT]: ModuleMigrations })[MIGRATIONS_EXPORT];
  } catch (error) {
    return { failed: messageOf(error) };
  }
}

function tryOne({ name, file, id, hash, payload, type }: TryMigration, migrations: Migrations, persist: Persist): Tried {
  if ("failed" in migrations && typeof migrations.failed === "string") return { outcome: "untried", why: `${file} does not load here: ${migrations.failed}` };
  const made = (migrations as ModuleMigrations)[name];
  if (typeof made !== "function") return { outcome: "untried", why: `it uses \`${made}\` of its component, which is there in a mount alone` };
  try {
    const all = made();
    const migrate = all[hash] ?? all[id];
    if (migrate === undefined) return { outcome: "failed", why: `there is no migration of ${id} (${hash})` };
    const problem = checkOf(type)(migrate(persist.decodeValue(payload)));
    return problem === undefined ? { outcome: "done" } : { outcome: "failed", why: `what it gave does not fit at ${problem}` };
  } catch (error) {
    return { outcome: "failed", why: `it threw: ${messageOf(error)}` };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

process.once("message", (order: MigrationOrder) => {
  void carryOut(order).then((tried) => process.send?.(tried, () => process.exit(0)));
});
process.on("disconnect", () => process.exit(0));
