/** Rules for arrays, tuples, records, maps, sets and typed arrays. */
import { MIGRATE, type RuleGroup } from "./rule.js";

const fix = `Keep the collection and convert where it is read, or ${MIGRATE}.`;
const APART = "Arrays, sets, maps, objects and typed arrays come back as what they were.";
const both = (what: string) => ({ deploy: `Old values are ${what.split("/")[0] ?? ""}. ${APART}`, rollback: `New values are ${what.split("/")[1] ?? ""}. ${APART}` });

export const COLLECTION_RULES = {
  "value-to-list": {
    title: "One value became a list", deploy: "cold", rollback: "cold",
    message: "One {from} became a list: {to}.", fix: `Read the old value with \`migrate\` (\`[old]\`), or allow both and treat them where they are read.`,
    why: { deploy: "Old values are single.", rollback: "New values are lists." },
  },
  "list-to-value": {
    title: "A list became one value", deploy: "cold", rollback: "cold",
    message: "A list {from} became one {to}.", fix: `Read the old list with \`migrate\` and say which item is kept, or keep the list.`,
    why: { deploy: "Old values are lists.", rollback: "New values are single." },
  },
  "array-to-set": { title: "An array became a set", deploy: "cold", rollback: "cold", message: "Was {from}, is {to}.", fix, why: both("arrays/sets") },
  "set-to-array": { title: "A set became an array", deploy: "cold", rollback: "cold", message: "Was {from}, is {to}.", fix, why: both("sets/arrays") },
  "array-to-tuple": {
    title: "An array became a tuple", deploy: "cold", rollback: "warm",
    message: "A list of any length became one of fixed items: {from} → {to}.", fix: `Keep the array and take its items where they are read, or ${MIGRATE}.`,
    why: { deploy: "Old lists may be shorter or longer.", rollback: "A tuple is an array, as far as its items fit." },
  },
  "tuple-to-array": {
    title: "A tuple became an array", deploy: "warm", rollback: "cold",
    message: "A list of fixed items became one of any length: {from} → {to}.", fix: "To be able to roll back, deploy code that reads any length first and code that writes others later.",
    why: { deploy: "A tuple is an array, as far as its items fit.", rollback: "New lists may be shorter or longer." },
  },
  "tuple-item-added": {
    title: "An item was added to a tuple", deploy: "cold", rollback: "cold",
    message: "Item {name} ({to}) was added.", fix: `Make it optional (\`{to}?\`), or better use an object, to which fields can be added; or ${MIGRATE}.`,
    why: { deploy: "Old lists are shorter.", rollback: "New lists are longer, and the old type has a fixed length." },
  },
  "tuple-item-added-optional": {
    title: "An optional item was added to a tuple", deploy: "warm", rollback: "cold",
    message: "Optional item {name} ({to}) was added.", fix: "To be able to roll back, use an object: fields that are not known are kept, items are not.",
    why: { deploy: "Shorter lists are of the new type.", rollback: "New lists may be longer, and the old type has a fixed length." },
  },
  "tuple-item-removed": {
    title: "An item was removed from a tuple", deploy: "cold", rollback: "cold",
    message: "Item {name} ({from}) was removed.", fix: `Keep the item and ignore it, or ${MIGRATE}.`,
    why: { deploy: "Old lists are longer, and the new type has a fixed length.", rollback: "New lists are shorter." },
  },
  "tuple-item-removed-optional": {
    title: "An optional item was removed from a tuple", deploy: "cold", rollback: "warm",
    message: "Optional item {name} ({from}) was removed.", fix: `Keep the item and ignore it, or ${MIGRATE}.`,
    why: { deploy: "Old lists may have the item, and the new type has a fixed length.", rollback: "Shorter lists are of the old type." },
  },
  "tuple-item-made-optional": {
    title: "An item of a tuple became optional", deploy: "warm", rollback: "cold",
    message: "Item {name} became optional.", fix: "To be able to roll back, deploy the type first and code that leaves the item out later.",
    why: { deploy: "Every old list has the item.", rollback: "New lists may be without the item." },
  },
  "tuple-item-made-required": {
    title: "An item of a tuple became required", deploy: "cold", rollback: "warm",
    message: "Item {name} became required.", fix: `Keep it optional, or ${MIGRATE}.`,
    why: { deploy: "Old lists may be without the item.", rollback: "Every new list has the item." },
  },
  "tuple-rest-added": {
    title: "A tuple may now go on", deploy: "warm", rollback: "cold",
    message: "More items may follow now: {to}.", fix: "To be able to roll back, deploy the type first and code that writes longer lists later.",
    why: { deploy: "Lists without more items are of the new type.", rollback: "New lists may be longer, and the old type has a fixed length." },
  },
  "tuple-rest-removed": {
    title: "A tuple may no longer go on", deploy: "cold", rollback: "warm",
    message: "No more items may follow: {from} → {to}.", fix: `Keep the rest and ignore it, or ${MIGRATE}.`,
    why: { deploy: "Old lists may be longer.", rollback: "Lists without more items are of the old type." },
  },
  "record-to-object": {
    title: "A record became an object of known fields", deploy: "warm-with-loss", rollback: "warm",
    message: "Any keys became known fields: {from} → {to}.", fix: "Make the fields optional, as the keys were; entries of other keys are not read any more.",
    why: { deploy: "Entries that are no field of the new type are not read any more. Required fields make it cold: an old record may be without them.", rollback: "An object is a record, as far as its fields fit." },
  },
  "object-to-record": {
    title: "An object of known fields became a record", deploy: "warm", rollback: "cold",
    message: "Known fields became any keys: {from} → {to}.", fix: "To be able to roll back, keep the fields that the old code requires.",
    why: { deploy: "An object is a record, as far as its fields fit.", rollback: "New records may be without the fields that the old code requires." },
  },
  "record-to-map": { title: "A record became a map", deploy: "cold", rollback: "cold", message: "Was {from}, is {to}.", fix, why: both("plain objects/maps") },
  "map-to-record": { title: "A map became a record", deploy: "cold", rollback: "cold", message: "Was {from}, is {to}.", fix, why: both("maps/plain objects") },
  "object-to-map": { title: "An object became a map", deploy: "cold", rollback: "cold", message: "Was {from}, is {to}.", fix, why: both("plain objects/maps") },
  "map-to-object": { title: "A map became an object", deploy: "cold", rollback: "cold", message: "Was {from}, is {to}.", fix, why: both("maps/plain objects") },
  "record-keys-widened": {
    title: "A record takes more keys", deploy: "warm", rollback: "cold",
    message: "More keys are allowed: {from} → {to}.", fix: "To be able to roll back, deploy the type first and code that writes new keys later.",
    why: { deploy: "Every old key is allowed.", rollback: "New records may have keys that the old type has not." },
  },
  "record-keys-narrowed": {
    title: "A record takes fewer keys", deploy: "cold", rollback: "warm",
    message: "Fewer keys are allowed: {from} → {to}.", fix: `Keep the wider keys and skip the others where they are read, or ${MIGRATE}.`,
    why: { deploy: "Old records may have keys that the new type has not.", rollback: "Every new key is allowed." },
  },
  "record-keys-changed": {
    title: "A record takes other keys", deploy: "cold", rollback: "cold",
    message: "Other keys are allowed: {from} → {to}.", fix: `Allow both, or ${MIGRATE}.`,
    why: { deploy: "Old records may have keys that the new type has not.", rollback: "New records may have keys that the old type has not." },
  },
  "view-changed": {
    title: "A typed array is of another kind", deploy: "cold", rollback: "cold",
    message: "Was {from}, is {to}.", fix: `Keep the kind and make the other one of it where it is read, or ${MIGRATE}.`,
    why: { deploy: "A typed array comes back as the kind it was.", rollback: "A typed array comes back as the kind it was." },
  },
  "view-to-array": { title: "A typed array became an array", deploy: "cold", rollback: "cold", message: "Was {from}, is {to}.", fix, why: both("typed arrays/arrays") },
  "array-to-view": { title: "An array became a typed array", deploy: "cold", rollback: "cold", message: "Was {from}, is {to}.", fix, why: both("arrays/typed arrays") },
} as const satisfies RuleGroup;
