import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodePayload } from "@vango/core/protocol";
import { encodeError, encodeServerAck, ext, encodeAgain, encodeWelcome, frame, openPage, type OpenPage } from "./page.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] }));
afterEach(() => void vi.useRealTimers());

const nav = {
  body: `<main><h1>t</h1><a id="l" data-vango-link href="/p?x=1#h">x</a><a id="r" data-vango-link="replace" href="/r">x</a><a id="k" data-vango-link data-vango-scroll="0" href="/k">x</a><a id="n" href="/n">x</a><a id="s" data-vango-link href="#h">x</a><i id="h"></i></main>`,
  tables: ["main"],
};
const click = (page: OpenPage, css: string, init: object = {}): boolean => page.fire(css, "click", init, "MouseEvent").defaultPrevented;
const sent = (page: OpenPage): unknown[] => page.socket.messages().flatMap((m) => (m.kind === 5 ? [[m.href, m.mode]] : []));
const url = (page: OpenPage, seq: number, mode: number, scroll: number, href: string, ack = 0): void =>
  page.socket.receive(frame(seq, [ext(1), mode, scroll, href], ack));

describe("clicks", () => {
  it("C100: a click on a data-vango-link asks the server; history waits for the answer", async () => {
    const page = await openPage(nav);
    await page.live();
    const before = page.window.history.length;
    expect(click(page, "#l")).toBe(true);
    expect(sent(page)).toEqual([["/p?x=1#h", "push"]]);
    expect([page.window.location.pathname, page.window.history.length]).toEqual(["/list", before]);
    url(page, 1, 0, 1, "/p?x=1#h", 1);
    expect([page.window.location.pathname, page.window.history.length]).toEqual(["/p", before + 1]);
    expect(page.heard["vango:url"]).toEqual([{ href: "/p?x=1#h", replace: false }]);
    await page.vango.settled();
  });

  it("C100: a navigation is settled when its URL operation, or an error, has come, not when it is acknowledged", async () => {
    const page = await openPage(nav);
    await page.live();
    let settled = 0;
    const wait = async (): Promise<number> => {
      for (let i = 0; i < 5; i++) await Promise.resolve();
      return settled;
    };
    click(page, "#l");
    void page.vango.settled().then(() => settled++);
    page.socket.receive(encodeServerAck(1));
    expect(await wait()).toBe(0);
    url(page, 1, 0, 1, "/p");
    expect(await wait()).toBe(1);
    click(page, "#r");
    void page.vango.settled().then(() => settled++);
    page.socket.receive(encodeServerAck(2));
    expect(await wait()).toBe(1);
    page.socket.receive(encodeError({ code: "VANGO_PAGE", message: "no" }));
    expect(await wait()).toBe(2);
  });

  it("C107: vango:leave loads the address, if it is one of the web", async () => {
    const page = await openPage(nav);
    await page.live();
    const assign = vi.spyOn(page.window.location, "assign").mockImplementation(() => undefined);
    for (const href of ["/api/file", "javascript:alert(1)", "https://other.test/x"])
      page.socket.receive(frame(assign.mock.calls.length + 1 + Number(href === "https://other.test/x"), [ext(2), "vango:leave", encodePayload({ href })]));
    expect(assign.mock.calls).toEqual([["http://app.test/api/file"], ["https://other.test/x"]]);
  });

  it("C100: replace", async () => {
    const page = await openPage(nav);
    await page.live();
    click(page, "#r");
    expect(sent(page)).toEqual([["/r", "replace"]]);
    const before = page.window.history.length;
    url(page, 1, 1, 1, "/r");
    expect([page.window.location.pathname, page.window.history.length]).toEqual(["/r", before]);
  });

  it("C101: the browser keeps other links, modified clicks, prevented clicks and hashes of this page", async () => {
    const page = await openPage(nav);
    await page.live();
    page.$("#s").setAttribute("href", "/list?q=1#h");
    expect(click(page, "#s")).toBe(false);
    expect(click(page, "#n")).toBe(false);
    for (const init of [{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }, { button: 1 }])
      expect(click(page, "#l", init)).toBe(false);
    page.$("#l").addEventListener("click", (e) => e.preventDefault(), { once: true });
    click(page, "#l");
    expect(sent(page)).toEqual([]);
  });

  it("C102: while the page is not live the browser navigates", async () => {
    const page = await openPage(nav);
    expect(click(page, "#l")).toBe(false);
    await page.live();
    page.socket.drop();
    expect(click(page, "#l")).toBe(false);
  });

  it("C103: a navigation that was on its way when the connection was lost is asked again", async () => {
    const page = await openPage(nav);
    await page.live();
    click(page, "#l");
    page.socket.drop();
    await page.back();
    page.socket.receive(encodeAgain());
    page.socket.receive(encodeWelcome({ sid: "s", epoch: 2, how: "restored" }));
    expect(sent(page)).toEqual([["/p?x=1#h", "push"]]);
    expect(page.heard["vango:error"]).toBeUndefined();
  });
});

