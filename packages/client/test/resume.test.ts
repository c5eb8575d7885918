// What becomes of a document whose connection was lost: RESUME, AGAIN, and the accounts of its events.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeAgain, encodeError, encodeKeyHashes, encodePong, encodeRefuse, encodeServerAck, encodeWelcome, ext, FakeSocket, frame, op, openPage, type OpenPage, type PageOptions } from "./page.js";

/** One counter: slot 0 a click, slot 1 the text. */
const counter = { body: `<button v="0">count: 0</button>`, tables: ["button eclick:::- s:0"] };
const rows = {
  body: `<ul><li v="0">a</li><li v="0">b</li></ul>`,
  tables: ["ul s:0", "li eclick:::- s:0"],
  structure: [1, 4, 1, 1, 7, 2],
};
const click = (page: OpenPage, css = "button"): unknown => page.fire(css, "click");
const bodyOf = (page: OpenPage, index = 0): Record<string, unknown> => (page.socket.messages()[index] as unknown as { body: Record<string, unknown> }).body;
const codes = (page: OpenPage): unknown[] => (page.heard["vango:error"] ?? []).map((e) => (e as { code: string }).code);
const hows = (page: OpenPage): unknown[] => (page.heard["vango:session"] ?? []).map((e) => (e as { how: string }).how);
/** The server asks the page to describe itself, and welcomes it. */
const again = async (page: OpenPage, welcome: object): Promise<void> => {
  await page.back();
  page.socket.receive(encodeAgain());
  page.socket.receive(encodeWelcome({ sid: "w.id", epoch: 1, how: "reconciled", ...welcome }));
};

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("RESUME", () => {
  it("C15: a document that was live says what it has and what it has sent", async () => {
    const page = await openPage(counter);
    await page.live({ sid: "w.id", epoch: 3 });
    const nonce = bodyOf(page)["nonce"];
    page.socket.receive(frame(1));
    page.socket.receive(frame(2));
    click(page);
    page.socket.drop();
    await page.back();
    expect(page.socket.messages()).toEqual([{ kind: 6, v: 2, epoch: 3, received: 2, sent: 1, sid: "w.id", nonce }]);
  });

  it("C15: nothing missed costs at most 100 bytes both ways", async () => {
    const page = await openPage(counter);
    await page.live({ sid: "abcdefgh.0123456789abcdef" });
    page.socket.drop();
    await page.resume();
    await page.vango.settled();
    vi.advanceTimersByTime(10_000);
    // RESUMED: 3 to 9 bytes; and the frames of WebSocket: 6 bytes up, 2 down. Keys are asked for once in a page's life.
    const messages = page.socket.sent.filter((m) => m[0] !== 7);
    const up = messages.reduce((sum, m) => sum + m.length + 6, 0);
    expect(up + 9 + 2).toBeLessThanOrEqual(100);
  });

  it("scenario 46, C16: what the server has is done, the rest goes again with its numbers, then what was captured meanwhile", async () => {
    const page = await openPage(rows);
    await page.live();
    click(page, "li:first-child");
    click(page, "li:last-child");
    page.socket.drop();
    click(page, "li:first-child");
    await page.resume(1);
    expect(page.state()).toBe("live");
    const events = page.socket.messages().filter((m) => m.kind === 2);
    expect(events).toMatchObject([{ seq: 2, instance: 3 }, { seq: 3, instance: 2 }]);
    // Frames go on from where they were.
    page.socket.receive(frame(1, [op(2, 0), 1, "x"], 3));
    await page.vango.settled();
    expect(page.$("li").textContent).toBe("x");
    expect(codes(page)).toEqual([]);
    expect(hows(page)).toEqual(["new", "replayed"]);
  });

  it("C16: an event goes again with the number of the last frame, and as often as it takes", async () => {
    const page = await openPage(counter);
    await page.live();
    click(page);
    page.socket.receive(frame(1));
    page.socket.drop();
    await page.resume(0);
    page.socket.drop();
    await page.resume(0);
    expect(page.socket.messages().filter((m) => m.kind === 2)).toMatchObject([{ seq: 1, ack: 1 }]);
    page.socket.receive(encodeServerAck(1));
    page.socket.drop();
    await page.resume(1);
    expect(page.socket.events()).toEqual([]);
  });

  it("C23: after a RESUME, settled() waits for what was missed", async () => {
    const page = await openPage(counter);
    await page.live();
    click(page);
    page.socket.drop();
    await page.resume(1, 1);
    let settled = false;
    void page.vango.settled().then(() => (settled = true));
    await Promise.resolve();
    expect([settled, page.state()]).toEqual([false, "reconnecting"]);
    page.socket.receive(frame(1, [op(1, 0), 1, "count: 1"], 1));
    await page.vango.settled();
    expect(page.$("button").textContent).toBe("count: 1");
  });

  it("scenario 49, C16: what was captured for an element that a missed frame takes away is reported, not sent", async () => {
    const page = await openPage(rows);
    await page.live();
    page.socket.drop();
    click(page, "li:first-child");
    click(page, "li:last-child");
    await page.resume(0, 1);
    expect(page.socket.events()).toEqual([]);
    page.socket.receive(frame(1, [op(2, 3), 1]));
    expect(page.socket.events()).toEqual([[3, 0, undefined]]);
    expect(codes(page)).toEqual(["VANGO_EVENT_GONE"]);
  });

  it("C11: a second WELCOME for one JOIN is not heard: numbers go on", async () => {
    const page = await openPage(counter);
    await page.live();
    click(page);
    page.socket.receive(encodeWelcome({ sid: "w.id", epoch: 2, how: "restored" }));
    click(page);
    expect(page.socket.messages().filter((m) => m.kind === 2)).toMatchObject([{ seq: 1, epoch: 1 }, { seq: 2, epoch: 1 }]);
    expect(codes(page)).toEqual([]);
  });

  it("C103: a navigation the server has is waited for, one it has not goes again", async () => {
    const page = await openPage({ body: `<a data-vango-link href="/n">n</a>`, tables: ["a"] });
    await page.live();
    page.fire("a", "click", {}, "MouseEvent");
    page.socket.drop();
    await page.resume(0);
    expect(page.socket.messages().filter((m) => m.kind === 5)).toMatchObject([{ seq: 1, href: "/n" }]);
    page.socket.drop();
    await page.resume(1);
    expect(page.socket.messages().filter((m) => m.kind === 5)).toEqual([]);
    page.socket.receive(frame(1, [ext(1), 0, 1, "/n"], 1));
    await page.vango.settled();
    expect(page.window.location.pathname).toBe("/n");
  });

  it("C16, C103: the answer of one navigation leaves no hole where a later one was lost", async () => {
    const page = await openPage({ body: `<a v="0" data-vango-link href="/n">n</a>`, tables: ["a eclick:::-"] });
    await page.live();
    const follow = (): unknown => page.fire("a", "click", {}, "MouseEvent");
    const sent = (): unknown[] => page.socket.messages().flatMap((m) => ("seq" in m ? [[m.kind, m.seq]] : []));
    follow();
    follow();
    expect(sent()).toEqual([[2, 1], [5, 2], [2, 3], [5, 4]]);
    page.socket.drop();
    await page.resume(2, 1);
    page.socket.receive(frame(1, [ext(1), 0, 1, "/m"], 2));
    expect(sent()).toEqual([[2, 3], [5, 4]]);
    page.socket.receive(frame(2, [ext(1), 0, 1, "/n"], 4));
    await page.vango.settled();
    expect(codes(page)).toEqual([]);
  });

  it("C103: of two navigations that were lost both go again on the same tree, the newest alone on another", async () => {
    const page = await openPage({ body: `<a id="a" data-vango-link href="/a">a</a><a id="b" data-vango-link href="/b">b</a>`, tables: ["a,a"], structure: [1, 5, 1] });
    await page.live();
    page.fire("#a", "click", {}, "MouseEvent");
    page.fire("#b", "click", {}, "MouseEvent");
    const sent = (): unknown[] => page.socket.messages().flatMap((m) => (m.kind === 5 ? [[m.seq, m.href]] : []));
    page.socket.drop();
    await page.resume(0);
    expect(sent()).toEqual([[1, "/a"], [2, "/b"]]);
    page.socket.drop();
    await again(page, { how: "restored", epoch: 2 });
    expect(sent()).toEqual([[1, "/b"]]);
  });

  it("scenario 51, C30: duplicated frames are ignored, a gap is answered by one RESUME", async () => {
    const page = await openPage(counter);
    await page.live();
    page.socket.receive(frame(1, [op(1, 0), 1, "one"]));
    page.socket.receive(frame(1, [op(1, 0), 1, "twice"]));
    const old = page.socket;
    old.receive(frame(3, [op(1, 0), 1, "three"]));
    old.receive(frame(2, [op(1, 0), 1, "late"]));
    expect(page.$("button").textContent).toBe("one");
    await page.back();
    expect(FakeSocket.all).toHaveLength(2);
    expect(page.socket.messages()).toMatchObject([{ kind: 6, received: 1 }]);
    page.socket.receive(Uint8Array.of(7, 0, 3));
    page.socket.receive(frame(2, [op(1, 0), 1, "two"]));
    page.socket.receive(frame(3, [op(1, 0), 1, "three"]));
    expect([page.$("button").textContent, page.state()]).toEqual(["three", "live"]);
  });
});

