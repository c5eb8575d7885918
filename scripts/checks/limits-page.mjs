// docs/reference/limits.md is made from the limits.ts tables of the packages, so that no number in it can be wrong.
// `pnpm gen:limits` writes it; the check compares.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packages, files, read, root } from "../lib/workspace.mjs";

export const page = "docs/reference/limits.md";

const head = `# Limits

Every number that bounds what one visitor, one message or one value may cost. This page is made from the tables in the source; a check keeps it so.
Where an option exists, it is named in the package's README.
`;

/** @typedef {{ name: string, value: number, text: string }} Limit */

/** Numbers with their comments: \`name: expression,\` of a table or \`export const NAME = expression;\`. @param {string} source @returns {Limit[]} */
export function limitsOf(source) {
  /** @type {Map<string, number>} */
  const known = new Map();
  /** @type {Limit[]} */
  const found = [];
  const entry = /((?:^[ \t]*(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/|\/\/.*)\n)?)^[ \t]*(?:export const |const )?([A-Za-z_][A-Za-z0-9_]*)(?:: number)?\s*[:=]\s*([0-9A-Z_][0-9A-Za-z_ *<+().]*)[,;][ \t]*(?:\/\/ *(.*))?$/gm;
  for (const [, comment = "", name = "", expression = "", after = ""] of source.matchAll(entry)) {
    const value = evaluate(expression, known);
    if (value === undefined) continue;
    known.set(name, value);
    const text = comment.replace(/^[ \t]*(\/\*\*|\*\/|\*|\/\/)|\*\/\s*$/gm, "").replace(/\s+/g, " ").trim() || after.trim();
    // A table that repeats a constant under its own name says nothing new.
    if (!/^[A-Z_]+$/.test(expression.trim())) found.push({ name, value, text });
  }
  for (const [, name = "", expression = "", unit = "", what = ""] of source.matchAll(/^\s*(\w+): \{ value: ([^,]+), unit: "([^"]*)", what: "([^"]*)" \},$/gm)) {
    const value = evaluate(expression, known);
    if (value !== undefined) found.push({ name, value, text: `${what} (${unit})` });
  }
  return found;
}

/** @param {string} expression products, shifts and known names @param {ReadonlyMap<string, number>} known @returns {number | undefined} */
function evaluate(expression, known) {
  const shift = expression.split("<<").map((side) => product(side, known));
  if (shift.length === 2 && shift[0] !== undefined && shift[1] !== undefined) return shift[0] * 2 ** shift[1];
  return shift.length === 1 ? shift[0] : undefined;
}

/** @param {string} side @param {ReadonlyMap<string, number>} known @returns {number | undefined} */
function product(side, known) {
  let result = 1;
  for (const factor of side.split("*")) {
    const word = factor.trim().replaceAll("_", "");
    const value = /^[0-9]+(\.[0-9]+)?$/.test(word) ? Number(word) : known.get(factor.trim());
    if (value === undefined) return undefined;
    result *= value;
  }
  return result;
}

/** The whole page. */
export function limitsPage() {
  const parts = packages().flatMap(({ name, path }) => files(`${path}/src`, (f) => f.endsWith("/limits.ts")).map((file) => {
    const rows = limitsOf(read(file)).map((l) => `| \`${l.name}\` | ${l.value.toLocaleString("en-US")} | ${escape(l.text)} |`);
    return `## ${name}\n\nFrom \`${file}\`.\n\n| limit | value | what it bounds |\n|---|---:|---|\n${rows.join("\n")}\n`;
  }));
  return `${head}\n${parts.join("\n")}`;
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replace(/\{@link ([^}]*)\}/g, "`$1`");
}

export async function check() {
  if (existsSync(join(root, page)) && read(page) === limitsPage()) return { problems: [] };
  return { problems: [`${page} is not what the limits.ts tables say: run \`pnpm gen:limits\` and commit it`] };
}
