// Between the GET and the join, and after a lost connection: what the user did is kept, what the server changed arrives,
// and no click reaches another row.
import { component, each } from "@vango/core";
import type { Page, Route } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./harness/browser.js";
import { serve, TRANSPORTS } from "./harness/server.js";
import { openTab, PATCH, sizes } from "./harness/tab.js";

const browser = useBrowser();

/** Holds back scripts whose path matches, until it is called. The entry captures events while the other file is missing. */
async function hold(page: Page, script: RegExp): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let open = false;
  await page.route(script, async (route) => {
    if (open) await route.continue();
    else held.push(route);
  });
  return async () => {
    open = true;
    for (const route of held.splice(0)) await route.continue();
  };
}
const ENTRY = /\/_vango\/client\.[^/]*\.js/;
const SECOND = /\/_vango\/client-more\./;

const Form = component((setup) => {
  const name = setup.signal("");
  const note = setup.signal("");
  const done = setup.signal(false);
  const colour = setup.signal("red");
  return () => (
    <main>
      <form>
        <input id="name" value={name.get()} onInput={(e) => name.set(e.value)} />
        <textarea id="note" value={note.get()} onInput={(e) => note.set(e.value)} />
        <input id="done" type="checkbox" checked={done.get()} onChange={(e) => done.set(e.checked)} />
        <select id="colour" value={colour.get()} onChange={(e) => colour.set(e.value)}>
          <option value="red">Red</option>
          <option value="blue">Blue</option>
        </select>
      </form>
      <p id="out">{name.get()}|{note.get()}|{String(done.get())}|{colour.get()}</p>
    </main>
  );
});

describe("before the join", () => {
  it.each(TRANSPORTS)("E2 what is typed before the script runs is sent after the join (%s)", async (transport) => {
    const { url } = await serve(Form, { transport });
    let release = async (): Promise<void> => undefined;
    const tab = await openTab(browser(), url, {
      early: true,
      prepare: async (page) => {
        // The parser is not held up by a deferred script; the load event is.
        release = await hold(page, ENTRY);
        const goto = page.goto.bind(page);
        page.goto = (address) => goto(address, { waitUntil: "commit" });
      },
    });
    await tab.page.locator("#name").pressSequentially("Ada");
    await tab.page.fill("#note", "two\nlines");
    await tab.page.check("#done");
    await tab.page.selectOption("#colour", "blue");
    expect(tab.sockets()).toBe(0);
    await release();
    await tab.settled();
    expect(await tab.text("#out")).toBe("Ada|two lines|true|blue");
    expect(await tab.page.inputValue("#name")).toBe("Ada");
    expect(await tab.page.inputValue("#note")).toBe("two\nlines");
    expect(await tab.page.isChecked("#done")).toBe(true);
    expect(await tab.page.inputValue("#colour")).toBe("blue");
  });

  it("E2 what is typed while the page connects is sent once, and the caret stays", async () => {
    const { url } = await serve(Form);
    let release = async (): Promise<void> => undefined;
    const tab = await openTab(browser(), url, { early: true, prepare: async (page) => void (release = await hold(page, SECOND)) });
    await tab.page.locator("#name").pressSequentially("Grace");
    await tab.page.locator("#name").evaluate((el) => (el as HTMLInputElement).setSelectionRange(1, 3));
    expect(await tab.text("#out")).toBe("||false|red");
    await release();
    await tab.settled();
    expect(await tab.text("#out")).toBe("Grace||false|red");
    expect(await tab.page.locator("#name").evaluate((el) => [(el as HTMLInputElement).selectionStart, (el as HTMLInputElement).selectionEnd])).toEqual([1, 3]);
    // JOIN, the one input, perhaps an acknowledgement.
    expect(tab.up.filter((m) => m[0] === 2)).toHaveLength(1);
  });

  it("E2 a click while the page connects runs once, after the join", async () => {
    const Counter = component((setup) => {
      const n = setup.signal(0);
      return () => <button id="inc" onClick={() => n.inc()}>{n.get()}</button>;
    });
    const { url } = await serve(Counter);
    let release = async (): Promise<void> => undefined;
    const tab = await openTab(browser(), url, { early: true, prepare: async (page) => void (release = await hold(page, SECOND)) });
    await tab.page.click("#inc");
    await tab.page.click("#inc");
    expect(await tab.text("#inc")).toBe("0");
    await release();
    await tab.settled();
    expect(await tab.text("#inc")).toBe("2");
    expect(await tab.events("vango:error")).toEqual([]);
  });
});

