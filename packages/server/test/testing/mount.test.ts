/**
 * `@vango/server/testing` (SPEC.md M1–M9): whole pages in process. What these tests use is what users of the package use.
 */
import { Boundary, component, each, html, Link, on, type Component, type VangoError, type View } from "@vango/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { createApp } from "../../src/create-app.js";
import type { AppOptions } from "../../src/app-options.js";
import type { RouteEntry } from "../../src/router/route-table.js";
import type { Layout, Middleware } from "../../src/router/types.js";
import { mount, type MountOptions, type Page } from "../../src/testing/index.js";

const route = (path: string, page: Component<never> | Component<object>, entry: Partial<RouteEntry> = {}, extra: object = {}): RouteEntry => ({
  path, kind: "page", load: () => Promise.resolve({ page, ...extra }), ...entry,
});
const appOf = (pages: readonly RouteEntry[] | Component<object>, o: Partial<AppOptions> = {}) =>
  createApp({
    routes: { buildId: "b", routes: Array.isArray(pages) ? (pages as readonly RouteEntry[]) : [route("/", pages as Component<object>)] },
    secret: "testing-secret-of-at-least-32-characters",
    onError: () => undefined,
    ...o,
  });
async function open(pages: readonly RouteEntry[] | Component<object>, path = "/", o: MountOptions & { app?: Partial<AppOptions> } = {}): Promise<Page> {
  const { app, ...options } = o;
  const page = await mount(appOf(pages, app), path, options);
  onTestFinished(() => page.close());
  return page;
}

const Counter = component((setup) => {
  const n = setup.signal(0);
  return () => html`<main><h1>Counter</h1><p data-testid="n">count: ${n}</p><button onClick=${() => n.inc()}>Add</button></main>`;
});

describe("a page", () => {
  it("M1: opens with the GET's HTML, and a click is one patch in one frame", async () => {
    const page = await open(Counter);
    expect(page.html()).toBe('<main><h1>Counter</h1><p data-testid="n">count: 0</p><button>Add</button></main>');
    expect([page.patches(), page.frames(), page.errors(), page.url()]).toEqual([[], [], [], "/"]);
    await page.getByRole("button", { name: "Add" }).click();
    expect(page.getByTestId("n").text()).toBe("count: 1");
    expect(page.patches()).toEqual([{ op: "text", at: "body>main>p:nth-child(2)", value: "count: 1" }]);
    expect(page.frames()).toHaveLength(1);
    expect(page.frames()[0]?.length).toBeLessThanOrEqual(18);
    page.clearPatches();
    expect(page.patches()).toEqual([]);
  });

  it("M1: what happens on a click happens at once; the promise is for what follows", async () => {
    const page = await open(Counter);
    const clicked = page.getByText("Add").click();
    expect(page.getByTestId("n").text()).toBe("count: 1");
    await clicked;
  });

  it("M1: an address that is no page, or that the app refuses, is VANGO_TEST_PAGE", async () => {
    const routes: RouteEntry[] = [
      route("/no", Counter, { middleware: [() => Promise.resolve({ middleware: () => Promise.resolve(new Response("no", { status: 401 })) })] }),
      { path: "/api/x", kind: "api", load: () => Promise.resolve({ GET: () => ({}) }) },
    ];
    await expect(mount(appOf(routes), "/no")).rejects.toMatchObject({ code: "VANGO_TEST_PAGE", message: expect.stringContaining("401") as string });
    await expect(mount(appOf(routes), "/api/x")).rejects.toMatchObject({ code: "VANGO_TEST_PAGE" });
    // A page that throws is its error page; what the app reported is the first error.
    const fails = await open(component(() => () => html`<p onClick.nonsense=${() => 0}>x</p>`), "/");
    expect(fails.html()).toContain("Something went wrong");
    expect(fails.errors()).toMatchObject([{ code: "VANGO_SSR_FAILED", message: expect.stringContaining("nonsense") as string }]);
    const reported: VangoError[] = []; // E2
    const browser = component(() => { throw new ReferenceError("window is not defined"); });
    await open(browser, "/", { app: { onError: (error) => void reported.push(error) } });
    expect(reported.map(({ message }) => message)).toEqual(Array(2).fill(
      "VANGO_SSR_FAILED: A page failed to render. window is not defined: `window` is the browser's, and handlers and pages run on the server")); // the GET, then the join
    // The not-found page is a page.
    const missing = await open(routes, "/nowhere");
    expect(missing.html()).toContain("Not found");
  });

  it("M1: two pages of one app are two sessions; close runs cleanups", async () => {
    const live: string[] = [];
    const Page = component((setup) => {
      const n = setup.signal(0);
      setup.onMount(() => {
        live.push("in");
        return () => void live.push("out");
      });
      return () => html`<button onClick=${() => n.inc()}>${n}</button>`;
    });
    const app = appOf(Page);
    const [a, b] = [await mount(app, "/"), await mount(app, "/")];
    await a.getByRole("button").click();
    expect([a.getByRole("button").text(), b.getByRole("button").text()]).toEqual(["1", "0"]);
    await a.close();
    await b.close();
    expect(live).toEqual(["in", "in", "out", "out"]);
  });
});

