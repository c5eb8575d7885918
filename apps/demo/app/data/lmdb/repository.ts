// The embedded default: LMDB in a folder, no server, any number of processes. Reads are memory-mapped and take microseconds;
// writes are queued to LMDB's writer thread, so the loop only waits for its turn, never for the disk.
import { activityOf, bodyLimit, checkActivity, checkLimit, excerpt, issueActivity, newIssue, patchIssue, requireText } from "../changes.js";
import { DataError } from "../errors.js";
import { selectIssues } from "../queries.js";
import type { Activity, Check, Comment, Issue, Member, Project } from "../records.js";
import type { ActivityQuery, Change, IssueDraft, IssuePatch, IssueQuery, Progress, Repository, SeedData, Summary } from "../repository.js";
import { IssueCache } from "./cache.js";
import { LmdbStore } from "./store.js";
import { LmdbWatcher } from "./watcher.js";

export interface LmdbOptions {
  /** The folder of the database; made if missing. */
  readonly path: string;
  readonly label?: string;
  readonly onError?: (error: unknown) => void;
}

export function lmdbRepository(options: LmdbOptions): Repository {
  return new LmdbRepository(options);
}

class LmdbRepository implements Repository {
  readonly label: string;
  readonly #store: LmdbStore;
  readonly #cache: IssueCache;
  readonly #watcher: LmdbWatcher;
  #closed = false;

  constructor(options: LmdbOptions) {
    this.label = `lmdb ${options.label ?? options.path}`;
    this.#store = new LmdbStore(options.path);
    this.#cache = new IssueCache(this.#store);
    this.#watcher = new LmdbWatcher(this.#store, options.onError ?? (() => undefined));
  }

