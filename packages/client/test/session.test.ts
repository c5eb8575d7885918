import { encodePayload } from "@vango/core/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeAgain, encodeError, encodeRefuse, encodeServerAck, encodeWelcome, ext, frame, op, openPage, type OpenPage } from "./page.js";

/** One counter: slot 0 a click, slot 1 the text. */
const counter = { body: `<button v="0">count: 0</button>`, tables: ["button eclick:::- s:0"] };
const click = (page: OpenPage): unknown => page.fire("button", "click");

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] }));
afterEach(() => void vi.useRealTimers());

describe("join", () => {
  it("C10: JOIN carries version, the blob's text, tab, nonce and url, and no structure while the blob is true", async () => {
    const page = await openPage(counter);
    await page.socket.open();
    const [join] = page.socket.messages();
    expect(join).toMatchObject({ kind: 1, body: { v: 2, boot: page.bootText, url: "/list?q=1" } });
    const body = (join as unknown as { body: Record<string, string> }).body;
    expect(body.tab).toBe("");
    // 64 bits take at least this in base 36, unless they begin with zeros.
    expect(body.nonce).toMatch(/^\d{1,10}-\d{1,10}$/);
    expect(Object.keys(body).sort()).toEqual(["boot", "nonce", "tab", "url", "v"]);
    page.socket.receive(encodeWelcome({ sid: "w.id", epoch: 1, how: "new" }));
    expect(page.window.sessionStorage.getItem("vango.tab")).toBe("w.id");
  });

  it("C10: the tab id outlives the document, the nonce does not", async () => {
    const one = await openPage(counter);
    await one.live({ sid: "w.id" });
    const nonce = (one.socket.messages()[0] as unknown as { body: Record<string, string> }).body.nonce;
    const two = await openPage({ ...counter, before: (w) => w.sessionStorage.setItem("vango.tab", one.window.sessionStorage.getItem("vango.tab")!) });
    await two.socket.open();
    const body = (two.socket.messages()[0] as unknown as { body: Record<string, string> }).body;
    expect(body.tab).toBe("w.id");
    expect(body.nonce).not.toBe(nonce);
  });

  it("C11: a page is live with WELCOME, or after the frame that WELCOME announces", async () => {
    const page = await openPage(counter);
    await page.live();
    expect(page.state()).toBe("live");
    const late = await openPage(counter);
    await late.live({ sync: true });
    expect(late.state()).toBe("connecting");
    late.socket.receive(frame(1, [op(1, 0), 1, "count: 5"]));
    expect(late.state()).toBe("live");
    expect(late.$("button").textContent).toBe("count: 5");
  });

  it("C12: a JOIN after the page was live describes it with the ids that it keeps", async () => {
    const rows = {
      body: `<ul><li v="0">a</li><li v="0">b</li></ul>`,
      tables: ["ul s:0", "li eclick:::- s:0"],
      structure: [1, 4, 1, 1, 7, 2],
    };
    const page = await openPage(rows);
    await page.live();
    // Insert a row with id 9 before row 3, remove row 2.
    page.socket.receive(frame(1, [ext(0), 3, "t1", "li eclick:::- s:0", `<li v="0"></li>`, op(1, 2), 0, 4, 3, 9, 1, 0, "new", op(2, 3), 1]));
    expect(page.$("ul").innerHTML).toBe(`<li v="0">new</li><li v="0">b</li>`);
    page.socket.drop();
    vi.advanceTimersByTime(1000);
    await page.socket.open();
    page.socket.receive(encodeAgain());
    const [, join] = page.socket.messages() as unknown as { body: { now: unknown } }[];
    const now = { t: ["t0", "ul s:0", "t1", "li eclick:::- s:0"], s: [0, 1, 4, 1, 1, 7, 2], i: [1, 1, 9, 1, 3, 1] };
    expect(join!.body).toMatchObject({ now, epoch: 1, received: 1, sent: 0 });
    page.socket.receive(encodeWelcome({ sid: "s2", epoch: 7, how: "fresh" }));
    page.fire("li:last-child", "click");
    expect(page.socket.events()).toEqual([[3, 0, undefined]]);
    expect(page.socket.messages()[2]).toMatchObject({ seq: 1, ack: 0, epoch: 7 });
  });

  it("C13: another protocol version reloads the page once, then refuses", async () => {
    const reload = vi.fn();
    const before = (w: OpenPage["window"]): void => void vi.spyOn(w.location, "reload").mockImplementation(reload);
    const page = await openPage({ ...counter, before });
    await page.socket.open();
    page.socket.receive(encodeRefuse({ code: "VANGO_PROTOCOL_VERSION", reason: "old", reload: true }));
    expect(reload).toHaveBeenCalledTimes(1);
    const again = await openPage({
      ...counter,
      before: (w) => {
        before(w);
        w.sessionStorage.setItem("vango.reloaded", "1");
      },
    });
    await again.socket.open();
    again.socket.receive(encodeRefuse({ code: "VANGO_PROTOCOL_VERSION", reason: "old", reload: true }));
    expect(reload).toHaveBeenCalledTimes(1);
    expect(again.state()).toBe("refused");
    expect(again.heard["vango:error"]).toEqual([{ code: "VANGO_PROTOCOL_VERSION", message: "old" }]);
  });

  it("C13: a page that fits lifts the guard", async () => {
    const page = await openPage({ ...counter, before: (w) => w.sessionStorage.setItem("vango.reloaded", "1") });
    await page.live();
    expect(page.window.sessionStorage.getItem("vango.reloaded")).toBe("");
  });

  it("C2: a document that does not fit its blob is emptied, and the join says so; without a blob it stays as it is", async () => {
    const page = await openPage({ body: "<p>other</p>", tables: counter.tables });
    expect(page.state()).toBe("connecting");
    expect(page.heard["vango:error"] ?? []).toEqual([]);
    expect(page.document.querySelector("p")).toBeNull();
    await page.socket.open();
    expect(page.socket.messages()[0]).toMatchObject({ kind: 1, body: { now: { t: [], s: [0, 0] } } });
    const empty = await openPage({ ...counter, before: (w) => w.document.getElementById("vango-boot")!.remove() });
    expect(empty.heard["vango:error"]).toMatchObject([{ code: "VANGO_BOOT" }]);
    await empty.vango.settled();
  });
});

