// The TypeScript type of one attribute, by the first source that knows it:
// correction, boolean, keyword list, number, text.

import { ALSO_EMPTY, EXTRA_BOOLEAN, KEYWORDS, OPEN_KEYWORDS, OPEN_LISTS, TYPES } from "./corrections.mjs";
import { editorValues, htmlInfo, presentationAttributes } from "./sources.mjs";

export const union = (words) => words.map((word) => JSON.stringify(word)).join(" | ");

function keywords(name, words) {
  if (OPEN_KEYWORDS.has(name)) return `OpenKeywordAttribute<${union(words)}>`;
  return ALSO_EMPTY.has(name) ? `Attribute<${union(["", ...words.filter((w) => w !== "")])} | true>` : `KeywordAttribute<${union(words)}>`;
}

export function htmlAttributeType(tag, name) {
  if (name === "role") return "Attribute<AriaRole | `${AriaRole} ${string}`>";
  if (TYPES[name] !== undefined) return TYPES[name];
  const corrected = KEYWORDS[`${tag}.${name}`] ?? KEYWORDS[name];
  if (KEYWORDS[`${tag}.${name}`] === null) return "TextAttribute";
  if (corrected !== undefined) return keywords(name, corrected);
  if (OPEN_LISTS[name] !== undefined) return `OpenKeywordAttribute<${union(OPEN_LISTS[name])}>`;
  const values = editorValues(tag, name);
  const info = htmlInfo(name);
  if (EXTRA_BOOLEAN.has(name) || values === "boolean" || info.boolean) return "BooleanAttribute";
  if (Array.isArray(values)) return keywords(name, values.filter((value) => value !== "undefined"));
  if (info.number) return "NumberAttribute";
  return "TextAttribute";
}

export function svgAttributeType(name) {
  if (TYPES[name] !== undefined && name !== "coords") return TYPES[name];
  if (name === "tabindex") return "NumberAttribute";
  return presentationAttributes.has(name) ? `Attribute<Svg[${JSON.stringify(name)}] & {}>` : "TextAttribute";
}

export function mathmlAttributeType(kind) {
  if (Array.isArray(kind)) return `KeywordAttribute<${union(kind)}>`;
  return { text: "TextAttribute", number: "NumberAttribute", word: "WordBooleanAttribute" }[kind];
}

export function ariaAttributeType({ type, values = [] }) {
  const words = values.filter((value) => typeof value === "string");
  if (type === "boolean") return "WordBooleanAttribute";
  if (type === "tristate") return 'Attribute<boolean | "true" | "false" | "mixed">';
  if (type === "token") return `Attribute<${union(words)}${words.length < values.length ? ' | boolean | "true" | "false"' : ""}>`;
  if (type === "tokenlist") return `OpenKeywordAttribute<${union(words)}>`;
  if (type === "integer" || type === "number") return "NumberAttribute";
  return "TextAttribute";
}
