/**
 * The pages of the rules, written from the table, the fixtures and what is really judged: they cannot tell anything else than the
 * code does. After a change of a rule: `vitest run test/state/rule-pages.test.ts -u`.
 */
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Severity } from "../../src/state/compat/change.js";
import { RULE_GROUPS, STATE_RULES, type RuleId } from "../../src/state/compat/rules/index.js";
import { fill } from "../../src/state/compat/rules/rule.js";
import { judgeFixtures, KEY_FIXTURES, TYPE_FIXTURES, type Judged } from "./fixtures/index.js";

const folder = fileURLToPath(new URL("../../../../docs/reference/state-rules/", import.meta.url));
const rules = Object.keys(STATE_RULES) as RuleId[];

const sample = { id: "app:State:v1", key: "…", old: "…", name: "…", from: "…", to: "…", kind: "shared" };
const capital = (text: string): string => text[0]?.toUpperCase() + text.slice(1);
const verdict = (severity: Severity): string => `**${severity}**`;

function pageOf(rule: RuleId, judged: Judged): string {
  const { title, deploy, rollback, why, fix } = STATE_RULES[rule];
  const key = KEY_FIXTURES[rule];
  const fixture = (key ?? TYPE_FIXTURES[rule]) as { readonly before: string; readonly after: string };
  const change = judged.of(rule).find((one) => one.rule === rule);
  const block = (source: string, file: string | undefined): string =>
    source === "" ? "Nothing.\n" : `\`\`\`ts${key === undefined ? "" : " fragment"}\n${file === undefined ? "" : `// ${file}.ts\n`}${source}\n\`\`\`\n`;
  const aliases = Object.entries(key?.aliases?.[1] ?? key?.aliases?.[0] ?? {}).map(([name, old]) => `\`vango state alias shared ${old.join()} ${name}\``);
  const others = judged.of(rule).filter((one) => one.rule !== rule).map((one) => one.rule);
  return [
    `# ${rule}\n`,
    `> ${title}.\n`,
    `| deploy: new code reads old values | rollback: old code reads new values |\n|---|---|\n| ${verdict(deploy)} | ${verdict(rollback)} |\n`,
    `## Before\n`,
    ...(key?.earlier ?? []).map((source) => `${block(source, undefined)}\nand then\n`),
    block(fixture.before, key?.files?.[0]),
    `## After\n`,
    block(fixture.after, key?.files?.[1]),
    ...(rule === "key-renamed" ? [`with ${aliases.join()}\n`] : []),
    `The plan says: deploy ${verdict(change?.deploy ?? deploy)}, rollback ${verdict(change?.rollback ?? rollback)}.\n`,
    `\`\`\`text\n${change?.message ?? ""}\n\`\`\`\n`,
    ...(others.length === 0 ? [] : [`Beside it the plan names ${[...new Set(others)].map((other) => `[${other}](./${other})`).join(", ")}.\n`]),
    `## Why\n`,
    `**Deploy.** ${why.deploy}\n`,
    `**Rollback.** ${why.rollback}\n`,
    `## Fix\n`,
    fix === null ? "Nothing is to be done." : capital(fill(change?.fix ?? fix, sample).replaceAll(`app/${rule}#State`, sample.id)),
  ].join("\n") + "\n";
}

function indexPage(): string {
  const tables = Object.entries(RULE_GROUPS).map(([group, table]) => {
    const rows = (Object.keys(table) as RuleId[]).map((rule) => {
      const { title, deploy, rollback } = STATE_RULES[rule];
      return `| [${rule}](./${rule}) | ${title} | ${deploy} | ${rollback} |`;
    });
    return `## ${group}\n\n| rule | what changed | deploy | rollback |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `# State rules

\`vango state plan\` compares the persisted state of your sources with that of the build before. Each difference is named by one of ${rules.length} rules and judged
twice: **deploy** asks whether new code reads what old code has stored, **rollback** whether old code reads what new code has stored. Old and new processes
run side by side in a rolling deploy, so both matter on the day itself.

| verdict | means |
|---|---|
| warm | every value is read; sessions resume as they were |
| warm-with-loss | sessions resume, but something that was stored is not used any more |
| cold | some value is not read; sessions that hold one get a fresh session, in place and with a notice |

A value is read when the validator of the reading build accepts it as it is: nothing is converted on the way. Fields that a type does not know are kept. A
verdict of cold comes with a value that proves it, which the plan prints, and is only given if there is one; where another member of a union still takes the
value, a change that is cold by its rule is warm.

Three things change a verdict: an entry of \`migrate\` that reads the old values, an alias for a key that was renamed, and \`@deprecated\` on a key before it is
removed. A deploy is judged against every version of a value younger than 24 h, the lifetime of a session that nobody visits.

${tables.join("\n")}`;
}

describe("pages of the rules", () => {
  let judged: Judged;
  beforeAll(async () => {
    judged = await judgeFixtures();
  }, 120_000);

  it("SD1: every rule has a page, and every page a rule", () => {
    const pages = readdirSync(folder).map((name) => name.replace(".md", "")).sort();
    expect(pages).toEqual([...rules, "index"].sort());
  });

  it.each(rules)("SD1: docs/reference/state-rules/%s.md says what the code does", async (rule) => {
    await expect(pageOf(rule, judged)).toMatchFileSnapshot(`${folder}${rule}.md`);
  });

  it("SD1: the index has every rule", async () => {
    expect(existsSync(`${folder}index.md`)).toBe(true);
    await expect(indexPage()).toMatchFileSnapshot(`${folder}index.md`);
  });
});
