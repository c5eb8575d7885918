/** Which rule a form of text falls under that became another one. */
import { textOutside, type Language } from "./language.js";
import { textsOf } from "./parse-pattern.js";
import type { TypeRuleId } from "./rules/index.js";
import type { StateType } from "../schema/type.js";

export const isText = (type: StateType): boolean => type.kind === "template" || type.kind === "string" || (type.kind === "literal" && type.of === "string");

/** Of two types of text, at least one a form; undefined: they have the same texts. @throws TooComplex */
export function textRule(old: StateType, now: StateType): TypeRuleId | undefined {
  const [before, after] = [textsOf(old) as Language, textsOf(now) as Language];
  const fewer = textOutside(before, after) !== undefined;
  const more = textOutside(after, before) !== undefined;
  return fewer ? (more ? "template-changed" : "template-narrowed") : more ? "template-widened" : undefined;
}
