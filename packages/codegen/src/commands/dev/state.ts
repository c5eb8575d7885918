// What the front of `vango dev` knows of the app: starting, running on a port, or failed.
// Requests wait while it starts; each change is announced to the open pages.

import type { ErrorReport } from "../report.js";
import type { StateVerdict } from "./persisted-state.js";

export type DevState =
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly port: number; readonly verdict?: StateVerdict }
  | { readonly kind: "failed"; readonly report: ErrorReport };

export interface StateCell {
  get(): DevState;
  set(next: DevState): void;
  /** More about the same start: no page reloads for it. */
  tell(next: DevState): void;
  /** The next state that is not "starting". */
  settled(): Promise<Exclude<DevState, { kind: "starting" }>>;
  /** Called on each change, until the returned function is called. */
  watch(fn: (state: DevState, generation: number) => void): () => void;
  /** Counts the starts that succeeded: a page with an older one reloads. */
  generation(): number;
}

export function stateCell(): StateCell {
  let state: DevState = { kind: "starting" };
  let generation = 0;
  const watchers = new Set<(state: DevState, generation: number) => void>();
  return {
    get: () => state,
    generation: () => generation,
    set(next) {
      state = next;
      if (next.kind === "running") generation++;
      for (const fn of watchers) fn(next, generation);
    },
    tell(next) {
      state = next;
      for (const fn of watchers) fn(next, generation);
    },
    settled: () => new Promise((resolve) => {
      if (state.kind !== "starting") {
        resolve(state);
        return;
      }
      const stop = cellWatch((next) => {
        if (next.kind === "starting") return;
        stop();
        resolve(next);
      });
    }),
    watch: cellWatch,
  };

  function cellWatch(fn: (state: DevState, generation: number) => void): () => void {
    watchers.add(fn);
    return () => watchers.delete(fn);
  }
}
