// On-CPU time of another process: the sum over its threads from /proc on Linux; elsewhere the process tells its own
// process.cpuUsage over IPC. Waiting for a core is not counted.
import { readdirSync, readFileSync } from "node:fs";
import type { ChildProcess } from "node:child_process";
import { ask } from "./server-process.js";

/** Nanoseconds on CPU since the process began. */
export async function cpuOf(child: ChildProcess): Promise<number> {
  const fromProc = schedstat(child.pid as number);
  if (fromProc !== undefined) return fromProc;
  const usage = await ask(child, "cpu");
  return (usage["user"] as number) * 1000 + (usage["system"] as number) * 1000;
}

function schedstat(pid: number): number | undefined {
  try {
    let sum = 0;
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ", 1)[0]);
    }
    return sum;
  } catch {
    return undefined;
  }
}
