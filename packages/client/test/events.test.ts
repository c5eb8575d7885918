import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { frame, encodeServerAck, ext, op, openPage } from "./page.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] }));
afterEach(() => void vi.useRealTimers());

const KEYS = { ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };

describe("routing", () => {
  it("C80: an event reaches every matching element from its target to the root, through instances", async () => {
    // Instance 1 holds the section with a click of its own; instance 2 is the button inside.
    const page = await openPage({
      body: `<section v="0"><p><button v="0"><b>x</b></button></p></section>`,
      tables: ["section eclick:::- s:0.0", "button eclick:::-"],
      structure: [1, 4, 1, 1, 7, 1],
    });
    await page.live();
    page.fire("b", "click");
    expect(page.socket.events()).toEqual([[2, 0, undefined], [1, 0, undefined]]);
  });

  it("C81: stopPropagation ends the climb, self wants the element itself, once fires once", async () => {
    const page = await openPage({
      body: `<div v="0"><i v="1"><b v="2,3">x</b></i></div>`,
      tables: ["div eclick::o:- eclick::f:- eclick::s:- eclick:::-"],
    });
    await page.live();
    page.fire("b", "click");
    expect(page.socket.events()).toEqual([[1, 2, undefined], [1, 3, undefined]]);
    page.fire("i", "click");
    page.fire("i", "click");
    expect(page.socket.events().slice(2)).toEqual([[1, 1, undefined], [1, 0, undefined], [1, 1, undefined]]);
  });

  it("C81: capture comes before all others, outermost first", async () => {
    const page = await openPage({
      body: `<div v="0"><i v="1"><b v="2">x</b></i></div>`,
      tables: ["div eclick::c:- eclick::c:- eclick:::-"],
    });
    await page.live();
    page.fire("b", "click");
    expect(page.socket.events().map((e) => e[1])).toEqual([0, 1, 2]);
  });

  it("C82: events that do not bubble are captured, and stay with their element", async () => {
    const page = await openPage({
      body: `<div v="0,1"><input v="2,3"></div>`,
      tables: ["div efocus:::- emouseenter:::- efocus:::- escroll:::scrollTop"],
    });
    await page.live();
    page.fire("input", "focus", { bubbles: false });
    page.fire("div", "mouseenter", { bubbles: false });
    page.$("input").scrollTop = 7;
    page.fire("input", "scroll", { bubbles: false });
    expect(page.socket.events()).toEqual([[1, 2, undefined], [1, 1, undefined], [1, 3, { scrollTop: 7 }]]);
  });

  it("C83: a template that becomes known later brings its event types along", async () => {
    const page = await openPage({ body: `<ul></ul>`, tables: ["ul s:0"] });
    await page.live();
    page.socket.receive(frame(1, [ext(0), 3, "t9", "li edblclick:::-", `<li v="0">x</li>`, op(1, 2), 0, 0, 3, 5, 1]));
    page.fire("li", "dblclick");
    expect(page.socket.events()).toEqual([[5, 0, undefined]]);
  });

  it("C84: keys are filtered in the browser; composition is not a key", async () => {
    const page = await openPage({ body: `<input v="0">`, tables: ["input ekeydown::kEnter+%2B:key"] });
    await page.live();
    for (const init of [{ key: "a" }, { key: "Enter", isComposing: true }, { key: "Enter" }, { key: "+" }])
      page.fire("input", "keydown", init, "KeyboardEvent");
    expect(page.socket.events()).toEqual([[1, 0, { key: "Enter" }], [1, 0, { key: "+" }]]);
  });

  it("C85: once and passive leave the browser's action alone where they do not apply it", async () => {
    const page = await openPage({ body: `<div><a v="0">x</a><b v="1">y</b></div>`, tables: ["div eclick::o,p:- eclick::p,v:-"] });
    await page.live();
    expect([page.fire("a", "click").defaultPrevented, page.fire("a", "click").defaultPrevented]).toEqual([true, false]);
    expect(page.fire("b", "click").defaultPrevented).toBe(false);
    expect(page.socket.events()).toEqual([[1, 0, undefined], [1, 1, undefined]]);
  });

  it("C85: preventDefault only where the option says so", async () => {
    const page = await openPage({ body: `<div><a v="0">x</a><b v="1">y</b></div>`, tables: ["div eclick::p:- eclick:::-"] });
    await page.live();
    expect(page.fire("a", "click").defaultPrevented).toBe(true);
    expect(page.fire("b", "click").defaultPrevented).toBe(false);
  });

  it("C86: a handler stands for a link's own action only on a plain click of a live page", async () => {
    const page = await openPage({
      body: `<div><a v="0" href="/x">x</a><a v="0" id="t" target="_blank" href="/x">x</a><a v="0" id="d" download href="/x">x</a><a v="0" id="o" href="http://other.test/">x</a></div>`,
      tables: ["div eclick::p:-"],
    });
    expect(page.fire("a", "click", {}, "MouseEvent").defaultPrevented).toBe(false);
    await page.live();
    expect(page.fire("a", "click", { ctrlKey: true }, "MouseEvent").defaultPrevented).toBe(false);
    expect(page.fire("a", "click", { button: 1 }, "MouseEvent").defaultPrevented).toBe(false);
    for (const css of ["#t", "#d", "#o"]) expect(page.fire(css, "click", {}, "MouseEvent").defaultPrevented).toBe(false);
    expect(page.socket.events()).toHaveLength(0);
    expect(page.fire("a", "click", {}, "MouseEvent").defaultPrevented).toBe(true);
    expect(page.socket.events()).toHaveLength(1);
  });

  it("C87: a submit is taken only when live", async () => {
    const page = await openPage({ body: `<form v="0"><input name="a" value="1"></form>`, tables: ["form esubmit::p:"] });
    expect(page.fire("form", "submit").defaultPrevented).toBe(false);
    await page.live();
    expect(page.socket.events()).toHaveLength(0);
    expect(page.fire("form", "submit").defaultPrevented).toBe(true);
    expect(page.socket.events()).toHaveLength(1);
  });
});

