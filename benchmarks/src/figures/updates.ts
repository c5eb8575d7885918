// T3 to T7: state change, propagation and encoding of one update on the table page, against the same update written out by
// hand. Before anything is timed the frames of both are compared.
import { HandTable, type TableAddress } from "../floors/hand-table.js";
import { firstInsert, firstSet, difference } from "../lib/frames.js";
import type { Context, Group } from "../lib/figure.js";
import { cpuMs, interleave, type Contender } from "../lib/interleave.js";
import { mountLive, type Live } from "../lib/live.js";
import type { Result } from "../lib/result.js";
import { median, ratioOf } from "../lib/stats.js";
import { cellTablePage, tablePage, type CellControls, type TableControls } from "../pages/table.js";
import { makeRows, type Row } from "../pages/rows.js";

const ROWS = 1000;
const MANY = 10_000;
const BASELINE = "hand-written encode of the same update";

interface Pair {
  readonly live: Live;
  readonly controls: TableControls;
  readonly hand: HandTable;
  readonly length: number;
}

const FIGURES: readonly (readonly [id: string, run: (context: Context) => readonly Result[]])[] = [
  ["T3", (context) => [oneCell(context, "T3", mountPair(ROWS))]],
  ["T3.list10k", (context) => [oneCell(context, "T3.list10k", mountPair(MANY))]],
  ["T3.rows10k", ownSignal],
  ["T4", (context) => [everyTenth(context, mountPair(ROWS))]],
  ["T5", (context) => [select(context, mountPair(ROWS))]],
  ["T6", (context) => [swap(context, "T6", mountPair(ROWS))]],
  ["T6.reconcile", (context) => [swap(context, "T6.reconcile", mountPair(ROWS))]],
  ["T7", (context) => [append(context, mountPair(ROWS))]],
  ["T7.replace", (context) => [replace(context, mountPair(ROWS))]],
];

/** One group, so one process, for each: a page of 10,000 rows that is held makes every collection of its process slower. */
export const updates: readonly Group[] = FIGURES.map(([id, run]) => ({ name: `update ${id}`, ids: [id.split(".")[0] as string], run: async (context) => run(context) }));

/** Mounts the page and a floor that stands at the same addresses. */
function mountPair(count: number): Pair {
  let controls: TableControls | undefined;
  const rows = makeRows(count);
  const live = mountLive(tablePage(rows, (given) => (controls = given)));
  if (controls === undefined) throw new Error("the page was not set up");
  const { rows: signal, selected } = controls;
  const label = firstSet(live.turn(() => signal.setAt(0, { id: 1, label: "probe" })));
  live.turn(() => signal.setAt(0, rows[0] as Row));
  const picked = firstSet(live.turn(() => selected.set(1)));
  live.turn(() => selected.set(0));
  // A first insert may define its template; it is done once here, so that both sides write rows alone.
  live.turn(() => signal.append(...makeRows(1, count + 1)));
  live.turn(() => signal.removeAt(count));
  const inserted = firstInsert(live.turn(() => signal.append(...makeRows(1, count + 1))));
  live.turn(() => signal.removeAt(count));
  const at: TableAddress = {
    list: inserted.instance,
    listSlot: inserted.slot,
    template: inserted.template,
    classSlot: picked.slot,
    labelSlot: label.slot,
    ids: Array.from({ length: count }, (_, index) => label.instance + index),
    next: inserted.first + 1,
  };
  return { live, controls, hand: new HandTable(signal.peek(), at), length: count };
}

/** Runs both sides once as a check, then against each other. */
function compare(context: Context, id: string, what: string, target: number | undefined, candidate: (n: number) => Uint8Array, floor: (n: number) => Uint8Array): Result {
  let n = 0;
  const differences = new Set<string>();
  for (; n < 4; n++) differences.add(difference(candidate(n).slice(), floor(n).slice()));
  differences.delete("");
  let at = n;
  let floorAt = n;
  return measured(context, { id, what, target, differences }, [
    {
      name: "candidate",
      run: (times) => {
        for (let i = 0; i < times; i++) candidate(at++);
      },
    },
    {
      name: "floor",
      run: (times) => {
        for (let i = 0; i < times; i++) floor(floorAt++);
      },
    },
  ]);
}

interface Described {
  readonly id: string;
  readonly what: string;
  readonly target: number | undefined;
  readonly differences: ReadonlySet<string>;
}

function measured(context: Context, of: Described, contenders: readonly [Contender & { name: "candidate" }, Contender & { name: "floor" }]): Result {
  const figures = interleave(contenders, context.smoke ? { trials: 3, slices: 3, sliceMs: 1, warmMs: 5 } : {});
  const us = (trials: readonly number[]): string => `${median(trials).toFixed(2)} us`;
  const notes = of.differences.size === 0 ? "" : `; bytes differ: ${[...of.differences].join(", ")}`;
  context.note(`${of.id}: ${us(figures.candidate)} / ${us(figures.floor)}${notes}`);
  return {
    id: of.id,
    what: of.what,
    baseline: BASELINE,
    ...(of.target === undefined ? {} : { target: of.target }),
    ...ratioOf(figures.candidate, figures.floor),
    detail: `${us(figures.candidate)} / ${us(figures.floor)}${notes}`,
  };
}

function oneCell(context: Context, id: string, { live, controls, hand, length }: Pair): Result {
  const index = Math.floor(length / 2);
  const labels = ["pretty red table", "small green house"] as const;
  return compare(
    context,
    id,
    `one cell of ${length} rows, through the list`,
    2,
    (n) => live.turn(() => controls.rows.setAt(index, { id: index + 1, label: labels[n & 1] as string })),
    (n) => hand.setLabel(index, labels[n & 1] as string),
  );
}

