// The counter, from both front ends and on both transports: the whole path of one click, and its bytes.
import { component, html } from "@vango/core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./harness/browser.js";
import { serve, TRANSPORTS } from "./harness/server.js";
import { EVENT, openTab, PATCH, sizes } from "./harness/tab.js";

const browser = useBrowser();

const counters = {
  jsx: component((setup) => {
    const count = setup.signal(0);
    return () => (
      <main>
        <p id="out">count: {count.get()}</p>
        <button id="inc" onClick={() => count.inc()}>+</button>
        <button id="jump" onClick={() => count.set(99)}>99</button>
      </main>
    );
  }),
  html: component((setup) => {
    const count = setup.signal(0);
    return () => html`
      <main>
        <p id="out">count: ${count}</p>
        <button id="inc" onClick=${() => count.inc()}>+</button>
        <button id="jump" onClick=${() => count.set(99)}>99</button>
      </main>`;
  }),
};

describe.each(TRANSPORTS)("on %s", (transport) => {
  it.each(["jsx", "html"] as const)("E1 scenario 1: a click is one event of ≤ 12 bytes and one patch of ≤ 18 (%s)", async (front) => {
    const { url } = await serve(counters[front], { transport });
    const tab = await openTab(browser(), url);
    expect(await tab.text("#out")).toBe("count: 0");
    tab.clear();
    await tab.page.click("#inc");
    await tab.settled();
    expect(await tab.text("#out")).toBe("count: 1");
    expect(tab.requests).toEqual([]);
    expect(tab.up).toHaveLength(1);
    expect(tab.down).toHaveLength(1);
    expect(sizes(tab.up, EVENT)[0]).toBeLessThanOrEqual(12);
    expect(sizes(tab.down, PATCH)[0]).toBeLessThanOrEqual(18);

    await tab.page.click("#jump");
    await tab.settled();
    tab.clear();
    for (let n = 100; n < 103; n++) {
      await tab.page.click("#inc");
      await tab.settled();
      expect(await tab.text("#out")).toBe(`count: ${n}`);
    }
    expect(Math.max(...sizes(tab.up, EVENT))).toBeLessThanOrEqual(12);
    expect(Math.max(...sizes(tab.down, PATCH))).toBeLessThanOrEqual(18);
    expect(sizes(tab.down, PATCH)).toHaveLength(3);
  });

  it("E1 scenario 2: clicks sent together are handled in order, frame 1 before handler 2", async () => {
    const Log = component((setup) => {
      const log = setup.signal<readonly string[]>([]);
      return () => (
        <main>
          <p id="out">{log.get().join(" ")}</p>
          <button id="a" onClick={() => log.append("a")}>a</button>
          <button id="b" onClick={() => log.append("b")}>b</button>
        </main>
      );
    });
    const { url } = await serve(Log, { transport });
    const tab = await openTab(browser(), url);
    tab.clear();
    await tab.page.evaluate(() => {
      for (const id of ["a", "b", "a", "b"]) document.getElementById(id)?.click();
    });
    await tab.settled();
    expect(await tab.text("#out")).toBe("a b a b");
    expect(sizes(tab.up, EVENT)).toHaveLength(4);
    expect(sizes(tab.down, PATCH)).toHaveLength(4);
  });

  it("E1 scenario 4: a handler that changes nothing is acknowledged without a patch", async () => {
    const Same = component((setup) => {
      const count = setup.signal(7);
      return () => <button id="same" onClick={() => count.set(7)}>{count.get()}</button>;
    });
    const { url } = await serve(Same, { transport });
    const tab = await openTab(browser(), url);
    tab.clear();
    await tab.page.click("#same");
    await tab.settled();
    expect(sizes(tab.down, PATCH)).toEqual([]);
    expect(tab.down.map((m) => m.length)).toEqual([2]);
  });
});
