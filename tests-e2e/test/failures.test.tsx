// What goes wrong stays where it went wrong; commands of the server; policy; resources and actions in a live page.
import { Boundary, component, each } from "@vango/core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./harness/browser.js";
import { serve, TRANSPORTS } from "./harness/server.js";
import { openTab, PATCH, sizes } from "./harness/tab.js";

const browser = useBrowser();

describe("errors", () => {
  it.each(TRANSPORTS)("E7 scenario 5: a handler that throws: vango:error, nothing of its turn stays, the session lives (%s)", async (transport) => {
    const Page = component((setup) => {
      const a = setup.signal(0);
      return () => (
        <main>
          <p id="out">{a.get()}</p>
          <button id="bad" onClick={() => { a.set(99); throw new Error("secret detail"); }}>bad</button>
          <button id="good" onClick={() => a.inc()}>good</button>
        </main>
      );
    });
    const { url, errors } = await serve(Page, { transport });
    const tab = await openTab(browser(), url);
    await tab.page.click("#bad");
    await tab.settled();
    const heard = await tab.events("vango:error");
    expect(heard.map((e) => e.detail["code"])).toEqual(["VANGO_HANDLER"]);
    expect(JSON.stringify(heard)).not.toContain("secret");
    expect(errors.map((e) => e.code)).toEqual(["VANGO_HANDLER"]);
    expect(errors[0]?.message).toContain("secret detail");
    expect(await tab.text("#out")).toBe("0");
    await tab.page.click("#good");
    await tab.settled();
    expect(await tab.text("#out")).toBe("1");
  });

  it("E7 Boundary: a render that throws shows the fallback, the rest lives; reset brings it back", async () => {
    const Fragile = component<{ broken: boolean }>((_setup, props) => () => {
      if (props.get().broken) throw new Error("broken");
      return <p id="fine">fine</p>;
    });
    const Page = component((setup) => {
      const broken = setup.signal(false);
      const n = setup.signal(0);
      return () => (
        <main>
          <Boundary fallback={(error, reset) => <div id="fallback">{error.code} <button id="reset" onClick={() => { broken.set(false); reset(); }}>again</button></div>}>
            <Fragile broken={broken.get()} />
          </Boundary>
          <button id="break" onClick={() => broken.set(true)}>break</button>
          <button id="n" onClick={() => n.inc()}>{n.get()}</button>
        </main>
      );
    });
    const { url } = await serve(Page);
    const tab = await openTab(browser(), url);
    expect(await tab.text("#fine")).toBe("fine");
    tab.clear();
    await tab.page.click("#break");
    await tab.settled();
    expect(await tab.text("#fallback")).toContain("VANGO_RENDER");
    expect(sizes(tab.down, PATCH)).toHaveLength(1);
    await tab.page.click("#n");
    await tab.settled();
    expect(await tab.text("#n")).toBe("1");
    await tab.page.click("#reset");
    await tab.settled();
    expect(await tab.text("#fine")).toBe("fine");
    expect(await tab.page.locator("#fallback").count()).toBe(0);
  });

  it("E7 a boundary's fallback in the GET is taken over and can be reset", async () => {
    let broken = true;
    const Fragile = component(() => () => {
      if (broken) throw new Error("broken");
      return <p id="fine">fine</p>;
    });
    const Page = component(() => () => <main><Boundary fallback={(_e, reset) => <button id="reset" onClick={reset}>again</button>}><Fragile /></Boundary></main>);
    const { url } = await serve(Page);
    const tab = await openTab(browser(), url);
    broken = false;
    await tab.page.click("#reset");
    await tab.settled();
    expect(await tab.text("#fine")).toBe("fine");
  });

  it("E7 a row deleted in the transaction that empties what it reads: no error, one frame", async () => {
    const Page = component((setup) => {
      const user = setup.signal<{ name: string } | null>({ name: "Ada" });
      const rows = setup.signal<readonly number[]>([1, 2]);
      const data = setup.signal<Record<string, { label: string }>>({ 1: { label: "one" }, 2: { label: "two" } });
      return () => {
        if (!user.get()) return <p id="login">login</p>;
        return (
          <main>
            <p id="name">{user.get()?.name}</p>
            <ul>{each(rows, (r) => r, (r) => <li>{(data.get()[r] as { label: string }).label}</li>)}</ul>
            <button id="drop" onClick={() => { rows.removeAt(0); data.set({ 2: { label: "zwei" } }); }}>drop</button>
            <button id="out" onClick={() => { user.set(null); data.set({}); }}>log out</button>
          </main>
        );
      };
    });
    const { url, errors } = await serve(Page);
    const tab = await openTab(browser(), url);
    tab.clear();
    await tab.page.click("#drop");
    await tab.settled();
    expect(await tab.page.locator("li").allInnerTexts()).toEqual(["zwei"]);
    await tab.page.click("#out");
    await tab.settled();
    expect(await tab.text("#login")).toBe("login");
    expect(errors).toEqual([]);
    expect(sizes(tab.down, PATCH)).toHaveLength(2);
  });
});

