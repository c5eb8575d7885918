/** Types and values as an author would write them, for messages: short, never needed to be read back. */
import { ANY_TEXT, BIGINT_TEXT, NUMBER_TEXT } from "./pattern.js";
import type { StateType } from "./type.js";

const MOST = 64;

/** A type in TypeScript's notation, shortened where it is long. */
export const typeText = (type: StateType): string => shortened(print(type, 0));

/** A value in JavaScript's notation, shortened where it is long. */
export const valueText = (value: unknown, most = 120): string => shortened(printValue(value, 0), most);

function shortened(text: string, most = MOST): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

const WHOLE_NAME = /^[A-Za-z_$][\w$]*$/;
const nameText = (name: string): string => (WHOLE_NAME.test(name) ? name : JSON.stringify(name));

function print(type: StateType, depth: number): string {
  if (depth > 6) return "…";
  const inner = (part: StateType): string => print(part, depth + 1);
  switch (type.kind) {
    case "date":
      return "Date";
    case "literal":
      return type.of === "bigint" ? `${type.value}n` : typeof type.value === "string" ? JSON.stringify(type.value) : String(type.value);
    case "template":
      return formText(type.pattern);
    case "array":
      return type.item.kind === "union" ? `(${inner(type.item)})[]` : `${inner(type.item)}[]`;
    case "tuple":
      return `[${[...type.items.map((item) => `${inner(item.type)}${item.optional ? "?" : ""}`), ...(type.rest === undefined ? [] : [`...${inner(type.rest)}[]`])].join(", ")}]`;
    case "object": {
      const fields = Object.entries(type.fields).map(([name, field]) => `${nameText(name)}${field.optional ? "?" : ""}: ${inner(field.type)}`);
      return fields.length === 0 ? "{}" : `{ ${fields.join("; ")} }`;
    }
    case "record":
      return `Record<${inner(type.key)}, ${inner(type.value)}>`;
    case "map":
      return `Map<${inner(type.key)}, ${inner(type.value)}>`;
    case "set":
      return `Set<${inner(type.item)}>`;
    case "view":
    case "ref":
      return type.name;
    case "union":
      return type.members.map(inner).join(" | ");
    default:
      return type.brand === undefined ? type.kind : `${type.kind} & ${type.brand}`;
  }
}

/** A form as the template it was written as, where it can be told. */
function formText(pattern: string): string {
  const HOLES = [[NUMBER_TEXT, "number"], [BIGINT_TEXT, "bigint"], [ANY_TEXT, "string"]] as const;
  const template = HOLES.reduce((text, [hole, name]) => text.replaceAll(`(?:${hole})`, `\0${name}\0`).replaceAll(hole, `\0${name}\0`), pattern);
  if (/(?<!\\)[[\](){}|*+?.^$]/.test(template)) return `text like /${pattern}/`;
  return `\`${template.replace(/\\(.)/g, "$1").replace(/\0(\w+)\0/g, "${$1}")}\``;
}

function printValue(value: unknown, depth: number): string {
  if (depth > 6) return "…";
  const inner = (part: unknown): string => printValue(part, depth + 1);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "new Date(NaN)" : `new Date("${value.toISOString()}")`;
  if (Array.isArray(value)) return `[${value.map(inner).join(", ")}]`;
  if (value instanceof Set) return value.size === 0 ? "new Set()" : `new Set([${[...value].map(inner).join(", ")}])`;
  if (value instanceof Map) return value.size === 0 ? "new Map()" : `new Map([${[...value].map(([key, item]) => `[${inner(key)}, ${inner(item)}]`).join(", ")}])`;
  if (ArrayBuffer.isView(value)) return `new ${value.constructor.name}(${(value as Uint8Array).length})`;
  const fields = Object.entries(value).map(([name, item]) => `${nameText(name)}: ${inner(item)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