describe("AGAIN", () => {
  it("C17: is answered with the page as it is, and reconciling keeps numbers and events", async () => {
    const page = await openPage(rows);
    await page.live();
    page.socket.receive(frame(1, [op(2, 3), 1]));
    click(page, "li");
    click(page, "li");
    page.socket.drop();
    click(page, "li");
    await again(page, { seq: 7, received: 1, sync: true });
    expect(bodyOf(page, 1)).toMatchObject({ epoch: 1, received: 1, sent: 2, now: { s: [0, 1, 4, 1, 1, 7, 1], i: [1, 1, 3, 1] } });
    expect(page.state()).toBe("reconnecting");
    page.socket.receive(frame(8, [op(3, 0), 1, "now"], 1));
    expect([page.state(), page.$("li").textContent]).toEqual(["live", "now"]);
    expect(page.socket.messages().filter((m) => m.kind === 2)).toMatchObject([{ seq: 2 }, { seq: 3 }]);
    expect(codes(page)).toEqual([]);
    expect(hows(page)).toEqual(["new", "reconciled"]);
  });

  it("C17: on a live socket the page stays live, and nothing is sent twice", async () => {
    const page = await openPage(counter);
    await page.live();
    click(page);
    page.socket.receive(encodeAgain());
    click(page);
    expect(page.state()).toBe("live");
    page.socket.receive(encodeWelcome({ sid: "s", epoch: 1, how: "reconciled", seq: 90, received: 1, sync: true }));
    page.socket.receive(frame(91, [op(1, 0), 1, "count: 1"], 1));
    expect(page.$("button").textContent).toBe("count: 1");
    page.socket.receive(frame(92, [op(1, 0), 1, "count: 2"], 2));
    await page.vango.settled();
    expect(page.socket.events()).toHaveLength(2);
    expect(hows(page)).toEqual(["new", "reconciled"]);
    expect(page.heard["vango:connection"]).toHaveLength(2);
  });

  it("C24, C17: a new tree: applied events are done, others unknown, captured ones lost, and numbers begin anew", async () => {
    const page = await openPage(counter);
    await page.live();
    for (let i = 0; i < 3; i++) click(page);
    page.socket.drop();
    click(page);
    await again(page, { epoch: 2, how: "restored", applied: 2 });
    expect(codes(page)).toEqual(["VANGO_EVENT_OUTCOME_UNKNOWN", "VANGO_EVENT_LOST"]);
    expect(page.socket.events()).toEqual([]);
    click(page);
    expect(page.socket.messages().slice(2)).toMatchObject([{ kind: 2, seq: 1, ack: 0, epoch: 2 }]);
    page.socket.receive(frame(1, [], 1));
    await page.vango.settled();
    expect(hows(page)).toEqual(["new", "restored"]);
  });

  it("C24: what is captured between a new tree's WELCOME and its frame is lost too; later events are not", async () => {
    const page = await openPage(counter);
    await page.live();
    page.socket.drop();
    await again(page, { epoch: 2, how: "fresh", sync: true });
    click(page);
    page.socket.receive(frame(1, [op(1, 0), 1, "count: 0"]));
    expect(codes(page)).toEqual(["VANGO_EVENT_LOST"]);
    page.socket.drop();
    click(page);
    await page.resume(0);
    expect(page.socket.events()).toHaveLength(1);
    expect(codes(page)).toHaveLength(1);
  });

  it("C31: after a frame that does not fit the page is described; after a second it is sent anew", async () => {
    const page = await openPage(rows);
    await page.live();
    page.socket.receive(frame(1, [op(2, 3), 1, op(77, 0), 1, "x"]));
    await page.back();
    expect(bodyOf(page)).toMatchObject({ received: 0, now: { s: [0, 1, 4, 1, 1, 7, 1], i: [1, 1, 3, 1] } });
    page.socket.receive(encodeWelcome({ sid: "s", epoch: 1, how: "reconciled", seq: 1, sync: true }));
    page.socket.receive(frame(2, [op(77, 0), 1, "x"]));
    expect(page.document.querySelector("ul")).toBeNull();
    await page.back();
    expect(bodyOf(page)).toMatchObject({ epoch: 1, now: { t: [], s: [0, 0], i: [] } });
    page.socket.receive(encodeWelcome({ sid: "s", epoch: 1, how: "reconciled", seq: 2, sync: true }));
    page.socket.receive(frame(3, [ext(0), 2, "t9", "p s:0", "<p></p>", op(0, 2), 1, 0, 2, 20, 1, 0, "new"]));
    expect([page.state(), page.$("p").textContent]).toEqual(["live", "new"]);
  });
});

