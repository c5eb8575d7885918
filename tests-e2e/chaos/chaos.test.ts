// Chaos: 500 clients with the shipped code, 5 of them in Chromium, on two apps whose workers get `kill -9` at random. In the end
// every tab is live without a reload, what the demo showed as saved is in its database, what was acknowledged under `before-ack`
// is there, nothing ran twice, and lost signal state was announced.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { seeded } from "@vango/client/testing";
import { expect, it } from "vitest";
import { useBrowser } from "../test/harness/browser.js";
import { openTab } from "../test/harness/tab.js";
import { chromiumTab, CLOSED, CONNECTS, lightTab, type ChaosTab } from "./client.js";
import { ClickLedger, CommentLedger } from "./ledger.js";
import { buildApp, startWorkers, type Workers } from "../test/harness/workers.js";

const SECONDS = Number(process.env["VANGO_CHAOS_SECONDS"] ?? 60);
const SEED = Number(process.env["VANGO_SOAK_SEED"] ?? Date.now() % 2 ** 31);
const LIGHT = { demo: 165, kept: 330 };
const CHROMIUM = { demo: 3, kept: 2 };
/** Clients of one address; the server takes 100. */
const PER_ADDRESS = 50;
/** Pages that are loaded at once. */
const LOADING = 12;
/** The client's longest pause before it tries again, and what a busy machine adds. How many attempts it needs is the servers' affair. */
const PAUSE_MS = 30_000 + 5_000;

/** What the page may say of its connection in the end: nothing, or what became of it. */
const AT_REST = new Set(["", "Connected again", "Connected again. Unsaved local state was reset.", "Connected again. The page was started afresh."]);

const browser = useBrowser();
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function inTurns<T>(items: readonly T[], fn: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  await Promise.all(Array.from({ length: LOADING }, async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await fn(item);
  }));
}

interface Client {
  readonly tab: ChaosTab;
  /** One act of a user. */
  act(): Promise<void>;
}

