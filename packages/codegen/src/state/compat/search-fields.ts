/**
 * The search's question for objects and records: which fields are there, and with which values, so that every reader refuses one.
 * Invariant: a value has the fields of its own type only; what a reader does not know it accepts.
 */
import { refusedByAll, type Choice, type Part } from "./combinations.js";
import { choice, exactly, nothing, textOutside, type Language } from "./language.js";
import { textsOf } from "./parse-pattern.js";
import type { Kind, Outside, Search } from "./search.js";
import type { StateSchema, StateType } from "../schema/type.js";

/** What a reader says of one field: whether it may be absent, and what it may be. */
interface Demand {
  readonly absent: boolean;
  readonly type: StateType | "anything" | "refuses";
}

type Fields = Kind<"object"> | Kind<"record">;

/** What a writer may put under a name. */
interface Written {
  readonly name: string;
  readonly type: StateType;
  readonly absent: boolean;
}

const ANY: Demand = { absent: true, type: "anything" };

export function fieldsOutside(search: Search, type: Fields, readers: readonly StateType[]): Outside {
  const objects = readers.filter((reader) => reader.kind === "object" || reader.kind === "record");
  if (type.kind === "object") {
    const written = Object.entries(type.fields).map(([name, field]): Written => ({ name, type: field.type, absent: field.optional === true || takesUndefined(field.type, search.samples.defs) }));
    return namedOutside(search, written, objects);
  }
  return recordOutside(search, type, objects);
}

/** Of a value with these fields and no others. */
function namedOutside(search: Search, written: readonly Written[], readers: readonly Fields[]): Outside {
  const parts = written.map((field) => partOf(search, field));
  const alive = readers.map((reader) => ({ reader, demands: written.map((field) => demandOf(search, reader, field.name)) }))
    .filter(({ reader, demands }) => !needsOther(search, reader, written) && !demands.some((demand, i) => neverMet(search, written[i] as Written, demand)));
  const chosen = refusedByAll(parts, alive.map(({ demands }) => demands), search.step);
  return chosen === undefined ? undefined : { value: objectOf(written.map(({ name }) => name), chosen) };
}

/** A field with a value that all constraints refuse, or else without if they refuse that. */
function partOf(search: Search, { type, absent }: Written): Part<Demand> {
  return {
    refusedBy(constraints) {
      if (constraints.length === 0 && absent) return "absent";
      if (constraints.every((one) => one.type !== "anything")) {
        const found = search.outside(type, constraints.map((one) => one.type).filter((one) => typeof one === "object"));
        if (found !== undefined) return found;
      }
      return absent && constraints.every((one) => !one.absent) ? "absent" : undefined;
    },
  };
}

/** Whether a reader refuses for want of a field that the writer never writes. */
const needsOther = (search: Search, reader: Fields, written: readonly Written[]): boolean =>
  reader.kind === "object" && Object.entries(reader.fields).some(([name, field]) => !written.some((one) => one.name === name) && !mayBeAbsent(search, field));

/** Whether what a reader wants of a field is nothing that the writer writes: it is no reader of these values at all. */
function neverMet(search: Search, { type, absent }: Written, demand: Demand): boolean {
  if (absent && demand.absent) return false;
  if (demand.type === "refuses") return true;
  if (demand.type === "anything") return false;
  return apart(flat(type, search.samples.defs), search.alternatives([demand.type]));
}

/** Whether two types surely have no value in common; false when in doubt. */
function apart(a: readonly StateType[], b: readonly StateType[]): boolean {
  return a.every((one) => b.every((other) => {
    if (one.kind === "unknown" || other.kind === "unknown") return false;
    if (one.kind === "literal" && other.kind === "literal") return one.of !== other.of || one.value !== other.value;
    return family(one) !== family(other);
  }));
}

function family(type: StateType): string {
  switch (type.kind) {
    case "literal":
      return type.of;
    case "template":
      return "string";
    case "tuple":
      return "array";
    case "record":
      return "object";
    case "view":
      return type.name;
    default:
      return type.kind;
  }
}

function demandOf(search: Search, reader: Fields, name: string): Demand {
  if (reader.kind === "object") {
    const field = Object.hasOwn(reader.fields, name) ? reader.fields[name] : undefined;
    return field === undefined ? ANY : { absent: mayBeAbsent(search, field), type: field.type };
  }
  return { absent: true, type: textOutside(exactly(name), keyLanguage(search.alternatives([reader.key]))) === undefined ? reader.value : "refuses" };
}

const mayBeAbsent = (search: Search, field: { readonly type: StateType; readonly optional?: true }): boolean => field.optional === true || search.takesUndefined(field.type);

function recordOutside(search: Search, type: Kind<"record">, readers: readonly Fields[]): Outside {
  const { defs } = search.samples;
  const keys = flat(type.key, defs);
  const any = search.samples.of(type.value);
  if (any === undefined) return namedOutside(search, [], readers);
  // The names that readers know, as far as they may be keys, each with its own value.
  const texts = keyLanguage(keys);
  const names = new Set(keys.every(({ kind }) => kind === "literal") ? keys.map((key) => String((key as Kind<"literal">).value)) : []);
  for (const reader of readers) if (reader.kind === "object") for (const name of Object.keys(reader.fields)) if (textOutside(exactly(name), texts) === undefined) names.add(name);
  const written = [...names].map((name): Written => ({ name, type: type.value, absent: true }));
  // Records refuse an entry by a name nobody else knows, too: each gets one of its own where it can.
  const others: Record<string, unknown> = {};
  let used = choice([nothing, ...[...names].map(exactly)]);
  const add = (name: string, value: unknown): void => {
    others[name] = value;
    used = choice([used, exactly(name)]);
  };
  const left = readers.filter((reader) => {
    if (reader.kind === "object") return true;
    const known = keyLanguage(search.alternatives([reader.key]));
    if (Object.keys(others).some((name) => textOutside(exactly(name), known) !== undefined)) return false;
    const strange = textOutside(texts, choice([used, known]));
    const refused = strange === undefined ? search.outside(type.value, [reader.value]) : any;
    const name = strange ?? textOutside(texts, used);
    if (refused === undefined || name === undefined) return true;
    add(name, refused.value);
    return false;
  });
  const found = namedOutside(search, written, left) as { readonly value: Record<string, unknown> } | undefined;
  return found === undefined ? undefined : { value: { ...found.value, ...others } };
}

const keyLanguage = (keys: readonly StateType[]): Language => choice([nothing, ...keys.map((key) => textsOf(key) ?? nothing)]);

/** The writer's types with unions and references opened. */
function flat(type: StateType, defs: StateSchema["defs"], through: readonly string[] = []): readonly StateType[] {
  if (type.kind === "ref" && through.includes(type.name)) return [];
  if (type.kind === "ref") return flat(defs[type.name] as StateType, defs, [...through, type.name]);
  return type.kind === "union" ? type.members.flatMap((member) => flat(member, defs, through)) : [type];
}

const takesUndefined = (type: StateType, defs: StateSchema["defs"]): boolean => flat(type, defs).some(({ kind }) => kind === "undefined" || kind === "unknown");

function objectOf(names: readonly string[], chosen: readonly Choice[]): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  chosen.forEach((one, i) => {
    if (one !== "absent") value[names[i] as string] = one.value;
  });
  return value;
}
