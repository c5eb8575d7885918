/**
 * A plan as annotations of a pull request: commands that GitHub Actions reads off the output. Cold and not accepted is an error,
 * loss and a cold rollback are warnings; what is warm is no annotation.
 */
import type { StateChange } from "../compat/change.js";
import type { VangoPlan } from "../plan.js";

export interface AnnotationOptions {
  /** The app's root from the repository's root, when they differ. */
  readonly folder?: string;
}

export function planAnnotations({ changes, schemaImpact }: VangoPlan, { folder = "" }: AnnotationOptions = {}): readonly string[] {
  return changes.flatMap((change) => {
    const level = levelOf(change, schemaImpact.acknowledged);
    if (level === undefined) return [];
    const file = folder === "" ? change.file : `${folder.replace(/\/$/, "")}/${change.file}`;
    const verdict = `deploy ${change.deploy}, rollback ${change.rollback}`;
    const text = [`${change.kind} ${change.key}${change.path === "" ? "" : ` ${change.path}`}: ${change.message}`, ...(change.fix === null ? [] : [change.fix])].join("\n");
    return [`::${level} file=${property(file)},line=${change.line},title=${property(`${change.rule} (${verdict})`)}::${escaped(text)}`];
  });
}

function levelOf({ deploy, rollback }: StateChange, acknowledged: boolean): "error" | "warning" | undefined {
  if (deploy === "cold") return acknowledged ? "warning" : "error";
  return deploy === "warm-with-loss" || rollback === "cold" ? "warning" : undefined;
}

const escaped = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string): string => escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
