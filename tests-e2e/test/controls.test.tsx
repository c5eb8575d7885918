// Controls and event options in a real browser: what reaches the server, and what does not.
import { component, each, on, type Component } from "@vango/core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./harness/browser.js";
import { serve } from "./harness/server.js";
import { EVENT, openTab, sizes, type Tab } from "./harness/tab.js";

const browser = useBrowser();
const open = async (page: Component<object>): Promise<Tab> => openTab(browser(), (await serve(page)).url);

describe("controls", () => {
  it("E6 select, textarea, checkbox and radio speak both ways", async () => {
    const tab = await open(
      component((setup) => {
        const colour = setup.signal("green");
        const note = setup.signal("first\nsecond");
        const done = setup.signal(true);
        const size = setup.signal("m");
        return () => (
          <main>
            <select id="colour" value={colour.get()} onChange={(e) => colour.set(e.value)}>
              {["red", "green", "blue"].map((c) => <option key={c} value={c}>{c}</option>)}
            </select>
            <textarea id="note" value={note.get()} onInput={(e) => note.set(e.value)} />
            <input id="done" type="checkbox" checked={done.get()} onChange={(e) => done.set(e.checked)} />
            <input type="radio" name="size" id="m" value="m" checked={size.get() === "m"} onChange={() => size.set("m")} />
            <input type="radio" name="size" id="l" value="l" checked={size.get() === "l"} onChange={() => size.set("l")} />
            <p id="out">{colour.get()}|{note.get()}|{String(done.get())}|{size.get()}</p>
            <button id="reset" onClick={() => { colour.set("red"); note.set("reset"); done.set(false); size.set("m"); }}>reset</button>
          </main>
        );
      }),
    );
    const { page } = tab;
    expect(await page.inputValue("#colour")).toBe("green");
    expect(await page.inputValue("#note")).toBe("first\nsecond");
    expect(await page.isChecked("#done")).toBe(true);
    expect(await page.isChecked("#m")).toBe(true);
    await page.selectOption("#colour", "blue");
    await page.fill("#note", "a\nb");
    await page.uncheck("#done");
    await page.check("#l");
    await tab.settled();
    expect(await page.locator("#out").evaluate((el) => el.textContent)).toBe("blue|a\nb|false|l");
    await page.click("#reset");
    await tab.settled();
    expect(await page.inputValue("#colour")).toBe("red");
    expect(await page.inputValue("#note")).toBe("reset");
    expect(await page.isChecked("#done")).toBe(false);
    expect([await page.isChecked("#m"), await page.isChecked("#l")]).toEqual([true, false]);
  });

  it("E6 options inserted and the select's value in one frame", async () => {
    const tab = await open(
      component((setup) => {
        const all = setup.signal<readonly string[]>(["a"]);
        const value = setup.signal("a");
        return () => (
          <main>
            <select id="s" value={value.get()} onChange={(e) => value.set(e.value)}>{each(all, (o) => o, (o) => <option value={o}>{o}</option>)}</select>
            <button id="more" onClick={() => { all.set(["x", "a", "y", "z"]); value.set("z"); }}>more</button>
          </main>
        );
      }),
    );
    await tab.page.click("#more");
    await tab.settled();
    expect(await tab.page.inputValue("#s")).toBe("z");
    await tab.page.selectOption("#s", "y");
    await tab.settled();
    expect(await tab.page.inputValue("#s")).toBe("y");
  });

  it("E6 typing fast through the server loses no character and keeps the caret", async () => {
    const tab = await open(
      component((setup) => {
        const text = setup.signal("");
        return () => (
          <main>
            <input id="in" value={text.get()} onInput={(e) => text.set(e.value)} />
            <p id="out">{text.get()}</p>
          </main>
        );
      }),
    );
    const words = "the quick brown fox jumps over the lazy dog";
    await tab.page.locator("#in").pressSequentially(words);
    await tab.settled();
    expect(await tab.text("#out")).toBe(words);
    expect(await tab.page.inputValue("#in")).toBe(words);
    await tab.page.locator("#in").evaluate((el) => (el as HTMLInputElement).setSelectionRange(4, 4));
    await tab.page.keyboard.type("very ");
    await tab.settled();
    expect(await tab.page.inputValue("#in")).toBe("the very quick brown fox jumps over the lazy dog");
    expect(await tab.page.locator("#in").evaluate((el) => (el as HTMLInputElement).selectionStart)).toBe(9);
  });

  it("E6 scenario 21: typing fast while older answers arrive, from a handler that changes the text: no character is lost", async () => {
    const page = component((setup) => {
      const text = setup.signal("");
      return () => (
        <main>
          <input id="in" value={text.get()} onInput={(e) => text.set(e.value.toUpperCase())} />
          <p id="out">{text.get()}</p>
        </main>
      );
    });
    const { url } = await serve(page);
    const tab = await openTab(browser(), url, {
      // Answers take longer than a key.
      prepare: (p) => p.routeWebSocket(/.*/, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => void setTimeout(() => socket.send(message), 120));
      }),
    });
    await tab.page.locator("#in").pressSequentially("the quick brown fox", { delay: 30 });
    await tab.settled();
    expect(await tab.text("#out")).toBe("THE QUICK BROWN FOX");
    expect(await tab.page.inputValue("#in")).toBe("THE QUICK BROWN FOX");
  });

  it("E6 attributes: boolean, class, style, aria and a removed one", async () => {
    const tab = await open(
      component((setup) => {
        const busy = setup.signal(false);
        return () => (
          <main>
            <button id="b" disabled={busy.get()} aria-busy={busy.get()} class={["x", { busy: busy.get() }]} style={{ color: busy.get() ? "rgb(255, 0, 0)" : null }} title={busy.get() ? "wait" : null}>b</button>
            <button id="go" onClick={() => busy.toggle()}>go</button>
          </main>
        );
      }),
    );
    const seen = (): Promise<unknown> =>
      tab.page.evaluate(() => {
        const b = document.getElementById("b") as HTMLButtonElement;
        return [b.disabled, b.getAttribute("aria-busy"), b.className, b.style.color, b.getAttribute("title")];
      });
    expect(await seen()).toEqual([false, "false", "x", "", null]);
    await tab.page.click("#go");
    await tab.settled();
    expect(await seen()).toEqual([true, "true", "x busy", "rgb(255, 0, 0)", "wait"]);
    await tab.page.click("#go");
    await tab.settled();
    expect(await seen()).toEqual([false, "false", "x", "", null]);
  });
});

