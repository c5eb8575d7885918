/**
 * A smallest value of each type. Invariant: a type without any (a recursive one that never ends) has no sample, and no type that
 * has a value is without.
 */
import { choice, exactly, nothing, textOutside } from "./language.js";
import { languageOf } from "./parse-pattern.js";
import type { StateSchema, StateType } from "../schema/type.js";

export interface Sample {
  readonly value: unknown;
}

/** Makes samples of types that refer to `defs`. Values may share parts: they are never changed. */
export class Samples {
  readonly #named = new Map<string, Sample>();

  constructor(readonly defs: StateSchema["defs"]) {
    // A named type gets its sample as soon as all that it must contain has one; as often as that makes progress.
    for (let before = -1; this.#named.size > before; ) {
      before = this.#named.size;
      for (const [name, type] of Object.entries(defs)) {
        const found = this.#named.has(name) ? undefined : this.of(type);
        if (found !== undefined) this.#named.set(name, found);
      }
    }
  }

  of(type: StateType): Sample | undefined {
    switch (type.kind) {
      case "string":
        return { value: "" };
      case "number":
        return { value: 0 };
      case "boolean":
        return { value: false };
      case "bigint":
        return { value: 0n };
      case "date":
        return { value: new Date(0) };
      case "null":
      case "unknown":
        return { value: null };
      case "undefined":
        return { value: undefined };
      case "literal":
        return { value: type.of === "bigint" ? BigInt(type.value as string) : type.value };
      case "template": {
        const text = textOutside(languageOf(type.pattern), nothing);
        return text === undefined ? undefined : { value: text };
      }
      case "array":
        return { value: [] };
      case "set":
        return { value: new Set() };
      case "map":
        return { value: new Map() };
      case "record":
        return { value: {} };
      case "view":
        return { value: viewOf(type.name) };
      case "tuple":
        return this.all(type.items.filter((item) => !item.optional).map((item) => item.type));
      case "object":
        return this.#object(type);
      case "union":
        return this.#smallest(type.members);
      case "ref":
        return this.#named.get(type.name);
    }
  }

  /** A list of samples, if each has one. */
  all(types: readonly StateType[]): { readonly value: unknown[] } | undefined {
    const found = types.map((type) => this.of(type));
    return found.every((one) => one !== undefined) ? { value: found.map((one) => one.value) } : undefined;
  }

  #object(type: StateType & { readonly kind: "object" }): { readonly value: Record<string, unknown> } | undefined {
    const value: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(type.fields)) {
      if (field.optional) continue;
      const found = this.of(field.type);
      if (found === undefined) return undefined;
      value[name] = found.value;
    }
    return { value };
  }

  #smallest(members: readonly StateType[]): Sample | undefined {
    const found = members.map((member) => this.of(member)).filter((one) => one !== undefined);
    return found.find(({ value }) => value !== null && value !== undefined) ?? found[0];
  }
}

/** Different values to be keys of a map; a type of finitely many values gives each once. */
export function* keysOf(type: StateType, samples: Samples): Generator<unknown, void> {
  switch (type.kind) {
    case "ref": {
      const named = samples.defs[type.name];
      if (named !== undefined) yield* keysOf(named, samples);
      return;
    }
    case "union":
      for (const member of [...type.members].sort((a, b) => Number(isInfinite(a, samples)) - Number(isInfinite(b, samples)))) yield* keysOf(member, samples);
      return;
    case "boolean":
      yield* [false, true];
      return;
    case "null":
    case "undefined":
    case "literal":
      yield samples.of(type)?.value;
      return;
    case "string":
      for (let i = 0; ; i++) yield `k${i}`;
    case "number":
      for (let i = 0; ; i++) yield i;
    case "bigint":
      for (let i = 0n; ; i++) yield i;
    case "template": {
      const language = languageOf(type.pattern);
      let known = nothing;
      for (;;) {
        const text = textOutside(language, known);
        if (text === undefined) return;
        known = choice([known, exactly(text)]);
        yield text;
      }
    }
    case "unknown":
      for (let i = 0; ; i++) yield `k${i}`;
    default:
      // Objects of any kind differ by identity.
      for (let i = 0; samples.of(type) !== undefined; i++) yield structuredClone(samples.of(type)?.value);
  }
}

function viewOf(name: string): unknown {
  const made = (globalThis as unknown as Readonly<Record<string, (new (length: number) => unknown) | undefined>>)[name];
  if (made === undefined) throw new TypeError(`There is no view named "${name}".`);
  return new made(0);
}

/** Whether a type has more values than can be listed. */
export function isInfinite(type: StateType, samples: Samples, through: readonly string[] = []): boolean {
  if (type.kind === "ref") return !through.includes(type.name) && isInfinite(samples.defs[type.name] ?? { kind: "null" }, samples, [...through, type.name]);
  if (type.kind === "union") return type.members.some((member) => isInfinite(member, samples, through));
  return !["boolean", "null", "undefined", "literal"].includes(type.kind) && samples.of(type) !== undefined;
}
