// A page whose state is a list: as a shared signal, or as a local one with the same rows.
import { component, each, type Component, type Signal } from "@vango/core";

export interface Line {
  readonly id: number;
  readonly title: string;
  readonly count: number;
  readonly done: boolean;
}

/** About 20 kB as MessagePack. */
export const makeLines = (count = 275): readonly Line[] => Array.from({ length: count }, (_, id) => ({ id, title: `line ${id} of a list that somebody has made for himself, to be kept`, count: id * 7, done: id % 3 === 0 }));

const list = (lines: Signal<readonly Line[]>, set: () => void) => (
  <main>
    <button onClick={set}>fill</button>
    <ul>{each(lines, (line) => line.id, (line) => <li class={{ done: line.done }}>{line.title}<b>{line.count}</b></li>)}</ul>
  </main>
);

export const Kept: Component<object> = component((setup) => {
  const lines = setup.sharedSignal<readonly Line[]>("lines", []);
  return () => list(lines, () => lines.set(makeLines()));
});

/** The same page with rows that are there. */
export const shown = (rows: readonly Line[]): Component<object> => component((setup) => {
  const lines = setup.signal(rows);
  return () => list(lines, () => lines.set(rows));
});
