// L4: the plugin in the linters that people run, on a file with one mistake of several kinds: places, messages, and comments
// that switch a rule off.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Linter } from "eslint";
import tseslint from "typescript-eslint";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RULES, vango } from "../../src/lint/plugin.js";

const SOURCE = `import { component } from "@vango/core";
import { Loop } from "@vango/core/internal";
export const A = component<{ id: string }>((setup) => {
  const n = setup.signal(0);
  // eslint-disable-next-line vango/no-write-in-setup
  n.set(1);
  return () => <p onClick={async () => { await fetch("/x"); n.inc(); }}>{n.get() as number}</p>;
});
`;
const EXPECTED = [["vango/no-low-level-import", 2, 1], ["vango/no-off-loop-write", 7, 61]];

test("L4: ESLint, with the parser of typescript-eslint", () => {
  const linter = new Linter({ configType: "flat" });
  const config = { ...vango.configs.recommended, files: ["**/*.tsx"], languageOptions: { parser: tseslint.parser, parserOptions: { ecmaFeatures: { jsx: true } } } };
  const messages = linter.verify(SOURCE, config as unknown as Linter.Config, { filename: "page.tsx" });
  expect(messages.map((m) => [m.ruleId, m.line, m.column])).toEqual(EXPECTED);
  expect(messages[1]?.message).toBe("`n.inc()` stands after an await in an event handler. Code after an await, in a timer or in a promise's callback runs beside the loop: the write throws VANGO_OFF_LOOP_WRITE. Fix: Do the waiting in setup.action (with onSuccess) or setup.resource, use setup.timeout or setup.interval, or come back with ctx.dispatch(() => …). (VANGO_OFF_LOOP_WRITE)");
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vango-lint-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("L4: oxlint, by jsPlugins", () => {
  const plugin = fileURLToPath(new URL("../../dist/lint.js", import.meta.url));
  writeFileSync(join(folder, "page.tsx"), SOURCE);
  writeFileSync(join(folder, ".oxlintrc.json"), JSON.stringify({ jsPlugins: [plugin], categories: { correctness: "off" }, rules: vango.configs.recommended.rules }));
  const oxlint = join(dirname(createRequire(import.meta.url).resolve("oxlint/package.json")), "bin", "oxlint");
  let output = "";
  try {
    output = execFileSync(process.execPath, [oxlint, "--format=json", "page.tsx"], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; labels: { span: { line: number; column: number } }[] }[] };
  const found = diagnostics.map((d) => [d.code.replace(/^(.*)\((.*)\)$/, "$1/$2"), d.labels[0]?.span.line ?? 0, d.labels[0]?.span.column ?? 0]);
  expect(found.sort((a, b) => Number(a[1]) - Number(b[1]))).toEqual(EXPECTED);
});

test("L4: every rule is in the recommended configuration and says why and what to do", () => {
  expect(Object.keys(vango.configs.recommended.rules)).toEqual(RULES.map(({ name }) => `vango/${name}`));
  expect(vango.configs.recommended.plugins.vango).toBe(vango);
  for (const { name, summary, why, fix } of RULES) for (const text of [name, summary, why, fix]) expect(text, name).not.toBe("");
});