describe("the tab", () => {
  const hide = (page: OpenPage): unknown => page.window.dispatchEvent(new page.window.Event("pagehide"));
  const show = (page: OpenPage, persisted: boolean): unknown =>
    page.window.dispatchEvent(Object.assign(new page.window.Event("pageshow"), { persisted }));

  it("C18: a document that leaves says so to the next one in its tab, once, and names the session to the GET", async () => {
    const page = await openPage({ ...counter, base: "/app", url: "https://app.test/list?q=1" });
    const jar = vi.fn();
    Object.defineProperty(page.document, "cookie", { set: jar, configurable: true });
    await page.live({ sid: "w.id" });
    const nonce = bodyOf(page)["nonce"] as string;
    page.window.dispatchEvent(new page.window.Event("beforeunload"));
    // Who stays after all has not left.
    expect(page.window.sessionStorage.getItem("vango.left")).toBeNull();
    expect(jar).toHaveBeenCalledTimes(1);
    hide(page);
    expect(jar).toHaveBeenCalledWith("vango_tab=w.id; max-age=10; path=/app; SameSite=Lax; Secure");
    expect(page.window.sessionStorage.getItem("vango.left")).toBe(nonce);
    const next = await openPage({ ...counter, before: (w) => void ["left", "tab"].forEach((key) => w.sessionStorage.setItem("vango." + key, page.window.sessionStorage.getItem("vango." + key)!)) });
    await next.socket.open();
    expect(bodyOf(next)).toMatchObject({ tab: "w.id", left: nonce });
    // A tab that is duplicated now has an owner that is live.
    expect(next.window.sessionStorage.getItem("vango.left")).toBe("");
    next.socket.receive(encodeWelcome({ sid: "w.id", epoch: 2, how: "restored" }));
    expect(next.heard["vango:session"]).toEqual([{ how: "restored", again: false }]);
    expect(next.document.getElementById("vango-status")).toBeNull();
  });

  it("C18: back from the back/forward cache it resumes; another document that was there meanwhile is named", async () => {
    const page = await openPage(counter);
    await page.live({ sid: "w.id" });
    hide(page);
    show(page, true);
    await page.socket.open();
    expect(page.socket.messages()).toMatchObject([{ kind: 6, sid: "w.id" }]);
    page.socket.receive(encodeAgain());
    expect(bodyOf(page, 1)).not.toHaveProperty("left");
    hide(page);
    page.window.sessionStorage.setItem("vango.left", "other");
    page.window.sessionStorage.setItem("vango.tab", "x.id");
    show(page, true);
    await page.socket.open();
    page.socket.receive(encodeAgain());
    expect(bodyOf(page, 1)).toMatchObject({ left: "other", tab: "x.id" });
  });

  it("C18: without storage the document still resumes", async () => {
    const before: PageOptions["before"] = (w) =>
      void Object.defineProperty(w, "sessionStorage", { get: () => ({ getItem: blocked, setItem: blocked }), configurable: true });
    const blocked = (): never => {
      throw new Error("SecurityError");
    };
    const page = await openPage({ ...counter, before });
    vi.stubGlobal("sessionStorage", { getItem: blocked, setItem: blocked });
    await page.live({ sid: "w.id" });
    expect(bodyOf(page)["tab"]).toBe("");
    hide(page);
    show(page, true);
    await page.socket.open();
    expect(page.socket.messages()).toMatchObject([{ kind: 6, sid: "w.id" }]);
    page.socket.receive(encodeAgain());
    expect(bodyOf(page, 1)["tab"]).toBe("w.id");
  });

  it("C43: a document that was never live does not resume, but joins as what it is", async () => {
    const page = await openPage(counter);
    await page.socket.open();
    page.socket.receive(encodeWelcome({ sid: "w.id", epoch: 1, how: "new", sync: true }));
    click(page);
    page.socket.drop();
    await page.back();
    expect(bodyOf(page)).toMatchObject({ tab: "w.id" });
    expect(bodyOf(page)).not.toHaveProperty("now");
    page.socket.receive(encodeWelcome({ sid: "w.id", epoch: 2, how: "restored" }));
    expect(page.socket.events()).toHaveLength(1);
    expect(codes(page)).toEqual([]);
  });
});

