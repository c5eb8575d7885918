/**
 * Random schemas and changes of them: what a type of an app may be, and what people do to it. Invariants: a schema is in the form
 * that extraction gives (unions flat, without duplicates and ordered; every name defined); equal random numbers, equal schema.
 */
import fc from "fast-check";
import { ANY_TEXT, BIGINT_TEXT, NUMBER_TEXT, exactText } from "../../../src/state/schema/pattern.js";
import type { StateField, StateSchema, StateType, TupleItem } from "../../../src/state/schema/type.js";

const FIELDS = ["a", "b", "c", "id", "kind", "tag with space"];
const TEXTS = ["all", "open", "done", "a1", "7", ""];
/** Forms of text, and how TypeScript writes them. */
export const TEMPLATES: ReadonlyMap<string, string> = new Map([
  [`item-${ANY_TEXT}`, "`item-${string}`"], [`${NUMBER_TEXT}px`, "`${number}px`"], [`${ANY_TEXT}-${ANY_TEXT}`, "`${string}-${string}`"],
  [`(?:a|b)${BIGINT_TEXT}`, '`${"a" | "b"}${bigint}`'], [`${exactText("a.b")}${ANY_TEXT}`, "`a.b${string}`"], [NUMBER_TEXT, "`${number}`"],
]);
const PATTERNS = [...TEMPLATES.keys()];
const VIEWS = ["Uint8Array", "Float64Array", "BigInt64Array"];
const NAMES = ["Node", "Item"];

const of = <T>(...values: T[]) => fc.constantFrom(...values);

/** Arbitraries are dear to make: one for each set of names and depth. */
const made = new Map<string, fc.Arbitrary<StateType>>();

const literal: fc.Arbitrary<StateType> = fc.oneof(
  of(...TEXTS).map((value): StateType => ({ kind: "literal", of: "string", value })),
  of(0, 1, 2.5).map((value): StateType => ({ kind: "literal", of: "number", value })),
  of("1", "-7").map((value): StateType => ({ kind: "literal", of: "bigint", value })),
  fc.boolean().map((value): StateType => ({ kind: "literal", of: "boolean", value })),
  of(0, 1, 2).map((value): StateType => ({ kind: "literal", of: "number", value, enum: "Level" })),
);

const leaf: fc.Arbitrary<StateType> = fc.oneof(
  { weight: 6, arbitrary: of("string", "number", "boolean", "bigint", "date", "null", "undefined").map((kind): StateType => ({ kind }) as StateType) },
  { weight: 3, arbitrary: literal },
  { weight: 1, arbitrary: of(...PATTERNS).map((pattern): StateType => ({ kind: "template", pattern })) },
  { weight: 1, arbitrary: of(...VIEWS).map((name): StateType => ({ kind: "view", name })) },
  { weight: 1, arbitrary: of<StateType>({ kind: "unknown" }, { kind: "string", brand: "UserId" }) },
);

const recordKey: fc.Arbitrary<StateType> = fc.oneof(
  of<StateType>({ kind: "string" }, { kind: "number" }, { kind: "template", pattern: PATTERNS[0] as string }),
  fc.subarray(TEXTS, { minLength: 1, maxLength: 3 }).map((values) => unionOf(values.map((value): StateType => ({ kind: "literal", of: "string", value })))),
);

/** A type that may refer to the given names. */
export function typeArbitrary(names: readonly string[], depth = 3): fc.Arbitrary<StateType> {
  const which = `${names.join()} ${depth}`;
  const type = made.get(which) ?? makeTypes(names, depth);
  made.set(which, type);
  return type;
}

