// How plans and findings are printed.
import type { StateFinding } from "../../state/findings.js";
import type { VangoPlan } from "../../state/plan.js";
import { formatReport } from "../report.js";

export function planText(plan: VangoPlan, _options: { color: boolean }): string {
  const { classification, rollback, lossy } = plan.schemaImpact;
  const rows = plan.changes.map((c) => `${c.kind}:${c.key} ${c.path}  ${c.rule}  ${c.deploy}/${c.rollback}  ${c.message} ${c.fix ?? ""}`);
  return [...rows, `Deploy: ${classification === "cold_deploy" ? "cold" : lossy ? "warm-with-loss" : "warm"} · rollback: ${rollback === "cold_rollback" ? "cold" : "warm"} · ${plan.changes.length} changes`].join("\n");
}
export const planJson = (plan: VangoPlan): string => JSON.stringify(plan, undefined, 2);
export const planMarkdown = (plan: VangoPlan): string => planText(plan, { color: false });
export const planAnnotations = (plan: VangoPlan): readonly string[] => plan.changes.map((c) => `::notice file=${c.file},line=${c.line}::${c.message}`);

export const findingText = ({ code, message, why, fix, frame, file, line, column }: StateFinding): string => formatReport({ title: code, message, at: `${file}:${line}:${column}`, frame, why, fix });
export const findingAnnotation = ({ code, message, file, line, column }: StateFinding): string => `::error file=${file},line=${line},col=${column},title=${code}::${message.replaceAll("%", "%25").replaceAll("\n", "%0A")}`;
