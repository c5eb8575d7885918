/** Rules for types that were replaced by others: primitives, dates, brands, `unknown`, names. */
import { MIGRATE, type RuleGroup } from "./rule.js";

const fix = `Keep the type and convert where it is read, or ${MIGRATE}.`;
const NO_CONVERSION = "Values are never converted on the way.";
const BRAND = "A brand exists for the compiler only: values are the same.";

export const VALUE_RULES = {
  "type-replaced": {
    title: "A type was replaced by another", deploy: "cold", rollback: "cold",
    message: "Was {from}, is {to}.", fix,
    why: { deploy: `Old values are not of the new type. ${NO_CONVERSION}`, rollback: `New values are not of the old type. ${NO_CONVERSION}` },
  },
  "number-to-text": {
    title: "A number became a text", deploy: "cold", rollback: "cold",
    message: "Was {from}, is {to}.", fix: `Keep the number and write it with \`String(…)\` where it is shown, or ${MIGRATE}.`,
    why: { deploy: `Old values are numbers. ${NO_CONVERSION}`, rollback: `New values are texts. ${NO_CONVERSION}` },
  },
  "text-to-number": {
    title: "A text became a number", deploy: "cold", rollback: "cold",
    message: "Was {from}, is {to}.", fix: `Read the old values with \`migrate\` and say there what a text that is no number becomes; or add a second field.`,
    why: { deploy: `Old values are texts. ${NO_CONVERSION}`, rollback: `New values are numbers. ${NO_CONVERSION}` },
  },
  "number-to-bigint": {
    title: "A number became a bigint", deploy: "cold", rollback: "cold",
    message: "Was {from}, is {to}.", fix: `Allow both (\`number | bigint\`) for one deploy, or ${MIGRATE}.`,
    why: { deploy: "MessagePack keeps numbers and bigints apart: old values are numbers.", rollback: "New values are bigints, and arithmetic of the old code would throw." },
  },
  "bigint-to-number": {
    title: "A bigint became a number", deploy: "cold", rollback: "cold",
    message: "Was {from}, is {to}.", fix: `Allow both (\`number | bigint\`) for one deploy, or ${MIGRATE}.`,
    why: { deploy: "MessagePack keeps numbers and bigints apart: old values are bigints.", rollback: "New values are numbers." },
  },
  "date-to-text": {
    title: "A date became a text", deploy: "cold", rollback: "cold",
    message: "Was {from}, is {to}.", fix: `Keep the \`Date\`: it is stored as one. Or ${MIGRATE}.`,
    why: { deploy: "A `Date` comes back as a `Date`, not as the text that JSON would make of it.", rollback: "New values are texts, and have no `getTime`." },
  },
  "text-to-date": {
    title: "A text became a date", deploy: "cold", rollback: "cold",
    message: "Was {from}, is {to}.", fix: `Read the old values with \`migrate\` (\`new Date(old)\`), or keep the text and make a \`Date\` where it is read.`,
    why: { deploy: "Old values are texts, and have no `getTime`.", rollback: "New values are `Date`s." },
  },
  "date-to-number": {
    title: "A date became a number", deploy: "cold", rollback: "cold",
    message: "Was {from}, is {to}.", fix: `Read the old values with \`migrate\` (\`old.getTime()\`), or keep the \`Date\`.`,
    why: { deploy: "A `Date` comes back as a `Date`.", rollback: "New values are numbers." },
  },
  "number-to-date": {
    title: "A number became a date", deploy: "cold", rollback: "cold",
    message: "Was {from}, is {to}.", fix: `Read the old values with \`migrate\` (\`new Date(old)\`), or keep the number.`,
    why: { deploy: "Old values are numbers.", rollback: "New values are `Date`s." },
  },
  "unknown-widened": {
    title: "A type became `unknown`", deploy: "warm", rollback: "cold",
    message: "Was {from}, may now be anything.", fix: "Say what it may be: a type is what lets the next deploy be proved warm.",
    why: { deploy: "Every value is a value of `unknown`.", rollback: "The new code may write anything." },
  },
  "unknown-narrowed": {
    title: "`unknown` became a type", deploy: "cold", rollback: "warm",
    message: "Was anything, is {to}.", fix: `Keep \`unknown\` and check where it is read, or ${MIGRATE}.`,
    why: { deploy: "Old values may be anything that can be stored.", rollback: "Every value is a value of `unknown`." },
  },
  "brand-added": {
    title: "A type got a brand", deploy: "warm", rollback: "warm",
    message: "{from} is now branded: {to}.", fix: "If the brand stands for a check (`Email`), old values have not passed it: check where they are read.",
    why: { deploy: BRAND, rollback: BRAND },
  },
  "brand-removed": {
    title: "A type lost its brand", deploy: "warm", rollback: "warm",
    message: "{from} is no longer branded: {to}.", fix: null,
    why: { deploy: BRAND, rollback: `${BRAND} If the brand stands for a check, new values may not have passed it.` },
  },
  "brand-changed": {
    title: "A type has another brand", deploy: "warm", rollback: "warm",
    message: "The brand changed: {from} → {to}.", fix: "If both brands stand for checks, old values have passed the old one only.",
    why: { deploy: BRAND, rollback: BRAND },
  },
  "type-renamed": {
    title: "A type inside was renamed", deploy: "warm", rollback: "warm",
    message: "Type {from} is now called {to}.", fix: null,
    why: { deploy: "Names of types inside a value say nothing about it: its shape is compared.", rollback: "Names of types inside a value say nothing about it: its shape is compared." },
  },
} as const satisfies RuleGroup;