describe("events up", () => {
  it("C20: a counter click is at most 12 bytes with sequence number and acknowledgement", async () => {
    const page = await openPage(counter);
    await page.live();
    click(page);
    expect(page.socket.sent[1]!.length).toBeLessThanOrEqual(12);
    expect(page.socket.messages()[1]).toMatchObject({ kind: 2, seq: 1, ack: 0, epoch: 1, instance: 1, slot: 0, payload: undefined });
  });

  it("C21: events before the join wait and leave in order after the first frame", async () => {
    const page = await openPage(counter);
    click(page);
    click(page);
    await page.live({ sync: true });
    expect(page.socket.events()).toHaveLength(0);
    page.socket.receive(frame(1, [op(1, 0), 1, "count: 1"]));
    expect(page.socket.events()).toHaveLength(2);
    expect(page.socket.messages()[2]).toMatchObject({ seq: 2, ack: 1 });
  });

  it("C21: an event whose element the first frame took away is reported and not sent", async () => {
    const page = await openPage({ body: `<p><i v="0">x</i></p>`, tables: ["p s:0", "i eclick:::-"], structure: [1, 4, 1, 1, 7, 1] });
    page.fire("i", "click");
    await page.live({ sync: true });
    page.socket.receive(frame(1, [op(1, 5), 0]));
    expect(page.socket.events()).toHaveLength(0);
    expect(page.heard["vango:error"]).toMatchObject([{ code: "VANGO_EVENT_GONE" }]);
    await page.vango.settled();
  });

  it("C22: at most 64 events wait, at most 128 are on their way; more are reported", async () => {
    const page = await openPage(counter);
    for (let i = 0; i < 65; i++) click(page);
    expect(page.heard["vango:error"]).toMatchObject([{ code: "VANGO_EVENT_REFUSED" }]);
    await page.live();
    expect(page.socket.events()).toHaveLength(64);
    for (let i = 0; i < 65; i++) click(page);
    expect(page.socket.events()).toHaveLength(128);
    expect(page.heard["vango:error"]).toHaveLength(2);
    page.socket.receive(encodeServerAck(128));
    click(page);
    expect(page.socket.events()).toHaveLength(129);
  });

  it("C23: settled() resolves when everything sent is acknowledged and applied", async () => {
    const page = await openPage(counter);
    let settled = 0;
    const wait = (): void => void page.vango.settled().then(() => settled++);
    wait();
    await Promise.resolve();
    expect(settled).toBe(0);
    await page.live();
    await Promise.resolve();
    expect(settled).toBe(1);
    click(page);
    wait();
    await Promise.resolve();
    expect(settled).toBe(1);
    page.socket.receive(frame(1, [op(1, 0), 1, "count: 1"], 1));
    await Promise.resolve();
    expect(settled).toBe(2);
    expect(page.$("button").textContent).toBe("count: 1");
  });

  it("C25: an error of the server becomes vango:error", async () => {
    const page = await openPage(counter);
    await page.live();
    page.socket.receive(encodeError({ code: "VANGO_HANDLER", message: "boom", seq: 1 }));
    // What the server says again after a resume is no second error.
    page.socket.drop();
    await page.resume(1);
    page.socket.receive(encodeError({ code: "VANGO_HANDLER", message: "boom", seq: 1 }));
    expect(page.heard["vango:error"]).toEqual([{ code: "VANGO_HANDLER", message: "boom" }]);
    expect(page.state()).toBe("live");
  });
});

