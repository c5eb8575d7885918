// Turns the change log into changes for this process's subscribers: at once after an own commit, within `pollMs` after
// another process's. Every version is reported once, in order; after a reset or a pruned log it goes on from the newest.
import { Topic } from "../topic.js";
import type { Activity, Check, Comment, Issue } from "../records.js";
import type { Change } from "../repository.js";
import type { LmdbStore } from "./store.js";

const pollMs = 150;

export class LmdbWatcher {
  readonly #store: LmdbStore;
  readonly #topic: Topic<Change>;
  #seen = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(store: LmdbStore, onError: (error: unknown) => void) {
    this.#store = store;
    this.#topic = new Topic(onError);
  }

  watch(fn: (change: Change) => void): () => void {
    if (this.#timer === null) {
      this.#seen = this.#store.version;
      this.#timer = setInterval(() => this.poll(), pollMs);
      this.#timer.unref();
    }
    const end = this.#topic.source(fn);
    return () => {
      end();
      if (this.#topic.size === 0) this.stop();
    };
  }

  poll(): void {
    if (this.#timer === null) return;
    this.#store.refresh();
    const version = this.#store.version;
    while (this.#seen < version) {
      this.#seen += 1;
      const change = this.#read(this.#seen);
      if (change !== undefined) this.#topic.publish(change);
    }
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #read(version: number): Change | undefined {
    const entry = this.#store.logEntry(version);
    if (entry === undefined || entry.reset) return undefined;
    const found = <K, T>(keys: readonly K[], get: (key: K) => T | undefined): T[] =>
      keys.map(get).filter((value): value is T & {} => value !== undefined);
    return {
      version,
      issues: found<number, Issue>(entry.issues, (id) => this.#store.issues.get(id)),
      comments: found<readonly [number, number], Comment>(entry.comments, ([issueId, id]) => this.#store.comments.get([issueId, id])),
      activity: found<number, Activity>(entry.activity, (id) => this.#store.activity.get(id)),
      checks: found<number, Check>(entry.checks, (id) => this.#store.checks.get(id)),
      removedChecks: entry.removedChecks,
    };
  }
}