/** A cell that is a signal of its own: the cost must not depend on the number of rows. */
function ownSignal(context: Context): Result[] {
  const sizes = [ROWS, MANY] as const;
  const [few, many] = sizes.map((count) => {
    let controls: CellControls | undefined;
    const live = mountLive(cellTablePage(count, (given) => (controls = given)));
    if (controls === undefined) throw new Error("the page was not mounted");
    const cell = controls.cells[count / 2];
    if (cell === undefined) throw new Error("the page has no such cell");
    return { live, cell };
  }) as [{ live: Live; cell: TableCell }, { live: Live; cell: TableCell }];
  const runner = (name: string, { live, cell }: { live: Live; cell: TableCell }) => {
    let n = 0;
    return {
      name,
      run: (times: number) => {
        for (let i = 0; i < times; i++) live.turn(() => cell.set((n++ & 1) === 0 ? "pretty red table" : "small green house"));
      },
    };
  };
  const figures = interleave([runner("many", many), runner("few", few)], context.smoke ? { trials: 3, slices: 3, sliceMs: 1, warmMs: 5 } : {});
  return [
    {
      id: "T3.rows10k",
      what: "one cell bound to its own signal, 10,000 rows",
      baseline: "the same with 1,000 rows",
      target: 1.2,
      ...ratioOf(figures["many"] as number[], figures["few"] as number[]),
      detail: `${median(figures["many"] as number[]).toFixed(2)} us / ${median(figures["few"] as number[]).toFixed(2)} us`,
    },
  ];
}

type TableCell = CellControls["cells"][number];

function everyTenth(context: Context, { live, controls, hand }: Pair): Result {
  const suffixes = [" !!!", " ???"] as const;
  const change = (suffix: string): void => {
    const next = controls.rows.peek().slice();
    for (let index = 0; index < next.length; index += 10) {
      const row = next[index] as Row;
      next[index] = { id: row.id, label: row.label.slice(0, 8) + suffix };
    }
    controls.rows.set(next);
  };
  return compare(
    context,
    "T4",
    `every 10th of ${ROWS} rows`,
    1.6,
    (n) => live.turn(() => change(suffixes[n & 1] as string)),
    (n) => hand.everyTenth(suffixes[n & 1] as string),
  );
}

function select(context: Context, { live, controls, hand }: Pair): Result {
  const ids = [11, 991, 501] as const;
  return compare(
    context,
    "T5",
    `select a row of ${ROWS}, keyed selector`,
    5,
    (n) => live.turn(() => controls.selected.set(ids[n % 3] as number)),
    (n) => hand.select(ids[n % 3] as number),
  );
}

function swap(context: Context, id: "T6" | "T6.reconcile", { live, controls, hand }: Pair): Result {
  const what = `swap rows 1 and 998 of ${ROWS}`;
  const floor = (): Uint8Array => hand.swap(1, 998);
  if (id === "T6") return compare(context, id, `${what}, list helper`, 5, () => live.turn(() => controls.rows.swap(1, 998)), floor);
  const exchange = (): void => {
    const next = controls.rows.peek().slice();
    const held = next[1] as Row;
    next[1] = next[998] as Row;
    next[998] = held;
    controls.rows.set(next);
  };
  return compare(context, id, `${what}, a new list`, 60, () => live.turn(exchange), floor);
}

/** Runs `act` timed and `undo` untimed. */
function withUndo<N extends string>(name: N, act: () => void, undo: () => void): Contender & { readonly name: N } {
  return {
    name,
    run: (times) => {
      let ms = 0;
      for (let i = 0; i < times; i++) {
        const began = cpuMs();
        act();
        ms += cpuMs() - began;
        undo();
      }
      return ms;
    },
  };
}

function append(context: Context, { live, controls, hand, length }: Pair): Result {
  const added = makeRows(ROWS, 50_001);
  const keep = controls.rows.peek();
  const act = (): Uint8Array => live.turn(() => controls.rows.append(...added));
  const undo = (): void => void live.turn(() => controls.rows.set(keep));
  const given = act().slice();
  undo();
  // The floor numbers from its own counter: bring it to where the candidate was.
  const floor = new HandTable(hand.rows, { ...hand.at, next: firstInsert(given).first });
  const differences = new Set([difference(given, floor.append(added).slice())]);
  floor.truncate(length);
  differences.delete("");
  return measured(context, { id: "T7", what: `append ${ROWS} rows to ${ROWS}`, target: 2.5, differences }, [
    withUndo("candidate", () => void act(), undo),
    withUndo("floor", () => void floor.append(added), () => floor.truncate(length)),
  ]);
}

function replace(context: Context, { live, controls, hand }: Pair): Result {
  const sets = [makeRows(ROWS, 100_001), makeRows(ROWS, 200_001)] as const;
  const given = live.turn(() => controls.rows.set(sets[1])).slice();
  const floor = new HandTable(hand.rows, { ...hand.at, next: firstInsert(given).first });
  const differences = new Set([difference(given, floor.replace(sets[1]).slice())]);
  differences.delete("");
  let a = 0;
  let b = 0;
  return measured(context, { id: "T7.replace", what: `replace ${ROWS} rows`, target: 3.2, differences }, [
    { name: "candidate", run: (times) => { for (let i = 0; i < times; i++) { const set = sets[a++ & 1] as Row[]; live.turn(() => controls.rows.set(set)); } } },
    { name: "floor", run: (times) => { for (let i = 0; i < times; i++) floor.replace(sets[b++ & 1] as Row[]); } },
  ]);
}
