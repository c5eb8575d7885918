/** What people, pull requests and programs get to see of a plan: real cases, extracted from sources and judged. */
import { beforeAll, describe, expect, it } from "vitest";
import { judgeEntries } from "../../src/state/compat/entries.js";
import type { StateChange } from "../../src/state/compat/change.js";
import type { VangoPlan } from "../../src/state/plan.js";
import { planAnnotations } from "../../src/state/report/annotations.js";
import { planJson } from "../../src/state/report/json.js";
import { planMarkdown } from "../../src/state/report/markdown.js";
import { planText } from "../../src/state/report/text.js";
import { declarationModule, extractInTurn } from "./sources.js";

const BEFORE = `/** @schemaId shop:Cart:v1 */
interface Cart { items: { id: string; count: number }[]; note: string | null }
interface Prefs { dense: boolean; size: number | string }

const cart = setup.sharedSignal<Cart>("cart", { items: [], note: null });
const prefs = setup.sharedSignal<Prefs>("prefs", { dense: false, size: 1 });
const query = setup.sharedSignal("search.query", "");`;

const COLD = `/** @schemaId shop:Cart:v1 */
interface Cart { items: { id: string; count: number; price: number }[]; note: string | null }
interface Preferences { dense: boolean; size: number | string }

const cart = setup.sharedSignal<Cart>("cart", { items: [], note: null });
const prefs = setup.sharedSignal<Preferences>("prefs", { dense: false, size: 1 });
const sort = setup.sharedSignal("todos.sort", "newest");`;

const WARM = `/** @schemaId shop:Cart:v1 */
interface Cart { items: { id: string; count: number; price?: number }[] }
interface Prefs { dense: boolean; size: number | string | Record<"x" | "y", number> }

const cart = setup.sharedSignal<Cart>("cart", { items: [] });
const prefs = setup.sharedSignal<Prefs>("prefs", { dense: false, size: 1 });
const query = setup.sharedSignal("search.query", "");`;

const planOf = (changes: readonly StateChange[], acknowledged = false): VangoPlan => ({
  version: 1, baseline: "main (0123456789)", changes,
  schemaImpact: {
    classification: changes.some(({ deploy }) => deploy === "cold") ? "cold_deploy" : "warm_deploy", acknowledged,
    lossy: changes.some(({ deploy }) => deploy === "warm-with-loss"), rollback: changes.some(({ rollback }) => rollback === "cold") ? "cold_rollback" : "warm_rollback",
  },
});

describe("a plan", () => {
  let cold: VangoPlan;
  let warm: VangoPlan;
  const none = planOf([]);
  beforeAll(async () => {
    const [before, bad, good] = await extractInTurn([BEFORE, COLD, WARM].map((source) => ({ "shop.tsx": declarationModule(source) })));
    cold = planOf(judgeEntries(before?.entries ?? [], bad?.entries ?? []));
    warm = planOf(judgeEntries(before?.entries ?? [], good?.entries ?? []));
  }, 120_000);

  it("SD8: for people: what changed, the verdict, what it means and what to do next", async () => {
    await expect(planText(cold)).toMatchFileSnapshot("reports/cold.txt");
    await expect(planText(warm)).toMatchFileSnapshot("reports/warm.txt");
    expect(planText(none)).toBe("No change of persisted state against main (0123456789).\nDeploy: warm · rollback: warm · 0 keys");
  });

  it("SD8: colour adds nothing: without it the text is the same", () => {
    const painted = planText(cold, { color: true });
    expect(painted).toContain("\u001B[31m✖ cold");
    expect([0, 1, 2, 31, 32, 33].reduce((text, code) => text.replaceAll(`\u001B[${code}m`, ""), painted)).toBe(planText(cold));
  });

  it("SD8: lines are as wide as the terminal, words whole", () => {
    const lines = planText(cold, { width: 70 }).split("\n").filter((line) => line.startsWith("    "));
    for (const line of lines) expect(line.length <= 70 || !line.trim().includes(" "), line).toBe(true);
  });

  it("SD8: Markdown for a pull request, with bars and brackets escaped", async () => {
    await expect(planMarkdown(cold)).toMatchFileSnapshot("reports/cold.md");
    await expect(planMarkdown(warm)).toMatchFileSnapshot("reports/warm.md");
    for (const line of planMarkdown(warm).split("\n").filter((text) => text.startsWith("|"))) expect(line.replaceAll("\\|", "").split("|"), line).toHaveLength(7);
    expect(planMarkdown(none)).toContain("No change against main (0123456789).");
  });

  it("SD8: JSON is the plan of the contract, field by field", () => {
    const made = JSON.parse(planJson({ ...cold, changes: cold.changes.map((change) => ({ ...change, extra: 1 })) })) as VangoPlan;
    expect(made).toEqual(JSON.parse(JSON.stringify(cold)));
    expect(Object.keys(made.changes[0] ?? {})).toEqual(["rule", "kind", "key", "path", "deploy", "rollback", "message", "fix", "file", "line"]);
  });

  it("SD8: annotations: errors for cold, warnings for loss and cold rollbacks, at the declaration", () => {
    const lines = planAnnotations(cold);
    expect(lines).toContain(
      "::error file=app/shop.tsx,line=8,title=field-added (deploy cold%2C rollback warm)::shared cart items[].price: Required field `price: number` was added. An old value that shows it: { note: \"\", items: [{ count: 0, id: \"\" }] }%0AMake it optional (`price?`) and use a default where it is read, or give the type a new schema id and read the old values with `migrate: { \"shop:Cart:v1\": (old) => … }`.",
    );
    expect(lines.some((line) => line.includes("todos.sort"))).toBe(false);
    expect(planAnnotations(warm).every((line) => line.startsWith("::warning "))).toBe(true);
    expect(planAnnotations({ ...cold, schemaImpact: { ...cold.schemaImpact, acknowledged: true } }).some((line) => line.startsWith("::error"))).toBe(false);
    expect(planAnnotations(cold, { folder: "apps/shop/" })[0]).toContain("file=apps/shop/app/shop.tsx,");
  });

  it("SD8: an accepted cold change is said to be accepted", () => {
    const text = planText(planOf(cold.changes, true));
    expect(text).toContain("Deploy: cold (accepted)");
    expect(text).not.toContain("--ack-cold");
  });
});
