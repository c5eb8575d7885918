// A plain table of 1,000 rows for measurements: the operations of the usual list benchmarks, each with a test id.
import { component, each, type View } from "@vango/core";

interface Item {
  readonly id: number;
  readonly label: string;
  readonly value: number;
}

const size = 1000;
const nouns = ["table", "chair", "house", "bridge", "cookie", "keyboard", "pizza", "pony", "sandwich", "river"] as const;
const colours = ["red", "yellow", "blue", "green", "pink", "brown", "purple", "white", "black", "orange"] as const;

function make(from: number, length: number): readonly Item[] {
  return Array.from({ length }, (_, i) => {
    const id = from + i;
    return { id, label: `${colours[id % 10]} ${nouns[Math.floor(id / 10) % 10]}`, value: (id * 7919) % 1000 };
  });
}

export const head = (): View => <title>Rows · Cairn</title>;

export const page = component((setup) => {
  const items = setup.signal<readonly Item[]>(make(1, size));
  const nextId = setup.signal(size + 1);
  const pickedId = setup.signal<number | null>(null);
  const picked = setup.selector(pickedId);

  const append = (n: number): void => {
    items.append(...make(nextId.peek(), n));
    nextId.add(n);
  };
  const insertFirst = (): void => {
    items.insertAt(0, ...make(nextId.peek(), 1));
    nextId.inc();
  };
  const swap = (): void => {
    if (items.peek().length >= 4) items.swap(1, items.peek().length - 2);
  };
  const bump = (item: Item): Item => ({ ...item, value: item.value + 1 });

  return () => (
    <div class="page">
      <header class="page-head"><h1>Rows</h1><p class="muted" data-testid="row-count">{items.get().length} rows</p></header>
      <p class="row wrap">
        <button type="button" class="button" data-testid="update-one" onClick={() => items.updateWhere((_, i) => i === 499, bump)}>Update one cell</button>
        <button type="button" class="button" data-testid="update-tenth" onClick={() => items.updateWhere((_, i) => i % 10 === 0, bump)}>Every 10th</button>
        <button type="button" class="button" data-testid="swap" onClick={swap}>Swap</button>
        <button type="button" class="button" data-testid="reverse" onClick={() => items.update((old) => [...old].reverse())}>Reverse</button>
        <button type="button" class="button" data-testid="prepend" onClick={insertFirst}>Insert first</button>
        <button type="button" class="button" data-testid="append" onClick={() => append(1000)}>Append 1,000</button>
        <button type="button" class="button" data-testid="remove" onClick={() => items.removeAt(499)}>Remove one</button>
        <button type="button" class="button" data-testid="clear" onClick={() => items.set([])}>Clear</button>
        <button type="button" class="button" data-testid="reset" onClick={() => items.set(make(1, size))}>Reset</button>
      </p>
      <div class="list">
        <table class="rows">
          <thead><tr><th scope="col">Id</th><th scope="col">Label</th><th scope="col">Value</th><th scope="col"><span class="visually-hidden">Pick</span></th></tr></thead>
          <tbody data-testid="rows">
            {each(items, (item) => item.id, (item) => (
              <tr class={{ picked: picked.is(item.id) }}>
                <td>{item.id}</td>
                <td>{item.label}</td>
                <td class="number">{item.value}</td>
                <td><button type="button" class="tool always" aria-label={`Pick ${item.id}`} onClick={() => pickedId.set(item.id)}>pick</button></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}, { name: "Rows" });