describe("payload", () => {
  it("C90: input and change give value and checked", async () => {
    const page = await openPage({
      body: `<form v="2"><input v="0" value="a"><input type="checkbox" v="1" value="y"></form>`,
      tables: ["form einput:: echange:: einput:::value"],
    });
    await page.live();
    page.$<HTMLInputElement>("input").value = "ab";
    page.fire("input", "input");
    page.$<HTMLInputElement>("[type=checkbox]").checked = true;
    page.fire("[type=checkbox]", "change");
    // The form's own handler reads the control the event came from.
    expect(page.socket.events()).toEqual([
      [1, 0, { value: "ab", checked: false }],
      [1, 2, { value: "ab" }],
      [1, 1, { value: "y", checked: true }],
    ]);
  });

  it("C91: keyboard and mouse defaults", async () => {
    const page = await openPage({ body: `<input v="0,1">`, tables: ["input ekeydown:: eclick::"] });
    await page.live();
    page.fire("input", "keydown", { key: "x", code: "KeyX", shiftKey: true }, "KeyboardEvent");
    page.fire("input", "click", { clientX: 300, clientY: 2.5, buttons: 1, altKey: true }, "MouseEvent");
    expect(page.socket.events()).toEqual([
      [1, 0, { key: "x", code: "KeyX", repeat: false, ...KEYS, shiftKey: true }],
      [1, 1, { button: 0, buttons: 1, clientX: 300, clientY: 2.5, ...KEYS, altKey: true }],
    ]);
  });

  it("C92: submit gives the pairs of the form in order, repeated names and the submitter among them", async () => {
    const page = await openPage({
      body: `<form v="0"><input name="a" value="1"><input name="a" value="2"><input name="off" type="checkbox"><button name="go" value="yes">x</button></form>`,
      tables: ["form esubmit::p:"],
    });
    await page.live();
    page.fire("form", "submit", { submitter: page.$("button") }, "SubmitEvent");
    const [, , payload] = page.socket.events()[0]!;
    expect(payload).toEqual({ data: [["a", "1"], ["a", "2"], ["go", "yes"]], submitter: "go" });
  });

  it("C92: without a submitter it is null", async () => {
    const page = await openPage({ body: `<form v="0"><input name="a" value="1"></form>`, tables: ["form esubmit::p:"] });
    await page.live();
    page.fire("form", "submit", {}, "SubmitEvent");
    expect(page.socket.events()[0]![2]).toEqual({ data: [["a", "1"]], submitter: null });
  });

  it("C93: only wanted fields cross the wire, and never an object of the DOM", async () => {
    const page = await openPage({ body: `<a v="0" title="t">x</a>`, tables: ["a eclick:::clientX,title,currentTarget,nonsense"] });
    await page.live();
    page.fire("a", "click", { clientX: 5 }, "MouseEvent");
    expect(page.socket.events()).toEqual([[1, 0, { clientX: 5, title: "t" }]]);
  });

  it("C94: drag, clipboard, files and touches come as plain data", async () => {
    const { readField } = await import("../src/more/fields.js");
    const files = [{ name: "a.txt", type: "text/plain", size: 3, secret: 1 }];
    const dataTransfer = { types: ["text/plain"], getData: (type: string) => type + "!", files, dropEffect: "copy" };
    const drop = { type: "drop", target: {}, dataTransfer } as never;
    expect(readField("data", drop)).toEqual({ "text/plain": "text/plain!" });
    expect(readField("files", drop)).toEqual([{ id: undefined, name: "a.txt", type: "text/plain", size: 3 }]);
    expect(readField("dropEffect", drop)).toBe("copy");
    expect(readField("files", { type: "change", target: { files } } as never)).toMatchObject([{ name: "a.txt" }]);
    expect(readField("text", { type: "paste", clipboardData: { getData: () => "hi", files: [] }, target: {} } as never)).toBe("hi");
    const touches = [{ identifier: 4, clientX: 1, clientY: 2, target: {} }];
    expect(readField("touches", { type: "touchmove", touches, target: {} } as never)).toEqual([{ id: 4, clientX: 1, clientY: 2 }]);
    expect(readField("relatedTarget", { type: "click", relatedTarget: {}, target: {} } as never)).toBeUndefined();
  });
});

