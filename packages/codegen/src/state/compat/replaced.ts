/** Which rule a type falls under that was replaced by one of another kind. */
import type { TypeRuleId } from "./rules/index.js";
import type { StateType } from "../schema/type.js";

const BY_KINDS: Readonly<Record<string, TypeRuleId>> = {
  "number string": "number-to-text", "string number": "text-to-number", "number bigint": "number-to-bigint", "bigint number": "bigint-to-number",
  "date string": "date-to-text", "string date": "text-to-date", "date number": "date-to-number", "number date": "number-to-date",
  "array set": "array-to-set", "set array": "set-to-array", "array tuple": "array-to-tuple", "tuple array": "tuple-to-array",
  "record object": "record-to-object", "object record": "object-to-record", "record map": "record-to-map", "map record": "map-to-record",
  "object map": "object-to-map", "map object": "map-to-object", "view view": "view-changed", "view array": "view-to-array", "array view": "array-to-view",
  "null undefined": "null-to-undefined", "undefined null": "undefined-to-null",
};

/** Undefined: they are the same. Two kinds, or two views; neither is a union, a name or a literal of the other's kind. */
export function replacedRule(old: StateType, now: StateType): TypeRuleId | undefined {
  if (old.kind === "view" && now.kind === "view" && old.name === now.name) return undefined;
  if (now.kind === "unknown") return "unknown-widened";
  if (old.kind === "unknown") return "unknown-narrowed";
  if (now.kind === "array" && same(now.item, old)) return "value-to-list";
  if (old.kind === "array" && same(old.item, now)) return "list-to-value";
  return BY_KINDS[`${old.kind} ${now.kind}`] ?? "type-replaced";
}

const same = (a: StateType, b: StateType): boolean => JSON.stringify(a) === JSON.stringify(b);
