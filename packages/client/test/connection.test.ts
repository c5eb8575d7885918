import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodePong, encodeRefuse, FakeSocket, frame, openPage, type OpenPage } from "./page.js";

const simple = { body: `<button v="0">x</button>`, tables: ["button eclick:::-"] };
const states = (page: OpenPage): unknown[] => page.heard["vango:connection"]!;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] }));
afterEach(() => void vi.useRealTimers());

const setOnline = (page: OpenPage, online: boolean): void =>
  void Object.defineProperty(page.window.navigator, "onLine", { value: online, configurable: true });
const setHidden = (page: OpenPage, hidden: boolean): void =>
  void Object.defineProperty(page.document, "hidden", { value: hidden, configurable: true });

describe("state", () => {
  it("C40: attribute, event and vango.state agree, from connecting to live", async () => {
    const page = await openPage(simple);
    expect([page.state(), page.vango.state]).toEqual(["connecting", "connecting"]);
    await page.live();
    expect([page.state(), page.vango.state]).toEqual(["live", "live"]);
    expect(states(page)).toEqual([{ state: "connecting", reason: "" }, { state: "live", reason: "" }]);
    page.socket.drop();
    expect(page.document.documentElement.dataset).toMatchObject({ vango: "reconnecting", vangoReason: "closed" });
    vi.advanceTimersByTime(1000);
    await page.live();
    expect(page.document.documentElement.hasAttribute("data-vango-reason")).toBe(false);
    expect(states(page)).toHaveLength(4);
  });

  it("C41: the socket is <base>/_vango/live of the page's origin, binary", async () => {
    const page = await openPage(simple);
    expect([page.socket.url, page.socket.binaryType]).toEqual(["ws://app.test/_vango/live", "arraybuffer"]);
    const based = await openPage({ ...simple, base: "/app", url: "https://app.test/app/x" });
    expect(based.socket.url).toBe("wss://app.test/app/_vango/live");
  });

  it("C42: offline is said when the browser knows it", async () => {
    const page = await openPage(simple);
    await page.live();
    setOnline(page, false);
    page.socket.drop();
    expect(page.state()).toBe("offline");
  });

  it("C43: a refusal without a retry is final, until reconnect()", async () => {
    const page = await openPage(simple);
    await page.socket.open();
    page.socket.receive(encodeRefuse({ code: "VANGO_SESSION_LIMIT", reason: "Too many." }));
    expect(page.document.documentElement.dataset).toMatchObject({ vango: "refused", vangoReason: "VANGO_SESSION_LIMIT" });
    expect(page.heard["vango:error"]).toEqual([{ code: "VANGO_SESSION_LIMIT", message: "Too many." }]);
    page.window.dispatchEvent(new page.window.Event("online"));
    vi.advanceTimersByTime(100_000);
    expect(FakeSocket.all).toHaveLength(1);
    page.vango.reconnect();
    vi.advanceTimersByTime(0);
    await page.live();
    expect(page.state()).toBe("live");
  });

  it("C44: the second part's failure keeps the page from joining and is tried again", async () => {
    let fails = 2;
    const load = async (): Promise<unknown> => {
      if (fails-- > 0) throw new Error("404");
      return (await import("../src/more/index.js")).install;
    };
    const page = await openPage({ ...simple, load });
    FakeSocket.last.onopen!();
    await vi.waitFor(() => expect(page.document.documentElement.dataset.vangoReason).toBe("part"));
    vi.advanceTimersByTime(1000);
    FakeSocket.last.onopen!();
    await vi.waitFor(() => expect(page.socket.messages()).toHaveLength(1));
  });
});

describe("back-off", () => {
  it("C50: full jitter: each step is below min(30 s, 1 s · 2^n)", async () => {
    const { backoff } = await import("../src/connection.js");
    fc.assert(
      fc.property(fc.nat(2000), (step) => {
        const ms = backoff(step);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThan(Math.min(30_000, 1000 * 2 ** step));
      }),
      { numRuns: 500 },
    );
    const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
    expect([0, 1, 2, 3, 9].map(backoff)).toEqual([500, 1000, 2000, 4000, 15_000]);
    random.mockRestore();
  });

  it("C50: steps grow while connects fail, and start over after 10 s of a live page", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    const page = await openPage(simple);
    for (const wait of [500, 1000, 2000]) {
      page.socket.drop();
      const before = FakeSocket.all.length;
      vi.advanceTimersByTime(wait - 1);
      expect(FakeSocket.all).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(FakeSocket.all).toHaveLength(before + 1);
    }
    await page.live();
    page.socket.drop();
    vi.advanceTimersByTime(3999);
    expect(FakeSocket.all).toHaveLength(4);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all).toHaveLength(5);
    await page.live();
    vi.advanceTimersByTime(10_001);
    page.socket.drop();
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(6);
  });

  it("C51: the server's retry time is kept, in REFUSE and in the reason of a close", async () => {
    const page = await openPage(simple);
    await page.socket.open();
    page.socket.receive(encodeRefuse({ code: "VANGO_DRAINING", reason: "restart", retry: 7000 }));
    expect(page.document.documentElement.dataset).toMatchObject({ vango: "reconnecting", vangoReason: "VANGO_DRAINING" });
    vi.advanceTimersByTime(6999);
    expect(FakeSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all).toHaveLength(2);
    page.socket.drop("1234");
    vi.advanceTimersByTime(1233);
    expect(FakeSocket.all).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all).toHaveLength(3);
  });

  it("C52: online, pageshow and a visible tab connect at once", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.99);
    const page = await openPage(simple);
    const wakes = [
      () => page.window.dispatchEvent(new page.window.Event("online")),
      () => page.window.dispatchEvent(new page.window.Event("pageshow")),
      () => page.document.dispatchEvent(new page.window.Event("visibilitychange") as unknown as Event),
    ];
    for (const wake of wakes) {
      page.socket.drop();
      const before = FakeSocket.all.length;
      wake();
      expect(FakeSocket.all).toHaveLength(before + 1);
      wake();
      expect(FakeSocket.all).toHaveLength(before + 1);
    }
    page.socket.drop();
    setHidden(page, true);
    wakes[2]!();
    expect(FakeSocket.all).toHaveLength(4);
  });
});