describe("try elsewhere", () => {
  it("C53: backs off, says how often it heard it, and stops after 5 times", async () => {
    const page = await openPage(counter);
    await page.live({ sid: "w.id" });
    page.socket.drop();
    for (let tries = 0; tries < 5; tries++) {
      await page.back();
      if (tries) expect(bodyOf(page)).toMatchObject({ tab: "w.id", tries });
      else page.socket.receive(encodeAgain());
      page.socket.receive(encodeRefuse({ code: "VANGO_TRY_ELSEWHERE", reason: "newer", retry: 250 }));
      expect(page.document.documentElement.dataset).toMatchObject({ vango: "reconnecting", vangoReason: "VANGO_TRY_ELSEWHERE" });
    }
    expect(codes(page)).toEqual([]);
    await page.back();
    expect(bodyOf(page)).toMatchObject({ tries: 5 });
    page.socket.receive(encodeRefuse({ code: "VANGO_TRY_ELSEWHERE", reason: "newer" }));
    expect([page.state(), codes(page)]).toEqual(["refused", ["VANGO_TRY_ELSEWHERE"]]);
    page.vango.reconnect();
    await page.back();
    page.socket.receive(encodeWelcome({ sid: "new.id", epoch: 9, how: "fresh" }));
    page.socket.drop();
    await page.back();
    expect(page.socket.messages()).toMatchObject([{ kind: 6, sid: "new.id", epoch: 9 }]);
  });
});

