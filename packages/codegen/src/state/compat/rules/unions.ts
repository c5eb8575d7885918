/** Rules for unions, literals, enums and forms of text. */
import { MIGRATE, type RuleGroup } from "./rule.js";

const FITS_NEW = "Every old value is a value of the new type.";
const FITS_OLD = "Every new value is a value of the old type.";
const FIRST = "To be able to roll back, deploy code that reads it first and code that writes it later.";

export const UNION_RULES = {
  "union-member-added": {
    title: "A member was added to a union", deploy: "warm", rollback: "cold",
    message: "May now also be {to}.", fix: FIRST,
    why: { deploy: FITS_NEW, rollback: "The new code may write values of the new member, which the old code does not know." },
  },
  "union-member-removed": {
    title: "A member was removed from a union", deploy: "cold", rollback: "warm",
    message: "May no longer be {from}.", fix: `Keep the member and treat it where it is read, or ${MIGRATE}.`,
    why: { deploy: "Old values may be of the removed member, and no other member takes them.", rollback: FITS_OLD },
  },
  "variant-added": {
    title: "A variant was added to a discriminated union", deploy: "warm", rollback: "cold",
    message: "Variant {to} was added.", fix: FIRST,
    why: { deploy: FITS_NEW, rollback: "The new code may write the new variant, whose tag the old code does not know." },
  },
  "variant-removed": {
    title: "A variant was removed from a discriminated union", deploy: "cold", rollback: "warm",
    message: "Variant {from} was removed.", fix: `Keep the variant until no session holds it, or ${MIGRATE}.`,
    why: { deploy: "Old values may be of the removed variant.", rollback: FITS_OLD },
  },
  "union-tag-renamed": {
    title: "The tag of a discriminated union was renamed", deploy: "cold", rollback: "cold",
    message: "The variants are told apart by `{name}`, no longer by `{old}`.", fix: `Keep \`{old}\`, or ${MIGRATE}.`,
    why: { deploy: "Old values have the tag under its old name.", rollback: "New values have the tag under its new name." },
  },
  "object-split": {
    title: "An object type became several", deploy: "cold", rollback: "warm",
    message: "One object type became several: {from} → {to}.", fix: `Add the old combinations as a variant, or ${MIGRATE}.`,
    why: { deploy: "Old values may combine fields as no variant does.", rollback: "The old type takes every variant, as far as their fields fit." },
  },
  "objects-merged": {
    title: "Several object types became one", deploy: "warm", rollback: "cold",
    message: "Several object types became one: {from} → {to}.", fix: "To be able to roll back, deploy the type first and code that writes new combinations later.",
    why: { deploy: "The new type takes every variant, as far as their fields fit.", rollback: "New values may combine fields as no variant of the old type does." },
  },
  "values-uncovered": {
    title: "Some combination is taken by no member", deploy: "cold", rollback: "cold",
    message: "Each part is still allowed, but not in every combination: {from} → {to}.", fix: `Allow the combination that the example shows, or ${MIGRATE}.`,
    why: { deploy: "The members of the new union do not cover every old value, even though each field of one is taken by some member.", rollback: "The members of the old union do not cover every new value." },
  },
  "comparison-limit": {
    title: "The types are too complex to compare", deploy: "cold", rollback: "cold",
    message: "The comparison was given up, because of {reason}.", fix: "Split the type, or tell the members of its unions apart by a tag (`kind: \"…\"`), which makes the comparison direct.",
    why: { deploy: "What is not proved is not said to be warm.", rollback: "What is not proved is not said to be warm." },
  },
  "literal-added": {
    title: "A literal was added", deploy: "warm", rollback: "cold",
    message: "Literal {to} was added.", fix: FIRST,
    why: { deploy: FITS_NEW, rollback: "The new code may write a literal that the old code does not know." },
  },
  "literal-removed": {
    title: "A literal was removed", deploy: "cold", rollback: "warm",
    message: "Literal {from} was removed.", fix: `Keep the literal until no session holds it, or ${MIGRATE}.`,
    why: { deploy: "Old values may be the removed literal.", rollback: FITS_OLD },
  },
  "literal-changed": {
    title: "A literal was changed", deploy: "cold", rollback: "cold",
    message: "Literal {from} became {to}.", fix: `Allow both (\`{from} | {to}\`), or ${MIGRATE}.`,
    why: { deploy: "Old values are the old literal.", rollback: "New values are the new literal." },
  },
  "literal-widened": {
    title: "Literals became their primitive", deploy: "warm", rollback: "cold",
    message: "{from} became any {to}.", fix: "To be able to roll back, deploy code that reads any value first and code that writes others later.",
    why: { deploy: FITS_NEW, rollback: "The new code may write values that are none of the old literals." },
  },
  "literal-narrowed": {
    title: "A primitive became literals", deploy: "cold", rollback: "warm",
    message: "Any {from} became {to} only.", fix: `Keep {from} and check the value where it is read, or ${MIGRATE}.`,
    why: { deploy: "Old values may be none of the literals.", rollback: FITS_OLD },
  },
  "enum-member-added": {
    title: "A member was added to an enum", deploy: "warm", rollback: "cold",
    message: "Enum {name} has a new member of value {to}.", fix: FIRST,
    why: { deploy: FITS_NEW, rollback: "The new code may write a member that the old code does not know." },
  },
  "enum-member-removed": {
    title: "A member was removed from an enum", deploy: "cold", rollback: "warm",
    message: "Enum {name} has no member of value {from} any more.", fix: `Keep the member until no session holds it, or ${MIGRATE}.`,
    why: { deploy: "Old values may be the removed member: an enum's member is stored as its value.", rollback: FITS_OLD },
  },
  "enum-value-changed": {
    title: "The value of an enum's member changed", deploy: "cold", rollback: "cold",
    message: "A member of enum {name} changed its value from {from} to {to}.", fix: `Keep the value: give members explicit values, and new members new ones. Or ${MIGRATE}.`,
    why: { deploy: "An enum's member is stored as its value, and old values have the old one.", rollback: "New values have the new one." },
  },
  "enum-renamed": {
    title: "An enum was renamed, or became literals of the same values", deploy: "warm", rollback: "warm",
    message: "Same values, other enum: {from} → {to}.", fix: null,
    why: { deploy: "An enum's member is stored as its value: its name says nothing.", rollback: "An enum's member is stored as its value: its name says nothing." },
  },
  "template-widened": {
    title: "A form of text takes more texts", deploy: "warm", rollback: "cold",
    message: "The form of the text became wider: {from} → {to}.", fix: FIRST,
    why: { deploy: "Every text of the old form is one of the new.", rollback: "The new code may write texts that the old form has not." },
  },
  "template-narrowed": {
    title: "A form of text takes fewer texts", deploy: "cold", rollback: "warm",
    message: "The form of the text became narrower: {from} → {to}.", fix: `Keep the wider form and check the text where it is read, or ${MIGRATE}.`,
    why: { deploy: "Old values may be texts that the new form has not.", rollback: "Every text of the new form is one of the old." },
  },
  "template-changed": {
    title: "A form of text was changed", deploy: "cold", rollback: "cold",
    message: "The form of the text changed: {from} → {to}.", fix: `Allow both forms, or ${MIGRATE}.`,
    why: { deploy: "Old values may be texts that the new form has not.", rollback: "New values may be texts that the old form has not." },
  },
} as const satisfies RuleGroup;
