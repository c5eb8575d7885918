// A crowd of tabs that click at a steady pace, each at its own moment, and the time until the answer. A click is due at its
// time whether or not the one before was answered, so a server that stalls is charged for every click that it kept waiting.
import type { Opening } from "../lib/script.js";
import { LoadTab } from "./tab.js";

export interface CrowdOrder {
  readonly port: number;
  readonly openings: readonly Opening[];
  readonly instance: number;
  readonly slot: number;
  /** Between clicks of one tab, ms. */
  readonly everyMs: number;
}

/** Answered with the times of all answers in a window of so many ms, in ms. */
export interface CrowdWindow {
  readonly measureMs: number;
}

const TICK_MS = 2;
let latencies: number[] | undefined;

async function begin({ port, openings, instance, slot, everyMs }: CrowdOrder): Promise<void> {
  const due: number[][] = openings.map(() => []);
  const tabs = openings.map((opening, i) => {
    const waiting = due[i] as number[];
    return new LoadTab({
      port,
      opening,
      instance,
      slot,
      onAnswer: () => {
        const at = waiting.shift();
        if (at !== undefined) latencies?.push(performance.now() - at);
      },
      onClose: () => {
        process.stderr.write("crowd: a tab was closed\n");
        process.exit(3);
      },
    });
  });
  await Promise.all(tabs.map(({ joined }) => joined));
  const start = performance.now();
  let clicks = 0;
  setInterval(() => {
    const now = performance.now();
    for (; clicks * (everyMs / tabs.length) <= now - start; clicks++) {
      const i = clicks % tabs.length;
      (due[i] as number[]).push(now);
      tabs[i]?.click();
    }
  }, TICK_MS);
  process.send?.("ready");
}

process.on("message", (message: CrowdOrder | CrowdWindow) => {
  if ("port" in message) return void begin(message);
  const window: number[] = [];
  latencies = window;
  setTimeout(() => {
    latencies = undefined;
    process.send?.(window);
  }, message.measureMs);
});
process.on("disconnect", () => process.exit(0));