it(`every tab is live again, and nothing acknowledged is lost (seed ${SEED})`, async () => {
  const chance = seeded(SEED);
  const demoMain = join(dirname(createRequire(import.meta.url).resolve("@vango/demo/package.json")), "dist", "main.js");
  const keptRoot = fileURLToPath(new URL("../app", import.meta.url));
  await buildApp(keptRoot);
  const demo = await startWorkers(demoMain, 2, () => ({ CAIRN_SECRET: "chaos-run-secret-of-32-characters" }));
  const kept = await startWorkers(join(keptRoot, "dist", "main.js"), 2, (folder) => ({ STORE: join(folder, "store.lmdb"), VANGO_SECRET: "chaos-run-secret-of-32-characters" }));

  const clients: Client[] = [];
  const clicks = new Map<ChaosTab, ClickLedger>();
  const comments = new Map<ChaosTab, CommentLedger>();
  const addClicker = (tab: ChaosTab): void => {
    const ledger = new ClickLedger();
    clicks.set(tab, ledger);
    clients.push({ tab, act: () => ledger.click(tab) });
  };
  const addWriter = (tab: ChaosTab, url: string): void => {
    const ledger = new CommentLedger(tab.name, url);
    comments.set(tab, ledger);
    clients.push({ tab, act: () => ledger.comment(tab) });
  };
  const issueUrl = (n: number): string => `${demo.url}/issues/${n + 1}`;
  const address = (n: number): string => `127.0.1.${1 + Math.floor(n / PER_ADDRESS)}`;

  for (let n = 0; n < CHROMIUM.demo; n++) {
    const url = issueUrl(LIGHT.demo + n);
    addWriter(await chromiumTab(`chromium-demo-${n}`, await openTab(browser(), url, { expectProblems: true })), url);
  }
  for (let n = 0; n < CHROMIUM.kept; n++) {
    addClicker(await chromiumTab(`chromium-kept-${n}`, await openTab(browser(), `${kept.url}/clicks`, { expectProblems: true })));
  }
  const plans = [
    ...Array.from({ length: LIGHT.demo }, (_, n) => async () => addWriter(await lightTab(`light-demo-${n}`, issueUrl(n), SEED + n, address(n)), issueUrl(n))),
    ...Array.from({ length: LIGHT.kept }, (_, n) => async () => addClicker(await lightTab(`light-kept-${n}`, `${kept.url}/clicks`, SEED + 1000 + n, address(n)))),
  ];
  await inTurns(plans, (plan) => plan());
  await Promise.all(clients.map(({ tab }) => tab.settled()));
  expect(clients).toHaveLength(500);

  // ---- the run
  let running = true;
  const users = clients.map(async ({ tab, act }) => {
    const pause = tab.name.includes("demo") ? 8000 : 4000;
    await wait(chance() * pause);
    while (running) {
      await act();
      await wait((0.5 + chance()) * pause);
    }
  });
  let kills = 0;
  const end = performance.now() + SECONDS * 1000;
  const killers = [demo, kept].map(async (workers: Workers) => {
    while (performance.now() < end) {
      await wait(4000 + chance() * 4000);
      await workers.kill(chance);
      kills++;
    }
  });
  await Promise.all(killers);
  // Once more, with all workers of both apps at once.
  await Promise.all([demo, kept].flatMap((workers) => [workers.kill(() => 0), workers.kill(() => 0)]));
  running = false;
  await Promise.all(users);
  expect(kills).toBeGreaterThanOrEqual(SECONDS / 10);

  // ---- in the end
  await Promise.all(clients.map(({ tab }) => tab.settled()));
  await wait(500);
  await Promise.all(clients.map(({ tab }) => tab.settled()));
  // A worker ends because this run kills it, and for nothing else.
  const problems: string[] = [demo, kept].flatMap((workers) => workers.accidents());
  const outages: number[] = [];
  let announced = 0;
  for (const { tab } of clients) {
    const state = await tab.state();
    if (state !== "live") problems.push(`${tab.name} is ${state}`);
    const line = await tab.status();
    if (!AT_REST.has(line)) problems.push(`${tab.name} is live, and says: ${line}`);
    if ((await tab.reloads()) > 0) problems.push(`${tab.name} was loaded again`);
    let lostAt: number | undefined;
    let closedAt: number | undefined;
    for (const { at, type, detail } of await tab.said()) {
      if (type === "vango:session" && /restored|fresh/.test(String(detail["how"]))) announced++;
      if (at === undefined) continue;
      if (type === CLOSED) closedAt = at;
      if (type === CONNECTS && closedAt !== undefined && at - closedAt > PAUSE_MS) problems.push(`${tab.name} waited ${Math.round(at - closedAt)} ms before it tried again`);
      if (type !== "vango:connection") continue;
      if (detail["state"] === "live" && lostAt !== undefined) outages.push(at - lostAt);
      lostAt = detail["state"] === "live" ? undefined : (lostAt ?? at);
    }
  }
  for (const [tab, ledger] of clicks) problems.push(...(await ledger.problems(tab)));
  const writers = [...comments.values()];
  await inTurns(writers, async (ledger) => {
    const html = await (await fetch(ledger.url)).text();
    problems.push(...ledger.problems([...html.matchAll(/class="comment-body">([^<]*)</g)].map((m) => m[1] ?? "")));
  });

  const sum = (of: (ledger: ClickLedger) => number): number => [...clicks.values()].reduce((total, ledger) => total + of(ledger), 0);
  outages.sort((a, b) => a - b);
  const quantile = (q: number): number => Math.round(outages[Math.min(outages.length - 1, Math.floor(outages.length * q))] ?? 0);
  const saved = writers.reduce((total, { saved: list }) => total + list.length, 0);
  console.log(`${kills} workers killed; ${outages.length} outages, p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, longest ${quantile(1)} ms; ${announced} losses announced; `
    + `clicks: ${sum((l) => l.clicks)}, ${sum((l) => l.acknowledged)} acknowledged, ${sum((l) => l.unknown)} unknown, ${sum((l) => l.refused)} refused; comments saved: ${saved}`);
  expect(problems).toEqual([]);
  expect(sum((l) => l.acknowledged)).toBeGreaterThan(clicks.size);
  expect(saved).toBeGreaterThan(0);
  expect(outages.length).toBeGreaterThan(clients.length);
  expect(announced).toBeGreaterThan(0);
});
