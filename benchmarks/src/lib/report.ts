// The report as text: one line a figure, aligned, with its verdict. Numbers come from the run only.
import { verdict, type Result } from "./result.js";

const HEADER = ["id", "figure", "measured", "spread", "target", "verdict", "against"];

export function table(results: readonly Result[]): string {
  const rows = [HEADER, ...results.map(row)];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((cells) => (cells[column] as string).length)));
  return rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] as number)).join("  ").trimEnd()).join("\n");
}

function row(result: Result): string[] {
  return [
    result.id,
    result.what,
    result.ratio !== undefined ? `${fixed(result.ratio)}x` : `${plain(result.value ?? 0)} ${result.unit ?? ""}`,
    result.spread === undefined ? "" : `${fixed(result.spread[0])} to ${fixed(result.spread[1])}`,
    result.target === undefined ? "" : result.ratio !== undefined ? `<= ${result.target}x` : `<= ${plain(result.target)} ${result.unit ?? ""}`,
    verdict(result),
    result.detail === undefined ? result.baseline : `${result.baseline} (${result.detail})`,
  ];
}

function fixed(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function plain(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en-US") : String(Math.round(value * 100) / 100);
}

/** The last line: how many targets were met. */
export function summary(results: readonly Result[]): string {
  const verdicts = results.map(verdict);
  const met = verdicts.filter((v) => v === "met").length;
  const missed = results.filter((result) => verdict(result) === "missed").map(({ id }) => id);
  return `${met} of ${met + missed.length} targets met${missed.length === 0 ? "" : `; missed: ${missed.join(", ")}`}`;
}
