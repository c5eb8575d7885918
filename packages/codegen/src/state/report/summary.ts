/** A plan in one sentence, and its verdicts in the words of the rules. What every form of output says first. */
import type { Severity, StateChange } from "../compat/change.js";
import type { VangoPlan } from "../plan.js";

export interface Verdicts {
  readonly deploy: Severity;
  readonly rollback: Severity;
}

export function verdictsOf({ changes }: VangoPlan): Verdicts {
  const worst = (side: "deploy" | "rollback"): Severity => (["cold", "warm-with-loss"] as const).find((severity) => changes.some((change) => change[side] === severity)) ?? "warm";
  return { deploy: worst("deploy"), rollback: worst("rollback") };
}

/** Keys that change, each once. */
export const keysOf = ({ changes }: VangoPlan): readonly string[] => [...new Set(changes.map(({ kind, key }) => `${kind} ${key}`))];

/** `Deploy: warm · rollback: cold · 3 keys`. */
export function summaryOf(plan: VangoPlan, show: (severity: Severity) => string = (severity) => severity): string {
  const { deploy, rollback } = verdictsOf(plan);
  const keys = keysOf(plan).length;
  const accepted = deploy === "cold" && plan.schemaImpact.acknowledged ? " (accepted)" : "";
  return `Deploy: ${show(deploy)}${accepted} · rollback: ${show(rollback)} · ${keys} ${keys === 1 ? "key" : "keys"}`;
}

/** What the verdicts mean for the people who have the app open. */
export function meaningOf(plan: VangoPlan): readonly string[] {
  const { deploy, rollback } = verdictsOf(plan);
  const now = {
    warm: "Sessions resume as they were.",
    "warm-with-loss": "Sessions resume, but something that is stored is not used any more.",
    cold: onlyRemoved(plan)
      ? "Sessions resume, but what they hold of a removed key is lost: they are told."
      : "Sessions that hold what is no longer read get a fresh session: in place, with a notice, without a reload.",
  }[deploy];
  const back = {
    warm: "A rollback, and old processes beside new ones, read what the new code writes.",
    "warm-with-loss": "After a rollback, something that the new code has stored is not used.",
    cold: "After a rollback, and in old processes while both run, values of the new code are not read: their sessions begin afresh there, and the newer records are kept.",
  }[rollback];
  return [now, back];
}

/** Where a change is: `shared cart items[].price`. */
export const placeText = ({ kind, key, path }: StateChange): string => `${kind} ${key}${path === "" ? "" : ` ${path}`}`;

/** What is cold is cold because a key goes. */
const onlyRemoved = ({ changes }: VangoPlan): boolean => changes.every(({ rule, deploy }) => deploy !== "cold" || rule === "key-removed");
