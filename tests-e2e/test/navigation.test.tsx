// Links, history and addresses: one frame of URL + DOM, and nothing but a frame.
import { component, Link, type View } from "@vango/core";
import type { Layout, Middleware, RouteEntry } from "@vango/server";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./harness/browser.js";
import { route, serve, TRANSPORTS } from "./harness/server.js";
import { openTab, PATCH, sizes } from "./harness/tab.js";

const browser = useBrowser();

const layout: Layout = component<{ children?: View }>((setup, props) => {
  const clicks = setup.signal(0);
  return () => (
    <div id="layout">
      <nav>
        <Link href="/">home</Link> <Link href="/users/7?tab=a">user</Link> <Link href="/nowhere">nowhere</Link>
        <Link href="/old">old</Link> <Link href="/secret">secret</Link> <Link href="/boom">boom</Link> <Link href="/long#mark">mark</Link>
        <a id="plain" href="/users/9">plain</a>
        <button id="clicks" onClick={() => clicks.inc()}>{clicks.get()}</button>
      </nav>
      {props.get().children}
    </div>
  );
});
const layouts = [() => Promise.resolve({ layout })];

const Home = component(() => () => <main><h1>Home</h1></main>);
const User = component<{ params: { id: number } }>((setup, props) => {
  const opened = setup.signal(0);
  return () => (
    <main>
      <h1>User {props.get().params.id}</h1>
      <p id="query">{setup.ctx.route.query.get("tab")}</p>
      <button id="go" onClick={() => setup.ctx.navigate("/users/8")}>next</button>
      <button id="n" onClick={() => opened.inc()}>{opened.get()}</button>
    </main>
  );
});
const Search = component((setup) => {
  const q = setup.urlParam("q", { default: "" });
  const page = setup.urlParam("page", { default: 1, mode: "push" });
  return () => (
    <main>
      <input id="q" value={q.get()} onInput={(e) => q.set(e.value)} />
      <button id="next" onClick={() => page.update((p) => p + 1)}>page {page.get()}</button>
      <p id="shown">{q.get()}/{page.get()}</p>
    </main>
  );
});
const Long = component(() => () => <main><div style={{ height: "3000px" }}>tall</div><h2 id="mark">mark</h2><div style={{ height: "3000px" }}>tall</div></main>);
const Boom = component(() => {
  throw new Error("the page is broken");
});

const redirect = (to: string): Middleware => (ctx) => Promise.resolve(ctx.redirect(to));
const routes: RouteEntry[] = [
  route("/", Home, { head: <title>Home</title> }, { layouts }),
  route("/users/[id:int]", User, { head: (props: { params: { id: number } }) => <title>{`User ${props.params.id}`}</title> }, { layouts }),
  route("/search", Search, {}, { layouts }),
  route("/long", Long, {}, { layouts }),
  route("/boom", Boom, {}, { layouts }),
  route("/old", Home, {}, { layouts, middleware: [() => Promise.resolve({ middleware: redirect("/users/1") })] }),
  route("/secret", Home, {}, { layouts, middleware: [() => Promise.resolve({ middleware: () => Promise.resolve(new Response("no", { status: 401 })) })] }),
  route("/", component(() => () => <main><h1>No such page</h1></main>), {}, { kind: "not-found", layouts }),
];