describe("locators", () => {
  const Board = component((setup) => {
    const items = setup.signal<readonly string[]>(["one", "two"]);
    return () => html`<main>
      <nav aria-label="Main"><a href="/x">X</a></nav>
      <label>Title <input name="title"></label>
      <label for="note">Note</label><textarea id="note"></textarea>
      <input type="checkbox" aria-label="Done">
      <select aria-label="Size"><option>s</option></select>
      <ul>${each(items, (i) => i, (i) => html`<li data-testid=${`item-${i}`}>${i} <button aria-label=${`Remove ${i}`} onClick=${() => items.removeWhere((o) => o === i)}>×</button></li>`)}</ul>
      <button onClick=${() => items.append("three")}>Add</button><button>Add all</button>
      <p hidden>secret</p><img alt="Logo" src="/l.png"><div role="alert">Careful</div>
    </main>`;
  });

  it("M2: by role and name, by text, by test id, by CSS", async () => {
    const page = await open(Board);
    const roles = [["navigation", "Main"], ["textbox", "Title"], ["textbox", "Note"], ["checkbox", "Done"], ["combobox", "Size"], ["img", "Logo"], ["link", "X"], ["button", "Remove one"]] as const;
    for (const [role, name] of roles) expect(page.getByRole(role, { name }).count(), `${role} ${name}`).toBe(1);
    expect(page.getByRole("listitem").count()).toBe(2);
    expect(page.getByRole("alert").text()).toBe("Careful");
    expect(page.getByRole("button", { name: "Add" }).count()).toBe(1);
    expect(page.getByRole("button", { name: /^add/i }).count()).toBe(2);
    expect(page.getByText("Careful").exists()).toBe(true);
    expect(page.getByText("secret").exists()).toBe(false);
    expect(page.getByText(/^one/).nth(0).attr("data-testid")).toBe("item-one");
    expect(page.getByTestId("item-two").exists()).toBe(true);
    expect(page.locator("ul > li").nth(1).text()).toBe("two ×");
    expect(page.locator("nope").count()).toBe(0);
  });

  it("M2: are asked anew by every call", async () => {
    const page = await open(Board);
    const items = page.getByRole("listitem");
    await page.getByRole("button", { name: "Add" }).click();
    expect(items.count()).toBe(3);
    await page.getByRole("button", { name: "Remove two" }).click();
    expect(items.count()).toBe(2);
    expect(page.getByTestId("item-two").exists()).toBe(false);
  });

  it("M2: nothing to act on is VANGO_TEST_ELEMENT, with the page in the message", async () => {
    const page = await open(Board);
    await expect(page.getByText("Nope").click()).rejects.toMatchObject({ code: "VANGO_TEST_ELEMENT", message: expect.stringContaining("<nav") as string });
    expect(() => page.locator("#x").text()).toThrow("VANGO_TEST_ELEMENT");
    await expect(page.getByRole("checkbox").fill("x")).rejects.toMatchObject({ code: "VANGO_TEST_ELEMENT" });
    await expect(page.getByRole("alert").submit()).rejects.toMatchObject({ code: "VANGO_TEST_ELEMENT" });
  });
});

