// T15 to T17, in Chromium: creating rows, updating every tenth and taking over a server-rendered page, with real frames and
// pages of the framework, against hand-written DOM code.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { BrowserFigures, BrowserInput } from "../browser/bench.js";
import type { Group } from "../lib/figure.js";
import { mountLive, renderDocument } from "../lib/live.js";
import type { Result } from "../lib/result.js";
import { median, quantile } from "../lib/stats.js";
import { makeRows, type Row } from "../pages/rows.js";
import { tablePage, type TableControls } from "../pages/table.js";

const ROWS = 1000;
/** Trials are thirds of the repetitions, in order. */
const TRIALS = 3;

export const browser: Group = {
  name: "browser",
  ids: ["T15", "T16", "T17"],
  async run(context) {
    const rows = makeRows(ROWS);
    const fullHtml = renderDocument(tablePage(rows));
    const input: BrowserInput = {
      fullHtml,
      emptyHtml: renderDocument(tablePage([])),
      rowHtml: '<tr><td class="c1"></td><td class="c4"><a></a></td><td class="c1"><a><span class="x" aria-hidden="true"></span></a></td><td class="c6"></td></tr>',
      rows,
      create: [...createFrame(rows)],
      ...tenthFrames(rows),
      repeat: context.smoke ? 3 : 36,
    };
    // Loaded late: no other group needs it.
    const { withPage } = await import("../lib/chromium.js");
    const figures = await withPage(async (page) => {
      await page.addScriptTag({ content: `${readFileSync(fileURLToPath(new URL("./browser/bench.global.js", import.meta.url)), "utf8")};globalThis.vangoBench=vangoBench` });
      return page.evaluate((given) => (globalThis as unknown as { vangoBench: { run(i: BrowserInput): BrowserFigures } }).vangoBench.run(given), input);
    });
    if (!figures.equal) throw new Error("the DOM of candidate and floor differ");
    return lines(figures, fullHtml).filter(({ id }) => context.wants(id.split(".")[0] as string));
  },
};

function lines(figures: BrowserFigures, fullHtml: string): Result[] {
  const against = (candidate: readonly number[], floor: readonly number[]): Pick<Result, "ratio" | "spread" | "detail"> => {
    const [a, b] = [trialsOf(candidate), trialsOf(floor)];
    const ratios = a.map((value, at) => value / (b[at] as number));
    return { ratio: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)], detail: `${median(a).toFixed(3)} ms / ${median(b).toFixed(3)} ms` };
  };
  const taken = trialsOf(figures.takeOver);
  const marked = gzipSync(fullHtml, { level: 9 }).length;
  const blobless = gzipSync(withoutBlob(fullHtml), { level: 9 }).length;
  const bare = gzipSync(withoutMarks(fullHtml), { level: 9 }).length;
  return [
    { id: "T15", what: `client: create ${ROWS} rows, JavaScript`, baseline: "compiled cloneNode", target: 1.25, ...against(figures.createVango, figures.createCompiled) },
    { id: "T15.ops", what: `client: create ${ROWS} rows, JavaScript`, baseline: "createElement", ...against(figures.createVango, figures.createOps) },
    { id: "T16", what: `client: every 10th of ${ROWS} rows, JavaScript`, baseline: "cached text nodes", target: 2, ...against(figures.tenthVango, figures.tenthCached) },
    { id: "T16.morphdom", what: `client: every 10th of ${ROWS} rows, JavaScript`, baseline: "morphdom of the table", target: 0.02, ...against(figures.tenthVango, figures.tenthMorphdom) },
    { id: "T17", what: `client: take over ${ROWS} rows, JavaScript`, baseline: "-", target: 0.5, value: median(taken), unit: "ms", spread: [Math.min(...taken), Math.max(...taken)] },
    { id: "T17.html", what: "gzipped page with marks and boot blob", baseline: "the page without them", target: 1.02, ratio: marked / bare, detail: `${marked} B / ${bare} B` },
    { id: "T17.marks", what: "gzipped page with marks, without boot blob", baseline: "the page without them", ratio: blobless / bare, detail: `${blobless} B / ${bare} B` },
  ];
}

/** The low quantile of each third: what the code costs when nothing interrupts it. */
function trialsOf(values: readonly number[]): number[] {
  const size = Math.floor(values.length / TRIALS);
  return Array.from({ length: TRIALS }, (_, at) => quantile(values.slice(at * size, (at + 1) * size), 0.3));
}

function withoutBlob(html: string): string {
  return html.replace(/<script type="application\/vango"[\s\S]*?<\/script>/, "");
}

/** The page without event marks, anchors and boot blob. */
function withoutMarks(html: string): string {
  return withoutBlob(html).replaceAll(/ v="[\d,]+"/g, "").replaceAll("<!>", "");
}

function createFrame(rows: readonly Row[]): Uint8Array {
  const { live, controls } = mounted([]);
  return live.turn(() => controls.rows.set(rows)).slice();
}

function tenthFrames(rows: readonly Row[]): Pick<BrowserInput, "tenth" | "tenthLabels"> {
  const { live, controls } = mounted(rows);
  const tenth: number[][] = [];
  const tenthLabels: string[][] = [];
  for (const suffix of [" !!!", " ???"]) {
    const next = controls.rows.peek().map((row, at) => (at % 10 === 0 ? { id: row.id, label: row.label.slice(0, 8) + suffix } : row));
    tenth.push([...live.turn(() => controls.rows.set(next))]);
    tenthLabels.push(next.filter((_, at) => at % 10 === 0).map((row) => row.label));
  }
  return { tenth, tenthLabels };
}

function mounted(rows: readonly Row[]): { live: ReturnType<typeof mountLive>; controls: TableControls } {
  let controls: TableControls | undefined;
  const live = mountLive(tablePage(rows, (given) => (controls = given)));
  if (controls === undefined) throw new Error("the page was not set up");
  return { live, controls };
}
