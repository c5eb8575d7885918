// T1, T2, T12: server CPU per event round trip and memory per idle connection, against bare echo servers. Trials take the
// servers in turn; all clients join for real, click, and acknowledge every patch.
import { generatorKind, runLoad, type LoadFigures, type Loop } from "../lib/load.js";
import type { Context, Group } from "../lib/figure.js";
import type { Result } from "../lib/result.js";
import type { Opening } from "../lib/script.js";
import { median, ratioOf } from "../lib/stats.js";
import { ask, startServer, type ServerProcess } from "../lib/server-process.js";
import { holdOpen } from "../lib/hold.js";
import { openTabs } from "../lib/tabs.js";

const CONNECTIONS = 500;
/** Bytes of an echoed message: a click up is 6 bytes, its patch down 16 to 18. */
const ECHO_BYTES = 12;
const IDLE_BATCH = 1000;
/** Idle pages: few, many, trials. */
const LIVE = [500, 2500, 5] as const;
/** The young generation grows once, by some ten megabytes, somewhere on the way: it has its size from the start instead. */
const FULL_GROWN = ["--min-semi-space-size=16"];

interface Subject {
  readonly server: ServerProcess;
  readonly loop: () => Promise<{ readonly openings: readonly Opening[]; readonly loop: Loop }>;
}

export const transport: Group = {
  name: "transport",
  ids: ["T1", "T2", "T12"],
  async run(context) {
    const results: Result[] = [];
    if (context.wants("T1") || context.wants("T2")) results.push(...(await roundTrips(context)));
    if (context.wants("T12")) results.push(await idle(context, "app"), await idle(context, "echo-uws"), await live(context));
    return results;
  },
};

async function roundTrips(context: Context): Promise<Result[]> {
  const connections = context.smoke ? 20 : CONNECTIONS;
  const [warmMs, measureMs, trials] = context.smoke ? [100, 200, 3] : [700, 1500, 5];
  const echo = { openings: Array.from({ length: connections }, () => ({ path: "/" })), loop: { mode: "echo", bytes: ECHO_BYTES } as const };
  const subjects: Record<string, Subject> = {};
  const cpu: Record<string, number[]> = {};
  const rate: Record<string, number[]> = {};
  try {
    for (const [name, file, args] of [
      ["uWS echo", "echo-uws", []],
      ["ws echo", "echo-ws", []],
      ["vango", "app", ["uws"]],
      ["vango on ws", "app", ["ws"]],
    ] as const) {
      const server = await startServer(file, args);
      subjects[name] = { server, loop: file === "app" ? () => openTabs(server.port, connections) : async () => echo };
      cpu[name] = [];
      rate[name] = [];
    }
    // Trial 0 warms every server up and is not counted.
    for (let trial = 0; trial <= trials; trial++) {
      for (const [name, subject] of Object.entries(subjects)) {
        const figures: LoadFigures = await runLoad(subject.server, { ...(await subject.loop()), warmMs, measureMs });
        context.note(`${name}: ${figures.cpuUs.toFixed(1)} us/message, ${Math.round(figures.perSecond)}/s${trial === 0 ? " (warm-up)" : ""}`);
        if (trial === 0) continue;
        cpu[name]?.push(figures.cpuUs);
        rate[name]?.push(figures.perSecond);
      }
    }
  } finally {
    for (const { server } of Object.values(subjects)) await server.stop();
  }
  const us = (name: string): string => `${median(cpu[name] as number[]).toFixed(1)} us`;
  const against = (candidate: string, baseline: string): Pick<Result, "ratio" | "spread" | "detail"> => ({
    ...ratioOf(cpu[candidate] as number[], cpu[baseline] as number[]),
    detail: `${us(candidate)} / ${us(baseline)}`,
  });
  const what = `server CPU per click round trip, ${connections} connections`;
  const baseline = `${ECHO_BYTES}-byte messages, ${generatorKind()} generator`;
  return [
    { id: "T1", what, baseline: `bare uWS echo, ${baseline}`, target: 1.3, ...against("vango", "uWS echo") },
    { id: "T2", what, baseline: `bare ws echo, ${baseline}`, target: 0.8, ...against("vango", "ws echo") },
    { id: "T2.ws", what: `${what}, our ws transport`, baseline: `bare ws echo, ${baseline}`, ...against("vango on ws", "ws echo") },
    { id: "T2.echo", what: "bare ws echo, for scale", baseline: "bare uWS echo", ...against("ws echo", "uWS echo") },
    { id: "T1.rate", what: "click round trips per second, one process", baseline: "-", value: median(rate["vango"] as number[]), unit: "/s" },
  ];
}

