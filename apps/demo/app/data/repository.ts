// The port between pages and storage. Two adapters keep it (lmdb, postgres) and one conformance suite proves both.
// Every method is asynchronous and atomic; `watch` reports commits of this process and of every other one.
import type { Activity, Check, Comment, Issue, IssueState, Member, Priority, Project } from "./records.js";

export interface IssueQuery {
  readonly projectId?: string;
  readonly states?: readonly IssueState[];
  readonly assigneeId?: string;
  /** Default `rank`. `updated` is newest first. */
  readonly order?: "rank" | "updated";
  /** Default 1000. */
  readonly limit?: number;
}

export interface ActivityQuery {
  readonly issueId?: number;
  /** Default 50, newest first. */
  readonly limit?: number;
}

export interface IssuePatch {
  readonly title?: string;
  readonly description?: string;
  readonly state?: IssueState;
  readonly priority?: Priority;
  readonly assigneeId?: string | null;
  readonly rank?: number;
}

export interface IssueDraft {
  readonly projectId: string;
  readonly title: string;
  readonly description: string;
  readonly priority: Priority;
  readonly assigneeId: string | null;
  readonly labels: readonly string[];
}

export interface DayCount {
  /** Start of the day, UTC. */
  readonly day: number;
  readonly created: number;
  readonly closed: number;
}

export interface ProjectCount {
  readonly projectId: string;
  readonly open: number;
  readonly done: number;
}

export interface Summary {
  readonly total: number;
  readonly byState: Readonly<Record<IssueState, number>>;
  readonly overdue: number;
  readonly projects: readonly ProjectCount[];
  /** The last 14 days, oldest first. */
  readonly days: readonly DayCount[];
}

/** One commit, as subscribers see it. */
export interface Change {
  readonly version: number;
  readonly issues: readonly Issue[];
  readonly comments: readonly Comment[];
  readonly activity: readonly Activity[];
  readonly checks: readonly Check[];
  readonly removedChecks: readonly number[];
}

export interface SeedData {
  readonly members: readonly Member[];
  readonly projects: readonly Project[];
  readonly issues: readonly Issue[];
  readonly comments: readonly Comment[];
  readonly activity: readonly Activity[];
  readonly checks: readonly Check[];
}

export type Progress = (done: number, total: number) => void;

export interface Repository {
  /** What the start line says, for example `lmdb .vango/cairn`. */
  readonly label: string;
  /** Writes the data once, whichever process comes first; `force` empties the store before. Resolves to whether it wrote. */
  seed(data: () => SeedData, o?: { force?: boolean; progress?: Progress }): Promise<boolean>;

  members(): Promise<readonly Member[]>;
  projects(): Promise<readonly Project[]>;
  issues(query?: IssueQuery): Promise<readonly Issue[]>;
  issue(id: number): Promise<Issue | undefined>;
  comments(issueId: number): Promise<readonly Comment[]>;
  activity(query?: ActivityQuery): Promise<readonly Activity[]>;
  checks(): Promise<readonly Check[]>;
  summary(now?: number): Promise<Summary>;

  createIssue(draft: IssueDraft, actorId: string): Promise<Issue>;
  /** Unknown ids are left out of the answer. */
  updateIssues(ids: readonly number[], patch: IssuePatch, actorId: string): Promise<readonly Issue[]>;
  addComment(issueId: number, body: string, actorId: string): Promise<Comment>;
  addCheck(text: string, actorId: string): Promise<Check>;
  setCheck(id: number, done: boolean, actorId: string): Promise<Check | undefined>;
  removeCheck(id: number, actorId: string): Promise<void>;

  watch(fn: (change: Change) => void): () => void;
  close(): Promise<void>;
}