describe("frames down", () => {
  it("C30: a frame that was applied is ignored, a gap gives the connection up", async () => {
    const page = await openPage(counter);
    await page.live();
    page.socket.receive(frame(1, [op(1, 0), 1, "one"]));
    page.socket.receive(frame(1, [op(1, 0), 1, "twice"]));
    expect(page.$("button").textContent).toBe("one");
    page.socket.receive(frame(3, [op(1, 0), 1, "three"]));
    expect(page.$("button").textContent).toBe("one");
    expect(page.state()).toBe("reconnecting");
    expect(page.document.documentElement.dataset.vangoReason).toBe("frame");
    expect(page.heard["vango:error"]).toMatchObject([{ code: "VANGO_WIRE_SEQUENCE" }]);
  });

  it("C30: numbers run past 255", async () => {
    const page = await openPage(counter);
    await page.live();
    for (let i = 1; i <= 600; i++) page.socket.receive(frame(i, [op(1, 0), 1, "n" + i]));
    expect(page.$("button").textContent).toBe("n600");
    expect(page.state()).toBe("live");
  });

  it("C31: a frame that does not fit is reported and gives the connection up", async () => {
    const page = await openPage(counter);
    await page.live();
    page.socket.receive(frame(1, [op(77, 0), 1, "x"]));
    expect(page.state()).toBe("reconnecting");
    expect(page.heard["vango:error"]).toHaveLength(1);
    const other = await openPage(counter);
    await other.live();
    other.socket.receive(Uint8Array.of(1, 0xc0));
    expect(other.state()).toBe("reconnecting");
    expect(other.heard["vango:error"]).toMatchObject([{ code: "VANGO_FRAME" }]);
  });

  it("C32: frames are acknowledged with the next event", async () => {
    const page = await openPage(counter);
    await page.live();
    page.socket.receive(frame(1));
    click(page);
    vi.advanceTimersByTime(1500);
    expect(page.socket.messages().slice(1)).toMatchObject([{ kind: 2, ack: 1 }]);
  });

  it("C32: or after a second", async () => {
    const page = await openPage(counter);
    await page.live();
    page.socket.receive(frame(1));
    vi.advanceTimersByTime(500);
    page.socket.receive(frame(2));
    expect(page.socket.messages()).toHaveLength(1);
    vi.advanceTimersByTime(500);
    expect(page.socket.messages()[1]).toEqual({ kind: 3, ack: 2 });
    vi.advanceTimersByTime(5000);
    expect(page.socket.messages().filter((m) => m.kind === 3)).toHaveLength(1);
  });

  it("C32: or after 32 frames, or after 64 KiB", async () => {
    const page = await openPage(counter);
    await page.live();
    for (let i = 1; i <= 32; i++) page.socket.receive(frame(i));
    expect(page.socket.messages()[1]).toEqual({ kind: 3, ack: 32 });
    page.socket.receive(frame(33, [op(1, 0), 1, "x".repeat(65_536)]));
    expect(page.socket.messages()[2]).toEqual({ kind: 3, ack: 33 });
  });

  it("C33: events of the server are dispatched after the frame's DOM", async () => {
    const page = await openPage(counter);
    await page.live();
    let seen = "";
    page.document.addEventListener("vango:toast", () => (seen = page.$("button").textContent));
    page.socket.receive(
      frame(1, [ext(2), "vango:toast", encodePayload({ level: "info", message: "hi" }), op(1, 0), 1, "after"]),
    );
    expect(page.heard["vango:toast"]).toEqual([{ level: "info", message: "hi" }]);
    expect(seen).toBe("after");
  });
});
