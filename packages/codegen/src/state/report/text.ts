/** A plan for a terminal: one row a change, what it is and what to do below, then the verdict and the checklist. Invariant: colour adds nothing that the text does not say. */
import type { Severity, StateChange } from "../compat/change.js";
import type { VangoPlan } from "../plan.js";
import { checklistOf } from "./checklist.js";
import { meaningOf, summaryOf } from "./summary.js";

export interface TextOptions {
  readonly color?: boolean;
  /** Columns of the terminal; 100 by default, at least 60. */
  readonly width?: number;
}

const ESCAPE = "\u001B[";
type Paint = (text: string) => string;
const paint = (code: number): Paint => (text) => `${ESCAPE}${code}m${text}${ESCAPE}0m`;
const plain: Paint = (text) => text;

const MARKS: Readonly<Record<Severity, string>> = { warm: "✔", "warm-with-loss": "▲", cold: "✖" };
const COLORS: Readonly<Record<Severity, number>> = { warm: 32, "warm-with-loss": 33, cold: 31 };

export function planText(plan: VangoPlan, { color = false, width = 100 }: TextOptions = {}): string {
  const painted = (code: number): Paint => (color ? paint(code) : plain);
  const [bold, dim] = [painted(1), painted(2)];
  const severity = (of: Severity, columns = 0): string => painted(COLORS[of])(`${MARKS[of]} ${of}`.padEnd(columns));
  const word = (of: Severity): string => painted(COLORS[of])(of);
  // A terminal of no columns is one that does not say how many it has.
  const columns = width === 0 ? 100 : Math.max(60, width);
  if (plan.changes.length === 0) return `No change of persisted state against ${plan.baseline}.\n${summaryOf(plan, word)}`;

  const rows = plan.changes.map((change) => ({ change, cells: [`${change.kind} ${change.key}`, change.path === "" ? "–" : change.path, change.rule] }));
  const header = ["KEY", "PATH", "CHANGE"];
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map(({ cells }) => (cells[i] ?? "").length)));
  const VERDICT = 18;
  const line = (cells: readonly string[]): string => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ");
  const table = rows.map(({ change, cells }) => [
    `${line(cells)}  ${severity(change.deploy, VERDICT)}${severity(change.rollback)}`,
    ...below(change, columns).map((text) => `    ${text}`),
    `    ${dim(`${change.file}:${change.line}`)}`,
  ].join("\n"));

  return [
    `Persisted state against ${plan.baseline}\n`,
    bold(`${line(header)}  ${"DEPLOY".padEnd(VERDICT)}ROLLBACK`),
    ...table,
    "",
    summaryOf(plan, word),
    ...meaningOf(plan).flatMap((text) => wrap(text, columns)),
    "",
    bold("Checklist"),
    ...checklistOf(plan).flatMap((step, i) => wrap(step, columns - 5).map((text, at) => (at === 0 ? ` ${i + 1}.  ${text}` : `     ${text}`))),
  ].join("\n");
}

/** What a change is, and what to do. */
function below({ message, fix, deploy, rollback }: StateChange, columns: number): readonly string[] {
  const advice = fix === null || (deploy === "warm" && rollback === "warm") ? [] : wrap(`→ ${fix}`, columns - 6);
  return [...wrap(message, columns - 4), ...advice];
}

/** Lines of whole words; a word that is too long stands alone. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
