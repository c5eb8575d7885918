// The LMDB environment: its sub-databases, its counters and its change log. One write transaction is one version.
// Readers never wait; writers of all processes queue on LMDB's own lock, and the fsync runs off the loop.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { open, type Database, type RootDatabase } from "lmdb";
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

export class LmdbStore {
  readonly root: RootDatabase;
  readonly issues: Database<Issue, number>;
  readonly comments: Database<Comment, [number, number]>;
  readonly activity: Database<Activity, number>;
  readonly activityOfIssue: Database<true, [number, number]>;
  readonly checks: Database<Check, number>;
  readonly #lists: Database<readonly Member[] | readonly Project[], string>;
  readonly #meta: Database<number, string>;
  readonly #log: Database<LogEntry, number>;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.root = open({ path, maxDbs: 12, noSubdir: false, compression: false });
    this.issues = this.root.openDB({ name: "issues" });
    this.comments = this.root.openDB({ name: "comments" });
    this.activity = this.root.openDB({ name: "activity" });
    this.activityOfIssue = this.root.openDB({ name: "activity-of-issue" });
    this.checks = this.root.openDB({ name: "checks" });
    this.#lists = this.root.openDB({ name: "lists" });
    this.#meta = this.root.openDB({ name: "meta" });
    this.#log = this.root.openDB({ name: "log" });
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
    this.root.resetReadTxn();
  }

  logEntry(version: number): LogEntry | undefined {
    return this.#log.get(version);
  }

  /** Runs `work` in one write transaction. */
  write<R>(work: () => R): Promise<R> {
    return this.root.transaction(work);
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