  async seed(data: () => SeedData, o: { force?: boolean; progress?: Progress } = {}): Promise<boolean> {
    if (this.#store.version > 0 && o.force !== true) return false;
    const fresh = data();
    const total = fresh.issues.length + fresh.comments.length + fresh.activity.length;
    return this.#write(() => {
      if (this.#store.version > 0 && o.force !== true) return false; // another process was first
      this.#store.clear();
      let done = 0;
      this.#store.fill(fresh, () => {
        done += 1;
        o.progress?.(done, total);
      });
      return true;
    });
  }

  async members(): Promise<readonly Member[]> {
    return this.#open().members;
  }

  async projects(): Promise<readonly Project[]> {
    return this.#open().projects;
  }

  async issues(query: IssueQuery = {}): Promise<readonly Issue[]> {
    this.#open();
    return selectIssues(this.#cache.all(), query);
  }

  async issue(id: number): Promise<Issue | undefined> {
    this.#open();
    return this.#cache.get(id);
  }

  async comments(issueId: number): Promise<readonly Comment[]> {
    const range = this.#open().comments.getRange({ start: [issueId, 0], end: [issueId + 1, 0] });
    return [...range].map(({ value }) => value);
  }

  async activity(query: ActivityQuery = {}): Promise<readonly Activity[]> {
    const store = this.#open();
    const limit = query.limit ?? 50;
    if (query.issueId === undefined) return [...store.activity.getRange({ reverse: true, limit })].map(({ value }) => value);
    const keys = store.activityOfIssue.getKeys({ start: [query.issueId + 1, 0], end: [query.issueId, 0], reverse: true, limit });
    return [...keys].flatMap((key) => store.activity.get(key[1]) ?? []);
  }

  async checks(): Promise<readonly Check[]> {
    return [...this.#open().checks.getRange({})].map(({ value }) => value);
  }

  async summary(now: number = Date.now()): Promise<Summary> {
    this.#open();
    return this.#cache.summary(now);
  }

  createIssue(draft: IssueDraft, actorId: string): Promise<Issue> {
    return this.#write((store) => {
      const at = Date.now();
      if (!store.projects.some((project) => project.id === draft.projectId)) throw new DataError("not-found", "There is no such project.");
      const first = Math.min(0, ...this.#cache.all().map((issue) => issue.rank));
      const issue = newIssue(draft, store.take("issue"), first - 1024, at);
      void store.issues.put(issue.id, issue);
      const activity = store.addActivity(issueActivity(issue, { kind: "created" }, actorId, at));
      store.record({ issues: [issue.id], activity: [activity] });
      return issue;
    });
  }

  updateIssues(ids: readonly number[], patch: IssuePatch, actorId: string): Promise<readonly Issue[]> {
    return this.#write((store) => {
      const at = Date.now();
      const result: Issue[] = [];
      const changed: number[] = [];
      const activity: number[] = [];
      for (const id of new Set(ids)) {
        const before = store.issues.get(id);
        if (before === undefined) continue;
        const after = patchIssue(before, patch, at);
        result.push(after);
        if (after === before) continue;
        changed.push(id);
        void store.issues.put(id, after);
        for (const draft of activityOf(before, after, actorId)) activity.push(store.addActivity(draft));
      }
      if (changed.length > 0) store.record({ issues: changed, activity });
      return result;
    });
  }

  addComment(issueId: number, body: string, actorId: string): Promise<Comment> {
    return this.#write((store) => {
      const text = requireText("The comment", body, bodyLimit);
      const issue = store.issues.get(issueId);
      if (issue === undefined) throw new DataError("not-found", "This issue no longer exists.");
      const at = Date.now();
      const comment: Comment = { id: store.take("comment"), issueId, authorId: actorId, body: text, createdAt: at };
      void store.comments.put([issueId, comment.id], comment);
      void store.issues.put(issueId, { ...issue, comments: issue.comments + 1, updatedAt: at });
      const activity = store.addActivity(issueActivity(issue, { kind: "comment", excerpt: excerpt(text) }, actorId, at));
      store.record({ issues: [issueId], comments: [[issueId, comment.id]], activity: [activity] });
      return comment;
    });
  }

  addCheck(text: string, actorId: string): Promise<Check> {
    return this.#write((store) => {
      const check: Check = { id: store.take("check"), text: requireText("The item", text, checkLimit), done: false, byId: actorId, at: Date.now() };
      void store.checks.put(check.id, check);
      store.record({ checks: [check.id], activity: [store.addActivity(checkActivity(check.text, "added", actorId, check.at))] });
      return check;
    });
  }

  setCheck(id: number, done: boolean, actorId: string): Promise<Check | undefined> {
    return this.#write((store) => {
      const before = store.checks.get(id);
      if (before === undefined || before.done === done) return before;
      const check: Check = { ...before, done, byId: actorId, at: Date.now() };
      void store.checks.put(id, check);
      const activity = store.addActivity(checkActivity(check.text, done ? "checked" : "unchecked", actorId, check.at));
      store.record({ checks: [id], activity: [activity] });
      return check;
    });
  }

  removeCheck(id: number, actorId: string): Promise<void> {
    return this.#write((store) => {
      const check = store.checks.get(id);
      if (check === undefined) return;
      void store.checks.remove(id);
      store.record({ removedChecks: [id], activity: [store.addActivity(checkActivity(check.text, "removed", actorId, Date.now()))] });
    });
  }

  watch(fn: (change: Change) => void): () => void {
    this.#open();
    return this.#watcher.watch(fn);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#watcher.stop();
    await this.#store.close();
  }

  #open(): LmdbStore {
    if (this.#closed) throw new DataError("closed", "The store is closed.");
    return this.#store;
  }

  // A throw inside LMDB's transaction would still commit what was put before it, so the refusal is carried out of it and
  // every method checks before it writes.
  async #write<R>(work: (store: LmdbStore) => R): Promise<R> {
    const store = this.#open();
    const outcome = await store.write((): { ok: true; value: R } | { ok: false; error: unknown } => {
      try {
        return { ok: true, value: work(store) };
      } catch (error) {
        return { ok: false, error };
      }
    });
    if (!outcome.ok) throw outcome.error;
    this.#watcher.poll();
    return outcome.value;
  }
}