describe("debounce and throttle", () => {
  const field = { body: `<form v="1"><input v="0" name="t"></form>`, tables: ["form einput::d300:value esubmit::p:data"] };
  const type = (page: Awaited<ReturnType<typeof openPage>>, text: string): void => {
    page.$<HTMLInputElement>("input").value = text;
    page.fire("input", "input");
  };

  it("C95: debounced input goes out once, with the newest value", async () => {
    const page = await openPage(field);
    await page.live();
    for (const text of ["a", "ab", "abc"]) {
      type(page, text);
      vi.advanceTimersByTime(200);
    }
    expect(page.socket.events()).toHaveLength(0);
    vi.advanceTimersByTime(100);
    expect(page.socket.events()).toEqual([[1, 0, { value: "abc" }]]);
    vi.advanceTimersByTime(1000);
    expect(page.socket.events()).toHaveLength(1);
  });

  it("C96: what waits goes out before any other event", async () => {
    const page = await openPage(field);
    await page.live();
    type(page, "final");
    page.fire("form", "submit");
    expect(page.socket.events()).toEqual([[1, 0, { value: "final" }], [1, 1, { data: [["t", "final"]] }]]);
    vi.advanceTimersByTime(1000);
    expect(page.socket.events()).toHaveLength(2);
  });

  it("C97: throttle sends at once, then the newest of each window", async () => {
    const page = await openPage({ body: `<div v="0">x</div>`, tables: ["div epointermove::t100:clientX"] });
    await page.live();
    const move = (clientX: number): unknown => page.fire("div", "pointermove", { clientX }, "MouseEvent");
    const sent = (): unknown[] => page.socket.events().map((e) => (e[2] as { clientX: number }).clientX);
    move(1);
    move(2);
    move(3);
    expect(sent()).toEqual([1]);
    vi.advanceTimersByTime(100);
    expect(sent()).toEqual([1, 3]);
    move(4);
    vi.advanceTimersByTime(100);
    expect(sent()).toEqual([1, 3, 4]);
    vi.advanceTimersByTime(100);
    move(5);
    expect(sent()).toEqual([1, 3, 4, 5]);
  });

  it("C95: settled() waits for what is debounced", async () => {
    const page = await openPage(field);
    await page.live();
    type(page, "a");
    let done = false;
    void page.vango.settled().then(() => (done = true));
    await Promise.resolve();
    expect(done).toBe(false);
    vi.advanceTimersByTime(300);
    page.socket.receive(encodeServerAck(1));
    await Promise.resolve();
    expect(done).toBe(true);
  });
});
