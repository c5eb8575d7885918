/** Names what differs between the fields of two object types. */
import type { Evidence, Spot } from "./report.js";
import type { Kind, Outside } from "./search.js";
import type { Walk } from "./walk.js";
import { below } from "../schema/conforms.js";
import { typeText } from "../schema/print.js";
import type { StateField } from "../schema/type.js";

type Fields = Kind<"object">;

export function walkObject(walk: Walk, old: Fields, now: Fields, spot: Spot): void {
  const { forward, backward } = walk.report;
  const gone = Object.keys(old.fields).filter((name) => !Object.hasOwn(now.fields, name));
  const come = Object.keys(now.fields).filter((name) => !Object.hasOwn(old.fields, name));
  const renamed = renaming(old, now, gone, come);
  // A value without the field proves what a reader says that requires it.
  const without = { deploy: () => forward.samples.of(old), rollback: () => backward.samples.of(now) };

  for (const [before, after] of renamed) {
    walk.report.add("field-renamed", at(spot, after), evidenceOf(without, true, true), { old: before, name: after, from: typeText((old.fields[before] as StateField).type) });
  }
  for (const name of gone) {
    const field = old.fields[name] as StateField;
    if (renamed.some(([before]) => before === name)) continue;
    const rule = field.deprecated ? "field-removed-deprecated" : field.optional ? "field-removed-optional" : "field-removed";
    walk.report.add(rule, at(spot, name), evidenceOf(without, false, true), { name, from: typeText(field.type) });
  }
  for (const name of come) {
    const field = now.fields[name] as StateField;
    if (renamed.some(([, after]) => after === name)) continue;
    walk.report.add(field.optional ? "field-added-optional" : "field-added", at(spot, name), evidenceOf(without, true, false), { name, to: typeText(field.type) });
  }
  for (const [name, field] of Object.entries(old.fields)) {
    const other = now.fields[name];
    if (other !== undefined && Object.hasOwn(now.fields, name)) walkField(walk, { name, old: field, now: other, oldObject: old, newObject: now }, spot);
  }
}

interface FieldPair {
  readonly name: string;
  readonly old: StateField;
  readonly now: StateField;
  readonly oldObject: Fields;
  readonly newObject: Fields;
}

function walkField(walk: Walk, { name, old, now, oldObject, newObject }: FieldPair, spot: Spot): void {
  const { forward, backward } = walk.report;
  const oldWithout = (): Outside => forward.samples.of(lacking(oldObject, name));
  const newWithout = (): Outside => backward.samples.of(lacking(newObject, name));
  const place = at(spot, name);
  const inside: Spot = {
    path: place.path,
    old: (value) => withField(forward.samples.of(lacking(oldObject, name)), name, value, spot.old),
    new: (value) => withField(backward.samples.of(lacking(newObject, name)), name, value, spot.new),
  };
  if (!old.deprecated !== !now.deprecated) walk.report.add(now.deprecated ? "field-deprecated" : "field-undeprecated", place, {}, { name });
  if (!old.optional === !now.optional) return walk.compare(old.type, now.type, inside);

  // Absence and `undefined` are one question: the type is compared without it.
  const undefinedValue = (): Outside => withField(oldWithout(), name, undefined, (value) => ({ value }));
  const newUndefined = (): Outside => withField(newWithout(), name, undefined, (value) => ({ value }));
  if (now.optional) {
    const was = forward.samples.of(old.type) !== undefined && takesUndefined(walk, old, "old");
    walk.report.add(was ? "field-undefined-to-optional" : "field-made-optional", place, { deploy: was ? undefinedValue : undefined, rollback: newWithout }, { name, from: typeText(old.type), to: typeText(now.type) });
  } else {
    const is = takesUndefined(walk, now, "new");
    walk.report.add(is ? "field-optional-to-undefined" : "field-made-required", place, { deploy: oldWithout, rollback: is ? newUndefined : undefined }, { name, from: typeText(old.type), to: typeText(now.type) });
  }
  const plain = (field: StateField) => (field.type.kind === "union" ? withoutUndefined(field.type) : field.type);
  walk.compare(plain(old), plain(now), inside);
}

const takesUndefined = (walk: Walk, field: StateField, side: "old" | "new"): boolean =>
  (side === "old" ? walk.report.backward : walk.report.forward).takesUndefined(field.type);

function withoutUndefined(type: Kind<"union">): StateField["type"] {
  const members = type.members.filter(({ kind }) => kind !== "undefined");
  return members.length === 1 && members[0] !== undefined ? members[0] : { ...type, members };
}

/** A field that went and one that came, if they are the only required ones of their type. */
function renaming(old: Fields, now: Fields, gone: readonly string[], come: readonly string[]): readonly (readonly [string, string])[] {
  const text = ({ type }: StateField): string => JSON.stringify(type);
  const required = (fields: Fields, names: readonly string[]): readonly string[] => names.filter((name) => fields.fields[name]?.optional === undefined);
  const went = required(old, gone);
  const came = required(now, come);
  return went.flatMap((before) => {
    const type = text(old.fields[before] as StateField);
    const matches = came.filter((name) => text(now.fields[name] as StateField) === type);
    const rivals = went.filter((name) => text(old.fields[name] as StateField) === type);
    return matches.length === 1 && rivals.length === 1 ? [[before, matches[0] as string] as const] : [];
  });
}

const lacking = (type: Fields, name: string): Fields => ({ kind: "object", fields: Object.fromEntries(Object.entries(type.fields).filter(([other]) => other !== name)) });

const withField = (rest: Outside, name: string, value: unknown, embed: (whole: unknown) => Outside): Outside =>
  rest === undefined ? undefined : embed({ ...(rest.value as object), [name]: value });

const at = (spot: Spot, name: string): Spot => ({ ...spot, path: below(spot.path, name) });

const evidenceOf = (evidence: Required<Evidence>, deploy: boolean, rollback: boolean): Evidence => ({ deploy: deploy ? evidence.deploy : undefined, rollback: rollback ? evidence.rollback : undefined });