describe("key hashes", () => {
  it("C19: are asked for when the page is idle, kept, and told by the next JOIN", async () => {
    const page = await openPage(rows);
    await page.live();
    vi.advanceTimersByTime(1999);
    expect(page.socket.messages()).toHaveLength(1);
    vi.advanceTimersByTime(2);
    expect(page.socket.messages().slice(1)).toEqual([{ kind: 7, runs: [1, 3] }]);
    page.socket.receive(encodeKeyHashes([1, 3], [0, 0xf000_0002, 0xf000_0003]));
    // A new row, and one whose answer never comes, is asked for; what was answered is not.
    page.socket.receive(frame(1, [ext(0), 3, "t1", "li eclick:::- s:0", `<li v="0"></li>`, op(1, 2), 0, 4, 3, 9, 1, 0, "new"]));
    vi.advanceTimersByTime(2001);
    expect(page.socket.messages().filter((m) => m.kind === 7)[1]).toEqual({ kind: 7, runs: [9, 1] });
    page.socket.drop();
    await page.back();
    page.socket.receive(encodeAgain());
    expect(bodyOf(page, 1)["now"]).toMatchObject({ i: [1, 2, 9, 1, 3, 1], k: [0, 0xf000_0002, 0, 0xf000_0003] });
    page.socket.receive(encodeWelcome({ sid: "s", epoch: 1, how: "reconciled", seq: 1 }));
    vi.advanceTimersByTime(2001);
    expect(page.socket.messages().filter((m) => m.kind === 7)).toEqual([{ kind: 7, runs: [9, 1] }]);
  });

  it("C19: at most 5,000 in one message", async () => {
    const count = 5001;
    const page = await openPage({ body: `<ul>${"<li>x</li>".repeat(count)}</ul>`, tables: ["ul s:0", "li s:0"], structure: [1, 4, 1, 1, 7, count] });
    await page.live();
    vi.advanceTimersByTime(2001);
    vi.advanceTimersByTime(2001);
    expect(page.socket.messages().slice(1)).toEqual([{ kind: 7, runs: [1, 5000] }, { kind: 7, runs: [5001, 2] }]);
  });
});

