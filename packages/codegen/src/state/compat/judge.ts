/**
 * Compares two versions of a persisted type, both ways. Invariants: no change is cold without a value that proves it, and none
 * is warm in a direction in which some value proves the contrary, except when the types are too complex to compare, which is said.
 */
import type { TypeChange } from "./change.js";
import { TooComplex } from "./limits.js";
import { proofOf, Report, ROOT } from "./report.js";
import { STATE_RULES } from "./rules/index.js";
import { fill } from "./rules/rule.js";
import { Walk } from "./walk.js";
import { canonical } from "../schema/canonical.js";
import { typeText } from "../schema/print.js";
import type { StateSchema } from "../schema/type.js";

/**
 * What differs between an old and a new version of a type, judged both ways; empty when nothing does.
 *
 * @param oldId - Schema id of the old values, for the advice.
 */
export function judgeTypes(from: StateSchema, to: StateSchema, oldId = "<old schema id>"): readonly TypeChange[] {
  const [before, after] = [canonical(from), canonical(to)];
  // From here on equal types are equal texts, whether they came from sources or from an artifact.
  return before === after ? [] : judge(JSON.parse(before) as StateSchema, JSON.parse(after) as StateSchema, oldId);
}

function judge(from: StateSchema, to: StateSchema, oldId: string): readonly TypeChange[] {
  try {
    const report = new Report(from, to, oldId);
    new Walk(report).compare(from.root, to.root, ROOT);
    const deploy = report.forward.outside(from.root, [to.root]);
    const rollback = report.backward.outside(to.root, [from.root]);
    const missing = {
      deploy: report.changes.some((change) => change.deploy === "cold") ? undefined : deploy,
      rollback: report.changes.some((change) => change.rollback === "cold") ? undefined : rollback,
    };
    if (missing.deploy !== undefined || missing.rollback !== undefined) {
      report.add("values-uncovered", ROOT, { deploy: () => missing.deploy, rollback: () => missing.rollback }, { from: typeText(from.root), to: typeText(to.root) });
    }
    return report.changes;
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    const { deploy, rollback, message, fix } = STATE_RULES["comparison-limit"];
    return [{ rule: "comparison-limit", path: "", deploy, rollback, message: fill(message, { reason: error.what }), fix, ...proofOf({ deploy: undefined, rollback: undefined }) }];
  }
}
