/**
 * `@vango/server/testing` (SPEC.md M10–M14): the connection of a mounted page, lost, delayed, frozen and resumed.
 */
import { component, html } from "@vango/core";
import { memoryStore } from "@vango/persist";
import { describe, expect, it, onTestFinished } from "vitest";
import { createApp } from "../../src/create-app.js";
import type { AppOptions } from "../../src/app-options.js";
import { mount, type MountOptions, type Page } from "../../src/testing/index.js";

let runs = 0;
const Counter = component((setup) => {
  const n = setup.signal(0);
  const kept = setup.sharedSignal("kept", 0);
  const add = (): void => {
    runs++;
    n.inc();
    kept.inc();
  };
  setup.interval(60_000, () => n.update((v) => v + 100));
  return () => html`<main><p id="n">${n}</p><p id="kept">${kept}</p><button onClick=${add}>Add</button><input name="t" onInput=${() => undefined}></main>`;
});

const appOf = (o: Partial<AppOptions> = {}, page = Counter) =>
  createApp({
    routes: { buildId: "b", routes: [{ path: "/", kind: "page", load: () => Promise.resolve({ page }) }] },
    secret: "testing-secret-of-at-least-32-characters",
    onError: () => undefined,
    ...o,
  });
async function open(app = appOf(), o: MountOptions = {}): Promise<Page> {
  const page = await mount(app, "/", o);
  runs = 0;
  onTestFinished(() => page.close());
  return page;
}
const text = (page: Page, css: string): string => page.locator(css).text();
const add = (page: Page): Promise<void> => page.getByRole("button").click();

describe("a lost connection", () => {
  it("M10, scenario 46: nothing is missed: the frames of the outage are replayed", async () => {
    const page = await open();
    await add(page);
    await page.disconnect();
    await page.clock.advance(61_000);
    expect(text(page, "#n")).toBe("1");
    expect(await page.resume()).toBe("replayed");
    expect([text(page, "#n"), page.reloads, page.errors()]).toEqual(["101", 0, []]);
  });

  it("M10, scenario 49: what is clicked meanwhile runs once, afterwards", async () => {
    const page = await open();
    await page.disconnect();
    await add(page);
    await add(page);
    expect([text(page, "#n"), runs]).toEqual(["0", 0]);
    expect(await page.resume()).toBe("replayed");
    expect([text(page, "#n"), text(page, "#kept"), runs]).toEqual(["2", "2", 2]);
  });

  it("M10: after more than is held the page is reconciled", async () => {
    const page = await open(appOf({ limits: { heldFrames: 2 } }));
    await page.disconnect();
    await page.clock.advance(4 * 60_000);
    expect(await page.resume()).toBe("reconciled");
    expect(text(page, "#n")).toBe("400");
  });

  it("M10, scenario 50: past the resume window what is persisted comes back", async () => {
    const page = await open(appOf({ resumeWindowMs: 10_000 }));
    await add(page);
    await page.disconnect();
    await page.clock.advance(11_000);
    expect(await page.resume()).toBe("restored");
    expect([text(page, "#n"), text(page, "#kept"), page.reloads]).toEqual(["0", "1", 0]);
  });
});

describe("the end of the resume window", () => {
  it("S29: a page whose return is being admitted as its time ends keeps its session, and what it sends at once runs", async () => {
    let admit: () => void = () => undefined;
    let slow = false;
    const Ticking = component((setup) => {
      const n = setup.signal(0);
      // Past the end of the window: by then the session would have been parked.
      setup.interval(11_000, () => admit());
      return () => html`<main><p id="n">${n}</p><button onClick=${() => n.inc()}>Add</button></main>`;
    });
    const middleware = (_: unknown, next: () => Promise<Response>): Promise<Response> => (slow ? new Promise<void>((resolve) => (admit = resolve)).then(next) : next());
    const app = createApp({
      routes: { buildId: "b", routes: [{ path: "/", kind: "page", load: () => Promise.resolve({ page: Ticking }), middleware: [() => Promise.resolve({ middleware })] }] },
      secret: "testing-secret-of-at-least-32-characters",
      onError: () => undefined,
      resumeWindowMs: 10_000,
    });
    const page = await open(app);
    await page.disconnect();
    await add(page);
    await page.clock.advance(9_990);
    slow = true;
    expect(await page.resume()).toBe("replayed");
    await page.settled();
    expect([text(page, "#n"), page.errors()]).toEqual(["1", []]);
  });
});

