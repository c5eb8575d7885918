/** All rules of compatibility, by their stable ids. */
import { COLLECTION_RULES } from "./collections.js";
import { FIELD_RULES } from "./fields.js";
import { KEY_RULES } from "./keys.js";
import type { StateRule } from "./rule.js";
import { UNION_RULES } from "./unions.js";
import { VALUE_RULES } from "./values.js";

/** In the order of the documentation. */
export const RULE_GROUPS = {
  "Keys, schema ids and migrations": KEY_RULES,
  "Fields, null and undefined": FIELD_RULES,
  "Unions, literals, enums and forms of text": UNION_RULES,
  "Types that were replaced": VALUE_RULES,
  "Collections": COLLECTION_RULES,
} as const;

export type KeyRuleId = keyof typeof KEY_RULES;
export type TypeRuleId = keyof typeof FIELD_RULES | keyof typeof UNION_RULES | keyof typeof VALUE_RULES | keyof typeof COLLECTION_RULES;
export type RuleId = KeyRuleId | TypeRuleId;

export const STATE_RULES: Readonly<Record<RuleId, StateRule>> = { ...KEY_RULES, ...FIELD_RULES, ...UNION_RULES, ...VALUE_RULES, ...COLLECTION_RULES };
