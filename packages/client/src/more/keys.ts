// The key hashes of items: asked for when the page is idle, kept for the join with another process, which finds by them
// what stayed the same. Invariants: an item is asked for once a connection; the page never waits for an answer.
import { encodeKeys, type Inst } from "@vango/core/protocol";
import { KEYS_AFTER, KEYS_MOST } from "../limits.js";
import type { readUints } from "./codec.js";
import { host } from "./host.js";

const keys = new WeakMap<Inst, number>();
let asked = new WeakSet<Inst>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** The hash of an item's key; 0 when it has none, or none that is known. */
export const keyOf = (item: Inst): number => keys.get(item) ?? 0;

/** The server's answer: first id, count, a hash each. */
export function gotKeys({ more, uint, u32 }: ReturnType<typeof readUints>): void {
  while (more()) {
    let id = uint();
    for (let count = uint(); count--; id++) {
      const item = host.page().insts.get(id);
      const hash = u32();
      if (item) keys.set(item, hash);
    }
  }
}

function ask(): void {
  timer = undefined;
  if (!host.ready()) return;
  const runs: number[] = [];
  let count = 0;
  let next = 0;
  for (const item of host.page().insts.values())
    if (item.range && !keys.has(item) && !asked.has(item)) {
      if (count++ === KEYS_MOST) {
        askKeys();
        break;
      }
      asked.add(item);
      if (item.id === next) runs[runs.length - 1]!++;
      else runs.push(item.id, 1);
      next = item.id + 1;
    }
  if (count) host.send(encodeKeys(runs));
}

/** There may be items whose keys are not known: asks for them when the page is idle. */
export function askKeys(): void {
  timer ??= setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(ask), KEYS_AFTER);
}

/** What an earlier connection was asked and has not answered is asked again. */
export function askAgain(): void {
  asked = new WeakSet();
  askKeys();
}
