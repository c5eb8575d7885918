// Validators accept what their schema says, and say where a value is wrong.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conforms } from "../../src/state/schema/conforms.js";
import type { StateSchema, StateType } from "../../src/state/schema/type.js";
import { checkOf, validatorSource } from "../../src/state/schema/validator.js";
import { schema, valueOf } from "./arbitrary.js";


const text: StateType = { kind: "string" };
const object = (fields: Record<string, StateType>): StateType => ({ kind: "object", fields: Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, { type }])) });
const at = (root: StateType, value: unknown, defs: StateSchema["defs"] = {}) => checkOf({ root, defs })(value);

describe("validators", () => {
  it("P1: accept exactly what a plain reading of the schema accepts", () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(schema.chain((of) => fc.tuple(fc.constant(of), fc.array(valueOf(of), { minLength: 4, maxLength: 4 }))), ([of, values]) => {
        const check = checkOf(of);
        for (const value of values) {
          const found = check(value);
          const wanted = conforms(of, value) === undefined;
          if (wanted) accepted++;
          else refused++;
          expect(found === undefined, `${validatorSource(of)}\n${String(found)}`).toBe(wanted);
        }
      }),
      { numRuns: 600 },
    );
    expect(accepted).toBeGreaterThan(1000);
    expect(refused).toBeGreaterThan(500);
  });

  it("P2: name the place of what is wrong", () => {
    const cart = object({ items: { kind: "array", item: object({ "list price": { kind: "number" }, tags: { kind: "set", item: text } }) } });
    expect(at(cart, { items: [] })).toBeUndefined();
    expect(at(cart, undefined)).toBe("$");
    expect(at(cart, {})).toBe("items");
    expect(at(cart, { items: [{ "list price": 1, tags: new Set() }, { "list price": "1", tags: new Set() }] })).toBe('items[1]["list price"]');
    expect(at(cart, { items: [{ "list price": 1, tags: new Set([1]) }] })).toBe("items[0].tags[item]");
    expect(at({ kind: "array", item: text }, ["a", 1])).toBe("[1]");
    expect(at({ kind: "map", key: text, value: text }, new Map([["a", 1]]))).toBe('.get("a")'.slice(1));
    expect(at({ kind: "record", key: text, value: text }, { "a b": 1 })).toBe('["a b"]');
  });

  it("P2: a tagged union is told by its tag", () => {
    const shape: StateType = {
      kind: "union", tag: "kind",
      members: [object({ kind: { kind: "literal", of: "string", value: "circle" }, r: { kind: "number" } }), object({ kind: { kind: "literal", of: "string", value: "square" }, side: { kind: "number" } })],
    };
    expect(at(shape, { kind: "square", side: 1 })).toBeUndefined();
    expect(at(shape, { kind: "square", r: 1 })).toBe("side");
    expect(at(shape, { kind: "line" })).toBe("kind");
    expect(validatorSource({ root: shape, defs: {} })).toContain("switch (v.kind)");
  });

  it("P2: a recursive type goes as deep as the codec, then is refused", () => {
    const defs = { Tree: { kind: "object", fields: { next: { type: { kind: "ref", name: "Tree" }, optional: true } } } } as const;
    let value: object = {};
    for (let i = 0; i < 30; i++) value = { next: value };
    expect(at({ kind: "ref", name: "Tree" }, value, defs)).toBeUndefined();
    const circle: { next?: object } = {};
    circle.next = circle;
    expect(at({ kind: "ref", name: "Tree" }, circle, defs)).toMatch(/^next\.next/);
  });

  it("P1: allocate nothing while a value is right: no closure stands in what runs", () => {
    const source = validatorSource({ root: { kind: "array", item: object({ id: { kind: "number" }, name: text }) }, defs: {} });
    expect(source.match(/=>/g)).toHaveLength(3); // the expression, the root's function, and the one that is called
  });
});
