// The form of the artifacts, checked by the validators that apps get: written as schemas, so that it can be read.
import type { StateField, StateSchema, StateType } from "../schema/type.js";
import { checkOf, type StateCheck } from "../schema/validator.js";
import { ACK_FILE, MANIFEST_FILE, SCHEMA_FILE } from "./model.js";

const text: StateType = { kind: "string" };
const literals = (...values: readonly (string | number)[]): StateType => {
  const all = values.map((value): StateType => ({ kind: "literal", of: typeof value === "number" ? "number" : "string", value }));
  return all.length === 1 ? (all[0] as StateType) : { kind: "union", members: all };
};
const list = (item: StateType): StateType => ({ kind: "array", item });
const record = (value: StateType): StateType => ({ kind: "record", key: text, value });
const object = (fields: Record<string, StateType>, optional: Record<string, StateType> = {}): StateType => ({
  kind: "object",
  fields: Object.fromEntries([
    ...Object.entries(fields).map(([name, type]): [string, StateField] => [name, { type }]),
    ...Object.entries(optional).map(([name, type]): [string, StateField] => [name, { type, optional: true }]),
  ]),
});
const schema = (root: StateType): StateSchema => ({ root, defs: TYPES });

const kind = literals("shared", "global", "session");
const type: StateType = { kind: "ref", name: "Type" };
const version = object({ schema: text, hash: text });
const flag: StateType = { kind: "literal", of: "boolean", value: true };

const TYPES: StateSchema["defs"] = {
  Type: {
    kind: "union",
    tag: "kind",
    members: [
      ...["string", "number", "boolean", "bigint", "date", "null", "undefined", "unknown"].map((name) => object({ kind: literals(name) }, { brand: text })),
      object({ kind: literals("literal"), of: literals("string", "number", "boolean", "bigint"), value: { kind: "union", members: [text, { kind: "number" }, { kind: "boolean" }] } }, { enum: text }),
      object({ kind: literals("template"), pattern: text }),
      object({ kind: literals("array"), item: type }),
      object({ kind: literals("tuple"), items: list(object({ type }, { optional: flag })) }, { rest: type }),
      object({ kind: literals("object"), fields: record(object({ type }, { optional: flag, deprecated: flag })) }),
      object({ kind: literals("record"), key: type, value: type }),
      object({ kind: literals("map"), key: type, value: type }),
      object({ kind: literals("set"), item: type }),
      object({ kind: literals("view"), name: text }),
      object({ kind: literals("union"), members: list(type) }, { tag: text }),
      object({ kind: literals("ref"), name: text }),
    ],
  },
};
const stateSchema = object({ root: type, defs: record(type) }, { deprecated: flag });

const CHECKS: Readonly<Record<string, StateCheck>> = {
  [MANIFEST_FILE]: checkOf(schema(object({
    version: literals(1),
    entries: list(object({ kind, key: text, schema: text, hash: text, module: text, aliases: list(text), initial: text, migrates: list(text), previous: list(version) }, { scope: literals("tab", "browser") })),
  }, { removed: list(object({ kind, key: text, previous: list(version) })), aliases: list(object({ kind, from: text, to: text })) }))),
  [SCHEMA_FILE]: checkOf(schema(object({ version: literals(1), fingerprint: text, schemas: record(object({ hash: text, type: stateSchema, previous: list(text), versions: record(stateSchema) })) }))),
  [ACK_FILE]: checkOf(schema(object({ version: literals(1), from: text, to: text, changes: list(text) }))),
};

/** What is wrong with the form of a file's value; undefined when nothing is. */
export function isStateFile(name: string, value: unknown): string | undefined {
  const at = CHECKS[name]?.(value);
  if (at === undefined) return undefined;
  if (at === "version") return "it was written by another version of Vango";
  return at === "$" ? "it is no object" : `\`${at}\` is missing or of the wrong form`;
}
