// The issue list without a page: filter, sort, selection and neighbours as pure functions. Rows keep their identity as long as
// issue and check mark are the same, so a change of one is found by comparing pointers.
import { isIssueState, isOpen, issueRef, issueStates, priorities, type Issue, type IssueState, type Priority } from "../data/records.js";
import type { IssuePatch } from "../data/repository.js";
import { patchIssue } from "../data/changes.js";

export type StateFilter = "all" | "open" | IssueState;
export type SortColumn = "manual" | "id" | "title" | "state" | "priority" | "assignee" | "due" | "updated";

export interface Filter {
  readonly text: string;
  readonly state: StateFilter;
  readonly priority: Priority | "";
  /** "" is everybody. */
  readonly assignee: string;
  /** "" is every project. */
  readonly project: string;
}

export interface Sort {
  readonly by: SortColumn;
  readonly descending: boolean;
}

export interface Row {
  readonly issue: Issue;
  readonly checked: boolean;
}

export const everything: Filter = { text: "", state: "all", priority: "", assignee: "", project: "" };
export const manual: Sort = { by: "manual", descending: false };

export function matches(issue: Issue, filter: Filter): boolean {
  if (filter.project !== "" && issue.projectId !== filter.project) return false;
  if (filter.state === "open" ? !isOpen(issue.state) : filter.state !== "all" && issue.state !== filter.state) return false;
  if (filter.priority !== "" && issue.priority !== filter.priority) return false;
  if (filter.assignee !== "" && issue.assigneeId !== filter.assignee) return false;
  const text = filter.text.trim().toLowerCase();
  return text === "" || issue.title.toLowerCase().includes(text) || issueRef(issue).toLowerCase().includes(text) ||
    issue.labels.some((label) => label === text);
}

const comparers: Readonly<Record<SortColumn, (a: Issue, b: Issue) => number>> = {
  manual: (a, b) => a.rank - b.rank,
  id: (a, b) => a.id - b.id,
  title: (a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0),
  state: (a, b) => issueStates.indexOf(a.state) - issueStates.indexOf(b.state),
  priority: (a, b) => priorities.indexOf(a.priority) - priorities.indexOf(b.priority),
  assignee: (a, b) => ((a.assigneeId ?? "~") < (b.assigneeId ?? "~") ? -1 : a.assigneeId === b.assigneeId ? 0 : 1),
  due: (a, b) => (a.dueAt ?? Infinity) === (b.dueAt ?? Infinity) ? 0 : (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity),
  updated: (a, b) => a.updatedAt - b.updatedAt,
};

export function arrange(issues: readonly Issue[], filter: Filter, sort: Sort): readonly Issue[] {
  const compare = comparers[sort.by];
  const sign = sort.descending ? -1 : 1;
  return issues.filter((issue) => matches(issue, filter)).sort((a, b) => sign * compare(a, b) || a.rank - b.rank || a.id - b.id);
}

/** A second click on a column turns it round, a third goes back to the manual order. Changes are wanted newest first. */
export function nextSort(sort: Sort, by: SortColumn): Sort {
  const descendingFirst = by === "updated";
  if (by === "manual") return manual;
  if (sort.by !== by) return { by, descending: descendingFirst };
  return sort.descending === descendingFirst ? { by, descending: !descendingFirst } : manual;
}

const sortNames: Readonly<Record<SortColumn, string>> = {
  manual: "in manual order", id: "by issue", title: "by title", state: "by state", priority: "by priority", assignee: "by assignee", due: "by due date", updated: "by last change",
};

/** The order in words: "by title, descending". */
export function sortWords({ by, descending }: Sort): string {
  return by === "manual" ? sortNames.manual : `${sortNames[by]}, ${descending ? "descending" : "ascending"}`;
}

export function toStateFilter(value: string): StateFilter {
  return value === "open" || isIssueState(value) ? value : "all";
}

/** `-title` is the title, Z to A. */
export function formatSort(sort: Sort): string {
  return `${sort.descending ? "-" : ""}${sort.by}`;
}

export function parseSort(text: string): Sort {
  const by = text.replace(/^-/, "");
  return by !== "manual" && Object.hasOwn(comparers, by) ? { by: by as SortColumn, descending: text.startsWith("-") } : manual;
}

const rowsOf = new WeakMap<Issue, { readonly plain: Row; readonly checked: Row }>();

export function toRow(issue: Issue, checked: boolean): Row {
  let pair = rowsOf.get(issue);
  if (pair === undefined) rowsOf.set(issue, (pair = { plain: { issue, checked: false }, checked: { issue, checked: true } }));
  return checked ? pair.checked : pair.plain;
}

/** What a patch will do, shown before the store has answered. */
export function patchLocally(issues: readonly Issue[], ids: readonly number[], patch: IssuePatch, at: number): readonly Issue[] {
  const wanted = new Set(ids);
  return issues.map((issue) => (wanted.has(issue.id) ? patchIssue(issue, patch, at) : issue));
}

/** Takes newer versions of known issues, and new issues of the scope. An equal list stays the same object. */
export function mergeIssues(known: readonly Issue[], fresh: readonly Issue[], accepts: (issue: Issue) => boolean): readonly Issue[] {
  const byId = new Map(fresh.map((issue) => [issue.id, issue]));
  let changed = false;
  const merged = known.map((issue) => {
    const newer = byId.get(issue.id);
    byId.delete(issue.id);
    if (newer === undefined || newer === issue) return issue;
    changed = true;
    return newer;
  });
  const added = [...byId.values()].filter(accepts);
  return changed || added.length > 0 ? [...added, ...merged] : known;
}

/** The rank that puts `id` one place up or down in `shown`; null at the ends. */
export function rankBeside(shown: readonly Issue[], id: number, step: -1 | 1): number | null {
  const at = shown.findIndex((issue) => issue.id === id);
  const over = shown[at + step];
  if (at < 0 || over === undefined) return null;
  const beyond = shown[at + 2 * step];
  return beyond === undefined ? over.rank + step * 1024 : (over.rank + beyond.rank) / 2;
}
