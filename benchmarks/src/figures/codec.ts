// T13 and T14: bytes of real frames against the same information as JSON arrays, and the time to decode 1,000 rows against
// JSON.parse of that text.
import { Op, readFrame } from "@vango/core/protocol";
import type { Group } from "../lib/figure.js";
import { firstInsert, HEADER } from "../lib/frames.js";
import { interleave } from "../lib/interleave.js";
import { mountLive } from "../lib/live.js";
import type { Result } from "../lib/result.js";
import { median, ratioOf } from "../lib/stats.js";
import { counterPage, type CounterControls } from "../pages/counter.js";
import { makeRows, type Row } from "../pages/rows.js";
import { tablePage, type TableControls } from "../pages/table.js";

const ROWS = 1000;

export const codec: Group = {
  name: "codec",
  ids: ["T13", "T14"],
  async run(context) {
    const results: Result[] = [];
    const click = clickFrame();
    const rows = makeRows(ROWS, 1001);
    const insert = insertFrame(rows);
    // The same frames as JSON arrays: kind, sequence number, acknowledgement, operations; each row with its instance.
    const clickJson = JSON.stringify([2, 7, 7, [[0, 1, 1, "count: 42"]]]);
    const { instance, slot, template, first } = firstInsert(insert);
    const insertJson = JSON.stringify([2, 7, 7, [[2, instance, slot, 0, template, first, rows.map((row, at) => [first + at, null, String(row.id), row.label])]]]);
    if (context.wants("T13")) {
      results.push(
        bytes("T13", "frame of a counter click", 0.8, click.length, clickJson),
        bytes("T13.rows", `frame of ${ROWS} rows`, 0.7, insert.length, insertJson),
      );
    }
    if (context.wants("T14")) {
      const figures = interleave(
        [
          { name: "candidate", run: (times: number) => { for (let i = 0; i < times; i++) decodeInsert(insert); } },
          { name: "floor", run: (times: number) => { for (let i = 0; i < times; i++) sinkJson(JSON.parse(insertJson) as JsonFrame); } },
        ],
        context.smoke ? { trials: 3, slices: 3, sliceMs: 1, warmMs: 5 } : {},
      );
      const [candidate, floor] = [figures["candidate"] as number[], figures["floor"] as number[]];
      results.push({ id: "T14", what: `decode ${ROWS} rows`, baseline: "JSON.parse of the same as arrays", target: 0.4, ...ratioOf(candidate, floor), detail: `${median(candidate).toFixed(0)} us / ${median(floor).toFixed(0)} us` });
    }
    return results;
  },
};

function bytes(id: string, what: string, target: number, size: number, json: string): Result {
  const jsonSize = Buffer.byteLength(json);
  return { id, what, baseline: "JSON arrays", target, ratio: size / jsonSize, value: size, unit: "B", detail: `${size} B / ${jsonSize} B` };
}

function clickFrame(): Uint8Array {
  let controls: CounterControls | undefined;
  const live = mountLive(counterPage((given) => (controls = given)));
  live.turn(() => controls?.count.set(41));
  return live.turn(() => controls?.count.inc()).slice();
}

function insertFrame(rows: readonly Row[]): Uint8Array {
  let controls: TableControls | undefined;
  const live = mountLive(tablePage(makeRows(ROWS), (given) => (controls = given)));
  // The first insert brings the template's HTML; it is not what is measured.
  live.turn(() => controls?.rows.append(...makeRows(1, 9000)));
  return live.turn(() => controls?.rows.append(...rows)).slice();
}

let sink = 0;

/** Reads an INSERT of flat rows with a class and two texts; nothing is built. */
function decodeInsert(frame: Uint8Array): void {
  const { uint, take, more, end } = readFrame(frame, HEADER);
  while (more()) {
    if (uint() % 8 !== Op.INSERT) throw new Error("expected INSERT");
    for (let field = 0; field < 4; field++) sink += uint();
    for (let count = uint(); count > 0; count--) {
      const value = uint();
      if (value > 1) sink += take(value - 2).length;
      for (let text = 0; text < 2; text++) {
        if (uint() !== 0) throw new Error("expected a text");
        sink += take(uint()).length;
      }
    }
  }
  end();
}

type JsonFrame = [number, number, number, [number, number, number, number, number, number, [number, string | null, string, string][]][]];

function sinkJson(frame: JsonFrame): void {
  for (const op of frame[3]) for (const row of op[6]) sink += row[0] + (row[1]?.length ?? 0) + row[2].length + row[3].length;
}