describe("what changed between GET and join", () => {
  it.each(TRANSPORTS)("E2 a changed value arrives in the first frame, and nothing else is sent (%s)", async (transport) => {
    let price = 10;
    const Shop = component(() => {
      const now = price;
      return () => (
        <main>
          <p id="price" title={`costs ${now}`}>price {now}</p>
          <ul><li>fixed</li><li id="twice">{now * 2}</li></ul>
        </main>
      );
    });
    const { url } = await serve(Shop, { transport });
    let release = async (): Promise<void> => undefined;
    const tab = await openTab(browser(), url, { early: true, prepare: async (page) => void (release = await hold(page, SECOND)) });
    expect(await tab.text("#price")).toBe("price 10");
    await tab.page.evaluate(() => Object.assign(globalThis, { node: document.getElementById("price") }));
    price = 12;
    await release();
    await tab.settled();
    expect(await tab.text("#price")).toBe("price 12");
    expect(await tab.text("#twice")).toBe("24");
    expect(await tab.page.getAttribute("#price", "title")).toBe("costs 12");
    expect(await tab.page.evaluate(() => (globalThis as unknown as { node: Element }).node === document.getElementById("price"))).toBe(true);
    expect(sizes(tab.down, PATCH)).toHaveLength(1);
  });

  it("E2 nothing changed: the join is a welcome and no frame", async () => {
    const { url } = await serve(Form);
    const tab = await openTab(browser(), url);
    expect(tab.down.map((m) => m[0])).toEqual([1]);
  });

  const Rows = (order: () => readonly number[]) =>
    component((setup) => {
      const rows = setup.signal(order());
      const clicked = setup.signal("");
      return () => (
        <main>
          <p id="clicked">{clicked.get()}</p>
          <ul>
            {each(rows, (id) => id, (id) => <li data-id={id}><button onClick={() => clicked.update((c) => `${c}${id} `)}>{id}</button></li>)}
          </ul>
          <button id="other" onClick={() => clicked.update((c) => `${c}other `)}>other</button>
        </main>
      );
    });

  it("E2 a changed row order: no queued click reaches another row; it is dropped and reported, others run", async () => {
    let order = [1, 2, 3, 4];
    const { url } = await serve(Rows(() => order));
    let release = async (): Promise<void> => undefined;
    const tab = await openTab(browser(), url, { early: true, prepare: async (page) => void (release = await hold(page, SECOND)) });
    await tab.page.click("li[data-id='2'] button");
    await tab.page.click("#other");
    order = [4, 3, 2, 1];
    await release();
    await tab.settled();
    expect(await tab.page.locator("li").allInnerTexts()).toEqual(["4", "3", "2", "1"]);
    expect(await tab.text("#clicked")).toBe("other");
    expect((await tab.events("vango:error")).map((e) => e.detail["code"])).toEqual(["VANGO_EVENT_GONE"]);
    for (const id of [4, 1, 2]) await tab.page.click(`li[data-id='${id}'] button`);
    await tab.settled();
    expect(await tab.text("#clicked")).toBe("other 4 1 2");
  });

  it("E2 a row added and one removed: the order is the server's and each click reaches its row", async () => {
    let order = [1, 2, 3];
    const { url } = await serve(Rows(() => order));
    let release = async (): Promise<void> => undefined;
    const tab = await openTab(browser(), url, { early: true, prepare: async (page) => void (release = await hold(page, SECOND)) });
    order = [7, 1, 3];
    await tab.page.click("li[data-id='3'] button");
    await release();
    await tab.settled();
    expect(await tab.page.locator("li").allInnerTexts()).toEqual(["7", "1", "3"]);
    expect(["", "3"]).toContain(await tab.text("#clicked"));
    const before = await tab.text("#clicked");
    await tab.page.click("li[data-id='7'] button");
    await tab.settled();
    expect(await tab.text("#clicked")).toBe(`${before} 7`.trim());
  });

  it("E2 an unchanged list keeps its queued click", async () => {
    const { url } = await serve(Rows(() => [1, 2, 3]));
    let release = async (): Promise<void> => undefined;
    const tab = await openTab(browser(), url, { early: true, prepare: async (page) => void (release = await hold(page, SECOND)) });
    await tab.page.click("li[data-id='2'] button");
    await release();
    await tab.settled();
    expect(await tab.text("#clicked")).toBe("2");
    expect(await tab.events("vango:error")).toEqual([]);
  });

  it("E2 another structure: a component that gave way to another is replaced, and works", async () => {
    let member = false;
    const Guest = component(() => () => <p id="guest">Please log in</p>);
    const Member = component((setup) => {
      const n = setup.signal(0);
      return () => <section id="member"><h2>Hello</h2><button id="n" onClick={() => n.inc()}>{n.get()}</button></section>;
    });
    const Home = component(() => {
      const yes = member;
      return () => <main><i>before</i>{yes ? <Member /> : <Guest />}<i>after</i></main>;
    });
    const { url } = await serve(Home);
    let release = async (): Promise<void> => undefined;
    const tab = await openTab(browser(), url, { early: true, prepare: async (page) => void (release = await hold(page, SECOND)) });
    member = true;
    await release();
    await tab.settled();
    expect(await tab.page.locator("main > *").evaluateAll((all) => all.map((el) => el.localName))).toEqual(["i", "section", "i"]);
    await tab.page.click("#n");
    await tab.settled();
    expect(await tab.text("#n")).toBe("1");
  });
});

