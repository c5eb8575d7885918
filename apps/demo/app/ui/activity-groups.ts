// Several changes by one person at one moment (a bulk change) read as one line of the feed.
import type { Activity } from "../data/records.js";

export interface ActivityGroup {
  readonly key: number;
  readonly first: Activity;
  readonly count: number;
}

/** Newest first in, newest first out. The key is the oldest entry's id, so a group keeps it while it grows at the front. */
export function groupActivity(entries: readonly Activity[]): readonly ActivityGroup[] {
  const groups: ActivityGroup[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last !== undefined && belongs(last.first, entry)) groups[groups.length - 1] = { key: entry.id, first: last.first, count: last.count + 1 };
    else groups.push({ key: entry.id, first: entry, count: 1 });
  }
  return groups;
}

/** Puts what is new in front and keeps the newest `limit`. */
export function prependActivity(known: readonly Activity[], fresh: readonly Activity[], limit: number): readonly Activity[] {
  const ids = new Set(known.map((entry) => entry.id));
  const added = fresh.filter((entry) => !ids.has(entry.id));
  return added.length === 0 ? known : [...added, ...known].sort((a, b) => b.id - a.id).slice(0, limit);
}

function belongs(a: Activity, b: Activity): boolean {
  if (a.at !== b.at || a.actorId !== b.actorId || a.issueId === null || a.issueId === b.issueId) return false;
  if (a.detail.kind === "state" && b.detail.kind === "state") return a.detail.to === b.detail.to;
  if (a.detail.kind === "priority" && b.detail.kind === "priority") return a.detail.to === b.detail.to;
  if (a.detail.kind === "assignee" && b.detail.kind === "assignee") return a.detail.to === b.detail.to;
  return false;
}
