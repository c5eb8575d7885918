// T10 and T11: retained heap of live trees after forced collections.
import type { Group } from "../lib/figure.js";
import { retained, retainedAsync } from "../lib/heap.js";
import { mountLive } from "../lib/live.js";
import { SessionRig } from "../lib/real-sessions.js";
import type { Result } from "../lib/result.js";
import { median } from "../lib/stats.js";
import { Counter, FullCounter } from "../pages/counter.js";
import { makeRows } from "../pages/rows.js";
import { plainTablePage, tablePage } from "../pages/table.js";

const ROWS = 1000;

export const heap: Group = {
  name: "heap",
  ids: ["T10", "T11"],
  async run(context) {
    const results: Result[] = [];
    const sessions = context.smoke ? 50 : 1000;
    const pages = context.smoke ? 5 : 60;
    if (context.wants("T10")) {
      results.push(
        absolute("T10", "heap of a counter session, live tree and engine", 2000, trials(() => retained(sessions, () => mountLive(Counter)))),
        absolute("T10.full", "the same with 10 signals, 3 memos, 2 effects", 4000, trials(() => retained(sessions, () => mountLive(FullCounter)))),
      );
    }
    if (context.wants("T10")) {
      const rigs = [new SessionRig(Counter), new SessionRig(FullCounter)] as const;
      const attached = await trialsAsync(() => retainedAsync(sessions, () => rigs[0].open()));
      const detached = await trialsAsync(() => retainedAsync(sessions, () => rigs[0].open(), (socket) => rigs[0].detach(socket)));
      const full = await trialsAsync(() => retainedAsync(sessions, () => rigs[1].open()));
      results.push(
        absolute("T10.session", "heap of a counter session, its delivery and its place in the server included", 2000, attached),
        absolute("T10.sessionFull", "the same with 10 signals, 3 memos, 2 effects", 5000, full),
        { id: "T10.detached", what: "heap of a detached counter session", baseline: "the attached one", target: 1.05, ...ratio(detached, attached), detail: `${Math.round(median(detached))} B / ${Math.round(median(attached))} B` },
      );
    }
    if (context.wants("T11")) {
      const state = trials(() => retained(pages, () => makeRows(ROWS)));
      const plain = trials(() => retained(pages, () => mountLive(plainTablePage(makeRows(ROWS)))));
      const selector = trials(() => retained(pages, () => mountLive(tablePage(makeRows(ROWS)))));
      const against = { baseline: "the row objects alone" };
      results.push(
        { id: "T11", what: `heap of ${ROWS} rows with selector and handler, row state included`, target: 6, ...against, ...ratio(selector, state), detail: `${kb(selector)} / ${kb(state)}` },
        { id: "T11.handler", what: `heap of ${ROWS} rows with handler, row state included`, ...against, ...ratio(plain, state), detail: `${kb(plain)} / ${kb(state)}` },
        absolute("T11.selectorBytes", `bytes of ${ROWS} rows with selector and handler`, 300_000, selector),
        absolute("T11.handlerBytes", `bytes of ${ROWS} rows with handler`, 190_000, plain),
      );
    }
    return results;
  },
};

function trials(measure: () => number): number[] {
  return [measure(), measure(), measure()];
}

async function trialsAsync(measure: () => Promise<number>): Promise<number[]> {
  return [await measure(), await measure(), await measure()];
}

function absolute(id: string, what: string, target: number, values: readonly number[]): Result {
  return { id, what, baseline: "-", target, value: median(values), unit: "B", spread: [Math.min(...values), Math.max(...values)] };
}

function ratio(candidate: readonly number[], baseline: readonly number[]): Pick<Result, "ratio" | "spread"> {
  const ratios = candidate.map((value, at) => value / (baseline[at] as number));
  return { ratio: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)] };
}

function kb(values: readonly number[]): string {
  return `${(median(values) / 1000).toFixed(0)} kB`;
}
