/**
 * Lanes that want the thread, the one that has had least of it first; among equals the one that came first. A binary heap.
 */
import type { Lane } from "./lane.js";

export class LaneHeap<E> {
  readonly #lanes: Lane<E>[] = [];

  get size(): number {
    return this.#lanes.length;
  }

  push(lane: Lane<E>): void {
    const lanes = this.#lanes;
    let at = lanes.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = lanes[parent] as Lane<E>;
      if (!before(lane, above)) break;
      lanes[at] = above;
      at = parent;
    }
    lanes[at] = lane;
  }

  pop(): Lane<E> | undefined {
    const lanes = this.#lanes;
    const first = lanes[0];
    const last = lanes.pop();
    if (last === undefined || last === first) return first;
    const { length } = lanes;
    let at = 0;
    for (let child = 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && before(lanes[child + 1] as Lane<E>, lanes[child] as Lane<E>)) child++;
      const least = lanes[child] as Lane<E>;
      if (!before(least, last)) break;
      lanes[at] = least;
      at = child;
    }
    lanes[at] = last;
    return first;
  }
}

function before<E>(a: Lane<E>, b: Lane<E>): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