function makeTypes(names: readonly string[], depth: number): fc.Arbitrary<StateType> {
  const { type } = fc.letrec<{ type: StateType }>((tie) => {
    const inner = tie("type");
    const field = fc.record({ type: inner, optional: fc.boolean(), deprecated: fc.integer({ max: 9, min: 0 }) })
      .map(({ type: t, optional, deprecated }): StateField => ({ type: t, ...(optional && { optional: true as const }), ...(deprecated === 0 && { deprecated: true as const }) }));
    const object = fc.dictionary(of(...FIELDS), field, { maxKeys: 4, noNullPrototype: true }).map(objectOf);
    const tagged = fc.subarray(TEXTS, { minLength: 2, maxLength: 3 }).chain((tags) =>
      fc.tuple(...tags.map(() => object)).map((objects) => unionOf(objects.map((one, i): StateType =>
        objectOf({ ...(one as { fields: Record<string, StateField> }).fields, kind: { type: { kind: "literal", of: "string", value: tags[i] as string } } })))));
    const tuple = fc.record({ required: fc.array(inner, { maxLength: 2 }), optional: fc.array(inner, { maxLength: 1 }), rest: fc.option(inner, { nil: undefined, freq: 3 }) })
      .map(({ required, optional, rest }): StateType => ({
        kind: "tuple", items: [...required.map((t): TupleItem => ({ type: t })), ...optional.map((t): TupleItem => ({ type: t, optional: true }))], ...(rest && { rest }),
      }));
    return {
      type: fc.oneof({ depthSize: "small", maxDepth: depth },
        { weight: 4, arbitrary: names.length === 0 ? leaf : fc.oneof({ weight: 5, arbitrary: leaf }, { weight: 1, arbitrary: of(...names).map((name): StateType => ({ kind: "ref", name })) }) },
        { weight: 3, arbitrary: object },
        { weight: 2, arbitrary: fc.array(inner, { minLength: 2, maxLength: 3 }).map(unionOf) },
        { weight: 1, arbitrary: tagged },
        { weight: 1, arbitrary: inner.map((item): StateType => ({ kind: "array", item })) },
        { weight: 1, arbitrary: tuple },
        { weight: 1, arbitrary: fc.tuple(recordKey, inner).map(([key, value]): StateType => ({ kind: "record", key, value })) },
        { weight: 1, arbitrary: fc.tuple(inner, inner).map(([key, value]): StateType => ({ kind: "map", key, value })) },
        { weight: 1, arbitrary: inner.map((item): StateType => ({ kind: "set", item })) },
      ),
    };
  });
  return type;
}

export const schemaArbitrary: fc.Arbitrary<StateSchema> = fc.oneof({ weight: 2, arbitrary: fc.constant<readonly string[]>([]) }, { weight: 1, arbitrary: fc.subarray(NAMES, { minLength: 1 }) })
  .chain((names) => fc.tuple(typeArbitrary(names), ...names.map(() => typeArbitrary(names)))
    .map(([root, ...types]) => wellDefined({ root, defs: Object.fromEntries(names.map((name, i) => [name, types[i] as StateType])) })));

/** A pair of versions: most are a schema and a few changes of it, some have nothing in common. */
export const pairArbitrary: fc.Arbitrary<readonly [StateSchema, StateSchema]> = fc.oneof(
  { weight: 4, arbitrary: schemaArbitrary.chain((from) => fc.array(editArbitrary(Object.keys(from.defs)), { minLength: 1, maxLength: 2 })
    .map((edits) => [from, edits.reduce((to, edit) => wellDefined(edit(to)), from)] as const)) },
  { weight: 1, arbitrary: fc.tuple(schemaArbitrary, schemaArbitrary) },
);

type Edit = (schema: StateSchema) => StateSchema;

/** One change at a random place. */
function editArbitrary(names: readonly string[]): fc.Arbitrary<Edit> {
  return fc.record({ place: fc.nat(), which: fc.nat(), type: typeArbitrary(names, 1), name: of(...FIELDS) })
    .map(({ place, which, type, name }): Edit => (schema) => {
      const places = placesOf(schema.root).length + Object.values(schema.defs).flatMap(placesOf).length;
      let left = place % places;
      const visit = (node: StateType): StateType => {
        if (left-- === 0) return edited(node, which, type, name);
        return mapParts(node, visit);
      };
      const root = visit(schema.root);
      return { root, defs: Object.fromEntries(Object.entries(schema.defs).map(([key, def]) => [key, visit(def)])) };
    });
}

