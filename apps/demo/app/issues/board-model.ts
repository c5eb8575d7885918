// The board's columns as a pure function of the project's issues. A column shows its first cards; the rest on demand.
import { byRank } from "../data/queries.js";
import type { Issue, IssueState } from "../data/records.js";

export const boardStates = ["backlog", "todo", "doing", "review", "done"] as const satisfies readonly IssueState[];

/** How many cards a column shows at first, and more with each press of "Show more". */
export const columnStep = 25;

export interface Column {
  readonly state: IssueState;
  readonly total: number;
  readonly cards: readonly Issue[];
}

/** `Done` shows the latest first; the other columns keep the manual order. */
export function columns(issues: readonly Issue[], limits: Readonly<Record<string, number>>): readonly Column[] {
  return boardStates.map((state) => {
    const all = issues.filter((issue) => issue.state === state);
    all.sort(state === "done" ? (a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0) || byRank(a, b) : byRank);
    return { state, total: all.length, cards: all.slice(0, limits[state] ?? columnStep) };
  });
}

export function neighbour(state: IssueState, step: -1 | 1): IssueState | null {
  const at = (boardStates as readonly IssueState[]).indexOf(state);
  return at < 0 ? null : (boardStates[at + step] ?? null);
}
