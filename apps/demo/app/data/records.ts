// The records of the tracker. Immutable: a change is a new object, so identity says "nothing changed".
// Times are epoch milliseconds everywhere, in memory and in both stores.

export const issueStates = ["backlog", "todo", "doing", "review", "done", "cancelled"] as const;
export type IssueState = (typeof issueStates)[number];

export const priorities = ["urgent", "high", "medium", "low", "none"] as const;
export type Priority = (typeof priorities)[number];

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** Colour of the avatar, a hue in degrees. */
  readonly hue: number;
}

export interface Project {
  /** Also the prefix of its issues, as in `WEB-1042`. */
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly leadId: string;
  readonly hue: number;
}

export interface Issue {
  readonly id: number;
  readonly projectId: string;
  readonly title: string;
  readonly description: string;
  readonly state: IssueState;
  readonly priority: Priority;
  readonly assigneeId: string | null;
  readonly labels: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly closedAt: number | null;
  readonly dueAt: number | null;
  /** Manual order; a move takes the middle between its new neighbours. */
  readonly rank: number;
  readonly comments: number;
}

export interface Comment {
  readonly id: number;
  readonly issueId: number;
  readonly authorId: string;
  readonly body: string;
  readonly createdAt: number;
}

export type ActivityDetail =
  | { readonly kind: "created" }
  | { readonly kind: "state"; readonly from: IssueState; readonly to: IssueState }
  | { readonly kind: "priority"; readonly from: Priority; readonly to: Priority }
  | { readonly kind: "assignee"; readonly from: string | null; readonly to: string | null }
  | { readonly kind: "title"; readonly from: string; readonly to: string }
  | { readonly kind: "comment"; readonly excerpt: string }
  | { readonly kind: "check"; readonly change: "added" | "checked" | "unchecked" | "removed" };

export interface Activity {
  readonly id: number;
  readonly at: number;
  readonly actorId: string;
  /** null for what happens on the shared checklist. */
  readonly issueId: number | null;
  readonly projectId: string | null;
  /** The title of the issue or check at that time. */
  readonly subject: string;
  readonly detail: ActivityDetail;
}

export interface Check {
  readonly id: number;
  readonly text: string;
  readonly done: boolean;
  readonly byId: string;
  readonly at: number;
}

/** `WEB-1042`, the way people name an issue. */
export function issueRef(issue: { readonly id: number; readonly projectId: string }): string {
  return `${issue.projectId}-${issue.id}`;
}

export function isIssueState(value: string): value is IssueState {
  return (issueStates as readonly string[]).includes(value);
}

export function isPriority(value: string): value is Priority {
  return (priorities as readonly string[]).includes(value);
}

/** Open means somebody may still work on it. */
export function isOpen(state: IssueState): boolean {
  return state !== "done" && state !== "cancelled";
}
