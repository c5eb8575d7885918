// Rows of the database ↔ records. bigint arrives as text and fits a double here: epoch milliseconds.
import type { Activity, ActivityDetail, Check, Comment, Issue, IssueState, Priority } from "../records.js";

export interface IssueRow {
  readonly id: number; readonly project_id: string; readonly title: string; readonly description: string;
  readonly state: IssueState; readonly priority: Priority; readonly assignee_id: string | null; readonly labels: readonly string[];
  readonly created_at: string; readonly updated_at: string; readonly closed_at: string | null; readonly due_at: string | null;
  readonly rank: number; readonly comments: number;
}

export interface CommentRow {
  readonly id: number; readonly issue_id: number; readonly author_id: string; readonly body: string; readonly created_at: string;
}

export interface ActivityRow {
  readonly id: number; readonly at: string; readonly actor_id: string; readonly issue_id: number | null;
  readonly project_id: string | null; readonly subject: string; readonly detail: ActivityDetail;
}

export interface CheckRow {
  readonly id: number; readonly text: string; readonly done: boolean; readonly by_id: string; readonly at: string;
}

const time = (value: string | null): number | null => (value === null ? null : Number(value));

export function toIssue(row: IssueRow): Issue {
  return {
    id: row.id, projectId: row.project_id, title: row.title, description: row.description, state: row.state, priority: row.priority,
    assigneeId: row.assignee_id, labels: row.labels, createdAt: Number(row.created_at), updatedAt: Number(row.updated_at),
    closedAt: time(row.closed_at), dueAt: time(row.due_at), rank: row.rank, comments: row.comments,
  };
}

export function fromIssue(issue: Issue): object {
  return {
    id: issue.id, project_id: issue.projectId, title: issue.title, description: issue.description, state: issue.state, priority: issue.priority,
    assignee_id: issue.assigneeId, labels: issue.labels, created_at: issue.createdAt, updated_at: issue.updatedAt,
    closed_at: issue.closedAt, due_at: issue.dueAt, rank: issue.rank, comments: issue.comments,
  };
}

export function toComment(row: CommentRow): Comment {
  return { id: row.id, issueId: row.issue_id, authorId: row.author_id, body: row.body, createdAt: Number(row.created_at) };
}

export function fromComment(c: Comment): object {
  return { id: c.id, issue_id: c.issueId, author_id: c.authorId, body: c.body, created_at: c.createdAt };
}

export function toActivity(row: ActivityRow): Activity {
  return {
    id: row.id, at: Number(row.at), actorId: row.actor_id, issueId: row.issue_id, projectId: row.project_id, subject: row.subject, detail: row.detail,
  };
}

export function fromActivity(a: Activity): object {
  return { id: a.id, at: a.at, actor_id: a.actorId, issue_id: a.issueId, project_id: a.projectId, subject: a.subject, detail: a.detail };
}

export function toCheck(row: CheckRow): Check {
  return { id: row.id, text: row.text, done: row.done, byId: row.by_id, at: Number(row.at) };
}

export function fromCheck(check: Check): object {
  return { id: check.id, text: check.text, done: check.done, by_id: check.byId, at: check.at };
}
