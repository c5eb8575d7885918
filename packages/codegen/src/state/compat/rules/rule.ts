/**
 * What a rule of compatibility says. Invariants: an id never changes its meaning; the severities are the rule's verdict when
 * nothing else in the types mends the change. Texts are filled in by `{name}`s.
 */
import type { Severity } from "../change.js";

export interface StateRule {
  /** What changed, as a heading. */
  readonly title: string;
  /** New code reads old data. */
  readonly deploy: Severity;
  /** Old code reads new data. */
  readonly rollback: Severity;
  /** One line of a plan. */
  readonly message: string;
  /** What to do about it; null: nothing. */
  readonly fix: string | null;
  /** Why the verdict is what it is, for the rule's page. */
  readonly why: { readonly deploy: string; readonly rollback: string };
}

export type RuleGroup = Readonly<Record<string, StateRule>>;

/** What a message is filled in with. */
export type RuleDetails = Readonly<Record<string, string>>;

export const fill = (text: string, details: RuleDetails): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => details[name] ?? whole);

/** Advice that many rules share. */
export const MIGRATE = 'give the type a new schema id and read the old values with `migrate: { "{id}": (old) => … }`';
