// A TypeScript type as a StateType. Invariants: what cannot be kept is a refusal with the path inside the type, never a guess;
// recursion ends in references; depth and size are limited. Named types become definitions first; `settle.ts` puts those that
// stand once back in place.
import type ts from "typescript";
import type { StateField, StateType, TupleItem } from "../schema/type.js";
import { quoteField } from "../schema/validator-parts.js";
import { ANY_TEXT, BIGINT_TEXT, exactText, NUMBER_TEXT } from "../schema/pattern.js";
import { canonical } from "../schema/canonical.js";
import type { NamedType, TypeNames } from "./names.js";
import type { TypeScript } from "./program.js";

/** A type nests no deeper. */
export const MAX_TYPE_DEPTH = 40;
/** A type has no more parts. */
export const MAX_TYPE_PARTS = 5000;

/** Typed arrays that the codec keeps. */
const VIEWS = new Set(["Uint8Array", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"]);
/** Properties that exist in the type alone, to tell it from others. */
const PHANTOM = /^_+\w*(?:brand|tag|opaque|nominal|flavou?r)/i;

/** Why a type cannot be persisted. */
export class TypeRefusal extends Error {
  constructor(
    readonly code: "VANGO_STATE_TYPE" | "VANGO_STATE_TYPE_LIMIT" | "VANGO_STATE_EMPTY_TYPE",
    readonly path: string,
    readonly what: string,
    readonly fix?: string,
  ) {
    super(what);
  }
}

/** Types that refer to others by `ref`, before those that stand once were put in place. */
export interface RawSchema {
  readonly root: StateType;
  readonly defs: ReadonlyMap<string, StateType>;
}

export class TypeReader {
  readonly #defs = new Map<string, StateType>();
  /** Types that are being read or were, by their name here. */
  readonly #known = new Map<ts.Type, string>();
  readonly #taken = new Map<string, ts.Type>();
  readonly #open: ts.Type[] = [];
  #parts = 0;

  constructor(
    readonly ts: TypeScript,
    readonly checker: ts.TypeChecker,
    readonly names: TypeNames,
    readonly at: ts.Node,
  ) {}

  /** @throws TypeRefusal */
  read(type: ts.Type): RawSchema {
    return { root: this.#type(type, ""), defs: this.#defs };
  }

  #type(type: ts.Type, path: string): StateType {
    const { ts } = this;
    const { TypeFlags } = ts;
    if (++this.#parts > MAX_TYPE_PARTS) throw new TypeRefusal("VANGO_STATE_TYPE_LIMIT", path, `It has more than ${MAX_TYPE_PARTS} parts.`);
    if ((type.flags & TypeFlags.Any) !== 0) throw this.#refuse(path, "is `any`, which says nothing of the value (or a type that does not compile)", "Say what it is, or `unknown`.");
    if ((type.flags & TypeFlags.Unknown) !== 0) return { kind: "unknown" };
    if ((type.flags & TypeFlags.Never) !== 0) throw new TypeRefusal("VANGO_STATE_EMPTY_TYPE", path, `${where(path)} is \`never\`.`);
    if ((type.flags & TypeFlags.TypeParameter) !== 0) throw this.#refuse(path, `is \`${type.getSymbol()?.name ?? "T"}\`, a type parameter: each caller would keep another type`, "Declare the state where the type is known.");
    const simple = this.#primitive(type, path);
    if (simple !== undefined) return simple;
    if (type.isUnion()) return this.#recursive(type, path, () => this.#union(type, path));
    if (type.isIntersection()) {
      const brand = this.#brand(type, path);
      return brand ?? this.#recursive(type, path, () => this.#object(type, path));
    }
    if ((type.flags & TypeFlags.Object) !== 0) return this.#recursive(type, path, () => this.#structure(type as ts.ObjectType, path));
    if ((type.flags & TypeFlags.NonPrimitive) !== 0) throw this.#refuse(path, "is `object`, which may be anything that is no primitive", "Say its fields, or Record<string, unknown>.");
    throw this.#refuse(path, `is \`${this.#text(type)}\`, which is not known`, "Say a type that does not depend on others.");
  }

  #primitive(type: ts.Type, path: string): StateType | undefined {
    const { TypeFlags } = this.ts;
    const { flags } = type;
    const enumName = (flags & TypeFlags.EnumLiteral) !== 0 ? this.#enumOf(type) : undefined;
    const ofEnum = enumName === undefined ? {} : { enum: enumName };
    if (type.isStringLiteral()) return { kind: "literal", of: "string", value: type.value, ...ofEnum };
    if (type.isNumberLiteral()) return { kind: "literal", of: "number", value: type.value, ...ofEnum };
    if ((flags & TypeFlags.BooleanLiteral) !== 0) return { kind: "literal", of: "boolean", value: this.checker.typeToString(type) === "true" };
    if ((flags & TypeFlags.BigIntLiteral) !== 0) {
      const { value } = type as ts.BigIntLiteralType;
      return { kind: "literal", of: "bigint", value: `${value.negative ? "-" : ""}${value.base10Value}` };
    }
    if ((flags & TypeFlags.String) !== 0) return { kind: "string" };
    if ((flags & TypeFlags.Number) !== 0 || (flags & TypeFlags.Enum) !== 0) return type.isUnion() ? undefined : { kind: "number" };
    if ((flags & TypeFlags.Boolean) !== 0) return { kind: "boolean" };
    if ((flags & TypeFlags.BigInt) !== 0) return { kind: "bigint" };
    if ((flags & TypeFlags.Null) !== 0) return { kind: "null" };
    if ((flags & (TypeFlags.Undefined | TypeFlags.Void)) !== 0) return { kind: "undefined" };
    if ((flags & TypeFlags.TemplateLiteral) !== 0) return { kind: "template", pattern: this.#template(type as ts.TemplateLiteralType, path) };
    if ((flags & TypeFlags.StringMapping) !== 0) throw this.#refuse(path, `is \`${this.#text(type)}\`, which cannot be checked when the value is read`, "Use string, or a union of literals.");
    if ((flags & TypeFlags.ESSymbolLike) !== 0) throw this.#refuse(path, "is a symbol, which exists in one process only", "Use a string.");
    return undefined;
  }

  #enumOf(type: ts.Type): string {
    const symbol = type.getSymbol();
    const parent = (symbol as (ts.Symbol & { readonly parent?: ts.Symbol }) | undefined)?.parent;
    return (symbol !== undefined && (symbol.flags & this.ts.SymbolFlags.EnumMember) !== 0 ? parent?.name : undefined) ?? symbol?.name ?? "enum";
  }

  #template({ texts, types }: ts.TemplateLiteralType, path: string): string {
    const { TypeFlags } = this.ts;
    const part = (type: ts.Type): string => {
      if ((type.flags & TypeFlags.String) !== 0) return ANY_TEXT;
      if ((type.flags & TypeFlags.Number) !== 0) return `(?:${NUMBER_TEXT})`;
      if ((type.flags & TypeFlags.BigInt) !== 0) return `(?:${BIGINT_TEXT})`;
      if ((type.flags & TypeFlags.TemplateLiteral) !== 0) return this.#template(type as ts.TemplateLiteralType, path);
      if (type.isStringLiteral()) return exactText(type.value);
      if (type.isUnion()) return `(?:${type.types.map(part).sort().join("|")})`;
      const base = type.isIntersection() ? type.types.find((one) => (one.flags & (TypeFlags.String | TypeFlags.Number | TypeFlags.BigInt)) !== 0) : undefined;
      if (base !== undefined) return part(base);
      throw this.#refuse(path, `holds \`${this.#text(type)}\` in a template, which cannot be checked when the value is read`, "Use string.");
    };
    return texts.map((text, i) => exactText(text) + (types[i] === undefined ? "" : part(types[i]))).join("");
  }

  /** Follows a type once; where it is met again, inside of itself or beside, there is a reference. */
  #recursive(type: ts.Type, path: string, read: () => StateType): StateType {
    const known = this.#known.get(type);
    if (known !== undefined) return { kind: "ref", name: known };
    const named = this.names.of(type);
    // recursion through a type that has no name
    if (this.#open.includes(type)) return { kind: "ref", name: this.#defName(type, undefined) };
    if (this.#open.length >= MAX_TYPE_DEPTH) throw new TypeRefusal("VANGO_STATE_TYPE_LIMIT", path, `${where(path)} nests deeper than ${MAX_TYPE_DEPTH} levels.`);
    // primitives with a name, such as a union of literals, stand in place: their text is short and their meaning plain
    const name = named === undefined || (type.isUnion() && type.types.every((one) => this.#isLiteral(one))) ? undefined : this.#defName(type, named);
    this.#open.push(type);
    try {
      const structure = read();
      const asked = name ?? this.#known.get(type);
      if (asked === undefined) return structure;
      this.#defs.set(asked, structure);
      return { kind: "ref", name: asked };
    } finally {
      this.#open.pop();
    }
  }

  #isLiteral(type: ts.Type): boolean {
    const { TypeFlags } = this.ts;
    return (type.flags & (TypeFlags.Literal | TypeFlags.Null | TypeFlags.Undefined | TypeFlags.String | TypeFlags.Number | TypeFlags.Boolean | TypeFlags.BigInt)) !== 0;
  }

  /** A name in `defs`: the type's own, with its arguments; of two types with one name the module is part of it. */
  #defName(type: ts.Type, named: NamedType | undefined): string {
    const base = named === undefined ? `Type${this.#taken.size + 1}` : this.names.text(named);
    let name = base;
    if (this.#taken.has(name) && named !== undefined) name = `${named.module}#${base}`;
    for (let n = 2; this.#taken.has(name); n++) name = `${base}~${n}`;
    this.#taken.set(name, type);
    this.#known.set(type, name);
    return name;
  }

  #union(type: ts.UnionType, path: string): StateType {
    const members = new Map<string, StateType>();
    for (const one of type.types) {
      if (isMissing(one)) continue;
      const member = this.#type(one, path);
      members.set(canonical(member), member);
    }
    const list = [...members.values()];
    const booleans = list.filter((member) => member.kind === "literal" && member.of === "boolean");
    const rest = list.filter((member) => !booleans.includes(member));
    const all = booleans.length === 2 ? [...rest, { kind: "boolean" } as const] : list;
    return all.length === 1 ? (all[0] as StateType) : { kind: "union", members: all };
  }

  /** `string & { __brand: "UserId" }`: the primitive, with the brand's name. */
  #brand(type: ts.IntersectionType, path: string): StateType | undefined {
    const { TypeFlags } = this.ts;
    const primitive = TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BooleanLike | TypeFlags.BigIntLike | TypeFlags.TemplateLiteral;
    const base = type.types.find((one) => (one.flags & primitive) !== 0);
    if (base === undefined) return undefined;
    const read = this.#type(base, path);
    const brands = type.types.filter((one) => one !== base && (one.flags & TypeFlags.Object) !== 0).flatMap((one) => one.getProperties()).map((property) => {
      const value = this.checker.getTypeOfSymbolAtLocation(property, this.at);
      return value.isStringLiteral() ? value.value : undefined;
    }).filter((brand) => brand !== undefined).sort();
    const brand = brands.length > 0 ? brands.join("&") : (this.names.of(type)?.name ?? "branded");
    // literals and templates say more than a brand does
    return read.kind === "string" || read.kind === "number" || read.kind === "boolean" || read.kind === "bigint" ? { kind: read.kind, brand } : read;
  }

  #structure(type: ts.ObjectType, path: string): StateType {
    const { checker } = this;
    if (checker.isTupleType(type)) return this.#tuple(type as ts.TupleTypeReference, path);
    if (checker.isArrayType(type)) {
      const [item] = checker.getTypeArguments(type as ts.TypeReference);
      if (item === undefined) throw this.#refuse(path, "is a list of nothing known");
      if ((item.flags & this.ts.TypeFlags.Never) !== 0) throw new TypeRefusal("VANGO_STATE_EMPTY_TYPE", path, `${where(path)} is \`never[]\`.`);
      return { kind: "array", item: this.#type(item, `${path}[]`) };
    }
    const symbol = type.getSymbol();
    if (symbol !== undefined && this.names.isBuiltin(symbol)) {
      const builtin = this.#builtin(symbol.name, type, path);
      if (builtin !== undefined) return builtin;
    }
    if (symbol !== undefined && (symbol.flags & this.ts.SymbolFlags.Class) !== 0) {
      throw this.#refuse(path, `is the class \`${symbol.name}\`: a value that comes back from the store is a plain object without its methods`, "Use an interface with the same fields, and functions that take it.");
    }
    return this.#object(type, path);
  }

  #builtin(name: string, type: ts.ObjectType, path: string): StateType | undefined {
    const args = (type.objectFlags & this.ts.ObjectFlags.Reference) !== 0 ? this.checker.getTypeArguments(type as ts.TypeReference) : [];
    const arg = (i: number, at: string): StateType => this.#type(args[i] ?? this.checker.getUnknownType(), `${path}${at}`);
    switch (name) {
      case "Map":
      case "ReadonlyMap":
        return { kind: "map", key: arg(0, ".keys()"), value: arg(1, ".get()") };
      case "Set":
      case "ReadonlySet":
        return { kind: "set", item: arg(0, "[]") };
      case "Date":
        return { kind: "date" };
      case "Object":
        throw this.#refuse(path, "is `Object`, which may be anything", "Say its fields, or Record<string, unknown>.");
      case "Function":
      case "CallableFunction":
      case "NewableFunction":
        throw this.#refuse(path, "is a function, which exists in one process only", "Keep the data that it works with.");
    }
    if (VIEWS.has(name)) return { kind: "view", name };
    const interfaces = this.ts.SymbolFlags.Interface | this.ts.SymbolFlags.Class;
    const symbol = type.getSymbol();
    if (symbol === undefined || (symbol.flags & interfaces) === 0) return undefined;
    throw this.#refuse(path, `is \`${name}\`, which the codec does not keep`, BUILTIN_FIX[name]);
  }

  #tuple(type: ts.TupleTypeReference, path: string): StateType {
    const { ElementFlags } = this.ts;
    const args = this.checker.getTypeArguments(type);
    const items: TupleItem[] = [];
    let rest: StateType | undefined;
    type.target.elementFlags.forEach((flags, i) => {
      const item = args[i];
      if (item === undefined) return;
      const at = `${path}[${i}]`;
      if ((flags & (ElementFlags.Required | ElementFlags.Optional)) !== 0) {
        if (rest !== undefined) throw this.#refuse(path, "is a tuple with items after its rest", "Put the rest last, or use an object.");
        const optional = (flags & ElementFlags.Optional) !== 0;
        items.push({ type: this.#type(item, at), ...(optional ? { optional: true as const } : {}) });
        return;
      }
      if ((flags & ElementFlags.Variadic) !== 0) throw this.#refuse(at, "is a spread of a type that is not known");
      if (rest !== undefined) throw this.#refuse(path, "is a tuple with two rests");
      rest = this.#type(item, `${path}[]`);
    });
    return { kind: "tuple", items, ...(rest === undefined ? {} : { rest }) };
  }

  #object(type: ts.Type, path: string): StateType {
    const { ts, checker } = this;
    if (checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0 || checker.getSignaturesOfType(type, ts.SignatureKind.Construct).length > 0) {
      throw this.#refuse(path, "is a function, which exists in one process only", "Keep the data that it works with.");
    }
    const properties = checker.getPropertiesOfType(type);
    const indexes = checker.getIndexInfosOfType(type);
    if (indexes.length > 0) {
      if (properties.length > 0) throw this.#refuse(path, "has both named fields and an index signature", "Put the open part into a field of its own: { total: number; counts: Record<string, number> }.");
      return this.#record(indexes, path);
    }
    const fields: Record<string, StateField> = {};
    const phantoms = type.isIntersection();
    for (const property of [...properties].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const field = this.#field(property, path, phantoms);
      if (field !== undefined) fields[property.name] = field;
    }
    return { kind: "object", fields };
  }

  #field(property: ts.Symbol, path: string, phantoms: boolean): StateField | undefined {
    const { ts } = this;
    const type = this.checker.getTypeOfSymbolAtLocation(property, this.at);
    if (property.name.startsWith("__@")) {
      if ((type.flags & (ts.TypeFlags.Literal | ts.TypeFlags.ESSymbolLike | ts.TypeFlags.Never | ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0) return undefined;
      throw this.#refuse(path, "has a field whose name is a symbol: it is lost in the store", "Name it by a string.");
    }
    if (phantoms && PHANTOM.test(property.name)) return undefined;
    const at = `${path}${quoteField(property.name)}`;
    if (property.name === "__proto__") throw this.#refuse(at, "is no name of a field that can be kept");
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    return { type: this.#type(type, at), ...(optional ? { optional: true as const } : {}), ...(this.names.deprecated(property) ? { deprecated: true as const } : {}) };
  }

  #record(indexes: readonly ts.IndexInfo[], path: string): StateType {
    const { TypeFlags } = this.ts;
    const keys = indexes.map(({ keyType }) => {
      if ((keyType.flags & TypeFlags.ESSymbolLike) !== 0) throw this.#refuse(path, "has symbols as keys: they are lost in the store", "Use string keys.");
      return this.#type(keyType, path);
    });
    const values = new Map(indexes.map(({ type }) => [type, this.#type(type, `${path}[]`)]));
    if (values.size > 1) throw this.#refuse(path, "has index signatures of different types", "Put each into a field of its own.");
    const [value] = values.values();
    if (value === undefined) throw this.#refuse(path, "has an index signature of no type");
    const key = keys.find(({ kind }) => kind === "string") ?? (keys.length === 1 ? keys[0] : { kind: "union" as const, members: keys });
    return { kind: "record", key: key ?? { kind: "string" }, value };
  }

  #refuse(path: string, what: string, fix?: string): TypeRefusal {
    return new TypeRefusal("VANGO_STATE_TYPE", path, `${where(path)} ${what}.`, fix);
  }

  #text(type: ts.Type): string {
    return this.checker.typeToString(type);
  }
}

/** Under exactOptionalPropertyTypes the checker marks a field that may be missing by a type of its own, which reads as undefined. */
function isMissing(type: ts.Type): boolean {
  return (type as ts.Type & { readonly debugIntrinsicName?: string }).debugIntrinsicName === "missing";
}

const where = (path: string): string => (path === "" ? "It" : `\`${path.replace(/^\./, "")}\``);

const BUILTIN_FIX: Readonly<Record<string, string>> = {
  Promise: "Wait for it in an action or a resource, and keep the result.",
  WeakMap: "Use a Map or a record.",
  WeakSet: "Use a Set.",
  RegExp: "Keep its source as text.",
  URL: "Keep its text.",
  Error: "Keep its message and code as text.",
  Buffer: "Use Uint8Array.",
  ArrayBuffer: "Use Uint8Array.",
  Uint8ClampedArray: "Use Uint8Array.",
  String: "Use string, the primitive.",
  Number: "Use number, the primitive.",
  Boolean: "Use boolean, the primitive.",
  Element: "Elements live in the browser; keep the data they show.",
  HTMLElement: "Elements live in the browser; keep the data they show.",
};
