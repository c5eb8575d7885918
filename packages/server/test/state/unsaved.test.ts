/**
 * `before-ack` while the store is away, in a whole session (SPEC.md PS9): what was done waits, what is asked is refused, and both end
 * when the store is back.
 */
import { component, html } from "@vango/core";
import { memoryStore } from "@vango/persist";
import { faultyStore } from "@vango/persist/testing";
import { describe, expect, it } from "vitest";
import { route } from "../session/raw-client.js";
import { Browser, House } from "../session/tab.js";

const Page = component((setup) => {
  const kept = setup.sharedSignal("kept", 0);
  const local = setup.signal(0);
  return () => html`<main><p id="kept">${kept}</p><p id="local">${local}</p>
    <button id="keep" onClick=${() => kept.inc()}>keep</button><button id="inc" onClick=${() => local.inc()}>inc</button></main>`;
});

describe("before-ack without the store", () => {
  it("PS9: after two seconds events are refused with VANGO_UNSAVED, at once and not run; what was done shows when the store is back", async () => {
    let down = false;
    const h = new House({
      routes: [route("/", Page)],
      durability: "before-ack",
      store: faultyStore(memoryStore(), (op) => (down && (op === "commit" || op === "create") ? "before" : undefined)),
    });
    const tab = await new Browser().open(h);
    await tab.press("#keep");
    await h.settled();
    expect(tab.text("#kept")).toBe("1");
    down = true;
    await tab.press("#keep");
    await h.advance(500);
    await tab.press("#inc");
    expect([tab.text("#kept"), tab.text("#local"), tab.errors.length]).toEqual(["1", "0", 0]);
    await h.advance(2500);
    // The page hears of it without asking.
    expect(tab.errors.map((e) => [e.code, e.seq])).toEqual([["VANGO_UNSAVED", 0]]);
    await tab.press("#inc");
    expect([tab.text("#local"), tab.errors.map((e) => e.code)]).toEqual(["0", ["VANGO_UNSAVED", "VANGO_UNSAVED"]]);
    down = false;
    await h.advance(10_000);
    await h.settled();
    expect(tab.mirror.emitted.map(({ name }) => name)).toEqual(["vango:saved"]);
    expect([tab.text("#kept"), tab.text("#local"), tab.inFlight]).toEqual(["2", "1", 0]);
    await tab.press("#inc");
    expect(tab.text("#local")).toBe("2");
  });
});