describe("event options", () => {
  it("E6 debounce: one event with the last value; another event flushes it first", async () => {
    const tab = await open(
      component((setup) => {
        const log = setup.signal<readonly string[]>([]);
        return () => (
          <main>
            <input id="in" onInput={on({ debounce: 60_000 }, (e) => log.append(`input ${e.value}`))} />
            <button id="b" onClick={() => log.append("click")}>b</button>
            <p id="out">{log.get().join(", ")}</p>
          </main>
        );
      }),
    );
    tab.clear();
    await tab.page.locator("#in").pressSequentially("abc");
    expect(tab.up).toHaveLength(0);
    await tab.page.click("#b");
    await tab.settled();
    expect(await tab.text("#out")).toBe("input abc, click");
    expect(sizes(tab.up, EVENT)).toHaveLength(2);
  });

  it("E6 scenario 23: debounced text and Enter at once: the submit sees the final text", async () => {
    const tab = await open(
      component((setup) => {
        const draft = setup.signal("");
        const sent = setup.signal("");
        return () => (
          <form onSubmit={on({ preventDefault: true }, () => sent.set(draft.peek()))}>
            <input id="in" value={draft.get()} onInput={on({ debounce: 60_000 }, (e) => draft.set(e.value))} />
            <p id="out">{sent.get()}</p>
          </form>
        );
      }),
    );
    await tab.page.locator("#in").pressSequentially("final text");
    await tab.page.keyboard.press("Enter");
    await tab.settled();
    expect(await tab.text("#out")).toBe("final text");
  });

  it("E6 throttle: the first at once, then the newest of each interval", async () => {
    const tab = await open(
      component((setup) => {
        const log = setup.signal<readonly string[]>([]);
        return () => (
          <main>
            <input id="in" onInput={on({ throttle: 300 }, (e) => log.append(e.value))} />
            <p id="out">{log.get().join(" ")}</p>
          </main>
        );
      }),
    );
    tab.clear();
    await tab.page.evaluate(() => {
      const el = document.getElementById("in") as HTMLInputElement;
      for (const value of ["a", "ab", "abc", "abcd"]) {
        el.value = value;
        el.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    await tab.page.waitForFunction(() => document.getElementById("out")?.textContent === "a abcd");
    await tab.settled();
    expect(sizes(tab.up, EVENT)).toHaveLength(2);
  });

  it("E6 scenario 25: keys: other keys cause no traffic", async () => {
    const tab = await open(
      component((setup) => {
        const log = setup.signal<readonly string[]>([]);
        return () => (
          <main>
            <input id="in" onKeyDown={on({ keys: ["Enter", "Escape"] }, (e) => log.append(e.key))} />
            <p id="out">{log.get().join(" ")}</p>
          </main>
        );
      }),
    );
    tab.clear();
    await tab.page.locator("#in").pressSequentially("abc");
    expect(tab.up).toHaveLength(0);
    await tab.page.keyboard.press("Enter");
    await tab.page.keyboard.press("Escape");
    await tab.settled();
    expect(await tab.text("#out")).toBe("Enter Escape");
    expect(sizes(tab.up, EVENT)).toHaveLength(2);
  });

  it("E6 once, self, stopPropagation, capture and bubbling through instances", async () => {
    const Inner = component<{ say: (text: string) => void }>((_setup, props) => () => (
      <div id="inner" onClick={on({ stopPropagation: true }, () => props.get().say("inner"))}><button id="stop">stop</button></div>
    ));
    const Leaf = component<{ say: (text: string) => void }>((_setup, props) => () => <button id="leaf" onClick={() => props.get().say("leaf")}>leaf</button>);
    const tab = await open(
      component((setup) => {
        const log = setup.signal<readonly string[]>([]);
        const say = (text: string): void => log.append(text);
        return () => (
          <main>
            <div id="outer" onClick={() => say("outer")}>
              <div id="cap" onClick={on({ capture: true }, () => say("capture"))}><Leaf say={say} /></div>
              <Inner say={say} />
              <button id="once" onClick={on({ once: true }, () => say("once"))}>once</button>
              <div id="self" style={{ padding: "10px" }} onClick={on({ self: true }, () => say("self"))}><i id="in-self">in</i></div>
            </div>
            <p id="out">{log.get().join(" ")}</p>
            <button id="clear" onClick={() => log.set([])}>clear</button>
          </main>
        );
      }),
    );
    const after = async (...ids: string[]): Promise<string> => {
      await tab.page.click("#clear");
      for (const id of ids) await tab.page.evaluate((which) => document.getElementById(which)?.click(), id);
      await tab.settled();
      return tab.text("#out");
    };
    expect(await after("leaf")).toBe("capture leaf outer");
    expect(await after("stop")).toBe("inner");
    expect(await after("once", "once", "once")).toBe("once outer outer outer");
    expect(await after("in-self")).toBe("outer");
    expect(await after("self")).toBe("self outer");
  });

  it("E6 a preventDefault link and a form do not leave the page; a null handler is ignored", async () => {
    const tab = await open(
      component((setup) => {
        const n = setup.signal(0);
        return () => (
          <main>
            <a id="a" href="/elsewhere" onClick={on({ preventDefault: true }, () => n.inc())}>a</a>
            <button id="null" onClick={n.get() > 100 ? () => n.inc() : null}>null</button>
            <p id="out">{n.get()}</p>
          </main>
        );
      }),
    );
    tab.clear();
    await tab.page.click("#a");
    await tab.page.click("#null");
    await tab.settled();
    expect(await tab.text("#out")).toBe("1");
    expect(tab.requests).toEqual([]);
    expect(await tab.events("vango:error")).toEqual([]);
  });

  it("E6 only the fields that a handler reads cross the wire", async () => {
    const tab = await open(
      component((setup) => {
        const log = setup.signal("");
        return () => (
          <main>
            <input id="in" onKeyDown={(e) => log.set(`${e.key}${e.shiftKey ? "!" : ""}`)} />
            <p id="out">{log.get()}</p>
          </main>
        );
      }),
    );
    tab.clear();
    await tab.page.locator("#in").press("Shift+X");
    await tab.settled();
    expect(await tab.text("#out")).toBe("X!");
    const text = Buffer.concat(tab.up).toString("latin1");
    expect(text).toContain("shiftKey");
    expect(text).not.toContain("ctrlKey");
  });
});

describe("forms", () => {
  it("E6 scenario 26: submit carries FormData: repeated names, a multi-select, the submitter", async () => {
    const tab = await open(
      component((setup) => {
        const out = setup.signal("");
        return () => (
          <main>
            <form
              id="f"
              onSubmit={on({ preventDefault: true }, (e) => out.set(JSON.stringify([[...e.data.entries()], e.submitter])))}
            >
              <input name="tag" value="one" />
              <input name="tag" value="two" />
              <input name="off" value="x" disabled />
              <select name="many" multiple><option selected>a</option><option>b</option><option selected>c</option></select>
              <input type="checkbox" name="yes" checked />
              <button id="save" name="verb" value="save">save</button>
            </form>
            <p id="out">{out.get()}</p>
          </main>
        );
      }),
    );
    tab.clear();
    await tab.page.click("#save");
    await tab.settled();
    expect(JSON.parse(await tab.text("#out"))).toEqual([
      [["tag", "one"], ["tag", "two"], ["many", "a"], ["many", "c"], ["yes", "on"], ["verb", "save"]], "verb",
    ]);
    expect(tab.requests).toEqual([]);
  });
});
