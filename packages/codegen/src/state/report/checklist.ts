/**
 * The practical checklist for a change of persisted state, as far as this plan asks for it: what to look at, then what to do, in
 * the order in which it is done. The whole list is docs/guide/state-checklist.md.
 */
import type { StateChange } from "../compat/change.js";
import type { VangoPlan } from "../plan.js";
import { verdictsOf } from "./summary.js";

const IDENTITY = new Set(["type-moved", "schema-id-added", "schema-id-removed", "schema-id-changed"]);

/** Empty when the plan has no changes. */
export function checklistOf(plan: VangoPlan): readonly string[] {
  const { changes, schemaImpact } = plan;
  if (changes.length === 0) return [];
  const { deploy, rollback } = verdictsOf(plan);
  const keys = (which: (change: StateChange) => boolean): string => list([...new Set(changes.filter(which).map(({ key }) => key))]);
  const added = keys(({ rule }) => rule === "key-added");
  const identity = keys((change) => IDENTITY.has(change.rule) && change.deploy === "cold");
  const cold = keys((change) => change.deploy === "cold");
  const lossy = keys((change) => change.deploy === "warm-with-loss");
  const back = keys((change) => change.rollback === "cold");
  const steps: string[] = [];
  if (added !== "") steps.push(`Persist only small, durable UX state, and references instead of large blobs. New: ${added}.`);
  if (identity !== "") steps.push(`Give types that move or are renamed a stable schema id: ${identity}.`);
  if (deploy === "cold" && !schemaImpact.acknowledged) steps.push(`Make the cold changes warm by their advice, or accept them with \`vango state apply --ack-cold\`: ${cold}.`);
  if (deploy === "cold" && schemaImpact.acknowledged) steps.push(`Expect fresh sessions for those who hold ${cold}: the cold changes are accepted.`);
  if (lossy !== "") steps.push(`Make sure that nobody misses what is let go: ${lossy}.`);
  if (rollback === "cold") steps.push(`If you need to be able to roll back, deploy in two steps: code that reads the new form, then code that writes it. Concerned: ${back}.`);
  steps.push("Run `vango state apply` and review the artifacts literally.", "Commit them with the source change; `vango state check` guards them in CI.");
  return steps;
}

function list(keys: readonly string[]): string {
  const shown = keys.slice(0, 5).map((key) => `\`${key}\``);
  return keys.length > shown.length ? `${shown.join(", ")} and ${keys.length - shown.length} more` : shown.join(", ");
}
