// A connection that is lost and comes back, in a real browser over a network that breaks: nothing is reloaded, nothing the
// user did runs twice or on another element, and what stands on the page stays.
import { component, each, type Ctx } from "@vango/core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./harness/browser.js";
import { useNetwork, type Network } from "./harness/proxy.js";
import { route, serve, TRANSPORTS, type ServeOptions, type TestServer } from "./harness/server.js";
import { EVENT, openTab, type Tab, type TabOptions } from "./harness/tab.js";

const browser = useBrowser();

const JOIN = 1;
const RESUME = 6;
const RESUMED = 7;
const AGAIN = 8;
const HISTORY = 128;
const kinds = (messages: readonly Buffer[], ...wanted: number[]): number[] => messages.map((m) => m[0] ?? 0).filter((k) => wanted.includes(k));

interface Scene {
  readonly server: TestServer;
  readonly network: Network;
  readonly tab: Tab;
}

/** A live page behind a network. A broken line is no error of the page, so the console may complain. */
async function scene(page: Parameters<typeof serve>[0], o: ServeOptions = {}, tabOptions: TabOptions = {}): Promise<Scene> {
  const server = await serve(page, o);
  const network = await useNetwork(server.port);
  const tab = await openTab(browser(), network.url, { expectProblems: true, ...tabOptions });
  await tab.page.evaluate(() => void (document.documentElement.dataset["mark"] = "same document"));
  return { server, network, tab };
}

const state = (tab: Tab): Promise<string> => tab.page.evaluate(() => globalThis.vango.state);
const until = async (tab: Tab, wanted: string): Promise<void> => void (await tab.page.waitForFunction((s) => globalThis.vango.state === s, wanted));
const hows = async (tab: Tab): Promise<unknown[]> => (await tab.events("vango:session")).map((e) => e.detail["how"]);
const lost = async ({ network, tab }: Scene): Promise<void> => {
  network.cut();
  await until(tab, "reconnecting");
};
/** Back, with the same document as before. */
const back = async ({ network, tab }: Scene): Promise<void> => {
  network.mend();
  await tab.page.evaluate(() => globalThis.vango.reconnect());
  await tab.settled();
  expect(await tab.page.getAttribute("html", "data-mark")).toBe("same document");
};

/** A page whose state tests change from outside, as a timer or a subscription would. */
function board(): { Page: Parameters<typeof serve>[0]; ctx(): Ctx; set(text: string): Promise<void>; calls: string[] } {
  let set: (text: string) => void = () => undefined;
  let held: Ctx | undefined;
  const calls: string[] = [];
  const Page = component((setup) => {
    const text = setup.signal("start");
    const n = setup.signal(0);
    const typed = setup.signal("");
    if (setup.ctx.session.live) {
      held = setup.ctx;
      set = (next) => text.set(next);
    }
    return () => (
      <main>
        <p id="text">{text.get()}</p>
        <button id="inc" onClick={() => { calls.push("inc"); n.inc(); }}>{n.get()}</button>
        <button id="other" onClick={() => void calls.push("other")}>other</button>
        <input id="typed" value={typed.get()} onInput={(e) => { calls.push(`typed ${e.value}`); typed.set(e.value); }} />
        <p id="heard">{typed.get()}</p>
        <div style="height:3000px">tall</div>
      </main>
    );
  });
  return {
    Page,
    calls,
    ctx: () => held as Ctx,
    set: (text) => (held as Ctx).dispatch(() => set(text)),
  };
}

