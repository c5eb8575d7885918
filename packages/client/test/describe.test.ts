import { describePage, tableOf, takeOver, type Inst, type Page } from "@vango/core/protocol";
import fc from "fast-check";
import { Window } from "happy-dom";
import { describe as group, expect, it } from "vitest";
import { describe } from "../src/more/describe.js";
import { setHost } from "../src/more/host.js";

const SEED = 4711;
/** Index 2: flat row. 3: row with a range. 4: a root that ends with a range's anchor. */
const TABLES = ["i", "b s:0", "u,! c:1"];
const html = (node: Tree): string => {
  const inner = node.items.map(html).join("");
  return node.kind === 2 ? "<i></i>" : node.kind === 3 ? `<b>${inner || "text"}</b>` : `<u></u>${inner}<!---->`;
};
interface Tree {
  kind: number;
  items: Tree[];
}
const tree = fc.letrec<{ node: Tree }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant(2), items: fc.constant<Tree[]>([]) }),
    fc.record({ kind: fc.constantFrom(3, 4), items: fc.array(tie("node"), { maxLength: 4 }) }),
  ),
})).node;

/** The structure as the server writes it. */
function structure(items: readonly Tree[]): number[] {
  const runs: Tree[][] = [];
  for (const item of items) {
    const run = runs[runs.length - 1];
    if (run?.[0]!.kind === item.kind) run.push(item);
    else runs.push([item]);
  }
  return [
    runs.length,
    ...runs.flatMap((run) => {
      const flat = run.every((item) => !item.items.length);
      return [run[0]!.kind * 2 + +flat, run.length, ...(flat ? [] : run.flatMap((item) => (item.kind > 2 ? structure(item.items) : [])))];
    }),
  ];
}

const shape = (page: Page): string[] =>
  [...page.insts.values()].map((inst: Inst) => `${inst.id}:${inst.tpl.id}:${inst.range?.up.id}:${inst.range?.slot}`).sort();

group("describe", () => {
  it(`C14: gives back the structure that a page was taken over with, and its numbers, as the server's own client does (seed ${SEED})`, () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 4 }), (items) => {
        const { document } = new Window();
        document.write(`<html><head><!----></head><body>${items.map(html).join("")}<!----></body></html>`);
        const t = TABLES.flatMap((table, i) => ["t" + i, table]);
        const s = [0, ...structure(items)];
        const boot = { v: 1, b: "", t, s, h: [], g: "", p: "", n: "" };
        const page = takeOver(document as never, boot);
        setHost({ page: () => page, tableOf } as never);
        const now = describe();
        const count = page.insts.size - 1;
        expect(now).toEqual({ t, s, i: count > 0 ? [1, count] : [] });
        expect(describePage(page)).toEqual(now);
        page.templates[t.length / 2 + 3] = { id: "far", table: "p" };
        expect(describe().t).toEqual([...t, "", "", "far", "p"]);
        expect(describePage(page)).toEqual(describe());
        page.templates.length = t.length / 2 + 2;
        expect(shape(takeOver(document as never, { ...boot, ...now }))).toEqual(shape(page));
      }),
      { seed: SEED, numRuns: 150 },
    );
  }, 30_000);
});