describe("what a user does", () => {
  const Form = component((setup) => {
    const title = setup.signal("");
    const done = setup.signal(false);
    const size = setup.signal("s");
    const sent = setup.signal("");
    const keys = setup.signal("");
    return () => html`<main>
      <form onSubmit.prevent=${(e: { data: FormData; submitter: string | null }) => sent.set(JSON.stringify([[...e.data.entries()], e.submitter]))}>
        <input name="title" value=${title} onInput=${(e: { value: string }) => title.set(e.value)} onKeyDown.keys-Escape=${() => keys.set("escaped")}>
        <label><input type="checkbox" name="done" checked=${done} onChange=${(e: { checked: boolean }) => done.set(e.checked)}> Done</label>
        <input type="radio" name="size" value="s" checked=${() => size.get() === "s"} onChange=${() => size.set("s")}>
        <input type="radio" name="size" value="l" checked=${() => size.get() === "l"} onChange=${() => size.set("l")}>
        <select name="many"><option value="a">A</option><option value="b" selected>B</option></select>
        <textarea name="note">hi</textarea><input name="off" disabled value="x">
        <button name="verb" value="save">Save</button><button type="button">Plain</button>
      </form>
      <p id="state">${title}|${() => String(done.get())}|${size}</p><p id="sent">${sent}</p><p id="keys">${keys}</p>
    </main>`;
  });

  it("M3: fill, toggle, choose; what the user does himself is no patch", async () => {
    const page = await open(Form);
    await page.locator("[name=title]").fill("Ada");
    expect(page.patches().filter((p) => p.op === "prop" && p.at.includes("input"))).toEqual([]);
    await page.getByText("Done").click();
    await page.locator("[value=l]").click();
    expect(page.locator("#state").text()).toBe("Ada|true|l");
    await page.getByRole("checkbox").click();
    expect(page.locator("#state").text()).toBe("Ada|false|l");
  });

  it("M3: submit by button, by Enter, by form: FormData with the submitter", async () => {
    const page = await open(Form);
    await page.locator("[name=title]").fill("x");
    const pairs = [["title", "x"], ["size", "s"], ["many", "b"], ["note", "hi"]];
    await page.getByText("Save").click();
    expect(JSON.parse(page.locator("#sent").text())).toEqual([[...pairs, ["verb", "save"]], "verb"]);
    await page.locator("[name=title]").press("Enter");
    expect(JSON.parse(page.locator("#sent").text())).toEqual([[...pairs, ["verb", "save"]], "verb"]);
    await page.locator("form").submit();
    expect(JSON.parse(page.locator("#sent").text())).toEqual([pairs, null]);
    await page.locator("[name=title]").press("Escape");
    expect(page.locator("#keys").text()).toBe("escaped");
  });

  it("M3: options of events are honoured: keys, once, self, stopPropagation, capture", async () => {
    const page = await open(
      component((setup) => {
        const log = setup.signal<readonly string[]>([]);
        const say = (s: string) => () => log.append(s);
        return () => html`<main onClick=${say("main")}>
          <div onClick.capture=${say("capture")}><b id="b" onClick=${say("b")}>b</b></div>
          <div onClick.self=${say("self")} id="self"><i id="in">i</i></div>
          <u id="stop" onClick.stop=${say("stop")}>u</u><s id="once" onClick.once=${say("once")}>s</s>
          <p id="out">${() => log.get().join(" ")}</p>
        </main>`;
      }),
    );
    for (const id of ["b", "in", "self", "stop", "once", "once"]) await page.locator(`#${id}`).click();
    expect(page.locator("#out").text()).toBe("capture b main main self main stop once main main");
  });

  it("M3: fire gives any event its fields", async () => {
    const page = await open(
      component((setup) => {
        const at = setup.signal("");
        return () => html`<div id="d" onPointerMove=${(e: { clientX: number; shiftKey: boolean }) => at.set(`${e.clientX} ${e.shiftKey}`)}>${at}</div>`;
      }),
    );
    await page.locator("#d").fire("pointermove", { clientX: 7, shiftKey: true });
    expect(page.locator("#d").text()).toBe("7 true");
  });

  it("M3: where the browser would leave the page the test is told", async () => {
    const page = await open(component(() => () => html`<main><a href="/elsewhere">plain</a><form><button>send</button></form></main>`));
    await expect(page.getByText("plain").click()).rejects.toMatchObject({ code: "VANGO_TEST_LEFT" });
    await expect(page.getByText("send").click()).rejects.toMatchObject({ code: "VANGO_TEST_LEFT" });
  });
});

