// Pages that others have changed: extensions that insert nodes, translators that replace text, parsers that move nothing.
import { component, each, type Component } from "@vango/core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./harness/browser.js";
import { serve } from "./harness/server.js";
import { openTab, type Tab } from "./harness/tab.js";

const browser = useBrowser();

const Board = (): Component<object> =>
  component((setup) => {
    const rows = setup.signal<readonly number[]>([1, 2, 3]);
    const n = setup.signal(0);
    const open = setup.signal(true);
    return () => (
      <main>
        <p id="text">count: {n.get()}</p>
        <p id="mixed">a {n.get()} <b>b</b> c {n.get()}</p>
        {open.get() ? <section id="open" title={`n${n.get()}`}>open {n.get()}</section> : "closed"}
        <ul>{each(rows, (r) => r, (r) => <li data-id={r}>row {r} <i>{n.get()}</i></li>)}</ul>
        <div id="sole">{n.get()}</div>
        <button id="inc" onClick={() => n.inc()}>inc</button>
        <button id="add" onClick={() => rows.append(rows.peek().length + 1)}>add</button>
        <button id="reverse" onClick={() => rows.update((all) => [...all].reverse())}>reverse</button>
        <button id="first" onClick={() => rows.removeAt(0)}>remove</button>
        <button id="open-close" onClick={() => open.toggle()}>toggle</button>
      </main>
    );
  });

/** Elements and comments around what the page has, as extensions leave them before the page's script runs. */
function surround(): void {
  const stranger = (): Element => {
    const el = document.createElement("foreign-thing");
    el.textContent = "(x)";
    return el;
  };
  document.body.prepend(stranger());
  document.body.append(stranger());
  document.documentElement.append(stranger());
  for (const li of document.querySelectorAll("li")) {
    li.before(stranger());
    li.append(stranger());
  }
  for (const el of document.querySelectorAll("main > *")) el.after(document.createComment("foreign"));
}

/** Elements, comments and texts between all nodes. */
function pollute(): void {
  const stranger = (): Element => {
    const el = document.createElement("foreign-thing");
    el.textContent = "(x)";
    return el;
  };
  document.body.prepend(stranger());
  document.body.append(stranger());
  document.documentElement.append(stranger());
  for (const css of ["main", "ul", "#mixed"]) document.querySelector(css)?.prepend(stranger());
  for (const css of ["li", "#open", "button", "#mixed b"]) {
    for (const el of document.querySelectorAll(css)) {
      el.before(stranger());
      el.after(document.createComment("foreign"));
    }
  }
}

async function exercise(tab: Tab): Promise<void> {
  const { page } = tab;
  const click = async (id: string): Promise<void> => {
    await page.evaluate((which) => document.getElementById(which)?.click(), id);
    await tab.settled();
  };
  const clean = (css: string): Promise<string> =>
    page.evaluate((which) => {
      const copy = document.querySelector(which)?.cloneNode(true) as Element;
      for (const el of copy.querySelectorAll("foreign-thing")) el.remove();
      return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
    }, css);
  const rows = (): Promise<(string | undefined)[]> => page.locator("li").evaluateAll((all) => all.map((li) => (li as HTMLElement).dataset["id"]));
  await click("inc");
  expect(await clean("#text")).toBe("count: 1");
  expect(await clean("#mixed")).toBe("a 1 b c 1");
  expect(await clean("#open")).toBe("open 1");
  expect(await clean("#sole")).toBe("1");
  expect(await page.getAttribute("#open", "title")).toBe("n1");
  await click("add");
  await click("reverse");
  expect(await rows()).toEqual(["4", "3", "2", "1"]);
  await click("first");
  expect(await rows()).toEqual(["3", "2", "1"]);
  await click("inc");
  expect(await page.locator("li i").allInnerTexts()).toEqual(["2", "2", "2"]);
  expect(await clean("li:nth-of-type(1)")).toBe("row 3 2");
  await click("open-close");
  expect(await page.locator("#open").count()).toBe(0);
  expect(await clean("main")).toContain("closed");
  await click("open-close");
  expect(await clean("#open")).toBe("open 2");
  expect(await tab.events("vango:error")).toEqual([]);
  expect(tab.sockets()).toBe(1);
}

