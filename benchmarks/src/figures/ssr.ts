// T8 and T9: the table page of 1,000 rows as bytes, and the same followed by mounting its live tree, against a hand-written
// concatenation that gives equal bytes; preact-render-to-string beside them.
import type { VNode } from "preact";
import { render } from "preact-render-to-string";
import { handTable, type TableHtml } from "../floors/hand-html.js";
import { preactTable } from "../floors/preact-table.js";
import type { Group } from "../lib/figure.js";
import { interleave } from "../lib/interleave.js";
import { mountLive, renderBytes, renderDead } from "../lib/live.js";
import type { Result } from "../lib/result.js";
import { median, ratioOf } from "../lib/stats.js";
import { makeRows, type Row } from "../pages/rows.js";
import { tablePage } from "../pages/table.js";

const ROWS = 1000;

export const ssr: Group = {
  name: "ssr",
  ids: ["T8", "T9"],
  async run(context) {
    const rows = makeRows(ROWS);
    const Table = tablePage(rows);
    const html = chunksOf(renderDead(tablePage(rows.slice(0, 2))), rows);
    const same = renderDead(Table) === handTable(html, rows, 0);
    if (!same) throw new Error("the floor's HTML differs from the candidate's");
    const figures = interleave(
      [
        { name: "dead", run: (times: number) => { for (let i = 0; i < times; i++) renderBytes(Table); } },
        { name: "floor", run: (times: number) => { for (let i = 0; i < times; i++) Buffer.from(handTable(html, rows, 0)); } },
        { name: "live", run: (times: number) => { for (let i = 0; i < times; i++) { renderBytes(Table); mountLive(Table).dispose(); } } },
        { name: "preact", run: (times: number) => { for (let i = 0; i < times; i++) Buffer.from(render(preactTable(rows, 0) as VNode)); } },
      ],
      context.smoke ? { trials: 3, slices: 2, sliceMs: 1, warmMs: 5 } : { slices: 16, sliceMs: 10, warmMs: 1000 },
    );
    const [dead, floor, live, preact] = (["dead", "floor", "live", "preact"] as const).map((name) => figures[name] as number[]) as [number[], number[], number[], number[]];
    const us = (trials: readonly number[]): string => `${median(trials).toFixed(0)} us`;
    const results: Result[] = [];
    if (context.wants("T8")) {
      results.push(
        { id: "T8", what: `SSR of ${ROWS} rows to bytes, with structure and hashes`, baseline: "hand concatenation of the same bytes", target: 1.6, ...ratioOf(dead, floor), detail: `${us(dead)} / ${us(floor)}` },
        { id: "T8.preact", what: `SSR of ${ROWS} rows to bytes`, baseline: "preact-render-to-string", target: 0.15, ...ratioOf(dead, preact), detail: `${us(dead)} / ${us(preact)}` },
      );
    }
    if (context.wants("T9")) {
      results.push({ id: "T9", what: `SSR of ${ROWS} rows and mounting the live tree`, baseline: "hand concatenation", target: 3, ...ratioOf(live, floor), detail: `${us(live)} / ${us(floor)}` });
    }
    return results;
  },
};

/** Cuts the static chunks out of what the framework rendered for two rows. */
function chunksOf(html: string, rows: readonly Row[]): TableHtml {
  const first = html.indexOf("<tr");
  const second = html.indexOf("<tr", first + 1);
  const end = html.indexOf("</tbody>");
  const row = html.slice(first, second);
  const { id, label } = rows[0] as Row;
  const idAt = row.indexOf(`>${id}<`) + 1;
  const labelAt = row.indexOf(label, idAt);
  return {
    before: html.slice(0, first),
    after: html.slice(end),
    row: ["<tr", row.slice(3, idAt), row.slice(idAt + String(id).length, labelAt), row.slice(labelAt + label.length)],
  };
}
