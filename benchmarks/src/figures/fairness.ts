// F1 to F3: what one client that hurts costs the others. 200 tabs click at a steady pace; the 99th percentile of the time until
// their answer, with and without the abuser, in windows that take turns. `.machine` is the same abuse of another server: what the
// machine takes from the tabs while it happens anywhere.
import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Abuse } from "../load/abuser.js";
import type { Context, Group } from "../lib/figure.js";
import type { Result } from "../lib/result.js";
import { startServer } from "../lib/server-process.js";
import { median, quantile, ratioOf } from "../lib/stats.js";
import { openTabs } from "../lib/tabs.js";

const CROWD = 200;
/** Between clicks of one tab, ms. */
const EVERY_MS = 100;
const RUNS = 5;

const ABUSES: readonly { readonly id: string; readonly abuse: Abuse; readonly what: string }[] = [
  { id: "F1", abuse: "flood", what: "an event flood" },
  { id: "F2", abuse: "storm", what: "an effect storm" },
  { id: "F3", abuse: "slow", what: "a slow reader of large frames" },
];

export const fairness: Group = {
  name: "fairness",
  ids: ABUSES.map(({ id }) => id),
  async run(context) {
    const asked = ABUSES.filter(({ id }) => context.wants(id));
    const crowdSize = context.smoke ? 10 : CROWD;
    const [warmMs, measureMs] = context.smoke ? [50, 200] : [500, 2000];
    const server = await startServer("crowd");
    const other = await startServer("crowd");
    const crowd = await startCrowd(server.port, crowdSize);
    try {
      const quiet: number[] = [];
      const hurt = new Map<Abuse, number[]>(asked.map(({ abuse }) => [abuse, []]));
      const elsewhere = new Map<Abuse, number[]>(asked.map(({ abuse }) => [abuse, []]));
      const beside = async (port: number, abuse: Abuse): Promise<number> => {
        const abuser = await startAbuser(port, abuse);
        const p99 = await window(crowd, warmMs, measureMs);
        abuser.kill("SIGKILL");
        await pause(warmMs);
        return p99;
      };
      // The first round warms everything up and is not counted.
      for (let run = 0; run <= RUNS; run++) {
        const before = await window(crowd, warmMs, measureMs);
        if (run > 0) quiet.push(before);
        for (const { abuse } of asked) {
          const p99 = await beside(server.port, abuse);
          const machine = await beside(other.port, abuse);
          context.note(`${abuse}: p99 ${p99.toFixed(2)} ms, ${machine.toFixed(2)} ms beside another server's, ${before.toFixed(2)} ms without${run === 0 ? " (warm-up)" : ""}`);
          if (run === 0) continue;
          hurt.get(abuse)?.push(p99);
          elsewhere.get(abuse)?.push(machine);
        }
      }
      const figure = (times: readonly number[]): Pick<Result, "baseline" | "detail"> & ReturnType<typeof ratioOf> => ({
        baseline: "the same without it",
        ...ratioOf(times, quiet),
        detail: `${median(times).toFixed(2)} ms / ${median(quiet).toFixed(2)} ms`,
      });
      return asked.flatMap(({ id, abuse, what }): Result[] => {
        const clicks = `99th percentile of ${crowdSize} tabs' clicks beside ${what}`;
        return [
          { id, what: clicks, target: 1.5, ...figure(hurt.get(abuse) as number[]) },
          { id: `${id}.machine`, what: `${clicks} of another server`, ...figure(elsewhere.get(abuse) as number[]) },
        ];
      });
    } finally {
      crowd.kill("SIGKILL");
      await server.stop();
      await other.stop();
    }
  },
} satisfies Group & { run(context: Context): Promise<Result[]> };

/** The 99th percentile of a window, ms. */
async function window(crowd: ChildProcess, warmMs: number, measureMs: number): Promise<number> {
  await pause(warmMs);
  const times = await answerOf<number[]>(crowd, { measureMs });
  return quantile(times, 0.99);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

async function startCrowd(port: number, count: number): Promise<ChildProcess> {
  const { openings, loop } = await openTabs(port, count);
  if (loop.mode !== "click") throw new Error("no button");
  const child = start("crowd");
  await answerOf(child, { port, openings, instance: loop.instance, slot: loop.slot, everyMs: EVERY_MS });
  return child;
}

/** The scheduling class of Linux whose processes run when no other wants to. */
const IDLE = { command: "/usr/bin/chrt", args: ["--idle", "0"] };

/** In life it is another machine: here it takes what the tabs and the server leave of the processor. */
async function startAbuser(port: number, abuse: Abuse): Promise<ChildProcess> {
  const child = start("abuser", existsSync(IDLE.command) ? { execPath: IDLE.command, execArgv: [...IDLE.args, process.execPath] } : {});
  await answerOf(child, { port, abuse });
  return child;
}

function start(name: string, o: { readonly execPath?: string; readonly execArgv?: string[] } = {}): ChildProcess {
  return fork(fileURLToPath(new URL(`./load/${name}.js`, import.meta.url)), [], { ...o, serialization: "advanced", stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

function answerOf<T>(child: ChildProcess, order: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a load process ended with ${code}`));
    child.once("exit", ended);
    child.once("message", (answer) => {
      child.off("exit", ended);
      resolve(answer as T);
    });
    child.send(order);
  });
}
