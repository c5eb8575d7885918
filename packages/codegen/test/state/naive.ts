// What a StateSchema accepts, said as plainly as possible: the validator's generated code is held against it.
import type { StateSchema, StateType } from "../../src/state/schema/type.js";

const plain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

export function accepts({ root, defs }: StateSchema, given: unknown): boolean {
  const is = (type: StateType, value: unknown): boolean => {
    switch (type.kind) {
      case "unknown":
        return true;
      case "string":
      case "number":
      case "boolean":
      case "bigint":
      case "undefined":
        return typeof value === type.kind;
      case "null":
        return value === null;
      case "date":
        return value instanceof Date;
      case "literal":
        return type.of === "bigint" ? typeof value === "bigint" && String(value) === type.value : value === type.value;
      case "template":
        return typeof value === "string" && new RegExp(`^(?:${type.pattern})$`).test(value);
      case "array":
        return Array.isArray(value) && value.every((item) => is(type.item, item));
      case "tuple": {
        if (!Array.isArray(value)) return false;
        const { items, rest } = type;
        if (rest === undefined && value.length > items.length) return false;
        return items.every((item, i) => (i < value.length ? is(item.type, value[i]) : item.optional === true)) && value.slice(items.length).every((item) => rest !== undefined && is(rest, item));
      }
      case "object":
        return plain(value) && Object.entries(type.fields).every(([name, field]) => (Object.hasOwn(value, name) ? is(field.type, value[name]) : field.optional === true));
      case "record":
        return plain(value) && Object.entries(value).every(([key, item]) => isKey(type.key, key) && is(type.value, item));
      case "map":
        return value instanceof Map && [...value].every(([key, item]) => is(type.key, key) && is(type.value, item));
      case "set":
        return value instanceof Set && [...value].every((item) => is(type.item, item));
      case "view":
        return ArrayBuffer.isView(value) && Object.getPrototypeOf(value) === (globalThis as unknown as Record<string, { prototype: unknown }>)[type.name]?.prototype;
      case "union":
        return type.members.some((member) => is(member, value));
      case "ref":
        return is(defs[type.name] as StateType, value);
    }
  };
  const isKey = (type: StateType, key: string): boolean => {
    if (type.kind === "number") return String(Number(key)) === key;
    if (type.kind === "literal") return String(type.value) === key;
    return type.kind === "union" ? type.members.some((member) => isKey(member, key)) : is(type, key);
  };
  return is(root, given);
}