describe("history, scroll and focus", () => {
  const pop = (page: OpenPage, state: object | null, path: string): void => {
    page.window.history.replaceState(state, "", path);
    page.window.dispatchEvent(new page.window.PopStateEvent("popstate", { state }));
  };

  it("C104: the address follows the server's answer where another page has come between: back was pressed while it was on its way", async () => {
    const page = await openPage(nav);
    await page.live();
    click(page, "#l");
    pop(page, null, "/old");
    expect(sent(page)).toEqual([["/p?x=1#h", "push"], ["/old", "pop"]]);
    url(page, 1, 0, 1, "/p?x=1", 1);
    expect(page.window.location.pathname).toBe("/p");
    url(page, 2, 2, 1, "/old", 2);
    expect(page.window.location.pathname).toBe("/old");
    await page.vango.settled();
    // The hash of an entry is the browser's.
    pop(page, null, "/old2#h");
    url(page, 3, 2, 1, "/old2", 3);
    expect(page.window.location.href).toBe("http://app.test/old2#h");
  });

  it("C104: back and forward ask the server and restore the entry's scroll position", async () => {
    const page = await openPage(nav);
    await page.live();
    vi.stubGlobal("scrollX", 3);
    vi.stubGlobal("scrollY", 700);
    click(page, "#l");
    url(page, 1, 0, 1, "/p");
    vi.stubGlobal("scrollY", 0);
    vi.mocked(scrollTo).mockClear();
    pop(page, null, "/list?q=1");
    expect(sent(page)[1]).toEqual(["/list?q=1", "pop"]);
    expect(scrollTo).not.toHaveBeenCalled();
    url(page, 2, 2, 0, "/list?q=1");
    expect(scrollTo).toHaveBeenCalledWith(3, 700);
  });

  it("C104: a pop that stays on the page asks nobody; one while not live is asked for when the page is back", async () => {
    const page = await openPage(nav);
    await page.live();
    pop(page, null, "/list?q=1#other");
    expect(sent(page)).toEqual([]);
    page.socket.drop();
    pop(page, null, "/elsewhere");
    await page.resume();
    expect(sent(page)).toEqual([["/elsewhere", "pop"]]);
  });

  it("C104: unless the join was to another session, which is at that address", async () => {
    const page = await openPage(nav);
    await page.live();
    page.socket.drop();
    pop(page, null, "/elsewhere");
    vi.advanceTimersByTime(1000);
    await page.socket.open();
    page.socket.receive(encodeAgain());
    expect(page.socket.messages()[1]).toMatchObject({ body: { url: "/elsewhere" } });
    page.socket.receive(encodeWelcome({ sid: "t", epoch: 2, how: "restored" }));
    expect(page.state()).toBe("live");
    expect(sent(page)).toEqual([]);
  });

  it("C105: a new page is shown from its top and takes the focus at its heading", async () => {
    const page = await openPage(nav);
    await page.live();
    url(page, 1, 0, 1, "/p");
    expect(scrollTo).toHaveBeenCalledWith(0, 0);
    expect(page.document.activeElement).toBe(page.$("h1"));
  });

  it("C105: or from its hash", async () => {
    const page = await openPage(nav);
    await page.live();
    const into = vi.fn();
    page.$("#h").scrollIntoView = into;
    url(page, 1, 0, 1, "/p#h");
    expect(into).toHaveBeenCalled();
    expect(page.document.activeElement).toBe(page.$("#h"));
    expect(scrollTo).not.toHaveBeenCalled();
    url(page, 2, 0, 1, "/p2#%E0%A4%A");
    expect(page.state()).toBe("live");
  });

  it("C105: neither when the server or the link says so", async () => {
    const page = await openPage(nav);
    await page.live();
    url(page, 1, 0, 0, "/p");
    click(page, "#k");
    url(page, 2, 0, 1, "/k");
    expect(scrollTo).not.toHaveBeenCalled();
    expect(page.document.activeElement).not.toBe(page.$("h1"));
    url(page, 3, 0, 1, "/z");
    expect(scrollTo).toHaveBeenCalledTimes(1);
  });

  it("C106: scroll positions are the browser's again when the document goes", async () => {
    const page = await openPage(nav);
    await page.live();
    page.window.dispatchEvent(new page.window.Event("pageshow"));
    expect(page.window.history.scrollRestoration).toBe("manual");
    page.window.dispatchEvent(new page.window.Event("pagehide"));
    expect(page.window.history.scrollRestoration).toBe("auto");
  });
});
