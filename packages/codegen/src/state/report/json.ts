/** A plan for programs: `VangoPlan` of the contract and nothing else, whatever the plan was made with. */
import type { VangoPlan } from "../plan.js";

export function planJson({ version, baseline, schemaImpact, changes }: VangoPlan): string {
  const { classification, lossy, rollback, acknowledged } = schemaImpact;
  return JSON.stringify({
    version, baseline,
    schemaImpact: { classification, lossy, rollback, acknowledged },
    changes: changes.map((change) => ({
      rule: change.rule, kind: change.kind, key: change.key, path: change.path, deploy: change.deploy, rollback: change.rollback,
      message: change.message, fix: change.fix, file: change.file, line: change.line,
    })),
  }, undefined, 2);
}
