// The process of one group: what it compiles and collects does not disturb another group's figures.
import { groups } from "./figures/groups.js";
import type { GroupMessage } from "./main.js";

const [name, ids, mode] = process.argv.slice(2);
const wanted = new Set((ids ?? "").split(","));
const group = groups.find((candidate) => candidate.name === name);

async function run(): Promise<GroupMessage> {
  if (group === undefined) return { failed: `no group ${String(name)}` };
  try {
    const results = await group.run({
      wants: (id) => wanted.has(id),
      note: (text) => process.stderr.write(`  ${text}\n`),
      smoke: mode === "smoke",
    });
    return { results };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const message = await run();
process.send?.(message, () => process.exit(0));