describe("links", () => {
  it.each(TRANSPORTS)("E4 scenario 40: a link click is one frame of URL + DOM + title, no request; the layout keeps its state (%s)", async (transport) => {
    const { url } = await serve(routes, { transport });
    const tab = await openTab(browser(), url);
    await tab.page.click("#clicks");
    await tab.settled();
    await tab.page.evaluate(() => Object.assign(globalThis, { layout: document.getElementById("layout") }));
    tab.clear();
    await tab.page.click("text=user");
    await tab.settled();
    expect(tab.page.url()).toBe(`${url}/users/7?tab=a`);
    expect(await tab.text("h1")).toBe("User 7");
    expect(await tab.text("#query")).toBe("a");
    expect(await tab.page.title()).toBe("User 7");
    expect(await tab.text("#clicks")).toBe("1");
    expect(await tab.page.evaluate(() => (globalThis as unknown as { layout: Element }).layout === document.getElementById("layout"))).toBe(true);
    expect(tab.requests).toEqual([]);
    expect(sizes(tab.down, PATCH)).toHaveLength(1);
    expect((await tab.events("vango:url")).map((e) => e.detail)).toEqual([{ href: "/users/7?tab=a", replace: false }]);
  });

  it("E4 history does not change before the server's answer", async () => {
    let answer = (): void => undefined;
    const gate = new Promise<void>((resolve) => (answer = resolve));
    const slow: Middleware = async (_ctx, next) => {
      await gate;
      return next();
    };
    const { url } = await serve([
      route("/", component(() => () => <main><h1>A</h1><Link href="/b">b</Link></main>)),
      route("/b", component(() => () => <main><h1>B</h1></main>), {}, { middleware: [() => Promise.resolve({ middleware: slow })] }),
    ]);
    const tab = await openTab(browser(), url);
    const before = await tab.page.evaluate(() => history.length);
    await tab.page.click("text=b");
    expect(tab.page.url()).toBe(`${url}/`);
    expect(await tab.page.evaluate(() => history.length)).toBe(before);
    expect(await tab.text("h1")).toBe("A");
    answer();
    await tab.settled();
    expect(tab.page.url()).toBe(`${url}/b`);
    expect(await tab.page.evaluate(() => history.length)).toBe(before + 1);
    expect(await tab.text("h1")).toBe("B");
  });

  it("E4 the same page with other parameters keeps its component; ctx.navigate does the same", async () => {
    const { url } = await serve(routes);
    const tab = await openTab(browser(), `${url}/users/7`);
    await tab.page.click("#n");
    await tab.page.click("#go");
    await tab.page.waitForFunction(() => document.querySelector("h1")?.textContent === "User 8");
    await tab.settled();
    expect(tab.page.url()).toBe(`${url}/users/8`);
    expect(await tab.text("#n")).toBe("1");
    expect(await tab.page.title()).toBe("User 8");
  });

  it("E4 a plain link loads a document, and so do modified clicks", async () => {
    const { url } = await serve(routes);
    const tab = await openTab(browser(), url);
    const popup = tab.context.waitForEvent("page");
    await tab.page.click("text=user", { modifiers: ["Control"] });
    const other = await popup;
    // A new page is about:blank, and loaded, before it goes to its address.
    await other.waitForURL(`${url}/users/7?tab=a`);
    expect(tab.page.url()).toBe(`${url}/`);
    tab.clear();
    await tab.page.click("#plain");
    await tab.page.waitForURL(`${url}/users/9`);
    expect(tab.requests[0]).toBe("/users/9");
  });

  it("E4 a redirect of the middleware is followed in the session; what answers itself is loaded by the browser", async () => {
    const { url } = await serve(routes);
    const tab = await openTab(browser(), url, { expectProblems: true });
    tab.clear();
    await tab.page.click("text=old");
    await tab.settled();
    expect(tab.page.url()).toBe(`${url}/users/1`);
    expect(tab.requests).toEqual([]);
    const response = tab.page.waitForResponse((r) => r.url().endsWith("/secret"));
    await tab.page.click("text=secret");
    expect((await response).status()).toBe(401);
  });
});