describe("time", () => {
  it("M4: stands still; timers, intervals and debounces run at their times when it is advanced", async () => {
    const page = await open(
      component((setup) => {
        const log = setup.signal<readonly string[]>([]);
        setup.timeout(1500, () => log.append("timeout"));
        setup.interval(1000, () => log.append("tick"));
        return () => html`<main><input onInput.debounce-300=${(e: { value: string }) => log.append(e.value)}><p>${() => log.get().join(" ")}</p></main>`;
      }),
      "/",
      { now: 5000 },
    );
    const out = page.locator("p");
    await page.locator("input").fill("ab");
    expect(out.text()).toBe("");
    expect(page.clock.now()).toBe(5000);
    await page.clock.advance(300);
    expect(out.text()).toBe("ab");
    await page.clock.advance(2700);
    expect(out.text()).toBe("ab tick timeout tick tick");
    expect(page.clock.now()).toBe(8000);
  });

  it("M4: a debounced input goes before any other event", async () => {
    const page = await open(
      component((setup) => {
        const log = setup.signal<readonly string[]>([]);
        return () => html`<main><input onInput.debounce-300=${(e: { value: string }) => log.append(e.value)}><button onClick=${() => log.append("click")}>b</button><p>${() => log.get().join(" ")}</p></main>`;
      }),
    );
    await page.locator("input").fill("typed");
    await page.getByRole("button").click();
    expect(page.locator("p").text()).toBe("typed click");
    await page.clock.advance(1000);
    expect(page.locator("p").text()).toBe("typed click");
  });
});

describe("asynchronous work", () => {
  const Loading = (load: () => Promise<string>) =>
    component((setup) => {
      const key = setup.signal(0);
      const data = setup.resource({ key: () => key.get(), load });
      const save = setup.action(() => load());
      return () => html`<main>
        <p id="data">${() => data.match({ pending: () => "pending", loading: () => "loading", ready: (v) => v, error: () => "error" })}</p>
        <p id="save">${() => save.match({ idle: () => "idle", running: () => "running", success: (v) => v, error: () => "error" })}</p>
        <button onClick=${() => key.inc()}>Reload</button><button onClick=${() => save.run()}>Save</button>
      </main>`;
    });

  it("M5 scenario 77: a click resolves when the loader and the action it started have ended", async () => {
    let n = 0;
    const page = await open(Loading(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return `value ${++n}`;
    }));
    expect(page.locator("#data").text()).toBe("value 1");
    const clicked = page.getByText("Reload").click();
    expect(page.locator("#data").text()).toBe("loading");
    await clicked;
    expect(page.locator("#data").text()).toBe("value 2");
    await page.getByText("Save").click();
    expect(page.locator("#save").text()).toBe("value 3");
  });

  it("M5: work that waits for the test does not hang it; settled() says what it waits for", async () => {
    const waiting: ((v: string) => void)[] = [];
    let first = true;
    const page = await open(Loading(() => (first ? ((first = false), Promise.resolve("first")) : new Promise((resolve) => waiting.push(resolve)))));
    await page.getByText("Save").click();
    expect(page.locator("#save").text()).toBe("running");
    await expect(page.settled()).rejects.toMatchObject({ code: "VANGO_TEST_UNSETTLED" });
    waiting.pop()?.("saved");
    await page.settled();
    expect(page.locator("#save").text()).toBe("saved");
  });
});

describe("navigation", () => {
  const layout: Layout = component<{ children?: View }>((setup, props) => {
    const n = setup.signal(0);
    return () => html`<div><em>${() => setup.ctx.route.path}</em><button onClick=${() => n.inc()}>${n}</button><${Link} href="/users/7?tab=a">user</${Link}><${Link} href="/slow">slow</${Link}><${Link} href="/">home</${Link}>${() => props.get().children}</div>`;
  });
  const layouts = [() => Promise.resolve({ layout })];
  const User = component<{ params: { id: number } }>((setup, props) => () => html`<h1>${() => `user ${props.get().params.id} ${setup.ctx.route.query.get("tab") ?? ""}`}</h1>`);
  let answer = (): void => undefined;
  const slow: Middleware = async (_ctx, next) => {
    await new Promise<void>((resolve) => (answer = resolve));
    return next();
  };
  const routes: RouteEntry[] = [
    route("/", component((setup) => () => html`<h1>home</h1><i onClick=${() => setup.ctx.navigate("/old")}>go</i>`), { layouts }),
    route("/users/[id:int]", User, { layouts }, { head: html`<title>User</title>` }),
    route("/old", User, { layouts, middleware: [() => Promise.resolve({ middleware: ((ctx) => Promise.resolve(ctx.redirect("/users/1"))) as Middleware })] }),
    route("/slow", component(() => () => html`<h1>slow</h1>`), { layouts, middleware: [() => Promise.resolve({ middleware: slow })] }),
  ];

  it("M6, S19: a link is one frame of URL and DOM; the layout keeps its state and follows ctx.route", async () => {
    const page = await open(routes);
    await page.getByRole("button").click();
    page.clearPatches();
    const before = page.frames().length;
    await page.getByRole("link", { name: "user" }).click();
    expect(page.url()).toBe("/users/7?tab=a");
    expect(page.locator("h1").text()).toBe("user 7 a");
    expect(page.locator("title").text()).toBe("User");
    expect(page.getByRole("button").text()).toBe("1");
    expect(page.locator("em").text()).toBe("/users/7");
    expect(page.frames()).toHaveLength(before + 1);
    expect(page.patches().at(-1)).toEqual({ op: "url", href: "/users/7?tab=a", replace: false });
  });

  it("M6: redirects are followed, by the GET and in the session", async () => {
    const page = await open(routes, "/old");
    expect(page.url()).toBe("/users/1");
    const other = await open(routes);
    await other.getByText("go").click();
    expect(other.url()).toBe("/users/1");
    expect(other.locator("h1").text()).toBe("user 1 ");
  });

  it("M6: the newest navigation wins over a slow answer to an older one", async () => {
    const page = await open(routes);
    const first = page.getByText("slow").click();
    await page.getByRole("link", { name: "user" }).click();
    expect(page.url()).toBe("/users/7?tab=a");
    answer();
    await first;
    await page.settled();
    expect(page.url()).toBe("/users/7?tab=a");
    expect(page.locator("h1").text()).toBe("user 7 a");
  });
});