describe("another process", () => {
  it("M11, scenario 56: with the same store persisted state is there, local state is not", async () => {
    const store = memoryStore();
    const page = await open(appOf({ store }));
    await add(page);
    await page.disconnect();
    await page.locator("input").fill("typed");
    expect(await page.resume({ app: appOf({ store }) })).toBe("restored");
    expect([text(page, "#n"), text(page, "#kept"), page.reloads]).toEqual(["0", "1", 0]);
    expect(page.locator("input").attr("value")).toBe("typed");
    await add(page);
    expect(text(page, "#kept")).toBe("2");
  });

  it("M11: an app that was drained has saved everything", async () => {
    const store = memoryStore();
    const app = appOf({ store });
    const page = await open(app);
    await add(page);
    await page.disconnect();
    await app.drain();
    expect(await page.resume({ app: appOf({ store }) })).toBe("restored");
    expect(text(page, "#kept")).toBe("1");
  });

  it("M11: without disconnect the connection is lost now", async () => {
    const page = await open();
    await add(page);
    expect([await page.resume(), await page.resume({ app: appOf() })]).toEqual(["replayed", "fresh"]);
  });

  it("M11: without it the session is fresh, in place", async () => {
    const page = await open();
    await add(page);
    await page.disconnect();
    expect(await page.resume({ app: appOf() })).toBe("fresh");
    expect([text(page, "#kept"), page.reloads]).toEqual(["0", 0]);
  });
});

describe("the network of a page", () => {
  it("M12: a delayed message is there when its time has come, both ways", async () => {
    const page = await open();
    page.network.delay = 200;
    await add(page);
    expect([runs, text(page, "#n")]).toEqual([0, "0"]);
    await page.clock.advance(200);
    expect([runs, text(page, "#n")]).toEqual([1, "0"]);
    await page.clock.advance(200);
    expect(text(page, "#n")).toBe("1");
  });

  it("M12, scenario 54: a half-open socket is noticed by silence", async () => {
    const page = await open();
    page.network.freeze();
    await add(page);
    expect(runs).toBe(0);
    await page.clock.advance(55_000);
    expect([runs, text(page, "#n"), text(page, "#kept")]).toEqual([1, "1", "1"]);
  });

  it("M12: a lost socket comes back by itself; what was on its way arrives late and runs once", async () => {
    const page = await open();
    page.network.delay = 50;
    await add(page);
    page.network.lose({ upAfter: 5000 });
    await page.clock.advance(4000);
    expect(runs).toBe(1);
    await page.clock.advance(20_000);
    expect([runs, text(page, "#kept"), page.errors()]).toEqual([1, "1", []]);
  });

  it("M12: what is repeated runs once; half a message costs the socket and nothing else", async () => {
    const page = await open();
    page.network.intercept = (bytes) => [bytes, bytes];
    await add(page);
    expect([runs, text(page, "#n")]).toEqual([1, "1"]);
    let halved = 0;
    page.network.intercept = (bytes, up) => {
      if (up && halved === 0) return halved++, [bytes.subarray(0, bytes.length >> 1)];
      return [bytes];
    };
    await add(page);
    expect(halved).toBe(1);
    page.network.intercept = undefined;
    await page.clock.advance(2000);
    expect([runs, text(page, "#n"), page.reloads]).toEqual([2, "2", 0]);
  });

  it("M12: who does not read falls behind and is brought up to date at once", async () => {
    const text50k = "x".repeat(50_000);
    const Big = component((setup) => {
      const n = setup.signal(0);
      return () => html`<main><p id="n">${n}</p><p id="big">${() => text50k + String(n.get())}</p><button onClick=${() => n.inc()}>Add</button></main>`;
    });
    const page = await open(appOf({}, Big));
    page.network.stall();
    for (let i = 0; i < 20; i++) await add(page);
    const before = page.frames().length;
    expect(text(page, "#n")).toBe("0");
    page.network.flow();
    await page.settled();
    expect(text(page, "#n")).toBe("20");
    expect(page.frames().length - before).toBeLessThan(12);
    await add(page);
    expect(text(page, "#n")).toBe("21");
  });
});

describe("time and chance", () => {
  it("M13: pages of one app live in one time, each with the hour that it was given", async () => {
    const app = appOf();
    const [a, b] = [await open(app, { now: 1000 }), await open(app, { now: 7 })];
    await a.clock.advance(60_000);
    expect([a.clock.now(), b.clock.now(), text(b, "#n")]).toEqual([61_000, 60_007, "100"]);
  });

  it("M14: the same seed gives the same bytes of the browser", async () => {
    const sent = async (seed: number): Promise<string> => {
      const page = await open(appOf(), { seed });
      let bytes = "";
      page.network.intercept = (message, up) => {
        if (up) bytes += `${message.length}:${message[0]} `;
        return [message];
      };
      page.network.lose();
      await page.clock.advance(30_000);
      await add(page);
      return `${bytes} at ${page.clock.now()}`;
    };
    expect(await sent(3)).toBe(await sent(3));
  });
});