describe("commands of the server", () => {
  it("E7 scenario 76: emit and toast reach the document after the frame's DOM, and nothing reloads", async () => {
    const Page = component((setup) => {
      const n = setup.signal(0);
      return () => (
        <main>
          <p id="out">{n.get()}</p>
          <button
            id="go"
            onClick={() => {
              n.inc();
              setup.ctx.emit("app:event", { list: [1, "zwei", null], deep: { yes: true } });
              setup.ctx.toast("success", "Saved", { title: "Done" });
            }}
          >
            go
          </button>
        </main>
      );
    });
    const { url } = await serve(Page);
    const tab = await openTab(browser(), url);
    await tab.page.evaluate(() => document.addEventListener("app:event", () => Object.assign(globalThis, { atEvent: document.getElementById("out")?.textContent })));
    tab.clear();
    await tab.page.click("#go");
    await tab.settled();
    expect(await tab.events("app:event")).toEqual([{ type: "app:event", detail: { list: [1, "zwei", null], deep: { yes: true } } }]);
    expect((await tab.events("vango:toast")).map((e) => e.detail)).toEqual([{ level: "success", message: "Saved", title: "Done" }]);
    expect(await tab.page.evaluate(() => (globalThis as unknown as { atEvent: string }).atEvent)).toBe("1");
    expect(sizes(tab.down, PATCH)).toHaveLength(1);
    expect(tab.requests).toEqual([]);
  });
});

describe("asynchronous work", () => {
  it("E7 a resource is awaited by the GET and its loader runs once; an action shows its states", async () => {
    let loads = 0;
    let finish = (): void => undefined;
    const Page = component((setup) => {
      const user = setup.resource({ load: () => { loads++; return Promise.resolve({ name: "Ada" }); } });
      const save = setup.action(() => new Promise<string>((resolve) => (finish = () => resolve("saved"))));
      return () => (
        <main>
          <p id="user">{user.match({ pending: () => "pending", ready: (u) => u.name })}</p>
          <p id="save">{save.match({ idle: () => "idle", running: () => "running", success: (r) => r })}</p>
          <button id="go" onClick={() => save.run()}>go</button>
        </main>
      );
    });
    const { url } = await serve(Page);
    const tab = await openTab(browser(), url);
    expect(await tab.text("#user")).toBe("Ada");
    expect(loads).toBe(1);
    expect(sizes(tab.down, PATCH)).toEqual([]);
    await tab.page.click("#go");
    await tab.page.waitForFunction(() => document.getElementById("save")?.textContent === "running");
    finish();
    await tab.page.waitForFunction(() => document.getElementById("save")?.textContent === "saved");
  });

  it("E7 two tabs share what the app pushes to both", async () => {
    const listeners = new Set<(v: string) => void>();
    const Page = component((setup) => {
      const last = setup.signal("none");
      setup.subscribe<string>((push) => { listeners.add(push); return () => listeners.delete(push); }, (v) => last.set(v));
      return () => <main><p id="out">{last.get()}</p><button id="tell" onClick={() => setup.ctx.emit("x")}>x</button></main>;
    });
    // A session that waited for its page to come back would go on listening.
    const { url } = await serve(Page, { resumeWindowMs: 0 });
    const a = await openTab(browser(), url);
    const b = await openTab(browser(), url);
    for (const push of listeners) push("hello");
    for (const tab of [a, b]) await tab.page.waitForFunction(() => document.getElementById("out")?.textContent === "hello");
    await b.page.close();
    for (const push of listeners) push("again");
    await a.page.waitForFunction(() => document.getElementById("out")?.textContent === "again");
    await expect.poll(() => listeners.size).toBe(1);
  });
});

describe("policy", () => {
  it("E7 scenario 68: text with markup and unsafe URLs is inert, in SSR and in patches; no policy violation", async () => {
    const nasty = `<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>"'&`;
    const Page = component((setup) => {
      const text = setup.signal(nasty);
      const href = setup.signal("javascript:globalThis.hacked=1");
      const rows = setup.signal<readonly string[]>([]);
      return () => (
        <main>
          <p id="text" title={text.get()}>{text.get()}</p>
          <a id="a" href={href.get()}>a</a>
          <textarea id="t" value={text.get()} />
          <ul>{each(rows, (r) => r, (r) => <li data-x={r}>{r}</li>)}</ul>
          <button id="go" onClick={() => { text.update((t) => `${t}!`); href.set("data:text/html,<script>1</script>"); rows.set([nasty]); }}>go</button>
        </main>
      );
    });
    const { url } = await serve(Page);
    const tab = await openTab(browser(), url);
    const check = async (suffix: string): Promise<void> => {
      expect(await tab.page.locator("#text").evaluate((el) => el.textContent)).toBe(nasty + suffix);
      expect(await tab.page.getAttribute("#text", "title")).toBe(nasty + suffix);
      expect(await tab.page.inputValue("#t")).toBe(nasty + suffix);
      expect(await tab.page.evaluate(() => (document.getElementById("a") as HTMLAnchorElement).protocol)).not.toMatch(/javascript|data/);
      expect(await tab.page.evaluate(() => (globalThis as unknown as { hacked?: number }).hacked)).toBeUndefined();
    };
    await check("");
    await tab.page.click("#go");
    await tab.settled();
    await check("!");
    expect(await tab.text("li")).toBe(nasty);
  });

  it("E7 scenario 78: under a strict policy without inline script and style the page lives", async () => {
    const Page = component((setup) => {
      const n = setup.signal(0);
      return () => <main><button id="inc" class={`n${n.get()}`} onClick={() => n.inc()}>{n.get()}</button></main>;
    });
    const csp = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'";
    const { url } = await serve(Page, { csp });
    const tab = await openTab(browser(), url);
    await tab.page.click("#inc");
    await tab.settled();
    expect(await tab.text("#inc")).toBe("1");
    expect(await tab.page.evaluate(() => globalThis.violations)).toEqual([]);
    const scripts = await tab.page.locator("script[src]").evaluateAll((all) => all.map((s) => (s as HTMLScriptElement).src));
    expect(scripts).toHaveLength(1);
    expect((await fetch(scripts[0] ?? "")).headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });
});
