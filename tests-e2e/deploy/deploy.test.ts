// A rolling deploy of the demo under 200 live tabs with the shipped client, 5 of them in Chromium: a warm deploy, its rollback, the
// way forward again, and a cold deploy. Each does what `vango state plan` said.
import { join } from "node:path";
import { expect, it } from "vitest";
import { chromiumTab, lightTab, type ChaosTab, type Said } from "../chaos/client.js";
import { useBrowser } from "../test/harness/browser.js";
import { openTab } from "../test/harness/tab.js";
import { startWorkers, vango, type Workers } from "../test/harness/workers.js";
import { copyDemo, keepBuild, useBuild, writeVersion, type Version } from "./versions.js";

const LIGHT = 195;
const CHROMIUM = 5;
/** From the signal to the last tab that is live again. */
const DEPLOY_MS = 60_000;

const browser = useBrowser();
const testId = (name: string): string => `[data-testid=${name}]`;
const isHow = ({ type }: Said): boolean => type === "vango:session";

interface Plan {
  readonly schemaImpact: { readonly classification: string; readonly rollback: string };
  readonly changes: readonly { readonly key: string; readonly rule: string }[];
}

async function all<T>(tabs: readonly ChaosTab[], fn: (tab: ChaosTab) => Promise<T>): Promise<T[]> {
  return Promise.all(tabs.map(fn));
}

/** How many tabs say what. */
function counted(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** A tab may come back twice, when the worker that took it over is replaced next. */
const notRestored = (hows: Record<string, number>): string[] => Object.keys(hows).filter((list) => !/^restored(,restored)*$/.test(list));
const notFreshOnce = (hows: Record<string, number>): string[] => Object.keys(hows).filter((list) => list.split(",").filter((how) => how === "fresh").length !== 1);

it("200 tabs live through a warm deploy, its rollback and a cold deploy", async () => {
  const root = copyDemo();
  const plans = new Map<Version, Plan>();
  const make = async (version: Version, ...flags: readonly string[]): Promise<void> => {
    writeVersion(root, version);
    const [plan = ""] = await vango(root, [["state", "plan", "--json"], ["state", "apply", ...flags], ["state", "check"], ["build"]], [2]);
    plans.set(version, JSON.parse(plan) as Plan);
    keepBuild(root, version);
  };
  await make("first");
  const workers: Workers = await startWorkers(join(root, "dist", "main.js"), 2, () => ({ CAIRN_SECRET: "deploy-run-secret-of-32-characters" }));
  const url = `${workers.url}/live`;
  const tabs: ChaosTab[] = [];
  for (let n = 0; n < CHROMIUM; n++) tabs.push(await chromiumTab(`chromium-${n}`, await openTab(browser(), url, { expectProblems: true })));
  for (let n = 0; n < LIGHT; n += 15)
    tabs.push(...(await Promise.all(Array.from({ length: 15 }, (_, i) => lightTab(`light-${n + i}`, url, n + i + 1, `127.0.2.${1 + Math.floor(n / 45)}`)))));
  await all(tabs, (tab) => tab.settled());
  expect(tabs).toHaveLength(LIGHT + CHROMIUM);

  /** Each tab's own number of claps. */
  const claps = (i: number): number => 1 + (i % 3);
  await Promise.all(tabs.map(async (tab, i) => {
    for (let n = 0; n < claps(i); n++) await tab.click(testId("clap"));
    await tab.settled();
  }));
  /** What the tabs say of their sessions in a deploy: one word a tab, joined if there were several. */
  const deploy = async (version: Version): Promise<{ readonly hows: Record<string, number>; readonly codes: Record<string, number> }> => {
    const before = await all(tabs, async (tab) => (await tab.said()).length);
    const begun = performance.now();
    await workers.restart();
    await expect.poll(async () => counted(await all(tabs, (tab) => tab.text(testId("version")))), { timeout: DEPLOY_MS, interval: 500 }).toEqual({ [version]: tabs.length });
    await all(tabs, (tab) => tab.settled());
    expect(performance.now() - begun).toBeLessThan(DEPLOY_MS);
    expect(counted(await all(tabs, (tab) => tab.state()))).toEqual({ live: tabs.length });
    expect(counted((await all(tabs, (tab) => tab.reloads())).map(String))).toEqual({ 0: tabs.length });
    const said = await all(tabs, (tab) => tab.said());
    const since = said.map((list, i) => list.slice(before[i]));
    return {
      hows: counted(since.map((list) => list.filter(isHow).map(({ detail }) => String(detail["how"])).join())),
      codes: counted(since.map((list) => list.filter(({ type }) => type === "vango:error").map(({ detail }) => String(detail["code"])).join())),
    };
  };
  const shown = (name: string): Promise<string[]> => all(tabs, (tab) => tab.text(testId(name)));
  const ownClaps = tabs.map((_, i) => String(claps(i)));

  await make("warm");
  expect(plans.get("warm")?.schemaImpact).toMatchObject({ classification: "warm_deploy", rollback: "warm_rollback" });
  expect(notRestored((await deploy("warm")).hows)).toEqual([]);
  expect(await shown("claps")).toEqual(ownClaps);
  expect(counted(await shown("mood"))).toEqual({ calm: tabs.length });
  await all(tabs, async (tab) => {
    await tab.click(testId("cheer"));
    await tab.settled();
  });

  // Back to the first version: the plan said warm, and what only the newer one knows outlives the visit.
  useBuild(root, "first");
  expect(notRestored((await deploy("first")).hows)).toEqual([]);
  expect(await shown("claps")).toEqual(ownClaps);
  useBuild(root, "warm");
  expect(notRestored((await deploy("warm")).hows)).toEqual([]);
  expect([await shown("claps"), counted(await shown("mood"))]).toEqual([ownClaps, { cheerful: tabs.length }]);

  await make("cold", "--ack-cold");
  expect(plans.get("cold")?.schemaImpact.classification).toBe("cold_deploy");
  expect([...new Set(plans.get("cold")?.changes.map(({ key }) => key))]).toEqual(["release-room.claps"]);
  const cold = await deploy("cold");
  expect(counted(await shown("claps"))).toEqual({ none: tabs.length });
  // Exactly one fresh session a tab, and the page says why.
  expect(notFreshOnce(cold.hows)).toEqual([]);
  expect(Object.keys(cold.codes).every((codes) => codes.split("VANGO_STATE_COLD").length === 2)).toBe(true);
});
