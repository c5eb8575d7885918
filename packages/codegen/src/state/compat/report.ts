/**
 * What a comparison has found so far, and where it is. Invariants: a change is cold in a direction if and only if a value proves
 * it: of the writer's whole type, refused by the reader's; the path and the values of a place belong together.
 */
import type { Severity, TypeChange } from "./change.js";
import { STATE_RULES, type TypeRuleId } from "./rules/index.js";
import { fill, type RuleDetails } from "./rules/rule.js";
import { Search, type Outside } from "./search.js";
import { conforms } from "../schema/conforms.js";
import type { StateSchema, StateType } from "../schema/type.js";

/** A value of the part as a value of the whole; undefined when there is no such whole. */
type Embed = (part: unknown) => Outside;

/** A place in both types. */
export interface Spot {
  readonly path: string;
  readonly old: Embed;
  readonly new: Embed;
}

/** Values of the part at a spot that may prove a verdict. */
export interface Evidence {
  readonly deploy?: (() => Outside) | undefined;
  readonly rollback?: (() => Outside) | undefined;
}

export const ROOT: Spot = { path: "", old: (value) => ({ value }), new: (value) => ({ value }) };

export class Report {
  readonly changes: TypeChange[] = [];
  /** Old values, new readers. */
  readonly forward: Search;
  /** New values, old readers. */
  readonly backward: Search;

  constructor(readonly from: StateSchema, readonly to: StateSchema, private readonly oldId: string) {
    this.forward = new Search(from.defs, to.defs);
    this.backward = new Search(to.defs, from.defs);
  }

  add(rule: TypeRuleId, spot: Spot, evidence: Evidence, details: RuleDetails): void {
    const { deploy, rollback, message, fix } = STATE_RULES[rule];
    const texts = { id: this.oldId, ...details };
    const proofs = {
      deploy: provenBy(evidence.deploy, spot.old, this.from, this.to),
      rollback: provenBy(evidence.rollback, spot.new, this.to, this.from),
    };
    const severity = (expected: Severity, proof: Outside): Severity => (proof !== undefined ? "cold" : expected === "cold" ? "warm" : expected);
    const change = { deploy: severity(deploy, proofs.deploy), rollback: severity(rollback, proofs.rollback) };
    const mended = change.deploy === "warm" && change.rollback === "warm";
    this.changes.push({
      rule, path: spot.path, ...change, message: fill(message, texts), fix: fix === null || (mended && STATE_RULES[rule].deploy === "cold") ? null : fill(fix, texts),
      ...proofOf(proofs),
    });
  }

  /** Both ways, whatever the types are. */
  either(old: StateType, now: StateType): Evidence {
    return { deploy: () => this.forward.outside(old, [now]), rollback: () => this.backward.outside(now, [old]) };
  }
}

export function proofOf({ deploy, rollback }: { readonly deploy: Outside; readonly rollback: Outside }): Pick<TypeChange, "proof"> {
  if (deploy === undefined && rollback === undefined) return {};
  return { proof: { ...(deploy && { deploy: deploy.value }), ...(rollback && { rollback: rollback.value }) } };
}

function provenBy(evidence: (() => Outside) | undefined, embed: Embed, writer: StateSchema, reader: StateSchema): Outside {
  const part = evidence?.();
  const whole = part === undefined ? undefined : embed(part.value);
  if (whole === undefined || conforms(writer, whole.value) !== undefined || conforms(reader, whole.value) === undefined) return undefined;
  return whole;
}
