/**
 * Whether a value is of a type, by walking both: the meaning that generated validators have, in its plainest form. The
 * comparison of types proves its verdicts with it, and the validators are tested against it. Invariant: it changes nothing and
 * throws for no value that the codec gives back.
 */
import { NUMBER_KEY, textTest } from "./pattern.js";
import type { StateSchema, StateType } from "./type.js";

/** Where a value is not of the type, such as `items[2].price`, `$` for all of it; undefined when it is. */
export function conforms(schema: StateSchema, value: unknown): string | undefined {
  const problem = problemAt(schema.root, value, schema.defs, "");
  return problem === "" ? "$" : problem;
}

type Defs = StateSchema["defs"];

function problemAt(type: StateType, value: unknown, defs: Defs, path: string): string | undefined {
  switch (type.kind) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
    case "undefined":
      return typeof value === type.kind ? undefined : path;
    case "null":
      return value === null ? undefined : path;
    case "unknown":
      return undefined;
    case "date":
      return value instanceof Date ? undefined : path;
    case "literal":
      return isLiteral(type, value) ? undefined : path;
    case "template":
      return typeof value === "string" && textTest(type.pattern).test(value) ? undefined : path;
    case "view":
      return isView(value, type.name) ? undefined : path;
    case "ref":
      return problemAt(named(defs, type.name), value, defs, path);
    case "union":
      return unionProblem(type, value, defs, path);
    case "array":
      return Array.isArray(value) ? firstProblem(value, (item, i) => problemAt(type.item, item, defs, `${path}[${i}]`)) : path;
    case "tuple":
      return tupleProblem(type, value, defs, path);
    case "set":
      return value instanceof Set ? firstProblem([...value], (item) => problemAt(type.item, item, defs, `${path}[item]`)) : path;
    case "map":
      return value instanceof Map
        ? firstProblem([...value], ([key, item]) => problemAt(type.key, key, defs, `${path}[key]`) ?? problemAt(type.value, item, defs, `${path}.get(${keyText(key)})`))
        : path;
    case "record":
      return isPlain(value)
        ? firstProblem(Object.entries(value), ([key, item]) => (keyConforms(type.key, key, defs) ? problemAt(type.value, item, defs, below(path, key)) : below(path, key)))
        : path;
    case "object":
      return objectProblem(type, value, defs, path);
  }
}

function objectProblem(type: StateType & { readonly kind: "object" }, value: unknown, defs: Defs, path: string): string | undefined {
  if (!isPlain(value)) return path;
  return firstProblem(Object.entries(type.fields), ([name, field]) => {
    if (field.optional && !Object.hasOwn(value, name)) return undefined;
    return problemAt(field.type, Object.hasOwn(value, name) ? value[name] : undefined, defs, below(path, name));
  });
}

function tupleProblem(type: StateType & { readonly kind: "tuple" }, value: unknown, defs: Defs, path: string): string | undefined {
  if (!Array.isArray(value)) return path;
  const required = type.items.filter((item) => !item.optional).length;
  if (value.length < required || (value.length > type.items.length && type.rest === undefined)) return path;
  return firstProblem(value as unknown[], (item, i) => {
    const expected = type.items[i]?.type ?? type.rest;
    return expected === undefined ? path : problemAt(expected, item, defs, `${path}[${i}]`);
  });
}

/** A tagged union says where in the member that the tag names; any other says itself. */
function unionProblem(type: StateType & { readonly kind: "union" }, value: unknown, defs: Defs, path: string): string | undefined {
  if (type.members.some((member) => problemAt(member, value, defs, path) === undefined)) return undefined;
  const { tag } = type;
  if (tag === undefined || !isPlain(value)) return path;
  const member = type.members.find((one) => {
    const shape = resolved(one, defs);
    const field = shape.kind === "object" ? shape.fields[tag] : undefined;
    return field !== undefined && problemAt(field.type, value[tag], defs, "") === undefined;
  });
  return member === undefined ? below(path, tag) : problemAt(member, value, defs, path);
}

/** Whether a name may be a key of a record. */
export function keyConforms(key: StateType, name: string, defs: Defs): boolean {
  const type = resolved(key, defs);
  if (type.kind === "number") return textTest(NUMBER_KEY).test(name);
  if (type.kind === "union") return type.members.some((member) => keyConforms(member, name, defs));
  if (type.kind === "literal") return String(type.value) === name;
  return problemAt(type, name, defs, "") === undefined;
}

/** A type with references followed. */
export function resolved(type: StateType, defs: Defs): Exclude<StateType, { readonly kind: "ref" }> {
  let found = type;
  while (found.kind === "ref") found = named(defs, found.name);
  return found;
}

function named(defs: Defs, name: string): StateType {
  const type = Object.hasOwn(defs, name) ? defs[name] : undefined;
  if (type === undefined) throw new TypeError(`The schema has no type named "${name}".`);
  return type;
}

export function isLiteral(type: StateType & { readonly kind: "literal" }, value: unknown): boolean {
  return type.of === "bigint" ? typeof value === "bigint" && String(value) === type.value : value === type.value;
}

/** An object made of fields: what the codec gives back for object types and records. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

function isView(value: unknown, name: string): boolean {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === `[object ${name}]`;
}

function firstProblem<T>(items: readonly T[], problem: (item: T, index: number) => string | undefined): string | undefined {
  for (let i = 0; i < items.length; i++) {
    const found = problem(items[i] as T, i);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The path of a field: `a.b`, `a["b c"]`. */
export function below(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

const keyText = (key: unknown): string => (typeof key === "string" ? JSON.stringify(key) : String(typeof key === "object" ? "…" : key));
