// What a rule has found, before a linter makes a message of it. Offsets are UTF-16 units into the source.

/** One finding of one rule. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  /** What is wrong at this place. */
  readonly what: string;
}

/** Findings of an analysis that serves several rules. */
export type Findings = Map<string, Finding[]>;

/** The list under a name; made when it is asked for first. */
export function findingsOf(findings: Findings, name: string): Finding[] {
  const found = findings.get(name) ?? [];
  findings.set(name, found);
  return found;
}

/** What a rule is, apart from how it finds. */
export interface RuleText {
  /** Name within the plugin. */
  readonly name: string;
  /** One sentence: what the rule refuses. */
  readonly summary: string;
  readonly why: string;
  readonly fix: string;
  /** Code of the same mistake at run time or in the compiler, if there is one. */
  readonly code?: `VANGO_${string}`;
}
