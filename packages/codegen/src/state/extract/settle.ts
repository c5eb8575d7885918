// The normal form of a schema: definitions that stand once are put in place, unions are in the order of their texts and say
// their tag. Invariant: the result depends on the type alone, not on the order in which the checker gave its parts.
import { byCodeUnits, canonical } from "../schema/canonical.js";
import type { StateField, StateSchema, StateType } from "../schema/type.js";
import type { RawSchema } from "./type-reader.js";

export function settle({ root, defs }: RawSchema): StateSchema {
  const uses = countUses(root, defs);
  const settled = new Map<string, StateType>();
  const of = (type: StateType): StateType => {
    const target = type.kind === "ref" ? defs.get(type.name) : undefined;
    if (type.kind === "ref" && target !== undefined && uses.get(type.name) === 1) return of(target);
    if (type.kind === "ref" && target !== undefined && !settled.has(type.name)) {
      settled.set(type.name, type);
      settled.set(type.name, of(target));
    }
    return mapped(type, of);
  };
  const settledRoot = of(root);
  const tagged = (type: StateType): StateType => withTag(mapped(type, tagged), settled);
  const sorted = [...settled].sort(([a], [b]) => byCodeUnits(a, b)).map(([name, type]) => [name, tagged(type)] as const);
  return { root: tagged(settledRoot), defs: Object.fromEntries(sorted) };
}

function countUses(root: StateType, defs: ReadonlyMap<string, StateType>): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const count = (type: StateType): StateType => {
    if (type.kind !== "ref") return mapped(type, count);
    const before = uses.get(type.name) ?? 0;
    uses.set(type.name, before + 1);
    const target = defs.get(type.name);
    if (before === 0 && target !== undefined) count(target);
    return type;
  };
  count(root);
  return uses;
}

/** The type with other types below it. */
function mapped(type: StateType, map: (type: StateType) => StateType): StateType {
  switch (type.kind) {
    case "array":
    case "set":
      return { kind: type.kind, item: map(type.item) };
    case "tuple":
      return { kind: "tuple", items: type.items.map((item) => ({ ...item, type: map(item.type) })), ...(type.rest === undefined ? {} : { rest: map(type.rest) }) };
    case "object":
      return { kind: "object", fields: Object.fromEntries(Object.entries(type.fields).map(([name, field]): [string, StateField] => [name, { ...field, type: map(field.type) }]).sort(([a], [b]) => byCodeUnits(a, b))) };
    case "record":
    case "map":
      return { kind: type.kind, key: map(type.key), value: map(type.value) };
    case "union": {
      const members = new Map(type.members.map(map).flatMap((member) => (member.kind === "union" ? member.members : [member])).map((member) => [canonical(member), member]));
      const sorted = [...members].sort(([a], [b]) => byCodeUnits(a, b)).map(([, member]) => member);
      return sorted.length === 1 ? (sorted[0] as StateType) : { kind: "union", members: sorted };
    }
    default:
      return type;
  }
}

/** Names that a tag usually has, before others. */
const USUAL = ["type", "kind", "tag", "status"];

function withTag(type: StateType, defs: ReadonlyMap<string, StateType>): StateType {
  if (type.kind !== "union") return type;
  const objects = type.members.map((member) => (member.kind === "ref" ? defs.get(member.name) : member));
  const [first] = objects;
  if (first?.kind !== "object") return type;
  const tells = (name: string): boolean => {
    const values = objects.map((object) => {
      const field = object?.kind === "object" && Object.hasOwn(object.fields, name) ? object.fields[name] : undefined;
      return field !== undefined && field.optional !== true && field.type.kind === "literal" ? `${field.type.of} ${field.type.value}` : undefined;
    });
    return !values.includes(undefined) && new Set(values).size === values.length;
  };
  const names = Object.keys(first.fields).filter(tells);
  const tag = USUAL.find((name) => names.includes(name)) ?? names[0];
  return tag === undefined ? type : { ...type, tag };
}
