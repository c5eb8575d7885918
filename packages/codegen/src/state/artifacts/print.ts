// JSON as it is committed: what fits on a line stands on one, so that a review sees a type as a whole and a change as a line.
const WIDTH = 120;

export function printJson(value: unknown): string {
  return `${print(value, "", 0)}\n`;
}

/** `before`: units that stand before the value on its line. */
function print(value: unknown, indent: string, before: number): string {
  const flat = flatText(value);
  if (typeof value !== "object" || value === null || (indent !== "" && indent.length + before + flat.length <= WIDTH)) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[\n${value.map((item) => inner + print(item, inner, 0)).join(",\n")}\n${indent}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (fields.length === 0) return "{}";
  return `{\n${fields.map(([name, field]) => `${inner}${JSON.stringify(name)}: ${print(field, inner, name.length + 4)}`).join(",\n")}\n${indent}}`;
}

function flatText(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flatText).join(", ")}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return fields.length === 0 ? "{}" : `{ ${fields.map(([name, field]) => `${JSON.stringify(name)}: ${flatText(field)}`).join(", ")} }`;
}
