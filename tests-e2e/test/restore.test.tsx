// An open page whose process, build or document changes: restored in place, reloaded never (but for another protocol, once).
import { component } from "@vango/core";
import { memoryStore } from "@vango/persist";
import { describe, expect, it, onTestFinished } from "vitest";
import { launchFull, useBrowser } from "./harness/browser.js";
import { killableServer } from "./harness/child.js";
import { useNetwork } from "./harness/proxy.js";
import { back, board, codes, hows, isMarked, JOIN, lost, mark, scene } from "./harness/scene.js";
import { route, serve, type ServeOptions } from "./harness/server.js";
import { openTab, PATCH } from "./harness/tab.js";

const browser = useBrowser();

/** One value that is persisted and one that is not. */
const Kept = component((setup) => {
  const kept = setup.sharedSignal("e2e.kept", 0);
  const local = setup.signal(0);
  const note = setup.signal("");
  return () => (
    <main>
      <button id="kept" onClick={() => kept.inc()}>{kept.get()}</button>
      <button id="local" onClick={() => local.inc()}>{local.get()}</button>
      <input id="note" value={note.get()} onInput={(e) => note.set(e.value)} />
      <p id="heard">{note.get()}</p>
    </main>
  );
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
    const s = await scene(browser(), a.Page, a.routes);
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
    expect(await codes(tab)).toEqual(["VANGO_EVENT_LOST"]);
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
    expect(await tab.page.evaluate(() => globalThis.vango.state)).toBe("refused");
    expect(tab.requests.filter((path) => path === "/")).toHaveLength(2);
    expect(refusals).toBe(2);
    await tab.page.waitForTimeout(1500);
    expect(tab.requests.filter((path) => path === "/")).toHaveLength(2);
    expect(await codes(tab)).toEqual(["VANGO_PROTOCOL_VERSION"]);
  });

  it("a server that is restarted serves the open page in place, and says that local state was reset", async () => {
    const { Page } = board();
    const s = await scene(browser(), Page);
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
    expect(await tab.page.evaluate(() => globalThis.vango.state)).toBe("live");
  });

  it("what is persisted is restored in place, what was typed is sent back, what was local begins anew", async () => {
    const s = await scene(browser(), Kept, { store: memoryStore() });
    const { tab } = s;
    await tab.page.click("#kept");
    await tab.page.click("#local");
    await tab.page.locator("#note").pressSequentially("draft");
    await tab.page.locator("#note").evaluate((el) => (el as HTMLInputElement).setSelectionRange(1, 4));
    await tab.settled();
    await s.server.restart();
    await back(s);
    expect([await tab.text("#kept"), await tab.text("#local"), await tab.text("#heard")]).toEqual(["1", "0", "draft"]);
    expect(await tab.page.evaluate(() => [document.activeElement?.id, (document.activeElement as HTMLInputElement).selectionStart])).toEqual(["note", 1]);
    expect(await hows(tab)).toEqual(["new", "restored"]);
    expect(await tab.text("#vango-status")).toBe("Connected again. Unsaved local state was reset.");
  });

  it("a process that is killed and started again takes the open page over, without a reload", async () => {
    const server = await killableServer();
    const network = await useNetwork(server.port);
    const tab = await openTab(browser(), network.url, { expectProblems: true });
    await mark(tab);
    await tab.page.click("#inc");
    await tab.page.locator("#typed").pressSequentially("kept");
    await tab.settled();
    await server.kill();
    await tab.page.locator("#vango-status").waitFor();
    await tab.page.locator("#inc").dispatchEvent("click");
    await server.start();
    await tab.settled();
    expect(await isMarked(tab)).toBe(true);
    expect([await tab.text("#inc"), await tab.page.inputValue("#typed"), await tab.text("#heard")]).toEqual(["0", "kept", "kept"]);
    expect(await codes(tab)).toEqual(["VANGO_EVENT_LOST"]);
    expect(await tab.text("#vango-status")).toMatch(/^Connected again\. /);
    await tab.page.click("#inc");
    await tab.settled();
    expect(await tab.text("#inc")).toBe("1");
  });
});

describe("tabs", () => {
  it("a duplicated tab gets a session of its own; both stay live", async () => {
    const { Page } = board();
    const { tab, network } = await scene(browser(), Page);
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
    const { tab } = await scene(browser(), Page);
    const id = (): Promise<string | undefined> => tab.page.evaluate(() => sessionStorage.getItem("vango.tab")?.split(".").pop());
    const before = await id();
    await tab.page.reload();
    await tab.settled();
    expect(await id()).toBe(before);
    expect(await tab.page.locator("#vango-status").count()).toBe(0);
  });

  it("F5: the document already shows what is persisted, so nothing flips", async () => {
    const { tab } = await scene(browser(), Kept);
    await tab.page.click("#kept");
    await tab.page.click("#kept");
    await tab.settled();
    tab.clear();
    const response = await tab.page.reload();
    expect(await response?.text()).toContain(">2</button>");
    await tab.settled();
    expect(await tab.text("#kept")).toBe("2");
    expect(tab.down.filter((m) => m[0] === PATCH)).toEqual([]);
    expect(await hows(tab)).toEqual(["restored"]);
  });

  it("the back/forward cache: the page goes away whole and resumes where it was", async () => {
    const cached = await launchFull({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
    onTestFinished(() => cached.close());
    const { Page, set } = board();
    const { tab } = await scene(cached, Page);
    await tab.page.click("#inc");
    await tab.settled();
    await tab.page.goto("about:blank");
    await set("while away");
    await tab.page.goBack({ waitUntil: "commit" });
    await expect.poll(() => tab.text("#text")).toBe("while away");
    await tab.settled();
    expect([await isMarked(tab), await tab.text("#inc"), await hows(tab)]).toEqual([true, "1", ["new", "replayed"]]);
  });
});
