// Rows that follow a selector: what they follow stays right through reruns of the row.
import { describe, expect, it } from "vitest";
import { component, each, html, type Signal } from "../../src/index.js";
import { record } from "../../src/testing/index.js";

interface Row {
  readonly id: number;
  readonly label: string;
  readonly follows: number | undefined;
}

function open(initial: readonly Row[]) {
  let rows!: Signal<readonly Row[]>;
  let selected!: Signal<number>;
  const page = record(
    component((setup) => {
      rows = setup.signal(initial);
      selected = setup.signal(0);
      const selection = setup.selector(selected);
      const mark = (row: Row): string => (row.follows === undefined ? "-" : selection.is(row.follows) ? "on" : "off");
      return () => html`<ul>${each(rows, (row) => row.id, (row) => html`<li>${`${row.label}:${mark(row)}`}</li>`)}</ul>`;
    }),
  );
  const turn = (body: () => void): void => {
    page.clear();
    page.loop.turn(body);
  };
  const texts = (): string[] => [...page.html().matchAll(/<li[^>]*>([^<]*)</g)].map((match) => match[1] as string);
  return { page, rows, selected, turn, texts };
}

const row = (id: number, label = `r${id}`, follows: number | undefined = id): Row => ({ id, label, follows });

describe("selector in rows", () => {
  it("a row follows its key after it ran again, with one patch per selection", () => {
    const { page, rows, selected, turn, texts } = open([row(1), row(2), row(3)]);
    for (let n = 0; n < 3; n++) turn(() => rows.setAt(1, row(2, `again${n}`)));
    turn(() => selected.set(2));
    expect(texts()).toEqual(["r1:off", "again2:on", "r3:off"]);
    expect(page.patches()).toHaveLength(1);
    turn(() => selected.set(3));
    expect(texts()).toEqual(["r1:off", "again2:off", "r3:on"]);
    expect(page.patches()).toHaveLength(2);
  });

  it("a row that reads another key, or none, follows that alone", () => {
    const { page, rows, selected, turn, texts } = open([row(1), row(2)]);
    turn(() => rows.setAt(0, row(1, "moved", 7)));
    turn(() => selected.set(1));
    expect(page.patches()).toHaveLength(0);
    turn(() => selected.set(7));
    expect(texts()).toEqual(["moved:on", "r2:off"]);
    turn(() => rows.setAt(0, { id: 1, label: "free", follows: undefined }));
    turn(() => selected.set(2));
    expect(texts()).toEqual(["free:-", "r2:on"]);
    turn(() => selected.set(7));
    expect(page.patches()).toHaveLength(1);
    turn(() => rows.setAt(0, row(1, "back", 7)));
    expect(texts()).toEqual(["back:on", "r2:off"]);
    turn(() => selected.set(0));
    expect(texts()).toEqual(["back:off", "r2:off"]);
  });
});
