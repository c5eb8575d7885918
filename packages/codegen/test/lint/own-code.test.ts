// L5: what we tell others we do ourselves: the demo breaks no rule, and every rule is in the documentation.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { RULES } from "../../src/lint/plugin.js";
import { sourceOf } from "../../src/lint/source.js";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

test("L5: the demo breaks no rule", () => {
  const app = join(root, "apps", "demo", "app");
  const files = readdirSync(app, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
  expect(files.length).toBeGreaterThan(20);
  const found = files.flatMap((file) => {
    const text = readFileSync(join(app, file), "utf8");
    const source = sourceOf(file, text);
    if (source === undefined) throw new Error(`${file} does not parse`);
    return RULES.flatMap((rule) => rule.check(source).map(({ start, what }) => `${file}:${text.slice(0, start).split("\n").length} ${rule.name}: ${what}`));
  });
  expect(found).toEqual([]);
});

test("L5: every rule has a section in the documentation, and no section is of a rule that has gone", () => {
  const page = readFileSync(join(root, "docs", "reference", "lint.md"), "utf8");
  const sections = [...page.matchAll(/^### (.+)$/gm)].map((m) => m[1]);
  expect(sections).toEqual(RULES.map(({ name }) => name));
});
