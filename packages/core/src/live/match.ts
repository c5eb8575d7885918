// Which item of a client's range is which item of the live tree: by instance id (the same tree), by key hash (another tree of
// the same page), or by the hashes of a GET. The result is, for each live item, the client's position, or -1.
import type { ClientContent } from "./client-structure.js";
import { keyHash } from "./keys.js";
import type { Rows } from "./rows.js";

export interface Matched {
  readonly sources: Int32Array;
  /** The client shows the very values: nothing of what is matched is written. */
  readonly same: boolean;
}

export type Matcher = (content: object, rows: Rows, theirs: ClientContent) => Matched;

export const noMatch = (rows: Rows): Matched => ({ sources: new Int32Array(rows.count).fill(-1), same: false });

/** An id names one instance for ever; it is only looked at whether the client says so too. */
export const byId: Matcher = (_, rows, theirs) => {
  const { sources } = noMatch(rows);
  const at = new Map<number, number>();
  for (let i = 0; i < theirs.count; i++) at.set(theirs.idAt(i), i);
  const templates = templatesOf(theirs);
  for (let i = 0; i < rows.count; i++) {
    const from = at.get(rows.idAt(i));
    if (from !== undefined && templates[from] === rows.tplAt(i).id) sources[i] = from;
  }
  return { sources, same: false };
};

/**
 * Keyed items by the hash of their key; one whose key is not known is nobody's. Items without keys by their place in the
 * array, as far as the client knows it, else from both ends as far as the templates are the same.
 */
export const byKey: Matcher = (_, rows, theirs) => {
  const { sources } = noMatch(rows);
  const templates = templatesOf(theirs);
  const { keys } = theirs;
  if (rows.keyed || keys?.every((key) => key !== 0)) {
    const at = new Map<number, number>();
    for (let i = (keys?.length ?? 0) - 1; i >= 0; i--) at.set(keys?.[i] as number, i);
    at.delete(0);
    for (let i = 0; i < rows.count; i++) {
      const key = rows.keyAt(i);
      const hash = key === undefined ? 0 : keyHash(key);
      const from = at.get(hash);
      if (from === undefined || templates[from] !== rows.tplAt(i).id) continue;
      sources[i] = from;
      at.delete(hash);
    }
    return { sources, same: false };
  }
  const both = Math.min(rows.count, theirs.count);
  const shift = theirs.count - rows.count;
  let head = 0;
  // Of equal length: place by place.
  for (; head < both; head++) {
    if (templates[head] === rows.tplAt(head).id) sources[head] = head;
    else if (shift !== 0) break;
  }
  for (let i = rows.count - 1; i >= head && i + shift >= head && templates[i + shift] === rows.tplAt(i).id; i--) sources[i] = i + shift;
  return { sources, same: false };
};

/**
 * By the hashes of a GET: a range is kept, all of it, when its runs and keys agree. Other keys, or keys that nobody knows: a
 * row may not become another in place, for a click on its way would reach that one.
 */
export function byHash(mine: readonly number[], theirs: readonly number[], positions: ReadonlyMap<object, number>): Matcher {
  return (content, rows, client) => {
    const at = positions.get(content) as number;
    const keys = mine[at + 1] as number;
    const templates = templatesOf(client);
    const fits = (keys === 0 || keys === theirs[client.hashAt + 1]) && rows.count === client.count && templates.every((id, i) => id === rows.tplAt(i).id);
    if (!fits) return noMatch(rows);
    return { sources: Int32Array.from(templates, (_, i) => i), same: mine[at] === theirs[client.hashAt] };
  };
}

/** The template of each item. */
function templatesOf(theirs: ClientContent): string[] {
  const out: string[] = [];
  for (const { id, count } of theirs.runs) for (let i = 0; i < count; i++) out.push(id);
  return out;
}
