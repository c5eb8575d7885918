/** Rules for the fields of objects, and for `null` and `undefined`. */
import { MIGRATE, type RuleGroup } from "./rule.js";

const KEPT = "The old code does not know the field. It leaves it in the value, and the new code finds it again.";
const IGNORED = "The new code does not read the field any more. It stays in the value until the app writes a new one without it.";

export const FIELD_RULES = {
  "field-added": {
    title: "A required field was added", deploy: "cold", rollback: "warm",
    message: "Required field `{name}: {to}` was added.",
    fix: `Make it optional (\`{name}?\`) and use a default where it is read, or ${MIGRATE}.`,
    why: { deploy: "Values of the old build have no such field: the new code would meet `undefined` where its type promises a value.", rollback: KEPT },
  },
  "field-added-optional": {
    title: "An optional field was added", deploy: "warm", rollback: "warm",
    message: "Optional field `{name}?: {to}` was added.", fix: null,
    why: { deploy: "Values without the field are values of the new type.", rollback: KEPT },
  },
  "field-removed": {
    title: "A required field was removed", deploy: "warm-with-loss", rollback: "cold",
    message: "Required field `{name}: {from}` was removed.",
    fix: "To be able to roll back, make it optional in one deploy and remove it in the next. Mark it `@deprecated` first, so that everybody knows.",
    why: { deploy: IGNORED, rollback: "The old code requires the field, and values that the new code writes have none." },
  },
  "field-removed-optional": {
    title: "An optional field was removed", deploy: "warm-with-loss", rollback: "warm",
    message: "Optional field `{name}?: {from}` was removed.", fix: "Mark a field `@deprecated` in the deploy before the one that removes it.",
    why: { deploy: IGNORED, rollback: "Values without the field are values of the old type too." },
  },
  "field-removed-deprecated": {
    title: "An announced field was removed", deploy: "warm-with-loss", rollback: "warm",
    message: "Field `{name}: {from}`, which was `@deprecated`, was removed.", fix: null,
    why: { deploy: `${IGNORED} That was announced.`, rollback: "The field was optional, so values without it are values of the old type. A deprecated field that is still required makes the rollback cold." },
  },
  "field-renamed": {
    title: "A required field was renamed", deploy: "cold", rollback: "cold",
    message: "Required field `{old}: {from}` is now called `{name}`.",
    fix: `Keep the name, or add \`{name}?\` beside \`{old}\` for one deploy, or ${MIGRATE}.`,
    why: { deploy: "Old values have the field under its old name, and the new code requires the new one.", rollback: "New values have the field under its new name, and the old code requires the old one." },
  },
  "field-made-optional": {
    title: "A required field became optional", deploy: "warm", rollback: "cold",
    message: "Field `{name}` became optional.", fix: "To be able to roll back, deploy the type first and code that leaves the field out later.",
    why: { deploy: "Every old value has the field.", rollback: "The new code may write values without the field, which the old code requires." },
  },
  "field-made-required": {
    title: "An optional field became required", deploy: "cold", rollback: "warm",
    message: "Field `{name}` became required.", fix: `Keep it optional and use a default where it is read, or ${MIGRATE}.`,
    why: { deploy: "Old values may be without the field.", rollback: "Every new value has the field, which the old type allows." },
  },
  "field-optional-to-undefined": {
    title: "An optional field became one that may be `undefined`", deploy: "warm", rollback: "cold",
    message: "Field `{name}?` became `{name}: {to}`.", fix: "Write `{name}?: {to}`, which allows both.",
    why: { deploy: "An absent field reads as `undefined`.", rollback: "The new code may write the field with the value `undefined`; with `exactOptionalPropertyTypes` the old type allows absence only." },
  },
  "field-undefined-to-optional": {
    title: "A field that may be `undefined` became an optional one", deploy: "cold", rollback: "warm",
    message: "Field `{name}: {from}` became `{name}?`.", fix: "Write `{name}?: {from}`, which allows both.",
    why: { deploy: "Old values may have the field with the value `undefined`, which MessagePack keeps; with `exactOptionalPropertyTypes` the new type allows absence only.", rollback: "An absent field reads as `undefined`, which the old type allows." },
  },
  "field-deprecated": {
    title: "A field was marked `@deprecated`", deploy: "warm", rollback: "warm",
    message: "Field `{name}` is now `@deprecated`: its removal is announced.", fix: null,
    why: { deploy: "The mark says nothing about values.", rollback: "The mark says nothing about values." },
  },
  "field-undeprecated": {
    title: "A field is no longer `@deprecated`", deploy: "warm", rollback: "warm",
    message: "Field `{name}` is no longer `@deprecated`.", fix: null,
    why: { deploy: "The mark says nothing about values.", rollback: "The mark says nothing about values." },
  },
  "null-added": {
    title: "`null` was added", deploy: "warm", rollback: "cold",
    message: "May now be `null`: {from} → {to}.", fix: "To be able to roll back, deploy code that reads `null` first and code that writes it later.",
    why: { deploy: "Old values are values of the new type.", rollback: "The new code may write `null`, which the old code does not expect." },
  },
  "null-removed": {
    title: "`null` was removed", deploy: "cold", rollback: "warm",
    message: "May no longer be `null`: {from} → {to}.", fix: `Keep \`null\` and use a default where it is read, or ${MIGRATE}.`,
    why: { deploy: "Old values may be `null`.", rollback: "New values are values of the old type." },
  },
  "undefined-added": {
    title: "`undefined` was added", deploy: "warm", rollback: "cold",
    message: "May now be `undefined`: {from} → {to}.", fix: "To be able to roll back, deploy code that reads `undefined` first and code that writes it later.",
    why: { deploy: "Old values are values of the new type.", rollback: "The new code may write `undefined`, which the old code does not expect." },
  },
  "undefined-removed": {
    title: "`undefined` was removed", deploy: "cold", rollback: "warm",
    message: "May no longer be `undefined`: {from} → {to}.", fix: `Keep \`undefined\` and use a default where it is read, or ${MIGRATE}.`,
    why: { deploy: "Old values may be `undefined`: it is kept as it is, never turned into a default.", rollback: "New values are values of the old type." },
  },
  "null-to-undefined": {
    title: "`null` became `undefined`", deploy: "cold", rollback: "cold",
    message: "`null` became `undefined`: {from} → {to}.", fix: `Allow both (\`null | undefined\`), or ${MIGRATE}.`,
    why: { deploy: "Old values may be `null`: it is kept apart from `undefined`.", rollback: "New values may be `undefined`, which the old type has not." },
  },
  "undefined-to-null": {
    title: "`undefined` became `null`", deploy: "cold", rollback: "cold",
    message: "`undefined` became `null`: {from} → {to}.", fix: `Allow both (\`null | undefined\`), or ${MIGRATE}.`,
    why: { deploy: "Old values may be `undefined`: it is kept apart from `null`.", rollback: "New values may be `null`, which the old type has not." },
  },
} as const satisfies RuleGroup;
