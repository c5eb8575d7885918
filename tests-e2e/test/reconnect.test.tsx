// A connection that is lost and comes back to the same process, in a real browser over a network that breaks: nothing is
// reloaded, nothing the user did runs twice or on another element, and what stands on the page stays.
import { component, each, type Ctx } from "@vango/core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./harness/browser.js";
import { AGAIN, back, board, codes, hows, isMarked, JOIN, kinds, lost, RESUME, RESUMED, scene, until } from "./harness/scene.js";
import { TRANSPORTS } from "./harness/server.js";
import { EVENT } from "./harness/tab.js";

const browser = useBrowser();
const HISTORY = 128;

describe("the same process", () => {
  it.each(TRANSPORTS)("scenario 46: after 2 s without network the missing frames are replayed; focus, scroll and local state are kept (%s)", async (transport) => {
    const { Page, set } = board();
    const s = await scene(browser(), Page, { transport });
    const { tab, network } = s;
    await tab.page.click("#inc");
    await tab.page.locator("#typed").pressSequentially("draft");
    await tab.page.locator("#typed").evaluate((el) => (el as HTMLInputElement).setSelectionRange(1, 3));
    await tab.page.evaluate(() => scrollTo(0, 120));
    await tab.settled();
    await lost(s);
    tab.clear();
    for (const text of ["one", "two", "three"]) await set(text);
    expect(await tab.text("#text")).toBe("start");
    await tab.page.locator("#vango-status").waitFor();
    await tab.page.waitForTimeout(1000);
    network.mend();
    await until(tab, "live");
    await tab.settled();
    expect([await tab.text("#text"), await tab.text("#inc"), await tab.text("#heard")]).toEqual(["three", "1", "draft"]);
    // Seen elsewhere for a moment on a busy machine, for a reason that is not known; it has to come back by itself.
    await expect.poll(() => tab.page.evaluate(() => {
      const el = document.activeElement as HTMLInputElement;
      return [el.id, el.selectionStart, el.selectionEnd, el.value, scrollY];
    })).toEqual(["typed", 1, 3, "draft", 120]);
    expect(kinds(tab.up, JOIN, RESUME)).toEqual([RESUME]);
    expect(kinds(tab.down, RESUMED, AGAIN)).toEqual([RESUMED]);
    expect(tab.requests).toEqual([]);
    expect(await hows(tab)).toEqual(["new", "replayed"]);
    expect(await isMarked(tab)).toBe(true);
  });

  it("scenario 46: with nothing missed, a resume is at most 100 bytes both ways", async () => {
    const s = await scene(browser(), board().Page);
    await s.tab.page.waitForTimeout(2500);
    await lost(s);
    s.tab.clear();
    await back(s);
    await s.tab.page.waitForTimeout(2500);
    const up = s.tab.up.reduce((sum, m) => sum + m.length + 6, 0);
    const down = s.tab.down.reduce((sum, m) => sum + m.length + 2, 0);
    expect(up + down).toBeLessThanOrEqual(100);
  });

  it.each(TRANSPORTS)("scenario 47: a drop longer than the history realigns the page and keeps what is being typed (%s)", async (transport) => {
    const { Page, set, calls } = board();
    const s = await scene(browser(), Page, { transport });
    const { tab } = s;
    await tab.page.locator("#typed").pressSequentially("before");
    await tab.settled();
    await lost(s);
    tab.clear();
    for (let i = 0; i <= HISTORY; i++) await set(`update ${i}`);
    await tab.page.locator("#typed").pressSequentially(" and after");
    await tab.page.locator("#typed").evaluate((el) => (el as HTMLInputElement).setSelectionRange(2, 5));
    await back(s);
    expect(kinds(tab.up, JOIN, RESUME)).toEqual([RESUME, JOIN]);
    expect(await hows(tab)).toEqual(["new", "reconciled"]);
    expect(await tab.text("#text")).toBe(`update ${HISTORY}`);
    expect(await tab.page.inputValue("#typed")).toBe("before and after");
    expect(await tab.text("#heard")).toBe("before and after");
    expect(calls.at(-1)).toBe("typed before and after");
    expect(await tab.page.evaluate(() => [document.activeElement?.id, (document.activeElement as HTMLInputElement).selectionStart])).toEqual(["typed", 2]);
  });

  it("scenario 48: a page of 500 KB resumes, replayed and realigned", async () => {
    let set = (_text: string): void => undefined;
    let ctx: Ctx | undefined;
    const rows = Array.from({ length: 2500 }, (_, i) => ({ id: i, text: `row ${i} ${"lorem ipsum dolor sit amet ".repeat(6)}` }));
    const Page = component((setup) => {
      const list = setup.signal(rows);
      const title = setup.signal("big");
      if (setup.ctx.session.live) {
        ctx = setup.ctx;
        set = (text) => title.set(text);
      }
      return () => (
        <main>
          <h1>{title.get()}</h1>
          <ul>{each(list, (r) => r.id, (r) => <li class="row" title={`t${r.id}`}>{r.text}</li>)}</ul>
        </main>
      );
    });
    const s = await scene(browser(), Page);
    const { tab } = s;
    expect((await tab.page.content()).length).toBeGreaterThan(500_000);
    await tab.page.locator(".row").nth(1000).evaluate((el) => void ((el as HTMLElement).dataset["kept"] = "yes"));
    await lost(s);
    await ctx?.dispatch(() => set("small news"));
    await back(s);
    expect([await tab.text("h1"), await hows(tab)]).toEqual(["small news", ["new", "replayed"]]);
    await lost(s);
    for (let i = 0; i <= HISTORY; i++) await ctx?.dispatch(() => set(`news ${i}`));
    await back(s);
    expect([await tab.text("h1"), await hows(tab)]).toEqual([`news ${HISTORY}`, ["new", "replayed", "reconciled"]]);
    expect(await tab.page.locator(".row").nth(1000).getAttribute("data-kept")).toBe("yes");
    expect(await tab.page.locator(".row").count()).toBe(2500);
  });

  it.each(TRANSPORTS)("scenario 49: clicks on their way and during the outage run once, in order, after what was typed (%s)", async (transport) => {
    const { Page, calls } = board();
    const s = await scene(browser(), Page, { transport });
    const { tab, network } = s;
    await tab.page.click("#inc");
    await tab.settled();
    // The click leaves the browser, its answer never comes.
    network.dam();
    await tab.page.click("#inc");
    await expect.poll(() => calls.length).toBe(2);
    // This one does not even reach the server.
    network.stall();
    await tab.page.click("#inc");
    await lost(s);
    await tab.page.locator("#typed").fill("x");
    await tab.page.click("#other");
    tab.clear();
    await back(s);
    expect(calls).toEqual(["inc", "inc", "inc", "typed x", "other"]);
    expect(await tab.text("#inc")).toBe("3");
    expect(kinds(tab.up, EVENT)).toHaveLength(3);
    expect(await tab.events("vango:error")).toEqual([]);
  });

  it("scenario 49: a click on a row that went away during the outage is rejected visibly, never run on another", async () => {
    let ctx: Ctx | undefined;
    let remove = (): void => undefined;
    const calls: number[] = [];
    const Page = component((setup) => {
      const list = setup.signal([1, 2, 3]);
      if (setup.ctx.session.live) {
        ctx = setup.ctx;
        remove = () => list.removeWhere((n) => n === 2);
      }
      return () => <ul>{each(list, (n) => n, (n) => <li id={`r${n}`} onClick={() => void calls.push(n)}>{n}</li>)}</ul>;
    });
    const s = await scene(browser(), Page);
    await lost(s);
    await ctx?.dispatch(() => remove());
    await s.tab.page.click("#r2");
    await s.tab.page.click("#r3");
    await back(s);
    expect(calls).toEqual([3]);
    expect(await s.tab.page.locator("li").allInnerTexts()).toEqual(["1", "3"]);
    expect(await codes(s.tab)).toEqual(["VANGO_EVENT_GONE"]);
  });

  it("scenario 51: duplicated frames are ignored; a gap makes one RESUME and no reload", async () => {
    const { Page, set } = board();
    let fault: "none" | "twice" | "drop" = "none";
    const { tab } = await scene(browser(), Page, {}, {
      prepare: (page) =>
        page.routeWebSocket(/_vango\/live/, (socket) => {
          const server = socket.connectToServer();
          server.onMessage((message) => {
            const isFrame = typeof message !== "string" && message[0] === 2;
            if (isFrame && fault === "drop") fault = "none";
            else {
              socket.send(message);
              if (isFrame && fault === "twice") socket.send(message);
            }
          });
        }),
    });
    fault = "twice";
    await set("one");
    await set("two");
    await expect.poll(() => tab.text("#text")).toBe("two");
    fault = "drop";
    await set("lost");
    await set("three");
    await expect.poll(() => tab.text("#text")).toBe("three");
    await tab.settled();
    expect(await hows(tab)).toEqual(["new", "replayed"]);
    expect(await codes(tab)).toEqual(["VANGO_WIRE_SEQUENCE"]);
    expect(await isMarked(tab)).toBe(true);
  });

  it("scenario 54: a half-open connection is noticed within two heartbeats, and the page says that it reconnects", async () => {
    const { Page, set } = board();
    const s = await scene(browser(), Page, {}, { prepare: (page) => page.clock.install() });
    const { tab, network } = s;
    await tab.page.evaluate(() => scrollTo(0, 120));
    const layout = () => tab.page.evaluate(() => [scrollY, document.documentElement.scrollHeight, document.querySelector("main")!.getBoundingClientRect().top]);
    const before = await layout();
    network.stall();
    await tab.page.clock.runFor(50_000);
    await until(tab, "reconnecting");
    expect(await tab.page.getAttribute("html", "data-vango-reason")).toBe("silent");
    await tab.page.clock.runFor(1100);
    expect(await tab.text("#vango-status")).toBe("Reconnecting…");
    expect(await tab.page.getAttribute("#vango-status", "role")).toBe("status");
    // It lies over the page, in view: nothing moves, under a strict Content-Security-Policy.
    expect(await layout()).toEqual(before);
    expect(await tab.page.locator("#vango-status").evaluate((el) => [getComputedStyle(el).position, el.getBoundingClientRect().bottom <= innerHeight])).toEqual(["fixed", true]);
    await set("meanwhile");
    network.cut();
    network.mend();
    await tab.page.evaluate(() => globalThis.vango.reconnect());
    await tab.page.clock.runFor(10);
    await until(tab, "live");
    await expect.poll(() => tab.text("#text")).toBe("meanwhile");
    expect(await tab.text("#vango-status")).toBe("Connected again");
    await tab.page.clock.runFor(2100);
    expect(await tab.page.locator("#vango-status").count()).toBe(0);
  });

  it("a slow client misses frames, describes itself when it has caught up, and stays live", async () => {
    let ctx: Ctx | undefined;
    let set = (_n: number): void => undefined;
    const Page = component((setup) => {
      const n = setup.signal(0);
      const inc = setup.signal(0);
      if (setup.ctx.session.live) {
        ctx = setup.ctx;
        set = (next) => n.set(next);
      }
      return () => <main><p id="n" title={"x".repeat(200_000) + n.get()}>{n.get()}</p><button id="inc" onClick={() => inc.inc()}>{inc.get()}</button></main>;
    });
    const s = await scene(browser(), Page);
    const { tab, network } = s;
    await tab.settled();
    network.dam();
    for (let i = 1; i <= 100; i++) await ctx?.dispatch(() => set(i));
    await tab.page.click("#inc");
    tab.clear();
    network.flow();
    await expect.poll(() => tab.text("#n"), { timeout: 20_000 }).toBe("100");
    await tab.settled();
    expect(await tab.text("#inc")).toBe("1");
    expect(kinds(tab.down, AGAIN)).toEqual([AGAIN]);
    expect(tab.down.filter((m) => m[0] === 2).length).toBeLessThan(100);
    expect(await hows(tab)).toEqual(["new", "reconciled"]);
    expect((await tab.events("vango:connection")).map((e) => e.detail["state"])).toEqual(["connecting", "live"]);
  });
});
