// What extensions, translators and other scripts insert into the live page: it is marked, so that the paths of templates do
// not count it. Invariant: what a frame inserts, and what others only moved, is never marked.
import type { DomNode } from "@vango/core/protocol";

const mark = (records: MutationRecord[]): void => {
  const moved = new Set(records.flatMap(({ removedNodes }) => [...removedNodes]));
  for (const { addedNodes } of records) for (const node of addedNodes) if (!moved.has(node)) (node as unknown as DomNode).$f = true;
};
const observer = new MutationObserver(mark);

/** Starts to watch for what others insert. */
export const watchForeign = (): void => observer.observe(document, { childList: true, subtree: true });

/** Runs a change of our own; what others did until now is marked before. */
export function own(change: () => void): void {
  mark(observer.takeRecords());
  observer.disconnect();
  try {
    change();
  } finally {
    watchForeign();
  }
}
