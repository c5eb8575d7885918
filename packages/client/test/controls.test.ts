import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { frame, op, openPage } from "./page.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] }));
afterEach(() => void vi.useRealTimers());

describe("edited controls", () => {
  it("C110: what differs from the server's HTML goes out as its own event, before anything else", async () => {
    const page = await openPage({
      body: `<form><input id="t" v="0" value="a"><input id="c" type="checkbox" v="1"><textarea v="2">x</textarea><input id="same" v="3" value="s"><input id="no" value="1"><button v="4">b</button></form>`,
      tables: ["form einput:::value echange:::checked einput:::value einput:::value eclick:::-"],
    });
    page.fire("button", "click");
    page.$<HTMLInputElement>("#t").value = "typed";
    page.$<HTMLInputElement>("#c").checked = true;
    page.$<HTMLTextAreaElement>("textarea").value = "y";
    page.$<HTMLInputElement>("#no").value = "2";
    await page.live();
    expect(page.socket.events()).toEqual([
      [1, 0, { value: "typed" }],
      [1, 1, { checked: true }],
      [1, 2, { value: "y" }],
      [1, 4, undefined],
    ]);
  });

  it("C110: of a radio group the chosen one reports", async () => {
    const page = await openPage({
      body: `<form><input type="radio" name="r" id="a" v="0" value="a" checked><input type="radio" name="r" id="b" v="1" value="b"></form>`,
      tables: ["form echange:::value echange:::value"],
    });
    page.$<HTMLInputElement>("#b").checked = true;
    await page.live();
    expect(page.socket.events()).toEqual([[1, 1, { value: "b" }]]);
  });

  it("C111: events of controls before the join are not queued: their value is sent once", async () => {
    const page = await openPage({ body: `<input v="0" value="">`, tables: ["input einput::d100:value"] });
    for (const text of ["a", "ab", "abc"]) {
      page.$<HTMLInputElement>("input").value = text;
      page.fire("input", "input");
    }
    await page.live();
    vi.advanceTimersByTime(1000);
    expect(page.socket.events()).toEqual([[1, 0, { value: "abc" }]]);
  });

  it("C112: the first frame does not take away what the user typed", async () => {
    const page = await openPage({ body: `<input v="1" value="a">`, tables: ["input pvalue:0 einput:::value"] });
    page.$<HTMLInputElement>("input").value = "mine";
    page.fire("input", "input");
    await page.live({ sync: true });
    page.socket.receive(frame(1, [op(1, 0), 0, "theirs"]));
    expect(page.$<HTMLInputElement>("input").value).toBe("mine");
    expect(page.socket.events()).toEqual([[1, 1, { value: "mine" }]]);
  });

  it("C115: a frame that has not seen the newest edit leaves the control alone, one that has is written; others are not concerned", async () => {
    const page = await openPage({
      body: `<form><input id="a" v="2" value=""><input id="b" v="3" value=""></form>`,
      tables: ["form pvalue:0.0 pvalue:0.1 einput:::value einput:::value"],
    });
    await page.live();
    const [a, b] = [page.$<HTMLInputElement>("#a"), page.$<HTMLInputElement>("#b")];
    for (const text of ["a", "ab"]) {
      a.value = text;
      page.fire("#a", "input");
    }
    page.socket.receive(frame(1, [op(1, 0), 0, "A", op(1, 0), 1, "other"], 1));
    expect([a.value, b.value]).toEqual(["ab", "other"]);
    page.socket.receive(frame(2, [op(1, 0), 0, "AB"], 2));
    expect(a.value).toBe("AB");
    page.socket.receive(frame(3, [op(1, 0), 0, "pushed"], 2));
    expect(a.value).toBe("pushed");
  });

  it("C115: nor is a control written whose debounced text waits, or in which an input method is at work", async () => {
    const page = await openPage({ body: `<form><input id="a" v="1" value=""></form>`, tables: ["form pvalue:0.0 einput::d100:value"] });
    await page.live();
    const a = page.$<HTMLInputElement>("#a");
    a.value = "mine";
    page.fire("#a", "input");
    page.socket.receive(frame(1, [op(1, 0), 0, "theirs"]));
    expect(a.value).toBe("mine");
    vi.advanceTimersByTime(100);
    expect(page.socket.events()).toEqual([[1, 1, { value: "mine" }]]);
    page.socket.receive(frame(2, [op(1, 0), 0, "MINE"], 1));
    expect(a.value).toBe("MINE");
    page.fire("#a", "compositionstart");
    page.socket.receive(frame(3, [op(1, 0), 0, "theirs"], 1));
    expect(a.value).toBe("MINE");
    page.fire("#a", "compositionend");
    page.socket.receive(frame(4, [op(1, 0), 0, "again"], 1));
    expect(a.value).toBe("again");
  });

  it("C112: nor does the frame after a lost connection, unless the server had changed it", async () => {
    const page = await openPage({
      body: `<form><input id="a" v="2" value=""><input id="b" v="3" value=""></form>`,
      tables: ["form pvalue:0.0 pvalue:0.1 einput:::value einput:::value"],
    });
    await page.live();
    for (const css of ["#a", "#b"]) {
      page.$<HTMLInputElement>(css).value = "typed";
      page.fire(css, "input");
    }
    page.socket.receive(frame(1, [op(1, 0), 1, ""], 2));
    expect(page.$<HTMLInputElement>("#b").value).toBe("");
    page.socket.drop();
    vi.advanceTimersByTime(1000);
    await page.live({ sync: true, epoch: 2 });
    page.socket.receive(frame(1, [op(1, 0), 0, "", op(1, 0), 1, "server"]));
    expect([page.$<HTMLInputElement>("#a").value, page.$<HTMLInputElement>("#b").value]).toEqual(["typed", "server"]);
    expect(page.socket.events()).toEqual([[1, 2, { value: "typed" }]]);
  });

  it("C113: a select shows the value of its attribute, unless the user has chosen", async () => {
    const body = `<select v="0" value="b"><option value="a">A</option><option value="b">B</option><option value="c">C</option></select>`;
    const tables = ["select echange:::value"];
    const page = await openPage({ body, tables });
    await page.live();
    expect(page.$<HTMLSelectElement>("select").value).toBe("b");
    expect(page.socket.events()).toEqual([]);
    const chosen = await openPage({
      body,
      tables,
      before: (w) => void ((w.document.querySelector("select") as unknown as HTMLSelectElement).value = "c"),
    });
    await chosen.live();
    expect(chosen.socket.events()).toEqual([[1, 0, { value: "c" }]]);
  });
});
