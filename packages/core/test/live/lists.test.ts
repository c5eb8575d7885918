// Lists: every way a list can change, in every shape a row can have. After each turn the page equals the model, and a click on
// any row reaches that row's item.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { component, each, html } from "../../src/index.js";
import type { Setup, Signal, View } from "../../src/index.js";
import { openPage, openWith, type Live } from "../loop/harness.js";
import { atLeast } from "../cases.js";
import { same, sameList } from "../same.js";

interface Item {
  readonly id: number;
  readonly text: string;
  /** What the row looks like: 0 flat, 1 follows a signal, 2 follows a selector, 3 nested view, 4 component, 5 another template, 6 bare text in a component. */
  readonly shape: number;
}

type Edit =
  | { e: "append" | "replaceAll"; items: Item[] }
  | { e: "insertAt"; at: number; items: Item[] }
  | { e: "removeAt"; at: number; count: number }
  | { e: "setAt" | "reshape"; at: number; text: string; shape: number }
  | { e: "swap" | "move"; a: number; b: number }
  | { e: "reverse" | "clear" | "rotate" | "dropOdd" | "tick" }
  | { e: "select"; id: number };

let fresh = 100;
const shape = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(6) });
const item: fc.Arbitrary<Item> = fc.record({ id: fc.constant(0), text: fc.constantFrom("a", "b", ""), shape });
const items = fc.array(item, { maxLength: 6 });
const place = fc.nat(9);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ e: fc.constantFrom("append" as const, "append" as const, "replaceAll" as const), items }),
  fc.record({ e: fc.constant("insertAt" as const), at: place, items }),
  fc.record({ e: fc.constant("removeAt" as const), at: place, count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ e: fc.constantFrom("setAt" as const, "reshape" as const), at: place, text: fc.constantFrom("c", "d"), shape }),
  fc.record({ e: fc.constantFrom("swap" as const, "move" as const), a: place, b: place }),
  fc.record({ e: fc.constantFrom("reverse" as const, "clear" as const, "rotate" as const, "dropOdd" as const, "tick" as const) }),
  fc.record({ e: fc.constant("select" as const), id: fc.integer({ min: 100, max: 120 }) }),
);

const number = (list: readonly Item[]): Item[] => list.map((x) => ({ ...x, id: fresh++ }));

function listPage(setup: Setup, first: readonly Item[]) {
  const list = setup.signal<readonly Item[]>(first);
  const tick = setup.signal(0);
  const selected = setup.signal(-1);
  const selection = setup.selector(selected);
  const heard: string[] = [];
  const Deep = component<{ t: Item }>((own, props) => {
    const mine = own.signal("kept");
    return () => html`<li data-id=${() => props.get().t.id} onClick=${() => heard.push(`${props.peek().t.id}${props.peek().t.text}`)}>${() => props.get().t.text}${mine}</li>`;
  });
  const Bare = component<{ t: Item }>((_, props) => () => props.get().t.text);
  const row = (t: Item): View => {
    const tell = () => heard.push(`${t.id}${t.text}`);
    switch (t.shape) {
      case 1:
        return html`<li data-id=${t.id} onClick=${tell}>${t.text}${tick}</li>`;
      case 2:
        return html`<li data-id=${t.id} class=${selection.is(t.id) ? "on" : "off"} onClick=${tell}>${t.text}</li>`;
      case 3:
        return html`<li data-id=${t.id} onClick=${tell}>${t.text}<b>${() => (tick.get() % 2 === 0 ? html`<u>${tick}</u>` : "odd")}</b></li>`;
      case 4:
        return html`<${Deep} t=${t} />`;
      case 5:
        return html`<li data-id=${t.id} onClick=${tell}><i title=${t.text}>${t.text}</i></li>`;
      case 6:
        return html`<${Bare} t=${t} />`;
      default:
        return html`<li data-id=${t.id} class=${t.text} onClick=${tell}>${t.text}</li>`;
    }
  };
  return { list, tick, selected, heard, row, view: () => html`<ul>${each(list, (t) => t.id, row)}</ul><p>end</p>` };
}

