// The flush queue of the turn that is running, ordered by depth: parents before what they own, and among equals first come,
// first served. Between turns it is empty, so one queue serves every loop of the process. The array keeps its room: setting
// its length to 0 would give the memory back and take it anew in every turn.
import { POST_COMMIT, type Watcher } from "../reactive/system.js";

const queue: (Watcher | undefined)[] = [];
let head = 0;
let end = 0;

/** Effects that wait for the commit. */
export const effects: Watcher[] = [];

export function enqueueWatcher(watcher: Watcher): void {
  if ((watcher.flags & POST_COMMIT) !== 0) {
    effects.push(watcher);
    return;
  }
  const depth = watcher.depth;
  if (end === head || (queue[end - 1] as Watcher).depth <= depth) {
    queue[end++] = watcher;
    return;
  }
  let low = head;
  let high = end;
  while (low < high) {
    const mid = (low + high) >> 1;
    if ((queue[mid] as Watcher).depth <= depth) low = mid + 1;
    else high = mid;
  }
  // copyWithin never makes an array longer: what does not fit would be lost.
  if (queue.length === end) queue.push(undefined);
  queue.copyWithin(low + 1, low, end++);
  queue[low] = watcher;
}

export function takeWatcher(): Watcher | undefined {
  if (head === end) {
    head = 0;
    end = 0;
    return undefined;
  }
  const watcher = queue[head];
  queue[head++] = undefined;
  return watcher;
}

export function clearQueue(): void {
  queue.fill(undefined, head, end);
  head = 0;
  end = 0;
}