/** Resident memory of a joined page that is idle: the slope between two numbers of them, each trial in a new server. */
async function live(context: Context): Promise<Result> {
  const [few, many, trials] = context.smoke ? [10, 30, 3] : LIVE;
  const slopes: Record<"app" | "echo-uws", { rss: number; heap: number }[]> = { app: [], "echo-uws": [] };
  for (let trial = 0; trial < trials; trial++) {
    for (const file of ["app", "echo-uws"] as const) {
      const slope = await slopeOf(file, few, many);
      context.note(`${file}: ${Math.round(slope.rss)} B resident a connection, ${Math.round(slope.heap)} B of it heap`);
      slopes[file].push(slope);
    }
  }
  const rss = slopes.app.map((slope) => slope.rss);
  return {
    id: "T12.live",
    what: `resident bytes per idle page that has joined, slope from ${few} to ${many}`,
    baseline: "-",
    target: 5000,
    value: median(rss),
    unit: "B",
    spread: [Math.min(...rss), Math.max(...rss)],
    detail: `heap ${Math.round(median(slopes.app.map((slope) => slope.heap)))} B; bare uWS ${Math.round(median(slopes["echo-uws"].map((slope) => slope.rss)))} B`,
  };
}

async function slopeOf(file: "app" | "echo-uws", few: number, many: number): Promise<{ rss: number; heap: number }> {
  const server = await startServer(file, ["uws"], FULL_GROWN);
  const held: { destroy(): void }[] = [];
  try {
    // All documents are served before the first is counted: what a GET leaves behind in the process is no connection's.
    const openings = file === "app" ? (await openTabs(server.port, many)).openings : new Array<Opening>(many).fill({ path: "/" });
    const grow = async (from: number, to: number): Promise<Record<string, number>> => {
      held.push(...(await holdOpen(server.port, openings.slice(from, to))));
      return ask(server.child, "memory") as Promise<Record<string, number>>;
    };
    const before = await grow(0, few);
    const after = await grow(few, many);
    const each = (name: string): number => ((after[name] as number) - (before[name] as number)) / (many - few);
    return { rss: each("rss"), heap: each("heapUsed") };
  } finally {
    for (const socket of held) socket.destroy();
    await server.stop();
  }
}

/** Resident memory that one open socket adds to a server, before it joins: transport alone. Sockets come in batches. */
async function idle(context: Context, file: "app" | "echo-uws"): Promise<Result> {
  const batch = context.smoke ? 50 : IDLE_BATCH;
  const server = await startServer(file, ["uws"], FULL_GROWN);
  const held: { destroy(): void }[] = [];
  try {
    const trials: number[] = [];
    for (let trial = 0; trial < 4; trial++) {
      const openings = file === "app" ? (await openTabs(server.port, 1)).openings : [{ path: "/" }];
      const before = (await ask(server.child, "memory"))["rss"] as number;
      held.push(...(await holdOpen(server.port, new Array<Opening>(batch).fill(openings[0] as Opening))));
      const after = (await ask(server.child, "memory"))["rss"] as number;
      // The first batch grows the process's own heaps once.
      if (trial > 0) trials.push(Math.max(0, after - before) / batch);
    }
    const ours = file === "app";
    const [id, whose] = ours ? ["T12", "our server before JOIN"] : ["T12.echo", "bare uWS echo, for scale"];
    return { id, what: `resident bytes per idle socket, ${whose}, batches of ${batch}`, baseline: "-", ...(ours ? { target: 512 } : {}), value: median(trials), unit: "B", spread: [Math.min(...trials), Math.max(...trials)] };
  } finally {
    for (const socket of held) socket.destroy();
    await server.stop();
  }
}