describe("a lost connection", () => {
  it.each(TRANSPORTS)("E3 the socket is closed by the server's restart: live again without a reload, typed text kept (%s)", async (transport) => {
    const Page = component((setup) => {
      const n = setup.signal(0);
      const rows = setup.signal<readonly string[]>(["a"]);
      return () => (
        <main>
          <button id="inc" onClick={() => n.inc()}>{n.get()}</button>
          <button id="add" onClick={() => rows.append(`r${rows.peek().length}`)}>add</button>
          <ul>{each(rows, (r) => r, (r) => <li>{r}</li>)}</ul>
          <input id="typed" />
        </main>
      );
    });
    const server = await serve(Page, { transport });
    const tab = await openTab(browser(), server.url);
    await tab.page.evaluate(() => Object.assign(globalThis, { same: true }));
    await tab.page.click("#inc");
    await tab.page.click("#add");
    await tab.page.fill("#typed", "unsent words");
    await tab.settled();
    expect(await tab.text("#inc")).toBe("1");
    await server.close();
    await tab.page.waitForFunction(() => document.documentElement.dataset["vango"] === "reconnecting");
    await server.restart();
    await tab.page.evaluate(() => globalThis.vango.reconnect());
    await tab.settled();
    expect(await tab.page.evaluate(() => (globalThis as unknown as { same?: boolean }).same)).toBe(true);
    // Local state is gone with its process: the page shows what the new one has.
    expect(await tab.text("#inc")).toBe("0");
    expect(await tab.page.locator("li").allInnerTexts()).toEqual(["a"]);
    expect(await tab.page.inputValue("#typed")).toBe("unsent words");
    await tab.page.click("#inc");
    await tab.page.click("#add");
    await tab.settled();
    expect(await tab.text("#inc")).toBe("1");
    expect(await tab.page.locator("li").allInnerTexts()).toEqual(["a", "r1"]);
    expect(tab.sockets()).toBeGreaterThan(1);
    // Refused connections are the browser's own console lines.
    tab.problems.splice(0, tab.problems.length, ...tab.problems.filter((p) => !p.includes("WebSocket")));
  });

  it("E3 it comes back by itself, and shows its states on <html>", async () => {
    const Page = component(() => () => <main>still here</main>);
    const server = await serve(Page);
    const tab = await openTab(browser(), server.url, { expectProblems: true });
    await server.restart();
    await tab.page.waitForFunction(() => globalThis.heard.filter((e) => e.detail["state"] === "live").length > 1);
    const states = (await tab.events("vango:connection")).map((e) => e.detail["state"]);
    expect(states.slice(0, 3)).toEqual(["connecting", "live", "reconnecting"]);
    expect(states.at(-1)).toBe("live");
    expect(await tab.page.getAttribute("html", "data-vango")).toBe("live");
    expect(await tab.text("main")).toBe("still here");
  });

  it("E3 a click during the outage never runs elsewhere: it is reported", async () => {
    const Page = component((setup) => {
      const n = setup.signal(0);
      return () => <button id="inc" onClick={() => n.inc()}>{n.get()}</button>;
    });
    const server = await serve(Page);
    const tab = await openTab(browser(), server.url, { expectProblems: true });
    await server.close();
    await tab.page.waitForFunction(() => document.documentElement.dataset["vango"] === "reconnecting");
    await tab.page.click("#inc");
    await server.restart();
    await tab.page.evaluate(() => globalThis.vango.reconnect());
    await tab.settled();
    expect(await tab.text("#inc")).toBe("0");
    expect((await tab.events("vango:error")).map((e) => e.detail["code"])).toEqual(["VANGO_EVENT_LOST"]);
    await tab.page.click("#inc");
    await tab.settled();
    expect(await tab.text("#inc")).toBe("1");
  });

  it("E3 a server with another secret: the page is loaded again, once, and nothing on the server fails", async () => {
    const Page = component(() => () => <main>text</main>);
    const server = await serve(Page);
    const tab = await openTab(browser(), server.url, { expectProblems: true });
    await server.close();
    const { errors } = await serve(Page, { port: server.port, secret: "another-secret-of-32-characters-…" });
    await tab.page.evaluate(() => globalThis.vango.reconnect()).catch(() => undefined); // the document goes meanwhile
    await expect.poll(() => tab.requests.filter((path) => path === "/").length, { timeout: 15_000 }).toBe(2);
    await tab.settled();
    expect(await tab.text("main")).toBe("text");
    expect(errors).toEqual([]);
  });
});
