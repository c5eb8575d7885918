/** What differs between two builds' persisted state, as the plan says it. */

export type Severity = "warm" | "warm-with-loss" | "cold";

export type StateKind = "shared" | "global" | "session";

/** One difference, judged by one rule in both directions. */
export interface TypeChange {
  /** Stable id of the rule, such as `field-removed`. Each has a page under docs/reference/state-rules. */
  readonly rule: string;
  /** Where in the value, such as `items[].price`; "" is the value itself. */
  readonly path: string;
  /** New code reads what old code wrote. */
  readonly deploy: Severity;
  /** Old code reads what new code wrote. */
  readonly rollback: Severity;
  readonly message: string;
  readonly fix: string | null;
  /** For a severity other than warm: a value (of the old type for deploy, of the new for rollback) that proves it, encoded by `sample`. */
  readonly proof?: { readonly deploy?: unknown; readonly rollback?: unknown };
}

/** A change of one persisted key: `changes` of `vango state plan --json`. */
export interface StateChange extends Omit<TypeChange, "proof"> {
  readonly kind: StateKind;
  readonly key: string;
  readonly file: string;
  readonly line: number;
}