function edited(node: StateType, which: number, type: StateType, name: string): StateType {
  const edits: StateType[] = [type, unionOf([node, type]), unionOf([node, { kind: "null" }]), unionOf([node, { kind: "undefined" }]), { kind: "array", item: node }];
  if (node.kind === "object") {
    const { [name]: old, ...rest } = node.fields;
    edits.push(objectOf({ ...node.fields, [name]: { type } }), objectOf({ ...node.fields, [name]: { type, optional: true } }), objectOf(rest), objectOf(rest));
    if (old !== undefined) edits.push(objectOf({ ...rest, [name]: old.optional ? { type: old.type } : { ...old, optional: true } }), objectOf({ ...rest, [`${name}2`]: old }));
    edits.push({ kind: "record", key: { kind: "string" }, value: type }, { kind: "map", key: { kind: "string" }, value: type });
  }
  if (node.kind === "union") edits.push(...node.members.map((_, i) => unionOf(node.members.filter((__, j) => j !== i))));
  if (node.kind === "literal") edits.push({ kind: node.of }, { ...node, enum: "Other" });
  if (node.kind === "array") edits.push(node.item, { kind: "set", item: node.item }, { kind: "tuple", items: [{ type: node.item }], rest: node.item });
  if (node.kind === "tuple") edits.push({ ...node, items: node.items.slice(1) }, { ...node, items: [...node.items, { type, optional: true }] }, { kind: "array", item: unionOf([...node.items.map((one) => one.type), type]) });
  if (node.kind === "record") edits.push({ ...node, key: { kind: "string" } }, objectOf({ [name]: { type: node.value, optional: true } }));
  if (node.kind === "string") edits.push({ kind: "string", brand: "Id" }, { kind: "template", pattern: PATTERNS[which % PATTERNS.length] as string }, { kind: "literal", of: "string", value: "all" });
  return edits[which % edits.length] as StateType;
}

/** The parts of a type, each replaced. */
function mapParts(node: StateType, part: (type: StateType) => StateType): StateType {
  switch (node.kind) {
    case "object":
      return objectOf(Object.fromEntries(Object.entries(node.fields).map(([name, field]) => [name, { ...field, type: part(field.type) }])));
    case "union":
      return unionOf(node.members.map(part));
    case "array":
    case "set":
      return { ...node, item: part(node.item) };
    case "map":
      return { ...node, key: part(node.key), value: part(node.value) };
    case "record":
      return { ...node, value: part(node.value) };
    case "tuple":
      return { kind: "tuple", items: node.items.map((item) => ({ ...item, type: part(item.type) })), ...(node.rest && { rest: part(node.rest) }) };
    default:
      return node;
  }
}

function placesOf(node: StateType): readonly StateType[] {
  const found: StateType[] = [node];
  mapParts(node, (part) => (found.push(...placesOf(part)), part));
  return found;
}

const textOf = (type: StateType): string => JSON.stringify(type);

export function unionOf(types: readonly StateType[]): StateType {
  const members = new Map<string, StateType>();
  for (const type of types.flatMap((one) => (one.kind === "union" ? one.members : [one]))) members.set(textOf(type), type);
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, type]) => type);
  if (sorted.some(({ kind }) => kind === "unknown")) return { kind: "unknown" };
  if (sorted.length === 1) return sorted[0] as StateType;
  const tag = tagOf(sorted);
  return { kind: "union", members: sorted, ...(tag !== undefined && { tag }) };
}

/** The field whose literals tell all members apart. */
function tagOf(members: readonly StateType[]): string | undefined {
  if (!members.every((member) => member.kind === "object")) return undefined;
  return Object.keys(members[0]?.fields ?? {}).find((name) => {
    const tags = members.map((member) => member.fields[name]).map((field) => (field?.type.kind === "literal" && !field.optional ? textOf(field.type) : undefined));
    return tags.every((tag) => tag !== undefined) && new Set(tags).size === tags.length;
  });
}

const objectOf = (fields: Readonly<Record<string, StateField>>): StateType => ({ kind: "object", fields: Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))) });

/** A name that only stands for itself has no values in TypeScript either: it is given a plain type. */
function wellDefined(schema: StateSchema): StateSchema {
  const circular = (type: StateType, through: readonly string[]): boolean =>
    type.kind === "ref" ? through.includes(type.name) || circular(schema.defs[type.name] as StateType, [...through, type.name]) : type.kind === "union" && type.members.some((member) => circular(member, through));
  return { root: schema.root, defs: Object.fromEntries(Object.entries(schema.defs).map(([name, type]) => [name, circular(type, [name]) ? { kind: "string" } : type])) };
}
