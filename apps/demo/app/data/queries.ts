// Reading rules shared by the stores: filter, order and the dashboard's sums over a list of issues.
import type { Issue, IssueState } from "./records.js";
import { isOpen } from "./records.js";
import type { DayCount, IssueQuery, ProjectCount, Summary } from "./repository.js";

const dayMs = 86_400_000;
const summaryDays = 14;

export type SummaryRow = Pick<Issue, "projectId" | "state" | "createdAt" | "closedAt" | "dueAt">;

export function byRank(a: Issue, b: Issue): number {
  return a.rank - b.rank || a.id - b.id;
}

export function byUpdated(a: Issue, b: Issue): number {
  return b.updatedAt - a.updatedAt || b.id - a.id;
}

export function selectIssues(all: readonly Issue[], query: IssueQuery): readonly Issue[] {
  const { projectId, states, assigneeId } = query;
  const found = all.filter(
    (issue) =>
      (projectId === undefined || issue.projectId === projectId) &&
      (states === undefined || states.includes(issue.state)) &&
      (assigneeId === undefined || issue.assigneeId === assigneeId),
  );
  found.sort(query.order === "updated" ? byUpdated : byRank);
  return found.slice(0, query.limit ?? 1000);
}

export function summarise(rows: Iterable<SummaryRow>, now: number): Summary {
  const byState: Record<IssueState, number> = { backlog: 0, todo: 0, doing: 0, review: 0, done: 0, cancelled: 0 };
  const projects = new Map<string, { open: number; done: number }>();
  const first = Math.floor(now / dayMs) - summaryDays + 1;
  const created = new Array<number>(summaryDays).fill(0);
  const closed = new Array<number>(summaryDays).fill(0);
  let total = 0;
  let overdue = 0;
  const count = (days: number[], at: number): void => {
    const index = Math.floor(at / dayMs) - first;
    const before = days[index];
    if (before !== undefined) days[index] = before + 1;
  };
  for (const row of rows) {
    total += 1;
    byState[row.state] += 1;
    const open = isOpen(row.state);
    if (open && row.dueAt !== null && row.dueAt < now) overdue += 1;
    const project = projects.get(row.projectId) ?? { open: 0, done: 0 };
    if (open) project.open += 1;
    else if (row.state === "done") project.done += 1;
    projects.set(row.projectId, project);
    count(created, row.createdAt);
    if (row.closedAt !== null) count(closed, row.closedAt);
  }
  const days: DayCount[] = created.map((n, i) => ({ day: (first + i) * dayMs, created: n, closed: closed[i] ?? 0 }));
  const counts: ProjectCount[] = [...projects].map(([projectId, c]) => ({ projectId, ...c }));
  counts.sort((a, b) => (a.projectId < b.projectId ? -1 : 1));
  return { total, byState, overdue, projects: counts, days };
}
