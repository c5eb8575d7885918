/**
 * Time that stands still until a test advances it. Timers fire in the order of their times, then of their making; a heap, so
 * that many pages with many timers stay cheap.
 */
import type { Clock } from "../session-port.js";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fn: () => void;
  /** Place in the heap; -1 when it is not in it. */
  place: number;
}

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

export class VirtualClock implements Clock {
  #now: number;
  #made = 0;
  readonly #heap: Timer[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  /** Timers that wait. */
  get pending(): number {
    return this.#heap.length;
  }

  date(): number {
    return this.#now;
  }

  setTimer(ms: number, fn: () => void): Timer {
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: this.#made++, fn, place: this.#heap.length };
    this.#heap.push(timer);
    this.#up(timer);
    return timer;
  }

  clearTimer(timer: unknown): void {
    const { place } = (timer as Timer | undefined) ?? { place: -1 };
    if (place < 0) return;
    (timer as Timer).place = -1;
    const last = this.#heap.pop() as Timer;
    if (last === timer) return;
    this.#put(last, place);
    this.#up(last);
    this.#down(last);
  }

  /** How long until the next timer, ms; undefined without one. */
  get next(): number | undefined {
    const first = this.#heap[0];
    return first === undefined ? undefined : first.at - this.#now;
  }

  /** Runs the next timer if it is due within `ms`, at its time; false when there is none. */
  step(ms: number): boolean {
    const first = this.#heap[0];
    if (first === undefined || first.at > this.#now + ms) return false;
    this.clearTimer(first);
    this.#now = Math.max(this.#now, first.at);
    first.fn();
    return true;
  }

  /** Lets time pass without running what becomes due: for what comes after its timers. */
  skip(ms: number): void {
    this.#now += ms;
  }

  /** Lets `ms` pass: see {@link advance}. */
  advance(ms: number, between: () => Promise<void>): Promise<void> {
    return advance([this], ms, between);
  }

  #put(timer: Timer, place: number): void {
    this.#heap[place] = timer;
    timer.place = place;
  }

  #up(timer: Timer): void {
    while (timer.place > 0) {
      const place = (timer.place - 1) >> 1;
      const parent = this.#heap[place] as Timer;
      if (!before(timer, parent)) return;
      this.#put(parent, timer.place);
      this.#put(timer, place);
    }
  }

  #down(timer: Timer): void {
    for (;;) {
      const left = this.#heap[timer.place * 2 + 1];
      const right = this.#heap[timer.place * 2 + 2];
      const child = left !== undefined && right !== undefined && before(right, left) ? right : left;
      if (child === undefined || !before(child, timer)) return;
      const { place } = child;
      this.#put(child, timer.place);
      this.#put(timer, place);
    }
  }
}

/**
 * Lets `ms` pass on all clocks at once: what is due runs at its time, and `between` after each, so that what it causes happens
 * at its time too.
 */
export async function advance(clocks: readonly VirtualClock[], ms: number, between: () => Promise<void>): Promise<void> {
  const start = clocks.map((clock) => clock.now());
  const left = (i: number): number => (start[i] as number) + ms - (clocks[i] as VirtualClock).now();
  for (;;) {
    let next: number | undefined;
    let wait = Infinity;
    clocks.forEach((clock, i) => {
      const due = clock.next;
      // Time that has passed on this clock already counts: clocks are compared by what is left.
      if (due !== undefined && due <= left(i) && ms - left(i) + due < wait) [next, wait] = [i, ms - left(i) + due];
    });
    if (next === undefined) break;
    (clocks[next] as VirtualClock).step(left(next));
    await between();
  }
  clocks.forEach((clock, i) => clock.skip(left(i)));
}
