/** Every rule of compatibility: found in its fixture, judged as it says, both ways, and nothing else found beside it. */
import { beforeAll, describe, expect, it } from "vitest";
import { RULE_GROUPS, STATE_RULES, type RuleId } from "../../src/state/compat/rules/index.js";
import { judgeFixtures, KEY_FIXTURES, TYPE_FIXTURES, type Judged } from "./fixtures/index.js";

const fixtures = { ...TYPE_FIXTURES, ...KEY_FIXTURES };
const rules = Object.keys(STATE_RULES) as RuleId[];

describe("rules of compatibility", () => {
  let judged: Judged;
  beforeAll(async () => {
    judged = await judgeFixtures();
  }, 120_000);

  it("SD1: there are at least 40, each in one group, each with a fixture, and no fixture without a rule", () => {
    expect(rules.length).toBeGreaterThanOrEqual(40);
    expect(Object.values(RULE_GROUPS).flatMap((group) => Object.keys(group)).sort()).toEqual([...rules].sort());
    expect(Object.keys(fixtures).sort()).toEqual([...rules].sort());
  });

  it.each(rules)("SD1: %s", (rule) => {
    const fixture = fixtures[rule];
    if (fixture === undefined) throw new Error(`${rule} has no fixture`);
    const found = judged.of(rule);
    const own = found.filter((change) => change.rule === rule);
    expect(own, JSON.stringify(found, null, 2)).toHaveLength(1);
    expect([...new Set(found.map((change) => change.rule))].sort()).toEqual([rule, ...(fixture.also ?? [])].sort());
    const { deploy, rollback } = STATE_RULES[rule];
    expect(own[0]).toMatchObject({ deploy: fixture.deploy ?? deploy, rollback: fixture.rollback ?? rollback, ...("path" in fixture ? { path: fixture.path } : {}) });
    expect(own[0]?.message).not.toMatch(/(?<!\$)\{\w+\}/);
    expect(own[0]?.fix ?? "").not.toMatch(/\{(?:id|from|to|name|old|key|kind)\}/);
  });
});
