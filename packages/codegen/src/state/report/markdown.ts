/** A plan for the description or a comment of a pull request. */
import type { Severity, StateChange } from "../compat/change.js";
import type { VangoPlan } from "../plan.js";
import { checklistOf } from "./checklist.js";
import { meaningOf, placeText, summaryOf } from "./summary.js";

const MARKS: Readonly<Record<Severity, string>> = { warm: "🟢", "warm-with-loss": "🟡", cold: "🔴" };

export function planMarkdown(plan: VangoPlan): string {
  const title = `### Persisted state\n\n**${summaryOf(plan, marked)}**\n`;
  if (plan.changes.length === 0) return `${title}\nNo change against ${plan.baseline}.\n`;
  const rows = plan.changes.map((change) => `| ${code(placeText(change))} | ${change.rule} | ${marked(change.deploy)} | ${marked(change.rollback)} | ${cell(change.message)} |`);
  return [
    title,
    `Against ${plan.baseline}. ${meaningOf(plan).join(" ")}\n`,
    "| where | change | deploy | rollback | what |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    ...adviceOf(plan.changes),
    "**Checklist**\n",
    ...checklistOf(plan).map((step) => `- [ ] ${step}`),
    "",
  ].join("\n");
}

const marked = (severity: Severity): string => `${MARKS[severity]} ${severity}`;

/** The advice of all changes, folded away: each once, with its places. */
function adviceOf(changes: readonly StateChange[]): readonly string[] {
  const places = new Map<string, string[]>();
  for (const { fix, file, line, deploy, rollback } of changes) {
    if (fix === null || (deploy === "warm" && rollback === "warm")) continue;
    places.set(fix, [...(places.get(fix) ?? []), `${file}:${line}`]);
  }
  if (places.size === 0) return [];
  return ["<details><summary>Advice</summary>\n", ...[...places].map(([fix, at]) => `- ${html(fix)} (${[...new Set(at)].map(code).join(", ")})`), "\n</details>\n"];
}

/** In a table a bar ends the cell, in code too. */
const cell = (text: string): string => html(text).replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (text: string): string => `\`${text.replaceAll("`", "'").replaceAll("|", "\\|")}\``;

/** Outside of code, `Record<string, …>` would be an element. */
const html = (text: string): string => text.split("`").map((part, i) => (i % 2 === 0 ? part.replaceAll("&", "&amp;").replaceAll("<", "&lt;") : part)).join("`");