describe("user, cookies, errors, commands", () => {
  it("M7: user is there before middleware, in the GET, the join and navigation; cookies reach the request", async () => {
    const seen: unknown[] = [];
    const guard: Middleware = (ctx, next) => {
      seen.push([(ctx.user as { name: string } | undefined)?.name, /theme=dark/.test(ctx.request.headers.get("cookie") ?? "")]);
      return next();
    };
    const Page = component((setup) => () => html`<main><p>${() => (setup.ctx.user as { name: string }).name}</p><${Link} href="/b">b</${Link}></main>`);
    const middleware = [() => Promise.resolve({ middleware: guard })];
    const page = await open([route("/", Page, { middleware }), route("/b", Page, { middleware })], "/", { user: { name: "Ada" }, cookies: { theme: "dark" } });
    expect(page.locator("p").text()).toBe("Ada");
    await page.getByText("b").click();
    expect(page.url()).toBe("/b");
    expect(page.locator("p").text()).toBe("Ada");
    expect(seen).toEqual([["Ada", true], ["Ada", true], ["Ada", true]]);
  });

  it("M8: errors as the page hears them; nothing of the failed turn stays; a boundary catches", async () => {
    const Fragile = component<{ bad: boolean }>((_s, props) => () => {
      if (props.get().bad) throw new Error("no");
      return "fine";
    });
    const page = await open(
      component((setup) => {
        const n = setup.signal(0);
        const bad = setup.signal(false);
        return () => html`<main>
          <button onClick=${() => { n.set(9); throw new Error("secret"); }}>throw</button><b onClick=${() => bad.set(true)}>break</b>
          <p>${n}</p><${Boundary} fallback=${(e: { code: string }) => html`<i>${e.code}</i>`}><${Fragile} bad=${bad} /></${Boundary}>
        </main>`;
      }),
    );
    await page.getByText("throw").click();
    expect(page.errors()).toEqual([{ code: "VANGO_HANDLER", message: "The action could not be carried out." }]);
    expect(page.locator("p").text()).toBe("0");
    await page.getByText("break").click();
    expect(page.locator("i").text()).toBe("VANGO_RENDER");
    expect(page.errors()).toHaveLength(1);
  });

  it("M8: a debounced event whose element a frame took away is reported and not sent", async () => {
    let ran = false;
    const page = await open(
      component((setup) => {
        const rows = setup.signal<readonly number[]>([1]);
        setup.timeout(100, () => rows.set([]));
        return () => html`<main>${each(rows, (r) => r, () => html`<input onInput.debounce-500=${() => (ran = true)}>`)}</main>`;
      }),
    );
    await page.locator("input").fill("x");
    await page.clock.advance(1000);
    expect(page.errors().map((e) => e.code)).toEqual(["VANGO_EVENT_GONE"]);
    expect(ran).toBe(false);
  });

  it("M9: emit and toast are patches", async () => {
    const page = await open(
      component((setup) => () => html`<button onClick=${on({}, () => { setup.ctx.emit("app:saved", { id: 7 }); setup.ctx.toast("success", "Saved"); })}>go</button>`),
    );
    await page.getByRole("button").click();
    expect(page.patches()).toEqual([
      { op: "emit", name: "app:saved", detail: { id: 7 } },
      { op: "emit", name: "vango:toast", detail: { level: "success", message: "Saved" } },
    ]);
  });
});
