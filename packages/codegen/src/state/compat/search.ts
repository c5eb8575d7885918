/**
 * The question that every verdict comes from: is there a value of the writer's type that no type of the reader accepts? The
 * answer is such a value, or none. Invariants: a value found is of the writer's type and refused by all readers as `conforms`
 * says; "none" is said only after every way was tried, else TooComplex is thrown. Recursive types by induction over the height
 * of values: a pair of types that is being compared needs no smaller answer than its own.
 */
import { choice, nothing, textOutside, type Language } from "./language.js";
import { SEARCH_STEPS, TooComplex } from "./limits.js";
import { textsOf } from "./parse-pattern.js";
import { Samples } from "./samples.js";
import { fieldsOutside } from "./search-fields.js";
import { arrayOutside, mapOutside, setOutside, tupleOutside } from "./search-collections.js";
import { isLiteral } from "../schema/conforms.js";
import type { StateSchema, StateType } from "../schema/type.js";

/** A value of the writer's type that the readers refuse; undefined: there is none. */
export type Outside = { readonly value: unknown } | undefined;

export type Kind<K extends StateType["kind"]> = Extract<StateType, { readonly kind: K }>;

/** One search, writer's types against reader's. What it found out is kept for the next question. */
export class Search {
  readonly samples: Samples;
  readonly #readerDefs: StateSchema["defs"];
  readonly #known = new Map<string, { readonly found: Outside; readonly rests: number }>();
  /** Questions that are being answered, by how deep they were asked. */
  readonly #open = new Map<string, number>();
  /** Answered "none" resting on an open question, in the order in which they were. */
  #provisional: string[] = [];
  /** The shallowest open question that what was found since the last one was asked rests on. */
  #rests = Number.POSITIVE_INFINITY;
  #steps = 0;
  readonly #texts = new WeakMap<StateType, string>();

  constructor(writer: StateSchema["defs"], reader: StateSchema["defs"]) {
    this.samples = new Samples(writer);
    this.#readerDefs = reader;
  }

  /** @throws TooComplex */
  readonly step = (): void => {
    if (++this.#steps > SEARCH_STEPS) throw new TooComplex("the many combinations of their members");
  };

  /** A value of `type` that none of `readers` accepts. @throws TooComplex */
  outside(type: StateType, readers: readonly StateType[]): Outside {
    const members = this.alternatives(readers);
    if (members.some((member) => member.kind === "unknown") || this.samples.of(type) === undefined) return undefined;
    const question = `${this.#textOf(type)} ${members.map((member) => this.#textOf(member)).join()}`;
    const known = this.#known.get(question);
    const rests = known?.rests ?? this.#open.get(question);
    if (rests !== undefined) {
      this.#rests = Math.min(this.#rests, rests);
      return known?.found;
    }
    this.step();
    return this.#ask(question, () => this.#outside(type, members));
  }

  #ask(question: string, answer: () => Outside): Outside {
    const depth = this.#open.size;
    const before = { rests: this.#rests, provisional: this.#provisional.length };
    this.#open.set(question, depth);
    this.#rests = Number.POSITIVE_INFINITY;
    const found = answer();
    this.#open.delete(question);
    if (found !== undefined || this.#rests >= depth) {
      // A value stands by itself; what took the question's "none" for granted is wrong now. A "none" that rests on itself alone holds.
      const settled = this.#provisional.splice(before.provisional);
      for (const one of settled) {
        if (found === undefined) this.#known.set(one, { found: undefined, rests: Number.POSITIVE_INFINITY });
        else this.#known.delete(one);
      }
      this.#rests = Number.POSITIVE_INFINITY;
    } else this.#provisional.push(question);
    this.#known.set(question, { found, rests: this.#rests });
    this.#rests = Math.min(this.#rests, before.rests);
    return found;
  }

  #outside(type: StateType, readers: readonly StateType[]): Outside {
    switch (type.kind) {
      case "ref":
        return this.outside(this.samples.defs[type.name] as StateType, readers);
      case "union":
        return this.first(type.members, readers);
      case "unknown":
        return this.first(ANYTHING, readers);
      case "boolean":
        return readers.some(({ kind }) => kind === "boolean") ? undefined : this.first(BOOLEANS, readers);
      case "null":
      case "undefined":
      case "date":
        return readers.some(({ kind }) => kind === type.kind) ? undefined : this.samples.of(type);
      case "view":
        return readers.some((reader) => reader.kind === "view" && reader.name === type.name) ? undefined : this.samples.of(type);
      case "literal":
        return this.#literal(type, readers);
      case "number":
        return readers.some(({ kind }) => kind === "number") ? undefined : unused(NUMBERS(), literalsOf(readers));
      case "bigint":
        return readers.some(({ kind }) => kind === "bigint") ? undefined : unused(BIGINTS(), literalsOf(readers));
      case "string":
      case "template":
        return this.#text(textsOf(type) as Language, readers);
      case "array":
        return arrayOutside(this, type, readers);
      case "tuple":
        return tupleOutside(this, type, readers);
      case "set":
        return setOutside(this, type, readers);
      case "map":
        return mapOutside(this, type, readers);
      case "object":
      case "record":
        return fieldsOutside(this, type, readers);
    }
  }

