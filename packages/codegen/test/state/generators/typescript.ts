/** Random schemas as TypeScript, for the compiler to read back. Only what the generator makes needs a notation here. */
import type { StateSchema, StateType } from "../../../src/state/schema/type.js";
import { TEMPLATES } from "./schemas.js";

export const PRELUDE = "enum Level { L0 = 0, L1 = 1, L2 = 2 }\n";

/** Declarations of a type `name` and of the types it refers to. */
export function declarationsOf({ root, defs }: StateSchema, name: string): string {
  const nameOf = (ref: string): string => `${name}${ref}`;
  return [...Object.entries(defs).map(([ref, type]) => `type ${nameOf(ref)} = ${print(type, nameOf)};`), `type ${name} = ${print(root, nameOf)};`].join("\n");
}

type NameOf = (ref: string) => string;

function print(type: StateType, nameOf: NameOf): string {
  const inner = (part: StateType): string => print(part, nameOf);
  switch (type.kind) {
    case "date":
      return "Date";
    case "literal":
      return type.enum === "Level" && typeof type.value === "number" ? `Level.L${type.value}` : type.of === "bigint" ? `${type.value}n` : JSON.stringify(type.value);
    case "template":
      return TEMPLATES.get(type.pattern) ?? "string";
    case "array":
      return `(${inner(type.item)})[]`;
    case "tuple":
      return `[${[...type.items.map((item) => `(${inner(item.type)})${item.optional ? "?" : ""}`), ...(type.rest === undefined ? [] : [`...(${inner(type.rest)})[]`])].join(", ")}]`;
    case "object":
      return `{ ${Object.entries(type.fields).map(([name, field]) => `${field.deprecated ? "/** @deprecated */ " : ""}${JSON.stringify(name)}${field.optional ? "?" : ""}: ${inner(field.type)}`).join("; ")} }`;
    case "record":
      // An alias such as Record may not refer to itself.
      return type.key.kind === "union" || type.key.kind === "literal" ? `{ [K in ${inner(type.key)}]: ${inner(type.value)} }` : `{ [key: ${inner(type.key)}]: ${inner(type.value)} }`;
    case "map":
      return `Map<${inner(type.key)}, ${inner(type.value)}>`;
    case "set":
      return `Set<${inner(type.item)}>`;
    case "view":
      return type.name;
    case "union":
      return `(${type.members.map(inner).join(" | ")})`;
    case "ref":
      return nameOf(type.name);
    default:
      return type.brand === undefined ? type.kind : `(${type.kind} & { readonly __brand: ${JSON.stringify(type.brand)} })`;
  }
}