describe("dead sockets", () => {
  it("C60: a socket that does not open within 10 s, or is not welcomed within as long, is given up; the next one has twice the time", async () => {
    const page = await openPage(simple);
    vi.advanceTimersByTime(10_000);
    expect(page.document.documentElement.dataset.vangoReason).toBe("timeout");
    const first = page.socket;
    expect(first.closed).toBe(true);
    vi.advanceTimersByTime(1000);
    await page.socket.open();
    vi.advanceTimersByTime(19_999);
    expect(page.socket.closed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(page.socket.closed).toBe(true);
  });

  it("scenario 54, C61: a half-open socket is noticed within two heartbeats", async () => {
    const page = await openPage(simple);
    await page.live();
    vi.advanceTimersByTime(25_000);
    expect(page.socket.sent.at(-1)).toEqual(Uint8Array.of(4));
    page.socket.receive(encodePong(undefined));
    vi.advanceTimersByTime(25_000);
    expect(page.state()).toBe("live");
    vi.advanceTimersByTime(25_000);
    expect(page.document.documentElement.dataset).toMatchObject({ vango: "reconnecting", vangoReason: "silent" });
  });

  it("C61: any message is a sign of life", async () => {
    const page = await openPage(simple);
    await page.live();
    vi.advanceTimersByTime(25_000);
    page.socket.receive(frame(1));
    vi.advanceTimersByTime(25_000);
    expect(page.state()).toBe("live");
  });

  it("C62: back from sleep, a live socket must answer within 5 s", async () => {
    const page = await openPage(simple);
    await page.live();
    page.window.dispatchEvent(new page.window.Event("online"));
    expect(page.socket.sent).toHaveLength(2);
    vi.advanceTimersByTime(5000);
    expect(page.document.documentElement.dataset.vangoReason).toBe("silent");
  });

  it("C63: a socket that was given up is not heard any more", async () => {
    const page = await openPage(simple);
    await page.live();
    const old = page.socket;
    vi.advanceTimersByTime(50_000);
    expect(page.state()).toBe("reconnecting");
    expect(() => {
      old.receive(frame(1));
      old.drop();
    }).not.toThrow();
    vi.advanceTimersByTime(1000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("C64: a hidden page lets its socket go, for the back/forward cache, and joins again when shown", async () => {
    const page = await openPage(simple);
    await page.live();
    page.window.dispatchEvent(new page.window.Event("pagehide"));
    expect([page.socket.closed, page.state()]).toEqual([true, "reconnecting"]);
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    page.window.dispatchEvent(new page.window.Event("pageshow"));
    expect(FakeSocket.all).toHaveLength(2);
  });
});

describe("status line", () => {
  const line = (page: OpenPage): Element | null => page.document.querySelector("[role=status]");

  it("C70: appears when a lost connection lasts longer than 1 s, goes when it is back", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const page = await openPage(simple);
    await page.live();
    page.socket.drop();
    vi.advanceTimersByTime(999);
    expect(line(page)).toBeNull();
    vi.advanceTimersByTime(1);
    expect(line(page)!.textContent).toBe("Reconnecting…");
    expect(line(page)!.parentElement).toBe(page.document.documentElement);
    await page.live({ how: "reconciled" });
    expect(line(page)!.textContent).toBe("Connected again");
    vi.advanceTimersByTime(2000);
    expect(line(page)).toBeNull();
  });

  it("C70: says offline, and does not appear when switched off", async () => {
    const page = await openPage(simple);
    await page.live();
    setOnline(page, false);
    page.socket.drop();
    vi.advanceTimersByTime(1000);
    expect(line(page)!.textContent).toBe("You are offline");
    const off = await openPage(simple);
    off.document.documentElement.dataset.vangoStatus = "off";
    await off.live();
    off.socket.drop();
    vi.advanceTimersByTime(5000);
    expect(line(off)).toBeNull();
  });
});