  /** The first of several types that has a value outside. */
  first(types: readonly StateType[], readers: readonly StateType[]): Outside {
    for (const type of types) {
      const found = this.outside(type, readers);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The reader's types with unions and references opened, each once. */
  alternatives(readers: readonly StateType[]): readonly StateType[] {
    const found = new Map<string, StateType>();
    const opened = new Set<string>();
    const add = (type: StateType): void => {
      if (type.kind === "union") type.members.forEach(add);
      else if (type.kind !== "ref") found.set(this.#textOf(type), type);
      else if (!opened.has(type.name)) {
        opened.add(type.name);
        add(this.#readerDefs[type.name] as StateType);
      }
    };
    readers.forEach(add);
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, type]) => type);
  }

  /** Whether a type of the reader takes `undefined`, so that a field of it may be absent. */
  takesUndefined(reader: StateType): boolean {
    return this.alternatives([reader]).some(({ kind }) => kind === "undefined" || kind === "unknown");
  }

  #literal(type: Kind<"literal">, readers: readonly StateType[]): Outside {
    const found = this.samples.of(type) as { readonly value: unknown };
    if (type.of === "string") return this.#text(textsOf(type) as Language, readers);
    return readers.some((reader) => reader.kind === type.of || (reader.kind === "literal" && isLiteral(reader, found.value))) ? undefined : found;
  }

  #text(texts: Language, readers: readonly StateType[]): Outside {
    const covered = readers.filter((reader) => reader.kind === "string" || reader.kind === "template" || (reader.kind === "literal" && reader.of === "string"));
    const text = textOutside(texts, choice([nothing, ...covered.map((reader) => textsOf(reader) as Language)]));
    return text === undefined ? undefined : { value: text };
  }

  #textOf(type: StateType): string {
    let text = this.#texts.get(type);
    if (text === undefined) this.#texts.set(type, (text = JSON.stringify(type)));
    return text;
  }
}

const BOOLEANS: readonly StateType[] = [false, true].map((value) => ({ kind: "literal", of: "boolean", value }));

const VIEWS = ["Uint8Array", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"];
const UNKNOWN: StateType = { kind: "unknown" };
/** All that the codec keeps. */
const ANYTHING: readonly StateType[] = [
  ...(["string", "number", "boolean", "null", "undefined", "bigint", "date"] as const).map((kind): StateType => ({ kind })),
  { kind: "array", item: UNKNOWN }, { kind: "record", key: { kind: "string" }, value: UNKNOWN },
  { kind: "map", key: UNKNOWN, value: UNKNOWN }, { kind: "set", item: UNKNOWN }, ...VIEWS.map((name): StateType => ({ kind: "view", name })),
];

function* NUMBERS(): Generator<number> {
  for (let i = 0; ; i++) yield i;
}

function* BIGINTS(): Generator<bigint> {
  for (let i = 0n; ; i++) yield i;
}

const literalsOf = (readers: readonly StateType[]) => readers.filter((reader) => reader.kind === "literal");

function unused(candidates: Iterable<unknown>, taken: readonly Kind<"literal">[]): Outside {
  for (const value of candidates) if (!taken.some((literal) => isLiteral(literal, value))) return { value };
  return undefined;
}
