// `pnpm bench`: runs the asked figures, each group in a process of its own, and prints the table and the JSON.
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { groups } from "./figures/groups.js";
import { parseArgs, USAGE, type Args } from "./lib/args.js";
import type { Group } from "./lib/figure.js";
import { summary, table } from "./lib/report.js";
import type { Result } from "./lib/result.js";

/** What a group's process sends. */
export type GroupMessage = { readonly results: readonly Result[] } | { readonly failed: string };

const NATURAL = new Intl.Collator("en", { numeric: true });

async function main(args: Args): Promise<number> {
  if (args.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const known = [...new Set(groups.flatMap(({ ids }) => ids))];
  if (args.list) {
    process.stdout.write(`${known.toSorted(NATURAL.compare).join("\n")}\n`);
    return 0;
  }
  const unknown = args.only.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw new Error(`Unknown figure ${unknown.join(", ")}. There are ${known.join(", ")}.`);
  const results: Result[] = [];
  const failures: string[] = [];
  for (const group of groups) {
    const ids = group.ids.filter((id) => args.only.length === 0 || args.only.includes(id));
    if (ids.length === 0) continue;
    process.stderr.write(`${group.name}: ${ids.join(", ")}\n`);
    const message = await runGroup(group, ids, args.smoke);
    if ("failed" in message) failures.push(`${group.name}: ${message.failed}`);
    else results.push(...message.results);
  }
  results.sort((a, b) => NATURAL.compare(a.id, b.id));
  const ids = results.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) throw new Error(`Two figures have one id: ${ids.join(", ")}`);
  const json = `${JSON.stringify({ results }, null, 2)}\n`;
  if (args.json === "-") process.stdout.write(json);
  else {
    process.stdout.write(`${table(results)}\n\n${summary(results)}\n`);
    if (args.json !== undefined) writeFileSync(args.json, json);
  }
  for (const failure of failures) process.stderr.write(`failed: ${failure}\n`);
  return failures.length === 0 ? 0 : 1;
}

function runGroup(group: Group, ids: readonly string[], smoke: boolean): Promise<GroupMessage> {
  const path = fileURLToPath(new URL("./group-process.js", import.meta.url));
  const child = fork(path, [group.name, ids.join(","), smoke ? "smoke" : "full"], { execArgv: ["--expose-gc"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    let answer: GroupMessage | undefined;
    child.once("message", (message) => {
      answer = message as GroupMessage;
    });
    child.once("error", reject);
    child.once("exit", (code) => resolve(answer ?? { failed: `its process ended with ${code} and no answer` }));
  });
}

try {
  process.exitCode = await main(parseArgs(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
