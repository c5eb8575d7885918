// Random schemas, and values that are of a schema or nearly so.
import fc from "fast-check";
import type { StateField, StateSchema, StateType } from "../../src/state/schema/type.js";
import { canonical } from "../../src/state/schema/canonical.js";

const NAMES = ["a", "b", "kind", "toString", "a b", "constructor"];
const primitive: fc.Arbitrary<StateType> = fc.oneof(
  fc.constantFrom<StateType>(...(["string", "number", "boolean", "bigint", "date", "null", "undefined", "unknown"] as const).map((kind) => ({ kind }) as StateType)),
  fc.constantFrom("x", "y", "z").map((value): StateType => ({ kind: "literal", of: "string", value })),
  fc.constantFrom(0, 1, -2.5).map((value): StateType => ({ kind: "literal", of: "number", value })),
  fc.boolean().map((value): StateType => ({ kind: "literal", of: "boolean", value })),
  fc.constantFrom("7", "-1").map((value): StateType => ({ kind: "literal", of: "bigint", value })),
  fc.constantFrom("user-\\d+", "[^]*x").map((pattern): StateType => ({ kind: "template", pattern })),
  fc.constantFrom("Uint8Array", "Float64Array").map((name): StateType => ({ kind: "view", name })),
);

/** Unions are flat and without doubles, as extraction makes them. */
function union(members: readonly StateType[]): StateType {
  const flat = new Map(members.flatMap((member) => (member.kind === "union" ? member.members : [member])).map((member) => [canonical(member), member]));
  const sorted = [...flat].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
  return sorted.length === 1 ? (sorted[0] as StateType) : { kind: "union", members: sorted };
}

const { type } = fc.letrec<{ type: StateType }>((tie) => {
  const field = fc.record({ type: tie("type"), optional: fc.boolean() }).map(({ type: of, optional }): StateField => ({ type: of, ...(optional ? { optional: true as const } : {}) }));
  const fields = fc.dictionary(fc.constantFrom(...NAMES), field, { maxKeys: 4, noNullPrototype: true });
  const tags = fc.uniqueArray(fc.constantFrom("p", "q", "r"), { minLength: 2 });
  return {
    type: fc.oneof(
      { maxDepth: 4, depthIdentifier: "type", withCrossShrink: true },
      primitive,
      tie("type").map((item): StateType => ({ kind: "array", item })),
      fields.map((of): StateType => ({ kind: "object", fields: of })),
      fc.tuple(fc.array(tie("type"), { maxLength: 2 }), fc.array(tie("type"), { maxLength: 1 }), fc.option(tie("type"))).map(([must, may, rest]): StateType => ({
        kind: "tuple", items: [...must.map((of) => ({ type: of })), ...may.map((of) => ({ type: of, optional: true as const }))], ...(rest === null ? {} : { rest }),
      })),
      fc.tuple(fc.constantFrom<StateType>({ kind: "string" }, { kind: "number" }, { kind: "template", pattern: "user-\\d+" }, union([{ kind: "literal", of: "string", value: "x" }, { kind: "literal", of: "string", value: "y" }])), tie("type")).map(([key, value]): StateType => ({ kind: "record", key, value })),
      fc.tuple(tie("type"), tie("type")).map(([key, value]): StateType => ({ kind: "map", key, value })),
      tie("type").map((item): StateType => ({ kind: "set", item })),
      fc.array(tie("type"), { minLength: 2, maxLength: 5 }).map(union),
      fc.tuple(tags, fields).map(([values, of]): StateType => ({ kind: "union", tag: "kind", members: values.map((value) => ({ kind: "object", fields: { ...of, kind: { type: { kind: "literal", of: "string", value } } } })) })),
      fc.constant<StateType>({ kind: "ref", name: "Tree" }),
      fc.constant<StateType>({ kind: "ref", name: "Json" }),
    ),
  };
});

const DEFS: StateSchema["defs"] = {
  Json: union([{ kind: "string" }, { kind: "null" }, { kind: "array", item: { kind: "ref", name: "Json" } }, { kind: "record", key: { kind: "string" }, value: { kind: "ref", name: "Json" } }]),
  Tree: { kind: "object", fields: { label: { type: { kind: "string" } }, left: { type: { kind: "ref", name: "Tree" }, optional: true } } },
};

export const schema: fc.Arbitrary<StateSchema> = type.map((root) => ({ root, defs: DEFS }));

const noise = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, 0, 1, -2.5, NaN, "", "x", "y", "user-7", 7n, -1n, new Date(0), new Uint8Array(1), Buffer.alloc(1), [], {}, new Map(), new Set(), { kind: "p" }),
  fc.anything({ maxDepth: 2, withMap: true, withSet: true, withDate: true, withBigInt: true }),
);

/** A value that is of the type, apart from a few places where it may be anything. */
export function valueOf({ root, defs }: StateSchema, rightness = 14): fc.Arbitrary<unknown> {
  const of = (given: StateType, depth: number): fc.Arbitrary<unknown> => fc.oneof({ weight: rightness, arbitrary: right(given, depth) }, { weight: 1, arbitrary: noise });
  const right = (given: StateType, depth: number): fc.Arbitrary<unknown> => {
    const below = (inner: StateType) => of(inner, depth + 1);
    const size = depth > 4 ? 0 : 2;
    switch (given.kind) {
      case "string":
        return fc.string({ maxLength: 3 });
      case "number":
        return fc.double();
      case "boolean":
        return fc.boolean();
      case "bigint":
        return fc.bigInt();
      case "date":
        return fc.date();
      case "null":
        return fc.constant(null);
      case "undefined":
        return fc.constant(undefined);
      case "unknown":
        return noise;
      case "literal":
        return fc.constant(given.of === "bigint" ? BigInt(given.value) : given.value);
      case "template":
        return fc.constantFrom("user-12", "x");
      case "view":
        return fc.constant(given.name === "Uint8Array" ? new Uint8Array([1]) : new Float64Array([1]));
      case "array":
        return fc.array(below(given.item), { maxLength: size });
      case "set":
        return fc.array(below(given.item), { maxLength: size }).map((items) => new Set(items));
      case "map":
        return fc.array(fc.tuple(below(given.key), below(given.value)), { maxLength: size }).map((items) => new Map(items));
      case "record":
        return fc.dictionary(given.key.kind === "number" ? fc.constantFrom("1", "2.5", "01") : given.key.kind === "string" ? fc.string() : fc.constantFrom("x", "y", "user-3"), below(given.value), { maxKeys: size, noNullPrototype: true });
      case "tuple":
        return fc.tuple(fc.nat(given.items.length), fc.array(given.rest === undefined ? noise : below(given.rest), { maxLength: 1 }), ...given.items.map((item) => below(item.type)))
          .map(([cut, more, ...items]) => (cut === 0 ? [...items, ...(given.rest === undefined ? [] : more)] : items.slice(0, Math.max(cut, given.items.filter((item) => item.optional !== true).length))));
      case "object": {
        const entries = Object.entries(given.fields).map(([name, field]) => fc.tuple(fc.constant(name), below(field.type), field.optional === true ? fc.boolean() : fc.constant(true)));
        return fc.tuple(...entries).map((all) => Object.fromEntries(all.filter(([, , present]) => present).map(([name, value]) => [name, value])));
      }
      case "union":
        return fc.oneof(...given.members.map(below));
      case "ref":
        return depth > 6 ? noise : below(defs[given.name] as StateType);
    }
  };
  return of(root, 0);
}
