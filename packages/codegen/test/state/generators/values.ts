/** Random values of a schema. Invariant: every value is one that the codec keeps and that conforms to the schema. */
import fc from "fast-check";
import { wholeText } from "../../../src/state/schema/pattern.js";
import type { StateSchema, StateType } from "../../../src/state/schema/type.js";
import { Samples } from "../../../src/state/compat/samples.js";
import { keyConforms } from "../../../src/state/schema/conforms.js";

/** Values of the root; undefined when the type has none. */
export function valuesOf(schema: StateSchema): fc.Arbitrary<unknown> | undefined {
  const samples = new Samples(schema.defs);
  return samples.of(schema.root) === undefined ? undefined : new Values(samples).of(schema.root, 4);
}

const TEXT = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom("", "all", "open", "item-1", "12px", "a-b", "a7", "a.b", "0"));

/** Dear to make: one for each pattern. */
const forms = new Map<string, fc.Arbitrary<string>>();

function textsLike(pattern: string): fc.Arbitrary<string> {
  const texts = forms.get(pattern) ?? fc.stringMatching(new RegExp(wholeText(pattern.replaceAll("[\\s\\S]*", "[a-z0-9-]*"))));
  forms.set(pattern, texts);
  return texts;
}

class Values {
  constructor(private readonly samples: Samples) {}

  of(type: StateType, depth: number): fc.Arbitrary<unknown> {
    if (depth < 0) return fc.constant(this.samples.of(type)?.value);
    switch (type.kind) {
      case "string":
        return TEXT;
      case "number":
        return fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double());
      case "boolean":
        return fc.boolean();
      case "bigint":
        return fc.bigInt({ min: -10n, max: 1n << 70n });
      case "date":
        return fc.date({ noInvalidDate: true });
      case "unknown":
        return fc.oneof(TEXT, fc.double(), fc.boolean(), fc.constantFrom<unknown>(null, undefined, 0, 1n), fc.array(fc.integer()), fc.dictionary(fc.constantFrom("a", "b", "kind"), TEXT, { noNullPrototype: true }));
      case "template":
        return textsLike(type.pattern);
      case "array":
        return this.#many(type.item, depth);
      case "set":
        return this.#many(type.item, depth).map((items) => new Set(items));
      case "map":
        return this.#entries(type, depth).map((entries) => new Map(entries));
      case "record":
        return this.#entries(type, depth).map((entries) => Object.fromEntries(entries.map(([key, value]) => [String(key), value] as const).filter(([key]) => key !== "__proto__" && keyConforms(type.key, key, this.samples.defs))));
      case "tuple":
        return this.#tuple(type, depth);
      case "object":
        return this.#object(type, depth);
      case "union":
        return fc.oneof(...type.members.filter((member) => this.samples.of(member) !== undefined).map((member) => this.of(member, depth)));
      case "ref":
        return this.of(this.samples.defs[type.name] as StateType, depth - 1);
      default:
        return fc.constant(this.samples.of(type)?.value);
    }
  }

  #many(item: StateType, depth: number): fc.Arbitrary<unknown[]> {
    return this.samples.of(item) === undefined ? fc.constant([]) : fc.array(this.of(item, depth - 1), { maxLength: 3 });
  }

  #entries(type: { readonly key: StateType; readonly value: StateType }, depth: number): fc.Arbitrary<[unknown, unknown][]> {
    if (this.samples.of(type.key) === undefined || this.samples.of(type.value) === undefined) return fc.constant([]);
    return fc.array(fc.tuple(this.of(type.key, depth - 1), this.of(type.value, depth - 1)), { maxLength: 3 });
  }

  #tuple(type: StateType & { readonly kind: "tuple" }, depth: number): fc.Arbitrary<unknown[]> {
    const required = type.items.filter((item) => !item.optional).length;
    const present = type.items.findIndex((item) => item.optional && this.samples.of(item.type) === undefined);
    const items = type.items.slice(0, present < 0 ? undefined : present).map((item) => this.of(item.type, depth - 1));
    const whole = fc.tuple(...items).chain((head) =>
      (type.rest === undefined || present >= 0 ? fc.constant([]) : this.#many(type.rest, depth)).map((tail) => [...head, ...tail]));
    return fc.oneof(whole, fc.integer({ min: required, max: items.length }).chain((length) => fc.tuple(...items.slice(0, length))));
  }

  #object(type: StateType & { readonly kind: "object" }, depth: number): fc.Arbitrary<Record<string, unknown>> {
    const entries = Object.entries(type.fields).filter(([, field]) => !field.optional || this.samples.of(field.type) !== undefined);
    const model = Object.fromEntries(entries.map(([name, field]) => [name, this.of(field.type, depth - 1)]));
    const required = entries.filter(([, field]) => !field.optional).map(([name]) => name);
    return fc.record(model, { requiredKeys: required, noNullPrototype: true });
  }
}