describe("typed text", () => {
  const form = { body: `<form><input id="a" v="2" value=""><input id="b" v="3" value=""><button v="4">ok</button></form>`, tables: ["form pvalue:0.0 pvalue:0.1 einput:::value einput::d300:value eclick:::-"] };
  const type = (page: OpenPage, css: string, value: string): void => {
    page.$<HTMLInputElement>(css).value = value;
    page.fire(css, "input");
  };

  it("C111: what is typed during an outage goes out once, before what was clicked; what the server has does not", async () => {
    const page = await openPage(form);
    await page.live();
    type(page, "#a", "old");
    page.socket.receive(encodeServerAck(1));
    page.socket.drop();
    type(page, "#b", "n");
    type(page, "#b", "new");
    click(page);
    await page.resume(1);
    expect(page.socket.events()).toEqual([[1, 3, { value: "new" }], [1, 4, undefined]]);
  });

  it.each([
    [0.9, [[1, 3, { value: "abc" }]]],
    [0.1, [[1, 3, { value: "ab" }], [1, 3, { value: "abc" }]]],
  ])("C111: a debounced value that waits when the connection is lost does not come after a newer one (back-off %d)", async (random, sent) => {
    vi.spyOn(Math, "random").mockReturnValue(random);
    const page = await openPage(form);
    await page.live();
    type(page, "#b", "ab");
    page.socket.drop();
    type(page, "#b", "abc");
    await page.resume(0);
    vi.advanceTimersByTime(2000);
    expect(page.socket.events()).toEqual(sent);
  });

  it("C112: frames that the server sent before it heard of it do not take it away", async () => {
    const page = await openPage(form);
    await page.live();
    type(page, "#a", "on its way");
    page.socket.drop();
    type(page, "#b", "meanwhile");
    await page.resume(0, 1);
    page.socket.receive(frame(1, [op(1, 0), 0, "A", op(1, 0), 1, "B"]));
    expect([page.$<HTMLInputElement>("#a").value, page.$<HTMLInputElement>("#b").value]).toEqual(["on its way", "meanwhile"]);
    expect(page.socket.events()).toEqual([[1, 2, { value: "on its way" }], [1, 3, { value: "meanwhile" }]]);
    page.socket.receive(frame(2, [op(1, 0), 0, "ON ITS WAY"], 1));
    expect(page.$<HTMLInputElement>("#a").value).toBe("ON ITS WAY");
  });

  it("C110: on a new tree every edited value that differs from the server's goes out, one that does not is quiet", async () => {
    const page = await openPage(form);
    await page.live();
    type(page, "#a", "kept");
    type(page, "#b", "local");
    vi.advanceTimersByTime(300);
    page.socket.receive(encodeServerAck(2));
    page.socket.drop();
    await again(page, { epoch: 2, how: "restored", sync: true });
    page.socket.receive(frame(1, [op(1, 0), 0, "kept", op(1, 0), 1, ""]));
    expect(page.$<HTMLInputElement>("#b").value).toBe("local");
    expect(page.socket.events()).toEqual([[1, 3, { value: "local" }]]);
  });

  it("C114: another template for the same form takes over value, focus and selection", async () => {
    const page = await openPage(form);
    await page.live();
    const field = page.$<HTMLInputElement>("#a");
    field.focus();
    type(page, "#a", "draft");
    field.setSelectionRange(1, 3);
    page.socket.receive(encodeServerAck(1));
    page.socket.drop();
    await again(page, { epoch: 2, how: "restored", sync: true });
    page.socket.receive(frame(1, [ext(0), 3, "t8", "p einput:::value", `<p><input id="a" v="0"></p>`, op(1, 6), 3, 50]));
    const twin = page.$<HTMLInputElement>("#a");
    expect(twin).not.toBe(field);
    expect([twin.value, page.document.activeElement === twin, twin.selectionStart, twin.selectionEnd]).toEqual(["draft", true, 1, 3]);
    expect(page.socket.events()).toEqual([[50, 0, { value: "draft" }]]);
  });
});