function applyEdit(it: { list: Signal<readonly Item[]>; tick: Signal<number>; selected: Signal<number> }, ed: Edit): void {
  const { list } = it;
  const n = list.peek().length;
  const at = (i: number): number => i % Math.max(n, 1);
  switch (ed.e) {
    case "append":
      return list.append(...number(ed.items));
    case "replaceAll":
      return list.set(number(ed.items));
    case "insertAt":
      return list.insertAt(ed.at % (n + 1), ...number(ed.items));
    case "removeAt":
      return n === 0 ? undefined : list.removeAt(at(ed.at), ed.count);
    case "setAt":
    case "reshape": {
      const old = list.peek()[at(ed.at)];
      if (old !== undefined) list.setAt(at(ed.at), { ...old, text: ed.text, shape: ed.e === "setAt" ? old.shape : ed.shape });
      return;
    }
    case "swap":
      return n === 0 ? undefined : list.swap(at(ed.a), at(ed.b));
    case "move":
      return n === 0 ? undefined : list.move(at(ed.a), at(ed.b));
    case "reverse":
      return list.update((l) => [...l].reverse());
    case "rotate":
      return list.update((l) => [...l.slice(1), ...l.slice(0, 1)]);
    case "dropOdd":
      return list.removeWhere((_, i) => i % 2 === 1);
    case "clear":
      return list.set([]);
    case "tick":
      return it.tick.inc();
    case "select":
      return it.selected.set(ed.id);
  }
}

/** What a list page must show. */
function wanted(list: readonly Item[], tick: number, selected: number): string {
  const rows = list.map(({ id, text, shape: s }) => {
    switch (s) {
      case 1:
        return `<li data-id="${id}">${text}${tick}</li>`;
      case 2:
        return `<li data-id="${id}" class="${selected === id ? "on" : "off"}">${text}</li>`;
      case 3:
        return `<li data-id="${id}">${text}<b>${tick % 2 === 0 ? `<u>${tick}</u>` : "odd"}</b></li>`;
      case 4:
        return `<li data-id="${id}">${text}kept</li>`;
      case 5:
        return `<li data-id="${id}"><i title="${text}">${text}</i></li>`;
      case 6:
        return text;
      default:
        return `<li data-id="${id}"${text === "" ? "" : ` class="${text}"`}>${text}</li>`;
    }
  });
  return `<ul>${rows.join("")}</ul><p>end</p>`;
}

function clickRows(live: Live, list: readonly Item[], heard: string[]): void {
  const rows = live.mirror.select("li");
  sameList(rows.map((el) => Number(el.getAttribute("data-id"))), list.filter((t) => t.shape !== 6).map((t) => t.id));
  for (const el of rows) {
    const target = live.mirror.eventAt(el, "click");
    heard.length = 0;
    same(live.loop.event(target?.instance ?? -1, target?.slot ?? -1, (type) => ({ type })), undefined);
    const id = Number(el.getAttribute("data-id"));
    sameList(heard, [`${id}${list.find((t) => t.id === id)?.text}`]);
  }
}

describe("lists", () => {
  it("LT4, LT5: after random edits, several in a turn, the page equals the model and every click reaches its own row", () => {
    let edits = 0;
    fc.assert(
      fc.property(items, fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 }), (first, turns) => {
        fresh = 100;
        const start = number(first);
        const live = openWith((setup) => listPage(setup, start));
        const { it: page } = live;
        for (const turn of turns) {
          same(live.turn(() => turn.forEach((ed) => applyEdit(page, ed))), undefined);
          edits += turn.length;
          const now = page.list.peek();
          same(live.html().replace(/<li data-id="(\d+)" class="">/g, '<li data-id="$1">'), wanted(now, page.tick.peek(), page.selected.peek()));
          clickRows(live, now, page.heard);
        }
        sameList(live.world.codes(), []);
        live.loop.dispose();
      }),
      { numRuns: 1_500, seed: Number(process.env["VANGO_SEED"] ?? 20261122) },
    );
    expect(edits).toBeGreaterThan(atLeast(5_000));
  }, 300_000);
});

interface Plain {
  readonly id: number;
}

function plainList(count: number, row: (t: Plain) => View = (t) => html`<li>${t.id}</li>`) {
  const first = Array.from({ length: count }, (_, i): Plain => ({ id: i }));
  const live = openWith((setup) => {
    const list = setup.signal<readonly Plain[]>(first);
    return { list, view: () => html`<ul>${each(list, (t) => t.id, row)}</ul>` };
  });
  return { live, list: live.it.list };
}

