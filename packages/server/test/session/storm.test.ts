/**
 * Contracts and storm budgets in real sessions (SPEC.md F7, F8): what the app is told, and what becomes of the page.
 */
import { component, html, tx, type VangoError } from "@vango/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { diagnostics, type StormMessage, type TurnMessage } from "../../src/diagnostics.js";
import { RawClient, serve } from "./raw-client.js";

/** No turn is too long, however busy the machine is. */
const CALM = { turnMs: 100_000, turnViolationMs: 1_000_000, turnStallMs: 10_000_000 };

const Storm = component((setup) => {
  const n = setup.signal(0);
  const refused = setup.signal("-");
  const act = setup.action((x: number) => x, { policy: "queue", queue: 1_000, onRejected: (why) => refused.set(why.code) });
  return () => html`<main>
    <p id="n">${n}</p><p id="refused">${refused}</p>
    <button id="storm" onClick=${() => { for (let i = 0; i < 8; i++) act.run(i); }}>x</button>
    <button id="inc" onClick=${() => n.inc()}>+</button>
  </main>`;
});

describe("storm budgets", () => {
  it("F7, scenario 73: throttle refuses what is over the budget, counts each refusal, and the session lives", async () => {
    const seen: StormMessage[] = [];
    onTestFinished(diagnostics.storm.subscribe((m) => seen.push(m)));
    const { url, errors } = await serve(Storm, { limits: { ...CALM, actionsPerSecond: 5 } });
    const client = await RawClient.join(url);
    await client.click("#storm");
    expect(client.text("#refused")).toBe("VANGO_BUDGET_EXCEEDED");
    await client.click("#inc");
    expect([client.text("#n"), seen.map((m) => m.budget), errors.map((e) => e.code)]).toEqual(["1", Array(3).fill("actionsPerSecond"), ["VANGO_BUDGET_EXCEEDED"]]);
  });

  it("F7, scenario 73: breaker ends the session after its turn; its page is told by VANGO_SESSION_STORM", async () => {
    const { url, errors } = await serve(Storm, { limits: { ...CALM, actionsPerSecond: 5 }, storms: "breaker" });
    const client = await RawClient.join(url);
    const other = await RawClient.join(url);
    await client.click("#storm");
    expect(await client.until((m) => m.kind === 6)).toMatchObject({ body: { code: "VANGO_SESSION_STORM" } });
    expect(client.text("#refused")).toBe("VANGO_BUDGET_EXCEEDED");
    expect(errors.map((e) => e.code)).toEqual(["VANGO_BUDGET_EXCEEDED", "VANGO_SESSION_STORM"]);
    await other.click("#inc");
    expect(other.text("#n")).toBe("1");
  });
});

describe("turns", () => {
  it("D8: the message of a turn names its transactions", async () => {
    const seen: TurnMessage[] = [];
    onTestFinished(diagnostics.turn.subscribe((m) => seen.push(m)));
    const { url } = await serve(component((setup) => {
      const n = setup.signal(0);
      return () => html`<main><button id="a" onClick=${() => tx("checkout", () => n.inc())}>${n}</button><button id="b" onClick=${() => n.inc()}>x</button></main>`;
    }));
    const client = await RawClient.join(url);
    await client.click("#a");
    await client.click("#b");
    expect(seen.filter((m) => m.kind === "event").map((m) => m.name)).toEqual(["checkout", undefined]);
  });
});

describe("off-loop writes", () => {
  it("F8, scenario 6: the error names the handler's element and component, and both are exact while others run", async () => {
    const gates: (() => void)[] = [];
    const Todos = component((setup) => {
      const n = setup.signal(0, { name: "n" });
      const wait = (): Promise<void> => new Promise((ok) => gates.push(ok));
      const save = async (): Promise<void> => (await wait(), n.set(1));
      const drop = async (): Promise<void> => (await wait(), n.set(2));
      return () => html`<main><p id="n">${n}</p><button id="a" onClick=${save}>a</button><a id="b" onClick=${drop}>b</a><i id="c" onClick=${() => n.inc()}>c</i></main>`;
    }, { name: "Todos" });
    const { url, errors } = await serve(Todos, { limits: CALM });
    const client = await RawClient.join(url);
    await client.click("#a");
    await client.click("#b");
    gates[1]?.();
    gates[0]?.();
    await client.click("#c");
    const told = errors as unknown as VangoError[];
    expect(told.map((e) => [e.code, e.related])).toEqual([
      ["VANGO_OFF_LOOP_WRITE", 'the "click" handler drop of <a> in <Todos>'],
      ["VANGO_OFF_LOOP_WRITE", 'the "click" handler save of <button> in <Todos>'],
    ]);
    expect(told[0]?.at).toMatch(/storm\.test\.ts:\d+/);
    expect(client.text("#n")).toBe("1");
  });
});
