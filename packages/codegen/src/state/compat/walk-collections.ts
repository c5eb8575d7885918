/** Names what differs inside two collections of one kind. */
import type { Spot } from "./report.js";
import type { Kind } from "./search.js";
import type { Walk } from "./walk.js";
import { typeText } from "../schema/print.js";
import type { StateType } from "../schema/type.js";

/** False: these are no collections whose insides can be compared. */
export function walkCollection(walk: Walk, old: StateType, now: StateType, spot: Spot): boolean {
  if (old.kind === "array" && now.kind === "array") walk.compare(old.item, now.item, into(spot, "[]", (item) => [item]));
  else if (old.kind === "set" && now.kind === "set") walk.compare(old.item, now.item, into(spot, "[item]", (item) => new Set([item])));
  else if (old.kind === "map" && now.kind === "map") walkMap(walk, old, now, spot);
  else if (old.kind === "record" && now.kind === "record") walkRecord(walk, old, now, spot);
  else if (old.kind === "tuple" && now.kind === "tuple") walkTuple(walk, old, now, spot);
  else return false;
  return true;
}

/** A spot one step further in, where the whole is made of a part in the same way on both sides. */
const into = (spot: Spot, step: string, wrap: (part: unknown) => unknown): Spot => ({
  path: spot.path + step, old: (part) => spot.old(wrap(part)), new: (part) => spot.new(wrap(part)),
});

function walkMap(walk: Walk, old: Kind<"map">, now: Kind<"map">, spot: Spot): void {
  const { forward, backward } = walk.report;
  walk.compare(old.key, now.key, {
    path: `${spot.path}[key]`,
    old: (key) => ifSome(forward.samples.of(old.value), (value) => spot.old(new Map([[key, value]]))),
    new: (key) => ifSome(backward.samples.of(now.value), (value) => spot.new(new Map([[key, value]]))),
  });
  walk.compare(old.value, now.value, {
    path: `${spot.path}.get()`,
    old: (value) => ifSome(forward.samples.of(old.key), (key) => spot.old(new Map([[key, value]]))),
    new: (value) => ifSome(backward.samples.of(now.key), (key) => spot.new(new Map([[key, value]]))),
  });
}

function walkRecord(walk: Walk, old: Kind<"record">, now: Kind<"record">, spot: Spot): void {
  const { forward, backward } = walk.report;
  const anyValue = (type: Kind<"record">): StateType => ({ ...type, value: { kind: "unknown" } });
  const fewer = () => forward.outside(old, [anyValue(now)]);
  const more = () => backward.outside(now, [anyValue(old)]);
  if (JSON.stringify(old.key) !== JSON.stringify(now.key)) {
    const rule = fewer() === undefined ? (more() === undefined ? undefined : "record-keys-widened") : more() === undefined ? "record-keys-narrowed" : "record-keys-changed";
    if (rule !== undefined) walk.report.add(rule, spot, { deploy: fewer, rollback: more }, { from: typeText(old.key), to: typeText(now.key) });
  }
  const nameOf = (type: Kind<"record">, search: typeof forward): string | undefined => {
    // A record with one entry: its name is a key of the type.
    const found = search.outside(type, [{ kind: "record", key: { kind: "string" }, value: NEVER }]) as { readonly value: object } | undefined;
    return found === undefined ? undefined : Object.keys(found.value)[0];
  };
  walk.compare(old.value, now.value, {
    path: `${spot.path}[*]`,
    old: (value) => ifSome(wrapped(nameOf(old, forward)), (name) => spot.old({ [name as string]: value })),
    new: (value) => ifSome(wrapped(nameOf(now, backward)), (name) => spot.new({ [name as string]: value })),
  });
}

/** No value at all is of this type. */
const NEVER: StateType = { kind: "tuple", items: [{ type: { kind: "literal", of: "string", value: "" } }, { type: { kind: "literal", of: "string", value: "" } }] };

function walkTuple(walk: Walk, old: Kind<"tuple">, now: Kind<"tuple">, spot: Spot): void {
  const { forward, backward } = walk.report;
  // Lengths alone: what items are is compared one by one.
  const lengths = (type: Kind<"tuple">): StateType => ({ kind: "tuple", items: type.items.map((item) => ({ ...item, type: { kind: "unknown" } })), ...(type.rest && { rest: { kind: "unknown" } }) });
  const evidence = { deploy: () => forward.outside(old, [lengths(now)]), rollback: () => backward.outside(now, [lengths(old)]) };
  const place = (i: number | string): Spot => ({ ...spot, path: `${spot.path}[${i}]` });
  const before = (type: Kind<"tuple">, length: number): readonly StateType[] => type.items.slice(0, length).map((item) => item.type);
  /** Items before this one, and the required ones after it. */
  const around = (type: Kind<"tuple">, i: number, search: typeof forward) => (item: unknown) => {
    const head = search.samples.all(before(type, i));
    const tail = search.samples.all(type.items.slice(i + 1).filter((one) => !one.optional).map((one) => one.type));
    return head === undefined || tail === undefined ? undefined : [...head.value, item, ...tail.value];
  };
  const longest = Math.max(old.items.length, now.items.length);
  for (let i = 0; i < longest; i++) {
    const was = old.items[i];
    const is = now.items[i];
    const texts = { name: String(i), from: was === undefined ? "" : typeText(was.type), to: is === undefined ? "" : typeText(is.type) };
    if (was === undefined) walk.report.add(is?.optional ? "tuple-item-added-optional" : "tuple-item-added", place(i), evidence, texts);
    else if (is === undefined) walk.report.add(was.optional ? "tuple-item-removed-optional" : "tuple-item-removed", place(i), evidence, texts);
    else {
      if (!was.optional !== !is.optional) walk.report.add(is.optional ? "tuple-item-made-optional" : "tuple-item-made-required", place(i), evidence, texts);
      const oldAround = around(old, i, forward);
      const newAround = around(now, i, backward);
      walk.compare(was.type, is.type, { path: `${spot.path}[${i}]`, old: (item) => ifSome(wrapped(oldAround(item)), spot.old), new: (item) => ifSome(wrapped(newAround(item)), spot.new) });
    }
  }
  if (old.rest !== undefined && now.rest !== undefined) {
    const all = (type: Kind<"tuple">, search: typeof forward) => (item: unknown) => ifSome(search.samples.all(before(type, type.items.length)), (head) => ({ value: [...(head as unknown[]), item] }));
    walk.compare(old.rest, now.rest, { path: `${spot.path}[…]`, old: (item) => ifSome(all(old, forward)(item), spot.old), new: (item) => ifSome(all(now, backward)(item), spot.new) });
  } else if (old.rest !== undefined) walk.report.add("tuple-rest-removed", place("…"), evidence, { from: typeText(old), to: typeText(now) });
  else if (now.rest !== undefined) walk.report.add("tuple-rest-added", place("…"), evidence, { from: typeText(old), to: typeText(now) });
}

const wrapped = (value: unknown): { readonly value: unknown } | undefined => (value === undefined ? undefined : { value });

function ifSome<T>(found: { readonly value: unknown } | undefined, then: (value: unknown) => T | undefined): T | undefined {
  return found === undefined ? undefined : then(found.value);
}
