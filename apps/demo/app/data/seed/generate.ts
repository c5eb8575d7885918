// Invents the workspace: same seed and same `now`, same data, on every machine and in both stores.
// Old issues are mostly closed, recent ones are spread over the states, as in a workspace that is in use.
import { excerpt } from "../changes.js";
import type { Activity, Check, Comment, Issue, IssueState, Priority } from "../records.js";
import { isOpen } from "../records.js";
import type { SeedData } from "../repository.js";
import { checks, members, projects } from "./people.js";
import { random, type Random } from "./prng.js";
import * as words from "./words.js";

const hour = 3_600_000;
const day = 24 * hour;

export interface SeedOptions {
  /** Default 3000. */
  readonly issues?: number;
  /** The moment the data ends. Default: the current hour. */
  readonly now?: number;
  /** Default 20260701. */
  readonly seed?: number;
}

type ActivityDraft = Omit<Activity, "id">;

const paths: Readonly<Record<IssueState, readonly IssueState[]>> = {
  backlog: [],
  todo: [],
  doing: ["doing"],
  review: ["doing", "review"],
  done: ["doing", "review", "done"],
  cancelled: ["cancelled"],
};

export function generate(options: SeedOptions = {}): SeedData {
  const total = options.issues ?? 3000;
  const now = options.now ?? Math.floor(Date.now() / hour) * hour;
  const r = random(options.seed ?? 20_260_701);
  const issues: Issue[] = [];
  const comments: Comment[] = [];
  const activity: ActivityDraft[] = [];

  for (let id = 1; id <= total; id += 1) {
    const age = 1 - id / (total + 1);
    const createdAt = now - Math.round((age ** 1.25 * 400 + r.next() * 1.5) * day + 600_000);
    const made = inventIssue(r, id, createdAt, now);
    const said = inventComments(r, made, now);
    for (const comment of said) comments.push({ ...comment, id: comments.length + 1 });
    const issue: Issue = { ...made, comments: said.length, updatedAt: Math.max(made.updatedAt, said.at(-1)?.createdAt ?? 0) };
    issues.push(issue);
    activity.push(...inventActivity(r, issue, said));
  }
  activity.sort((a, b) => a.at - b.at || (a.issueId ?? 0) - (b.issueId ?? 0));

  const shared: Check[] = checks.map((text, i) => ({
    id: i + 1, text, done: i < 3, byId: r.pick(members).id, at: now - (checks.length - i) * hour,
  }));
  return {
    members, projects, issues, comments, checks: shared,
    activity: activity.map((entry, i) => ({ ...entry, id: i + 1 })),
  };
}

function inventIssue(r: Random, id: number, createdAt: number, now: number): Issue {
  const project = r.weighted([[projects[0], 36], [projects[1], 28], [projects[2], 20], [projects[3], 16]]);
  if (project === undefined) throw new RangeError("no project");
  const kind = r.weighted([["bug", 46], ["feature", 34], ["chore", 20]] as const);
  const ageDays = (now - createdAt) / day;
  const state: IssueState = r.weighted(
    ageDays > 60 ? [["done", 82], ["cancelled", 10], ["backlog", 6], ["todo", 2]]
      : ageDays > 14 ? [["done", 46], ["cancelled", 5], ["backlog", 22], ["todo", 14], ["doing", 8], ["review", 5]]
        : [["done", 14], ["cancelled", 1], ["backlog", 30], ["todo", 27], ["doing", 18], ["review", 10]],
  );
  const untouched = state === "backlog" || state === "todo";
  const updatedAt = untouched ? createdAt : within(r, createdAt, Math.min(now, createdAt + 45 * day));
  const priority: Priority = r.weighted(
    kind === "bug" ? [["urgent", 8], ["high", 26], ["medium", 40], ["low", 18], ["none", 8]]
      : [["urgent", 2], ["high", 16], ["medium", 38], ["low", 28], ["none", 16]],
  );
  const needsPerson = state !== "backlog";
  return {
    id,
    projectId: project.id,
    title: inventTitle(r, project.id, kind),
    description: `${r.pick(words.symptoms)} ${r.pick(words.causes)}\n\n${r.pick(words.wishes)}`,
    state,
    priority,
    assigneeId: needsPerson || r.chance(0.3) ? r.pick(members).id : null,
    labels: inventLabels(r, kind),
    createdAt,
    updatedAt,
    closedAt: isOpen(state) ? null : updatedAt,
    dueAt: isOpen(state) && r.chance(0.22) ? Math.floor(now / day + r.int(-6, 30)) * day : null,
    rank: (100_000 - id) * 1024 + r.int(-6000, 6000),
    comments: 0,
  };
}

/** A moment between two others, sooner rather than later. */
function within(r: Random, from: number, to: number): number {
  return from + Math.round(r.next() ** 1.6 * Math.max(0, to - from));
}

function inventTitle(r: Random, projectId: string, kind: "bug" | "feature" | "chore"): string {
  const vocabulary = words.vocabulary[projectId];
  if (vocabulary === undefined) throw new RangeError(`no vocabulary for ${projectId}`);
  const part = r.pick(vocabulary.parts);
  if (kind === "bug") return `${part} ${r.pick(words.faults)} ${r.pick(words.conditions)}`;
  if (kind === "chore") return `${r.pick(words.chores)} ${lower(part)}`;
  const thing = r.pick(vocabulary.things);
  return r.chance(0.5) ? `Add ${thing} to the ${lower(part)}` : `${part}: support ${thing} ${r.pick(words.conditions)}`;
}

function lower(part: string): string {
  return /^[A-Z]{2}/.test(part) ? part : part.charAt(0).toLowerCase() + part.slice(1);
}

function inventLabels(r: Random, kind: string): readonly string[] {
  const labels = [kind];
  if (r.chance(0.4)) labels.push(r.pick(words.labelNames));
  return [...new Set(labels)];
}

function inventComments(r: Random, issue: Issue, now: number): readonly Comment[] {
  const count = r.weighted([[0, 40], [1, 24], [2, 16], [3, 10], [5, 7], [8, 3]]);
  const list: Comment[] = [];
  const end = Math.min(now, issue.closedAt ?? issue.createdAt + 20 * day);
  let at = issue.createdAt;
  for (let i = 0; i < count; i += 1) {
    at = within(r, at, end);
    list.push({ id: 0, issueId: issue.id, authorId: r.pick(members).id, body: r.pick(words.remarks), createdAt: at });
  }
  return list;
}

function inventActivity(r: Random, issue: Issue, said: readonly Comment[]): readonly ActivityDraft[] {
  const base = { issueId: issue.id, projectId: issue.projectId, subject: issue.title };
  const list: ActivityDraft[] = [{ ...base, at: issue.createdAt, actorId: r.pick(members).id, detail: { kind: "created" } }];
  const path = paths[issue.state];
  const actorId = issue.assigneeId ?? r.pick(members).id;
  const step = (Math.max(issue.closedAt ?? issue.updatedAt, issue.createdAt) - issue.createdAt) / Math.max(1, path.length);
  let from: IssueState = "todo";
  path.forEach((to, i) => {
    list.push({ ...base, at: Math.round(issue.createdAt + step * (i + 1)), actorId, detail: { kind: "state", from, to } });
    from = to;
  });
  for (const comment of said) {
    list.push({ ...base, at: comment.createdAt, actorId: comment.authorId, detail: { kind: "comment", excerpt: excerpt(comment.body) } });
  }
  return list;
}