describe("foreign nodes", () => {
  it("E5 a page without them is the same (control)", async () => {
    const { url } = await serve(Board());
    await exercise(await openTab(browser(), url));
  });

  it("E5 injected before the take-over: around the page, between rows, at their ends", async () => {
    const { url } = await serve(Board());
    const tab = await openTab(browser(), url, {
      // Module of an extension that runs at the end of parsing, before deferred scripts.
      before: () => {
        document.addEventListener("readystatechange", () => {
          if (document.readyState === "interactive") (globalThis as unknown as { surround(): void }).surround();
        });
      },
      prepare: async (page) => {
        await page.addInitScript(`globalThis.surround = ${surround.toString()}`);
      },
    });
    expect(await tab.page.locator("foreign-thing").count()).toBe(9);
    await exercise(tab);
  });

  it("E5 injected into the page's own elements before the take-over: the join brings the content anew", async () => {
    const { url } = await serve(Board());
    const tab = await openTab(browser(), url, {
      before: () => {
        document.addEventListener("readystatechange", () => {
          if (document.readyState !== "interactive") return;
          document.querySelector("main")?.prepend(document.createElement("foreign-thing"));
          document.querySelector("ul")?.prepend(document.createElement("foreign-thing"));
        });
      },
    });
    expect(await tab.page.locator("foreign-thing").count()).toBe(0);
    await exercise(tab);
  });

  it("E5 injected after the take-over", async () => {
    const { url } = await serve(Board());
    const tab = await openTab(browser(), url);
    await tab.page.evaluate(pollute);
    await exercise(tab);
  });

  it("E5 injected again between patches", async () => {
    const { url } = await serve(Board());
    const tab = await openTab(browser(), url);
    await tab.page.evaluate(pollute);
    await tab.page.evaluate(() => document.getElementById("add")?.click());
    await tab.settled();
    await tab.page.evaluate(pollute);
    await tab.page.evaluate(() => document.getElementById("first")?.click());
    await tab.settled();
    await tab.page.evaluate(() => document.getElementById("inc")?.click());
    await tab.settled();
    expect(await tab.page.locator("li").evaluateAll((all) => all.map((li) => (li as HTMLElement).dataset["id"]))).toEqual(["2", "3", "4"]);
    expect(await tab.page.locator("li i").allInnerTexts()).toEqual(["1", "1", "1"]);
    expect(await tab.events("vango:error")).toEqual([]);
  });
});

describe("translators", () => {
  it("E5 texts wrapped in <font>, split or joined: the next patch shows the server's text once", async () => {
    const { url } = await serve(Board());
    const tab = await openTab(browser(), url);
    await tab.page.evaluate(() => {
      // What Chrome's translator does: each text becomes <font><font>translated</font></font>.
      const walker = document.createTreeWalker(document.querySelector("main") as Element, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      for (const text of texts) {
        if (text.data.trim() === "") continue;
        const outer = document.createElement("font");
        const inner = document.createElement("font");
        inner.textContent = `<<${text.data}>>`;
        outer.append(inner);
        text.replaceWith(outer);
      }
    });
    await tab.page.evaluate(() => document.getElementById("inc")?.click());
    await tab.settled();
    expect(await tab.text("#text")).toBe("count: 1");
    expect(await tab.text("#sole")).toBe("1");
    expect(await tab.page.locator("li i").allInnerTexts()).toEqual(["1", "1", "1"]);
    await tab.page.evaluate(() => document.getElementById("reverse")?.click());
    await tab.settled();
    expect(await tab.page.locator("li").evaluateAll((all) => all.map((li) => (li as HTMLElement).dataset["id"]))).toEqual(["3", "2", "1"]);
    expect(await tab.events("vango:error")).toEqual([]);
  });

  it("E5 text nodes split, with empty ones between: one text remains", async () => {
    const { url } = await serve(Board());
    const tab = await openTab(browser(), url);
    await tab.page.evaluate(() => {
      for (const css of ["#text", "#sole", "#mixed"]) {
        for (const node of [...(document.querySelector(css)?.childNodes ?? [])]) {
          if (node instanceof Text && node.data.length > 1) node.splitText(1).before("");
          else if (node instanceof Text) node.after("", " ");
        }
      }
    });
    await tab.page.evaluate(() => document.getElementById("inc")?.click());
    await tab.settled();
    expect(await tab.page.locator("#text").evaluate((el) => el.textContent)).toBe("count: 1");
    expect(await tab.page.locator("#sole").evaluate((el) => el.textContent)).toBe("1");
    expect(await tab.page.locator("#mixed").evaluate((el) => el.textContent)).toBe("a 1 b c 1");
  });

  it("E5 text nodes removed by others are made again", async () => {
    const { url } = await serve(Board());
    const tab = await openTab(browser(), url);
    await tab.page.evaluate(() => {
      for (const css of ["#text", "#sole"]) document.querySelector(css)?.replaceChildren();
      document.querySelector("#mixed")?.normalize();
    });
    await tab.page.evaluate(() => document.getElementById("inc")?.click());
    await tab.settled();
    expect(await tab.text("#text")).toBe("count: 1");
    expect(await tab.text("#sole")).toBe("1");
  });
});
