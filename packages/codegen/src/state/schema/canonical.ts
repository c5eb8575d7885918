// The one text of a schema, and its hash. Invariant: equal types give equal texts, whatever order their parts were made in.
import { createHash } from "node:crypto";
import type { StateField, StateSchema } from "./type.js";

/** JSON with the fields of every object in the order of their names (code units). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => byCodeUnits(a, b));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(",")}}`;
}

/** Order of texts that does not depend on a language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** 16 hex digits of SHA-256 of a text. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** The hash that stands in artifacts and blobs. What is marked `@deprecated` is still the same value. */
export function hashOfSchema({ root, defs }: StateSchema): string {
  return hashOf(canonical(withoutMarks({ root, defs })));
}

function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  const { fields } = value as { readonly fields?: unknown };
  const inner = Object.entries(value).map(([name, field]) => [name, name === "fields" && typeof fields === "object" && fields !== null ? withoutDeprecated(fields) : withoutMarks(field)]);
  return Object.fromEntries(inner) as unknown;
}

function withoutDeprecated(fields: object): unknown {
  return Object.fromEntries(Object.entries(fields as Record<string, StateField>).map(([name, { type, optional }]) => [name, { type: withoutMarks(type), optional }]));
}