describe("cost of list changes", () => {
  it("LT6, scenario 17: a row at the front of 1,000 is one insert and no move", () => {
    const { live, list } = plainList(1_000);
    live.mirror.clear();
    live.turn(() => list.insertAt(0, { id: -1 }));
    expect(live.mirror.ops()).toEqual([{ op: "insert", parent: "body>ul", index: 0, count: 1, html: "<li>-1</li>" }]);
  });

  it("LT6: one insert, remove, swap and move in 1,000 rows touch those rows only, by helper or by a new array", () => {
    const { live, list } = plainList(1_000);
    const ops = (body: () => void): string[] => {
      live.mirror.clear();
      live.turn(body);
      return live.mirror.ops().map((o) => o.op);
    };
    expect(ops(() => list.insertAt(500, { id: 5_000 }))).toEqual(["insert"]);
    expect(ops(() => list.removeAt(500))).toEqual(["remove"]);
    expect(ops(() => list.removeAt(10, 20))).toEqual(["remove"]);
    expect(ops(() => list.swap(1, 900))).toEqual(["move", "move"]);
    expect(ops(() => list.move(0, 900))).toEqual(["move"]);
    expect(ops(() => list.append({ id: 6_000 }, { id: 6_001 }))).toEqual(["insert"]);
    expect(ops(() => list.update((l) => [{ id: 7_000 }, ...l]))).toEqual(["insert"]);
    expect(ops(() => list.update((l) => l.filter((t) => t.id !== 7_000)))).toEqual(["remove"]);
    expect(ops(() => list.update((l) => l.map((t) => ({ ...t }))))).toEqual([]);
  });

  it("LT6: replacing all rows is one clear and one insert; clearing is one clear", () => {
    const { live, list } = plainList(50);
    live.mirror.clear();
    live.turn(() => list.set([{ id: 100 }, { id: 101 }]));
    expect(live.mirror.ops().map((o) => o.op)).toEqual(["remove", "insert"]);
    live.turn(() => list.set([]));
    expect(live.html()).toBe("<ul></ul>");
    live.turn(() => list.set([{ id: 1 }]));
    expect(live.html()).toBe("<ul><li>1</li></ul>");
  });

  it("LT6, scenario 15: rows that are reversed are moved, never made again", () => {
    const { live, list } = plainList(100);
    const before = live.mirror.select("li");
    live.mirror.clear();
    live.turn(() => list.update((l) => [...l].reverse()));
    expect(live.mirror.ops().every((o) => o.op === "move")).toBe(true);
    expect(live.mirror.ops().length).toBeLessThan(100);
    expect(live.mirror.select("li")).toEqual([...before].reverse());
  });
});

describe("keys", () => {
  for (const [name, change] of [
    ["append", (l: Signal<readonly Plain[]>) => l.append({ id: 1 })],
    ["insertAt", (l: Signal<readonly Plain[]>) => l.insertAt(0, { id: 2 })],
    ["setAt", (l: Signal<readonly Plain[]>) => l.setAt(0, { id: 2 })],
    ["many", (l: Signal<readonly Plain[]>) => l.append(...[9, 10, 11, 12, 13, 1].map((id) => ({ id })))],
    ["set", (l: Signal<readonly Plain[]>) => l.set([{ id: 7 }, { id: 7 }])],
    ["set after clear", (l: Signal<readonly Plain[]>) => l.set([...l.peek(), { id: 0 }])],
  ] as const) {
    it(`LT7: a duplicate key by ${name} is VANGO_DUPLICATE_KEY`, () => {
      const { live, list } = plainList(3);
      live.turn(() => change(list));
      expect(live.world.codes()).toEqual(["VANGO_DUPLICATE_KEY"]);
      expect(live.world.errors[0]?.message).toMatch(/Key (0|1|2|7)\./);
    });
  }

  it("LT7: the error names the component, and the key as the app has given it, of lists that are made with map too", () => {
    let ids!: Signal<readonly number[]>;
    const live = openPage(component((setup) => {
      ids = setup.signal<readonly number[]>([1, 2]);
      return () => html`<ul>${[ids.get().map((id) => html`<li key=${id}></li>`)]}</ul>`;
    }, { name: "Rows" }));
    live.turn(() => ids.set([3, 3]));
    expect(live.world.codes()).toEqual(["VANGO_DUPLICATE_KEY"]);
    expect(live.world.errors[0]).toMatchObject({ at: "<Rows>", message: expect.stringContaining('Key "3".') as unknown });
  });

  it("LT7: a key that is no string or finite number is VANGO_BAD_KEY, in SSR too", () => {
    const cases: [unknown, string][] = [[undefined, "undefined"], [null, "null"], [NaN, "NaN"], [Infinity, "Infinity"], [{}, "object"], [true, "boolean"]];
    for (const [bad, found] of cases) {
      const c = component((setup) => {
        const list = setup.signal([{ id: bad }]);
        return () => html`<ul>${each(list, (t) => t.id as never, () => html`<li></li>`)}</ul>`;
      });
      expect(() => openPage(c)).toThrow(new RegExp(`VANGO_BAD_KEY.*Found ${found}\\.`));
    }
    const { live, list } = plainList(2);
    live.turn(() => list.append({ id: NaN }));
    expect(live.world.codes()).toEqual(["VANGO_BAD_KEY"]);
  });

  it("LT7: duplicate keys in SSR are VANGO_DUPLICATE_KEY", () => {
    const c = component(() => () => html`<ul>${each([{ id: 1 }, { id: 1 }], (t) => t.id, () => html`<li></li>`)}</ul>`);
    expect(() => openPage(c)).toThrow(/VANGO_DUPLICATE_KEY/);
  });
});