describe("the same process", () => {
  it.each(TRANSPORTS)("scenario 46: after 2 s without network the missing frames are replayed; focus, scroll and local state are kept (%s)", async (transport) => {
    const { Page, set } = board();
    const s = await scene(Page, { transport });
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
    expect(await tab.page.evaluate(() => {
      const el = document.activeElement as HTMLInputElement;
      return [el.id, el.selectionStart, el.selectionEnd, el.value, scrollY];
    })).toEqual(["typed", 1, 3, "draft", 120]);
    expect(kinds(tab.up, JOIN, RESUME)).toEqual([RESUME]);
    expect(kinds(tab.down, RESUMED, AGAIN)).toEqual([RESUMED]);
    expect(tab.requests).toEqual([]);
    expect(await hows(tab)).toEqual(["new", "replayed"]);
    expect(await tab.page.getAttribute("html", "data-mark")).toBe("same document");
  });

  it("scenario 46: with nothing missed, a resume is at most 100 bytes both ways", async () => {
    const s = await scene(board().Page);
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
    const s = await scene(Page, { transport });
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
    const s = await scene(Page);
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
    const s = await scene(Page, { transport });
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
    const s = await scene(Page);
    await lost(s);
    await ctx?.dispatch(() => remove());
    await s.tab.page.click("#r2");
    await s.tab.page.click("#r3");
    await back(s);
    expect(calls).toEqual([3]);
    expect(await s.tab.page.locator("li").allInnerTexts()).toEqual(["1", "3"]);
    expect((await s.tab.events("vango:error")).map((e) => e.detail["code"])).toEqual(["VANGO_EVENT_GONE"]);
  });

  it("scenario 51: duplicated frames are ignored; a gap makes one RESUME and no reload", async () => {
    const { Page, set } = board();
    let fault: "none" | "twice" | "drop" = "none";
    const { tab } = await scene(Page, {}, {
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
    expect((await tab.events("vango:error")).map((e) => e.detail["code"])).toEqual(["VANGO_WIRE_SEQUENCE"]);
    expect(await tab.page.getAttribute("html", "data-mark")).toBe("same document");
  });

  it("scenario 54: a half-open connection is noticed within two heartbeats, and the page says that it reconnects", async () => {
    const { Page, set } = board();
    const s = await scene(Page, {}, { prepare: (page) => page.clock.install() });
    const { tab, network } = s;
    network.stall();
    await tab.page.clock.runFor(50_000);
    await until(tab, "reconnecting");
    expect(await tab.page.getAttribute("html", "data-vango-reason")).toBe("silent");
    await tab.page.clock.runFor(1100);
    expect(await tab.text("#vango-status")).toBe("Reconnecting…");
    expect(await tab.page.getAttribute("#vango-status", "role")).toBe("status");
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
    const s = await scene(Page);
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

describe("another process", () => {
  const build = (buildId: string, label: string): { Page: Parameters<typeof serve>[0]; routes: ServeOptions } => {
    const Page = component((setup) => {
      const n = setup.signal(0);
      const name = setup.signal("");
      return () =>
        label === "A" ? (
          <main><h1>build A</h1><form><input id="name" name="name" value={name.get()} onInput={(e) => name.set(e.value)} /></form><p id="heard">{name.get()}</p><button id="inc" onClick={() => n.inc()}>{n.get()}</button></main>
        ) : (
          <main class="b"><h1>build B</h1><form class="new"><label>Name <input id="name" name="name" value={name.get()} onInput={(e) => name.set(e.value)} /></label></form><p id="heard">{name.get()}</p><button id="inc" onClick={() => n.inc()}>{n.get()}</button></main>
        );
    });
    return { Page, routes: { routes: { buildId, routes: [route("/", Page)] } } };
  };

  it("scenario 55: a page of build A whose socket comes to build B is reconciled in place: no reload, typed text and focus kept", async () => {
    const a = build("a", "A");
    const b = build("b", "B");
    const s = await scene(a.Page, a.routes);
    const { tab, network } = s;
    await tab.page.click("#inc");
    await tab.page.locator("#name").pressSequentially("Ada");
    await tab.page.locator("#name").evaluate((el) => (el as HTMLInputElement).setSelectionRange(1, 2));
    await tab.settled();
    const next = await serve(b.Page, b.routes);
    await lost(s);
    tab.clear();
    await tab.page.locator("#inc").dispatchEvent("click");
    network.to(next.port);
    await back(s);
    expect(await tab.text("h1")).toBe("build B");
    expect(await tab.page.inputValue("#name")).toBe("Ada");
    expect(await tab.text("#heard")).toBe("Ada");
    expect(await tab.page.evaluate(() => [document.activeElement?.id, (document.activeElement as HTMLInputElement).selectionStart, (document.activeElement as HTMLInputElement).selectionEnd])).toEqual(["name", 1, 2]);
    expect(tab.requests).toEqual([]);
    expect((await hows(tab))[1]).toMatch(/^(restored|fresh)$/);
    // The click was meant for a tree that is gone: said, not run.
    expect((await tab.events("vango:error")).map((e) => e.detail["code"])).toEqual(["VANGO_EVENT_LOST"]);
    expect(await tab.text("#inc")).toBe("0");
    await tab.page.click("#inc");
    await tab.settled();
    expect(await tab.text("#inc")).toBe("1");
    expect(await tab.text("#vango-status")).toMatch(/^Connected again\. /);
  });

  it("scenario 55: another version of the protocol reloads the page, once", async () => {
    let refusals = 0;
    const server = await serve(board().Page);
    const tab = await openTab(browser(), server.url, {
      early: true,
      prepare: (page) =>
        page.routeWebSocket(/_vango\/live/, (socket) => {
          const upstream = socket.connectToServer();
          socket.onMessage((message) => {
            // What a server of another version answers to this page's first message.
            if (typeof message === "string" || message[0] !== JOIN) return upstream.send(message);
            const bytes = Buffer.from(message);
            const at = bytes.indexOf("\xa1v", 0, "latin1");
            bytes[at + 2] = 99;
            refusals++;
            upstream.send(bytes);
          });
        }),
    });
    // The first refusal reloads the page; the second is final.
    await tab.page.waitForFunction(() => document.documentElement.dataset["vangoReason"] === "VANGO_PROTOCOL_VERSION");
    expect(await state(tab)).toBe("refused");
    expect(tab.requests.filter((path) => path === "/")).toHaveLength(2);
    expect(refusals).toBe(2);
    await tab.page.waitForTimeout(1500);
    expect(tab.requests.filter((path) => path === "/")).toHaveLength(2);
    expect((await tab.events("vango:error")).map((e) => e.detail["code"])).toEqual(["VANGO_PROTOCOL_VERSION"]);
  });

  it("a server that is restarted serves the open page in place, and says that local state was reset", async () => {
    const { Page } = board();
    const s = await scene(Page);
    const { tab } = s;
    await tab.page.click("#inc");
    await tab.page.locator("#typed").pressSequentially("kept");
    await tab.settled();
    await s.server.restart();
    await back(s);
    expect(await tab.text("#inc")).toBe("0");
    expect(await tab.text("#heard")).toBe("kept");
    expect((await hows(tab))[1]).toMatch(/^(restored|fresh)$/);
    expect(await tab.text("#vango-status")).toMatch(/^Connected again\. /);
    expect(await state(tab)).toBe("live");
  });
});

describe("tabs", () => {
  it("a duplicated tab gets a session of its own; both stay live", async () => {
    const { Page } = board();
    const { tab, network } = await scene(Page);
    const [copy] = await Promise.all([
      tab.context.waitForEvent("page"),
      tab.page.evaluate((url) => void window.open(url), network.url),
    ]);
    await copy.waitForFunction(() => globalThis.vango?.state === "live");
    await tab.page.click("#inc");
    await copy.click("#other");
    await copy.evaluate(() => globalThis.vango.settled());
    await tab.settled();
    expect([await tab.text("#inc"), await copy.locator("#inc").innerText()]).toEqual(["1", "0"]);
    const ids = await Promise.all([tab.page, copy].map((page) => page.evaluate(() => sessionStorage.getItem("vango.tab"))));
    expect(ids[0]).not.toBe(ids[1]);
    expect(await tab.events("vango:connection")).toHaveLength(2);
  });

  it("F5: the page goes on under the same session, without a word to the user", async () => {
    const { Page } = board();
    const { tab } = await scene(Page);
    const id = (): Promise<string | undefined> => tab.page.evaluate(() => sessionStorage.getItem("vango.tab")?.split(".").pop());
    const before = await id();
    await tab.page.reload();
    await tab.settled();
    expect(await id()).toBe(before);
    expect(await tab.page.locator("#vango-status").count()).toBe(0);
  });
});