describe("the notice", () => {
  const text = (page: OpenPage): string | undefined => page.document.getElementById("vango-status")?.textContent;

  it.each([
    ["restored", "Connected again. Unsaved local state was reset."],
    ["fresh", "Connected again. The page was started afresh."],
  ])("C71: %s says so, politely, for 10 s", async (how, says) => {
    const page = await openPage(counter);
    await page.live();
    page.socket.drop();
    await again(page, { epoch: 2, how });
    expect(text(page)).toBe(says);
    expect(page.document.getElementById("vango-status")!.getAttribute("role")).toBe("status");
    vi.advanceTimersByTime(9999);
    expect(text(page)).toBe(says);
    vi.advanceTimersByTime(1);
    expect(text(page)).toBeUndefined();
    expect(page.heard["vango:session"]).toEqual([{ how: "new", again: false }, { how, again: true }]);
  });

  it("C71: a short outage that loses nothing says nothing; texts are the page's to choose, or none", async () => {
    const page = await openPage(counter);
    const root = page.document.documentElement;
    await page.live();
    page.socket.drop();
    vi.spyOn(Math, "random").mockReturnValue(0);
    vi.advanceTimersByTime(0);
    await page.live({ how: "reconciled" });
    expect(text(page)).toBeUndefined();
    root.setAttribute("data-vango-text-restored", "Willkommen zurück");
    page.socket.drop();
    await again(page, { epoch: 3, how: "restored" });
    expect(text(page)).toBe("Willkommen zurück");
    vi.advanceTimersByTime(10_000);
    root.dataset.vangoStatus = "off";
    page.socket.drop();
    await again(page, { epoch: 4, how: "fresh" });
    expect(text(page)).toBeUndefined();
  });
});

describe("the store is away", () => {
  it("C72: VANGO_UNSAVED is shown until the server says that all is saved", async () => {
    const page = await openPage(counter);
    await page.live();
    const text = (): string | undefined => page.document.getElementById("vango-status")?.textContent;
    page.socket.receive(encodeError({ code: "VANGO_HANDLER", message: "no" }));
    expect(text()).toBeUndefined();
    page.socket.receive(encodeError({ code: "VANGO_UNSAVED", message: "not saved" }));
    vi.advanceTimersByTime(20_000);
    expect([text(), page.state()]).toEqual(["Not saved yet", "live"]);
    page.document.dispatchEvent(new page.window.Event("vango:saved") as unknown as Event);
    expect(text()).toBeUndefined();
  });
});

describe("sleep", () => {
  it("C65: a timer that fires far too late is no silence: the page reconnects at once", async () => {
    const page = await openPage(counter);
    await page.live();
    vi.advanceTimersByTime(25_000);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(25_000);
    expect(page.document.documentElement.dataset.vangoReason).toBe("sleep");
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("C65: so does a tab that is looked at after a sleep; a clock that was set back does nothing", async () => {
    const page = await openPage(counter);
    await page.live();
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(25_000);
    page.socket.receive(encodePong(undefined));
    expect([page.state(), FakeSocket.all.length]).toEqual(["live", 1]);
    vi.setSystemTime(Date.now() + 3_600_000);
    page.document.dispatchEvent(new page.window.Event("visibilitychange") as unknown as Event);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("C66: a hidden tab pings a quarter as often", async () => {
    const page = await openPage(counter);
    Object.defineProperty(page.document, "hidden", { value: true, configurable: true });
    await page.live();
    vi.advanceTimersByTime(99_999);
    const pings = (): number => page.socket.sent.filter((m) => m[0] === 4).length;
    expect(pings()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(pings()).toBe(1);
    vi.advanceTimersByTime(100_000);
    expect(page.document.documentElement.dataset.vangoReason).toBe("silent");
  });
});
