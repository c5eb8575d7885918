// Runs documentation snippets one after another in one process (with the JSX compiler registered) and reports, a line each:
// what it printed with console.log, and the error it ended with. Started by docs-snippets.mjs.
import { pathToFileURL } from "node:url";
import { format } from "node:util";

/** @type {string[]} */
let printed = [];
/** @type {unknown} */
let late;
console.log = (...values) => { printed.push(...format(...values).split("\n")); };
process.on("unhandledRejection", (error) => { late = error; });
process.on("uncaughtException", (error) => { late = error; });

for (const path of process.argv.slice(2)) {
  printed = [];
  late = undefined;
  /** @type {unknown} */
  let error;
  await import(pathToFileURL(path).href).catch((/** @type {unknown} */ thrown) => { error = thrown; });
  await new Promise((resolve) => setImmediate(resolve));
  error ??= late;
  const { code, stack } = /** @type {{ code?: unknown, stack?: unknown }} */ (error ?? {});
  const report = { path, printed, ...error === undefined ? {} : { error: { code, text: String(stack ?? error).split("\n").slice(0, 4).join("\n") } } };
  process.stdout.write(`@@${JSON.stringify(report)}\n`);
}
process.exit(0);
