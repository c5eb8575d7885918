// The flush queue of the turn that is running, ordered by depth: parents before what they own, and among equals first come,
// first served. Between turns it is empty, so one queue serves every loop of the process.
import { POST_COMMIT, type Watcher } from "../reactive/system.js";

const queue: Watcher[] = [];
let head = 0;

/** Effects that wait for the commit. */
export const effects: Watcher[] = [];

export function enqueueWatcher(watcher: Watcher): void {
  if ((watcher.flags & POST_COMMIT) !== 0) {
    effects.push(watcher);
    return;
  }
  const depth = watcher.depth;
  const last = queue.length - 1;
  if (last < head || (queue[last] as Watcher).depth <= depth) {
    queue.push(watcher);
    return;
  }
  let low = head;
  let high = queue.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((queue[mid] as Watcher).depth <= depth) low = mid + 1;
    else high = mid;
  }
  queue.splice(low, 0, watcher);
}

export function takeWatcher(): Watcher | undefined {
  if (head === queue.length) {
    head = 0;
    queue.length = 0;
    return undefined;
  }
  return queue[head++];
}

export function clearQueue(): void {
  head = 0;
  queue.length = 0;
}
