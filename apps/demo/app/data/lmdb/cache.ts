// The issues of the store, decoded once a process. It follows the change log, so it is as fresh as the store at every read,
// whichever process wrote. Unchanged issues stay the same objects: pages find "nothing changed" by identity.
import type { Issue } from "../records.js";
import { summarise } from "../queries.js";
import type { Summary } from "../repository.js";
import type { LmdbStore } from "./store.js";

export class IssueCache {
  readonly #store: LmdbStore;
  #version = -1;
  #byId = new Map<number, Issue>();
  #list: readonly Issue[] | null = null;
  #summary: { readonly minute: number; readonly value: Summary } | null = null;

  constructor(store: LmdbStore) {
    this.#store = store;
  }

  all(): readonly Issue[] {
    this.#follow();
    this.#list ??= [...this.#byId.values()];
    return this.#list;
  }

  get(id: number): Issue | undefined {
    this.#follow();
    return this.#byId.get(id);
  }

  summary(now: number): Summary {
    const issues = this.all();
    const minute = Math.floor(now / 60_000);
    if (this.#summary?.minute !== minute) this.#summary = { minute, value: summarise(issues, now) };
    return this.#summary.value;
  }

  #follow(): void {
    const version = this.#store.version;
    if (version === this.#version) return;
    if (!this.#replay(version)) this.#load();
    this.#version = version;
    this.#list = null;
    this.#summary = null;
  }

  #replay(version: number): boolean {
    if (this.#version < 0) return false;
    const changed = new Set<number>();
    for (let v = this.#version + 1; v <= version; v += 1) {
      const entry = this.#store.logEntry(v);
      if (entry === undefined || entry.reset) return false;
      for (const id of entry.issues) changed.add(id);
    }
    for (const id of changed) {
      const issue = this.#store.issues.get(id);
      if (issue !== undefined) this.#byId.set(id, issue);
    }
    return true;
  }

  #load(): void {
    this.#byId = new Map();
    for (const { key, value } of this.#store.issues.getRange({})) this.#byId.set(key, value);
  }
}
