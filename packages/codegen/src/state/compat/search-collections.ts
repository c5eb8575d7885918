/** The search's question for lists, sets and maps. Each more item or entry can only make a reader refuse: readers are refused one by one. */
import { refusedByAll, type Part } from "./combinations.js";
import { TooComplex } from "./limits.js";
import { isInfinite, keysOf } from "./samples.js";
import type { Kind, Outside, Search } from "./search.js";
import type { StateType } from "../schema/type.js";

type Sequence = Kind<"array"> | Kind<"tuple">;

const isSequence = (type: StateType): type is Sequence => type.kind === "array" || type.kind === "tuple";

export function arrayOutside(search: Search, type: Kind<"array">, readers: readonly StateType[]): Outside {
  const lists = readers.filter(isSequence);
  const items: unknown[] = [];
  if (lists.every((reader) => reader.kind === "array")) {
    for (const reader of lists) {
      const item = search.outside(type.item, [reader.item]);
      if (item === undefined) return undefined;
      items.push(item.value);
    }
    return { value: items };
  }
  const longest = longestOf(lists) + 1 + lists.length;
  return lengthsOutside(search, (length) => (length === 0 || search.samples.of(type.item) !== undefined ? Array.from({ length }, () => type.item) : undefined), 0, longest, lists);
}

export function tupleOutside(search: Search, type: Kind<"tuple">, readers: readonly StateType[]): Outside {
  const lists = readers.filter(isSequence);
  const least = type.items.filter((item) => !item.optional).length;
  const most = type.rest === undefined ? type.items.length : Math.max(type.items.length, longestOf(lists)) + 1 + lists.length;
  const items = (length: number): readonly StateType[] | undefined => {
    const types = Array.from({ length }, (_, i) => type.items[i]?.type ?? (type.rest as StateType));
    return types.every((one) => search.samples.of(one) !== undefined) ? types : undefined;
  };
  return lengthsOutside(search, items, least, most, lists);
}

/** A list of some length that no reader takes. Past the longest tuple a reader sees nothing new, but each may need an item of its own. */
function lengthsOutside(search: Search, types: (length: number) => readonly StateType[] | undefined, least: number, most: number, readers: readonly Sequence[]): Outside {
  for (let length = least; length <= most; length++) {
    const items = types(length);
    if (items === undefined) return undefined;
    const parts = items.map((type): Part<StateType> => ({ refusedBy: (constraints) => search.outside(type, constraints) }));
    const demands = readers.map((reader) => demandsAt(reader, length)).filter((one) => one !== undefined);
    const chosen = refusedByAll(parts, demands, search.step);
    if (chosen !== undefined) return { value: chosen.map((one) => (one as { readonly value: unknown }).value) };
  }
  return undefined;
}

/** What a reader wants of each item of a list of this length; undefined: it takes no such list. */
function demandsAt(reader: Sequence, length: number): readonly StateType[] | undefined {
  if (reader.kind === "array") return Array.from({ length }, () => reader.item);
  const { items, rest } = reader;
  if (length < items.filter((item) => !item.optional).length || (length > items.length && rest === undefined)) return undefined;
  return Array.from({ length }, (_, i) => items[i]?.type ?? (rest as StateType));
}

const longestOf = (lists: readonly Sequence[]): number => Math.max(0, ...lists.map((list) => (list.kind === "tuple" ? list.items.length : 0)));

export function setOutside(search: Search, type: Kind<"set">, readers: readonly StateType[]): Outside {
  const items = new Set<unknown>();
  for (const reader of readers) {
    if (reader.kind !== "set") continue;
    const item = search.outside(type.item, [reader.item]);
    if (item === undefined) return undefined;
    items.add(item.value);
  }
  return { value: items };
}

export function mapOutside(search: Search, type: Kind<"map">, readers: readonly StateType[]): Outside {
  const maps = readers.filter((reader) => reader.kind === "map");
  const value = search.samples.of(type.value);
  if (maps.length === 0) return { value: new Map() };
  if (value === undefined || search.samples.of(type.key) === undefined) return undefined;
  return isInfinite(type.key, search.samples) ? manyKeys(search, type, value.value, maps) : fewKeys(search, type, maps);
}

/** Each reader gets an entry of its own: a key that it does not know, or a value that it does not take under a fresh key. */
function manyKeys(search: Search, type: Kind<"map">, anyValue: unknown, readers: readonly Kind<"map">[]): Outside {
  const entries = new Map<unknown, unknown>();
  const fresh = keysOf(type.key, search.samples);
  const unusedKey = (): unknown => {
    for (const key of fresh) if (!entries.has(key)) return key;
    throw new TooComplex("a map of few keys");
  };
  const byValue: Kind<"map">[] = [];
  for (const reader of readers) {
    const key = search.outside(type.key, [reader.key]);
    if (key !== undefined) entries.set(key.value, anyValue);
    else byValue.push(reader);
  }
  for (const reader of byValue) {
    const item = search.outside(type.value, [reader.value]);
    if (item === undefined) return undefined;
    entries.set(unusedKey(), item.value);
  }
  return { value: entries };
}

/** A map of finitely many keys is like an object whose fields are all optional. */
function fewKeys(search: Search, type: Kind<"map">, readers: readonly Kind<"map">[]): Outside {
  const keys = [...keysOf(type.key, search.samples)];
  const part: Part<StateType | "refuses"> = {
    refusedBy: (constraints) => (constraints.length === 0 ? "absent" : search.outside(type.value, constraints.filter((one) => one !== "refuses"))),
  };
  const demands = readers.map((reader) => keys.map((key) => (takes(search, reader.key, key) ? reader.value : "refuses")));
  const chosen = refusedByAll(keys.map(() => part), demands, search.step);
  if (chosen === undefined) return undefined;
  return { value: new Map(chosen.flatMap((one, i) => (one === "absent" ? [] : [[keys[i], one.value] as const]))) };
}

/** Whether a type of the reader has this one value: of a literal, a boolean, null or undefined. */
function takes(search: Search, reader: StateType, value: unknown): boolean {
  const type: StateType = value === null ? { kind: "null" } : value === undefined ? { kind: "undefined" }
    : { kind: "literal", of: typeof value as "string", value: typeof value === "bigint" ? String(value) : (value as string) };
  return search.outside(type, [reader]) === undefined;
}