describe("history", () => {
  it.each(TRANSPORTS)("E4 back and forward bring DOM and URL together, in a frame each (%s)", async (transport) => {
    const { url } = await serve(routes, { transport });
    const tab = await openTab(browser(), url);
    await tab.page.click("text=user");
    await tab.settled();
    await tab.page.click("text=nowhere");
    await tab.settled();
    expect(await tab.text("h1")).toBe("No such page");
    expect(tab.page.url()).toBe(`${url}/nowhere`);
    tab.clear();
    await tab.page.goBack();
    await tab.page.waitForFunction(() => document.querySelector("h1")?.textContent === "User 7");
    await tab.settled();
    expect(tab.page.url()).toBe(`${url}/users/7?tab=a`);
    await tab.page.goBack();
    await tab.page.waitForFunction(() => document.querySelector("h1")?.textContent === "Home");
    await tab.settled();
    await tab.page.goForward();
    await tab.page.waitForFunction(() => document.querySelector("h1")?.textContent === "User 7");
    await tab.settled();
    expect(await tab.page.title()).toBe("User 7");
    expect(tab.requests).toEqual([]);
    expect(sizes(tab.down, PATCH)).toHaveLength(3);
  });

  it("E4 scroll: a new page starts at its top or its mark, back restores", async () => {
    const { url } = await serve(routes);
    const tab = await openTab(browser(), `${url}/long`);
    await tab.page.evaluate(() => scrollTo(0, 500));
    await tab.page.evaluate(() => document.querySelector<HTMLElement>("nav a")?.click());
    await tab.settled();
    expect(await tab.text("h1")).toBe("Home");
    expect(await tab.page.evaluate(() => scrollY)).toBe(0);
    await tab.page.goBack();
    await tab.page.waitForFunction(() => document.getElementById("mark") !== null && scrollY === 500);
    await tab.page.goForward();
    await tab.page.waitForFunction(() => document.querySelector("h1")?.textContent === "Home");
    await tab.settled();
    await tab.page.click("text=mark");
    await tab.settled();
    expect(tab.page.url()).toBe(`${url}/long#mark`);
    expect(await tab.page.evaluate(() => Math.round(document.getElementById("mark")?.getBoundingClientRect().top ?? -1))).toBeLessThan(5);
  });

  it("E4 url parameters: typing replaces, a push adds an entry, back follows", async () => {
    const { url } = await serve(routes);
    const tab = await openTab(browser(), `${url}/search?q=abc`);
    expect(await tab.text("#shown")).toBe("abc/1");
    const before = await tab.page.evaluate(() => history.length);
    await tab.page.locator("#q").press("End");
    await tab.page.locator("#q").pressSequentially("de");
    await tab.settled();
    expect(tab.page.url()).toBe(`${url}/search?q=abcde`);
    expect(await tab.page.evaluate(() => history.length)).toBe(before);
    await tab.page.click("#next");
    await tab.settled();
    expect(tab.page.url()).toBe(`${url}/search?q=abcde&page=2`);
    expect(await tab.page.evaluate(() => history.length)).toBe(before + 1);
    await tab.page.goBack();
    await tab.page.waitForFunction(() => document.getElementById("shown")?.textContent === "abcde/1");
    await tab.settled();
    expect(tab.page.url()).toBe(`${url}/search?q=abcde`);
    expect(await tab.page.inputValue("#q")).toBe("abcde");
  });
});

describe("pages that are not there", () => {
  it("E4 an unknown address is the not-found page with 404, and lives", async () => {
    const { url } = await serve(routes);
    const tab = await openTab(browser(), `${url}/no/such/thing`, { expectProblems: true });
    expect(await tab.text("h1")).toBe("No such page");
    await tab.page.click("#clicks");
    await tab.settled();
    expect(await tab.text("#clicks")).toBe("1");
    await tab.page.click("text=home");
    await tab.settled();
    expect(await tab.text("h1")).toBe("Home");
    expect((await fetch(`${url}/no/such/thing`)).status).toBe(404);
    expect((await fetch(`${url}/users/abc`)).status).toBe(404);
  });

  it("E4 a page that throws in a navigation: the error page, vango:error, the session lives", async () => {
    const { url, errors } = await serve(routes);
    const tab = await openTab(browser(), url, { expectProblems: true });
    await tab.page.click("text=boom");
    await tab.settled();
    expect(errors.length).toBeGreaterThan(0);
    await tab.page.waitForFunction(() => document.querySelector("h1")?.textContent === "Something went wrong");
    expect((await tab.events("vango:error")).map((e) => e.detail["code"])).toEqual(["VANGO_RENDER"]);
    expect(tab.page.url()).toBe(`${url}/boom`);
    expect(await tab.page.evaluate(() => globalThis.vango.state)).toBe("live");
    await tab.page.goBack();
    await tab.page.waitForFunction(() => document.querySelector("h1")?.textContent === "Home");
    await tab.settled();
    await tab.page.click("text=user");
    await tab.settled();
    expect(await tab.text("h1")).toBe("User 7");
  });
});
