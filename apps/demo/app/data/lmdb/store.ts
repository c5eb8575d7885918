// The LMDB environment: its sub-databases, its counters and its change log. Each `write` is one version.
// Readers never wait; writers of all processes queue on LMDB's own lock, and the fsync runs off the loop.
import { join } from "node:path";
import { lmdbEnvironment, type LmdbEnvironment } from "@vango/persist/lmdb";
import type { Database, RootDatabase } from "lmdb";
import type { Activity, Check, Comment, Issue, Member, Project } from "../records.js";
import type { SeedData } from "../repository.js";

/** What one commit touched; entities are read again by id. */
export interface LogEntry {
  readonly issues: readonly number[];
  readonly comments: readonly (readonly [issueId: number, id: number])[];
  readonly activity: readonly number[];
  readonly checks: readonly number[];
  readonly removedChecks: readonly number[];
  /** The whole store was written anew: caches start over. */
  readonly reset: boolean;
}

type Counter = "issue" | "comment" | "activity" | "check";

const logLength = 1000;

interface Tables {
  readonly issues: Database<Issue, number>;
  readonly comments: Database<Comment, [number, number]>;
  readonly activity: Database<Activity, number>;
  readonly activityOfIssue: Database<true, [number, number]>;
  readonly checks: Database<Check, number>;
  readonly lists: Database<readonly Member[] | readonly Project[], string>;
  readonly meta: Database<number, string>;
  readonly log: Database<LogEntry, number>;
}

const tables = (root: RootDatabase<unknown, string>): Tables => ({
  issues: root.openDB({ name: "issues" }),
  comments: root.openDB({ name: "comments" }),
  activity: root.openDB({ name: "activity" }),
  activityOfIssue: root.openDB({ name: "activity-of-issue" }),
  checks: root.openDB({ name: "checks" }),
  lists: root.openDB({ name: "lists" }),
  meta: root.openDB({ name: "meta" }),
  log: root.openDB({ name: "log" }),
});

export class LmdbStore {
  readonly #environment: LmdbEnvironment<Tables>;
  readonly issues: Tables["issues"];
  readonly comments: Tables["comments"];
  readonly activity: Tables["activity"];
  readonly activityOfIssue: Tables["activityOfIssue"];
  readonly checks: Tables["checks"];
  readonly #lists: Tables["lists"];
  readonly #meta: Tables["meta"];
  readonly #log: Tables["log"];

  /** `path` is a folder; made if missing. */
  constructor(path: string) {
    this.#environment = lmdbEnvironment({ path: join(path, "data.mdb"), tables });
    const { issues, comments, activity, activityOfIssue, checks, lists, meta, log } = this.#environment.tables;
    this.issues = issues;
    this.comments = comments;
    this.activity = activity;
    this.activityOfIssue = activityOfIssue;
    this.checks = checks;
    this.#lists = lists;
    this.#meta = meta;
    this.#log = log;
  }

  get version(): number {
    return this.#meta.get("version") ?? 0;
  }

  get members(): readonly Member[] {
    return (this.#lists.get("members") ?? []) as readonly Member[];
  }

  get projects(): readonly Project[] {
    return (this.#lists.get("projects") ?? []) as readonly Project[];
  }

  /** Drops the snapshot held for this turn, so that the next read sees what other processes committed. */
  refresh(): void {
    this.#environment.refresh();
  }

  close(): Promise<void> {
    return this.#environment.close();
  }

  logEntry(version: number): LogEntry | undefined {
    return this.#log.get(version);
  }

  /** Runs `work` in one write transaction. */
  write<R>(work: () => R): Promise<R> {
    return this.#environment.write(work);
  }

  // ---- inside a write transaction only

  take(counter: Counter): number {
    const id = (this.#meta.get(counter) ?? 0) + 1;
    void this.#meta.put(counter, id);
    return id;
  }

  addActivity(draft: Omit<Activity, "id">): number {
    const entry: Activity = { ...draft, id: this.take("activity") };
    this.putActivity(entry);
    return entry.id;
  }

  record(entry: Partial<LogEntry>): void {
    const version = this.version + 1;
    void this.#meta.put("version", version);
    void this.#log.put(version, { issues: [], comments: [], activity: [], checks: [], removedChecks: [], reset: false, ...entry });
    void this.#log.remove(version - logLength);
  }

  clear(): void {
    const version = this.version;
    for (const db of [this.issues, this.comments, this.activity, this.activityOfIssue, this.checks, this.#lists, this.#meta]) db.clearSync();
    void this.#meta.put("version", version);
  }

  fill(data: SeedData, step: () => void): void {
    void this.#lists.put("members", data.members);
    void this.#lists.put("projects", data.projects);
    for (const check of data.checks) void this.checks.put(check.id, check);
    for (const issue of data.issues) { void this.issues.put(issue.id, issue); step(); }
    for (const comment of data.comments) { void this.comments.put([comment.issueId, comment.id], comment); step(); }
    for (const entry of data.activity) { this.putActivity(entry); step(); }
    void this.#meta.put("issue", data.issues.at(-1)?.id ?? 0);
    void this.#meta.put("comment", data.comments.at(-1)?.id ?? 0);
    void this.#meta.put("activity", data.activity.at(-1)?.id ?? 0);
    void this.#meta.put("check", data.checks.at(-1)?.id ?? 0);
    this.record({ reset: true });
  }

  private putActivity(entry: Activity): void {
    void this.activity.put(entry.id, entry);
    if (entry.issueId !== null) void this.activityOfIssue.put([entry.issueId, entry.id], true);
  }
}
