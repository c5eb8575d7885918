// The rules of a change, shared by both stores: what a patch does to an issue and what the activity feed says of it.
// Pure functions, so the stores only differ in where they put the result.
import { DataError } from "./errors.js";
import type { Activity, ActivityDetail, Issue } from "./records.js";
import { isOpen } from "./records.js";
import type { IssueDraft, IssuePatch } from "./repository.js";

export const titleLimit = 200;
export const bodyLimit = 10_000;
export const checkLimit = 160;

export type ActivityDraft = Omit<Activity, "id">;

/** Trims and checks what a person typed. */
export function requireText(what: string, value: string, limit: number): string {
  const text = value.trim();
  if (text === "") throw new DataError("invalid", `${what} is empty.`);
  if (text.length > limit) throw new DataError("invalid", `${what} is longer than ${limit} characters.`);
  return text;
}

export function newIssue(draft: IssueDraft, id: number, rank: number, at: number): Issue {
  return {
    id,
    projectId: draft.projectId,
    title: requireText("The title", draft.title, titleLimit),
    description: draft.description.trim().slice(0, bodyLimit),
    state: "todo",
    priority: draft.priority,
    assigneeId: draft.assigneeId,
    labels: [...draft.labels],
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    dueAt: null,
    rank,
    comments: 0,
  };
}

/** Gives the same object when the patch changes nothing. */
export function patchIssue(issue: Issue, patch: IssuePatch, at: number): Issue {
  const title = patch.title === undefined ? issue.title : requireText("The title", patch.title, titleLimit);
  const state = patch.state ?? issue.state;
  const next: Issue = {
    ...issue,
    title,
    description: patch.description === undefined ? issue.description : patch.description.trim().slice(0, bodyLimit),
    state,
    priority: patch.priority ?? issue.priority,
    assigneeId: patch.assigneeId === undefined ? issue.assigneeId : patch.assigneeId,
    rank: patch.rank ?? issue.rank,
    closedAt: isOpen(state) ? null : (issue.closedAt ?? at),
  };
  const same =
    next.title === issue.title && next.description === issue.description && next.state === issue.state &&
    next.priority === issue.priority && next.assigneeId === issue.assigneeId && next.rank === issue.rank;
  return same ? issue : { ...next, updatedAt: at };
}

/** What the feed says about going from `before` to `after`; a new rank says nothing. */
export function activityOf(before: Issue, after: Issue, actorId: string): readonly ActivityDraft[] {
  const details: ActivityDetail[] = [];
  if (before.title !== after.title) details.push({ kind: "title", from: before.title, to: after.title });
  if (before.state !== after.state) details.push({ kind: "state", from: before.state, to: after.state });
  if (before.priority !== after.priority) details.push({ kind: "priority", from: before.priority, to: after.priority });
  if (before.assigneeId !== after.assigneeId) details.push({ kind: "assignee", from: before.assigneeId, to: after.assigneeId });
  return details.map((detail) => issueActivity(after, detail, actorId, after.updatedAt));
}

export function issueActivity(issue: Issue, detail: ActivityDetail, actorId: string, at: number): ActivityDraft {
  return { at, actorId, issueId: issue.id, projectId: issue.projectId, subject: issue.title, detail };
}

export function checkActivity(
  subject: string, change: "added" | "checked" | "unchecked" | "removed", actorId: string, at: number,
): ActivityDraft {
  return { at, actorId, issueId: null, projectId: null, subject, detail: { kind: "check", change } };
}

export function excerpt(body: string): string {
  const line = body.replaceAll(/\s+/g, " ").trim();
  return line.length <= 90 ? line : `${line.slice(0, 89)}…`;
}
