/**
 * Persisted state in whole apps (SPEC.md PS10, PS14): pages, middleware and API routes on one store and bus.
 */
import { component, html, sessionKey } from "@vango/core";
import { memoryBus, memoryStore } from "@vango/persist";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AppOptions } from "../../src/app-options.js";
import { createApp } from "../../src/create-app.js";
import type { RouteEntry } from "../../src/router/route-table.js";
import type { Middleware } from "../../src/router/types.js";
import { mount, type Page } from "../../src/testing/index.js";

const theme = sessionKey<string>("theme", { default: "light", scope: "browser" });
const draft = sessionKey<string>("draft", { default: "" });

const Themed = component((setup) => {
  const { ctx } = setup;
  const visits = setup.globalSignal("visits", 0);
  return () => html`<main class=${() => theme.get(ctx)}>
    <p data-testid="visits">${visits}</p>
    <button onClick=${() => theme.set(ctx, "dark")}>Dark</button>
    <button onClick=${() => theme.delete(ctx)}>Default</button>
    <button onClick=${() => visits.inc()}>Visit</button>
  </main>`;
});

const seen: string[] = [];
const middleware: Middleware = (ctx, next) => {
  const { pathname } = new URL(ctx.request.url);
  if (pathname === "/tab") draft.get(ctx);
  if (pathname === "/set") {
    theme.set(ctx, "sepia");
    return Promise.resolve(ctx.redirect("/"));
  }
  seen.push(theme.get(ctx));
  return next();
};

const routes: readonly RouteEntry[] = [
  { path: "/", kind: "page", load: () => Promise.resolve({ page: Themed }), middleware: [() => Promise.resolve({ middleware })] },
  { path: "/set", kind: "page", load: () => Promise.resolve({ page: Themed }), middleware: [() => Promise.resolve({ middleware })] },
  { path: "/tab", kind: "page", load: () => Promise.resolve({ page: Themed }), middleware: [() => Promise.resolve({ middleware })] },
  { path: "/api/theme", kind: "api", load: () => Promise.resolve({ GET: (ctx: Parameters<typeof theme.get>[0]) => ({ theme: theme.get(ctx) }) }) },
];

const appOf = (o: Partial<AppOptions> = {}) => createApp({ routes: { buildId: "b", routes }, secret: "testing-secret-of-at-least-32-characters", onError: () => undefined, ...o });

const cookieOf = (response: Response): string => response.headers.getSetCookie().map((line) => line.split(";", 1)[0]).join("; ");

async function open(app: ReturnType<typeof appOf>, cookie?: string): Promise<Page> {
  const [name = "", value = ""] = cookie?.split("=") ?? [];
  const page = await mount(app, "/", cookie === undefined ? {} : { cookies: { [name]: value } });
  onTestFinished(() => page.close());
  return page;
}

describe("a key of a browser", () => {
  it("PS14: is shared by the browser's tabs, known to its next GET, to middleware and to API routes, and nobody else's", async () => {
    const app = appOf();
    const first = await app.fetch(new Request("http://app.test/"));
    const cookie = cookieOf(first);
    const [one, two, other] = [await open(app, cookie), await open(app, cookie), await open(app)];
    await one.getByRole("button", { name: "Dark" }).click();
    await two.settled();
    expect([one, two, other].map((page) => page.locator("main").attr("class"))).toEqual(["dark", "dark", "light"]);
    const page = await app.fetch(new Request("http://app.test/", { headers: { cookie } }));
    expect(await page.text()).toContain('<main class="dark">');
    expect(seen.at(-1)).toBe("dark");
    expect(await (await app.fetch(new Request("http://app.test/api/theme", { headers: { cookie } }))).json()).toEqual({ theme: "dark" });
    await two.getByRole("button", { name: "Default" }).click();
    await one.settled();
    expect(one.locator("main").attr("class")).toBe("light");
  });

  it("PS14: can be written by middleware of a first visit, and survives to another process", async () => {
    const [store, bus] = [memoryStore(), memoryBus()];
    const response = await appOf({ store, bus }).fetch(new Request("http://app.test/set"));
    expect(response.status).toBe(302);
    const page = await appOf({ store, bus }).fetch(new Request("http://app.test/", { headers: { cookie: cookieOf(response) } }));
    expect(await page.text()).toContain('<main class="sepia">');
  });

  it("PS14: a key of a tab in middleware is VANGO_SESSION_SCOPE, and one of a browser where there is none", async () => {
    const codes: string[] = [];
    const app = appOf({ onError: (error) => void codes.push(error.code) });
    expect((await app.fetch(new Request("http://app.test/tab"))).status).toBe(500);
    expect((await app.fetch(new Request("http://app.test/api/theme"))).status).toBe(500);
    expect(codes).toEqual(["VANGO_SESSION_SCOPE", "VANGO_SESSION_SCOPE"]);
  });
});

describe("a global signal", () => {
  it("PS10: is one for all pages of an app, and for all apps on a bus", async () => {
    const [store, bus] = [memoryStore(), memoryBus()];
    const [a, b] = [appOf({ store, bus }), appOf({ store, bus })];
    const [one, two, three] = [await open(a), await open(a), await open(b)];
    await one.getByRole("button", { name: "Visit" }).click();
    await two.getByRole("button", { name: "Visit" }).click();
    await three.settled();
    await three.getByRole("button", { name: "Visit" }).click();
    for (const page of [one, two, three]) await page.settled();
    expect([one, two, three].map((page) => page.getByTestId("visits").text())).toEqual(["3", "3", "3"]);
    expect((await open(appOf())).getByTestId("visits").text()).toBe("0");
  });
});

describe("options", () => {
  it.each([
    ["a store that is none", { store: {} as never }],
    ["a bus that is none", { bus: {} as never }],
    ["an unknown durability", { durability: "sometimes" as never }],
  ])("PS1: %s is VANGO_BAD_OPTION", (_what, o) => {
    expect(() => appOf(o)).toThrow(expect.objectContaining({ code: "VANGO_BAD_OPTION" }));
  });
});
