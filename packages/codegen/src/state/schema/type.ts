/**
 * Types of persisted values, as data: what extraction makes of a TypeScript type, what the artifacts keep, what two builds are
 * compared by, what a validator is made from. Invariants: plain JSON with sorted fields, so equal types are equal texts and hash
 * alike on every machine; only values that the codec keeps have a type; a recursive or repeated named type is a `ref`.
 */

/** A type of a value that can be persisted. */
export type StateType =
  /** What msgpackr keeps whole. `brand` names an intersection with a phantom property: it says nothing about the value. */
  | { readonly kind: "string" | "number" | "boolean" | "bigint" | "date" | "null" | "undefined" | "unknown"; readonly brand?: string }
  /** One value of a primitive type. A bigint's is its decimal text. An enum member names its enum. */
  | { readonly kind: "literal"; readonly of: "string" | "number" | "boolean" | "bigint"; readonly value: string | number | boolean; readonly enum?: string }
  /** Text of a form, such as `user-${number}`; `pattern` is a regular expression over the whole text: see pattern.ts. */
  | { readonly kind: "template"; readonly pattern: string }
  | { readonly kind: "array"; readonly item: StateType }
  /** Required items first, then optional ones, then `rest` many. */
  | { readonly kind: "tuple"; readonly items: readonly TupleItem[]; readonly rest?: StateType }
  /**
   * Fields in the order of their names. Values may have others: they are kept, and no part of the type. A field that is absent
   * reads as `undefined`: it is of the type if it is optional or its type has `undefined`. One that is there with the value
   * `undefined` is of the type only if its type has `undefined`; without `exactOptionalPropertyTypes` extraction adds that.
   */
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, StateField>> }
  /** `Record<string, T>` and index signatures; `key` is `string`, `number` (as text), a template, or a union of literals. */
  | { readonly kind: "record"; readonly key: StateType; readonly value: StateType }
  | { readonly kind: "map"; readonly key: StateType; readonly value: StateType }
  | { readonly kind: "set"; readonly item: StateType }
  /** A typed array or view of bytes by its constructor's name, such as `Uint8Array`. */
  | { readonly kind: "view"; readonly name: string }
  /**
   * At least two members, none a union, in the order of their texts. `tag`: the field whose literal tells the members (all
   * objects) apart.
   */
  | { readonly kind: "union"; readonly members: readonly StateType[]; readonly tag?: string }
  /** A named type of the same schema's `defs`. */
  | { readonly kind: "ref"; readonly name: string };

export interface TupleItem {
  readonly type: StateType;
  readonly optional?: true;
}

export interface StateField {
  readonly type: StateType;
  /** May be missing. */
  readonly optional?: true;
  /** Marked `@deprecated`: its removal was announced. */
  readonly deprecated?: true;
}

/** A type with the named types it refers to. This is `type` of a schema in `vango_state_schema.json`. */
export interface StateSchema {
  readonly root: StateType;
  /** By name, sorted; empty when nothing refers. */
  readonly defs: Readonly<Record<string, StateType>>;
  /** The declaration of the key, or its type, is marked `@deprecated`: the removal of the key was announced. */
  readonly deprecated?: true;
}
