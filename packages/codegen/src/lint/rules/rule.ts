// What every rule file gives: its text and how it finds.
import type { Finding, RuleText } from "../finding.js";
import type { Source } from "../source.js";

export interface LintRule extends RuleText {
  check(source: Source): readonly Finding[];
}
