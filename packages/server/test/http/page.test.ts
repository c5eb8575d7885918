/**
 * GET of a page (SPEC.md H1–H9).
 */
import { component, html } from "@vango/core";
import { describe, expect, it } from "vitest";
import { verifyBoot } from "../../src/security/boot-signature.js";
import type { Middleware } from "../../src/router/types.js";
import { bootOf, page, testApp } from "./helper.js";

describe("page", () => {
  it("H1: is a whole document: head range first, its anchor, the fixed metas and the script, the body range, its anchor, the blob", async () => {
    const app = testApp([page("/", () => "hi", { head: html`<title>T</title>` })]);
    const { status, text, headers } = await app.get("/");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(text).toMatch(
      /^<!doctype html><html lang="en" data-vango="connecting"><head><title>T<\/title><!><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="modulepreload" href="\/_vango\/client-more\.[0-9a-f]{16}\.js"><script defer src="\/_vango\/client\.[0-9a-f]{16}\.js"><\/script><\/head><body><main>hi<\/main><!><script type="application\/vango" id="vango-boot">\{.*\}<\/script><\/body><\/html>$/,
    );
  });

  it("H2: the blob holds protocol, build, path with query, nonce and a signature bound to the browser", async () => {
    const app = testApp([page("/u/[id:int]", (p) => `user ${String(p["id"])}`)]);
    const first = await app.get("/u/7?tab=a%20b");
    expect(first.text).toContain("user 7");
    const cookie = first.headers.getSetCookie()[0] ?? "";
    const boot = bootOf(first.text);
    expect(boot).toMatchObject({ b: "build1", p: "/u/7?tab=a%20b" });
    const browser = app.http.cookie.read(cookie.split(";")[0]) ?? "";
    expect(verifyBoot(app.core.tokens, JSON.stringify(boot), browser)).toEqual(boot);
    expect(verifyBoot(app.core.tokens, JSON.stringify(boot), "another")).toBeUndefined();
    expect(verifyBoot(app.core.tokens, JSON.stringify({ ...boot, p: "/u/8" }), browser)).toBeUndefined();
    expect(bootOf((await app.get("/u/7")).text).n).not.toBe(boot.n);
  });

  it("H2: text in the blob cannot end its script", async () => {
    const app = testApp([page("/[...rest]", () => "x")]);
    const { text } = await app.get("/%3C%2Fscript%3E?</script><script>");
    expect(text.match(/<\/script>/g)).toHaveLength(2);
  });

  it("H3: a browser gets its cookie once: HttpOnly, SameSite=Lax, and __Host- with Secure over https", async () => {
    const app = testApp([page("/", () => "x")]);
    const set = (await app.get("/")).headers.getSetCookie();
    expect(set).toHaveLength(1);
    expect(set[0]).toMatch(/^vango=[\w-]{22}\.[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/);
    expect((await app.get("/", { cookie: (set[0] ?? "").split(";")[0] ?? "" })).headers.getSetCookie()).toHaveLength(0);
    expect((await app.get("/", { cookie: "vango=forged.value" })).headers.getSetCookie()).toHaveLength(1);
    const secure = testApp([page("/", () => "x")], { publicOrigin: "https://example.org" });
    const response = await secure.get("/");
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-vango=.*Secure/);
    expect(response.headers.get("strict-transport-security")).toBe("max-age=31536000");
  });

  it("H4: strict policy without inline script; csp replaces or removes it", async () => {
    const routes = [page("/", () => "x")];
    const { headers } = await testApp(routes, { publicOrigin: "https://example.org" }).get("/");
    const csp = headers.get("content-security-policy") ?? "";
    expect(csp).toContain("script-src 'self';");
    expect(csp).toContain("connect-src 'self' wss://example.org");
    expect(csp).not.toContain("unsafe-eval");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect((await testApp(routes, { csp: "default-src 'none'" }).get("/")).headers.get("content-security-policy")).toBe("default-src 'none'");
    expect((await testApp(routes, { csp: false }).get("/")).headers.get("content-security-policy")).toBeNull();
  });

  it("H5: layouts wrap root first; heads of layouts and page join", async () => {
    const layout = (name: string) => component<{ children?: import("@vango/core").View }>((_s, props) => () => html`<div id=${name}>${() => props.get().children}</div>`);
    const routes = [
      page("/", () => "in", { head: html`<title>page</title>` }, {
        layouts: [
          () => Promise.resolve({ layout: layout("root"), head: html`<link rel="icon" href="/x.png">` }),
          () => Promise.resolve({ layout: layout("leaf") }),
        ],
      }),
    ];
    const { text } = await testApp(routes).get("/");
    expect(text).toContain('<div id="root"><div id="leaf"><main>in</main>');
    expect(text).toMatch(/<head><link rel="icon" href="\/x.png"><title>page<\/title><!>/);
  });

  it("H5: a head may be a function of the page's props", async () => {
    const routes = [page("/p/[name]", () => "x", { head: (props: { params: { name: string } }) => html`<title>${props.params.name}</title>` })];
    expect((await testApp(routes).get("/p/Ada")).text).toContain("<title>Ada</title>");
  });

  it("H6: 308 for another spelling with the query, 400 for a malformed path, 404 with the app's page", async () => {
    const app = testApp([page("/a/c", () => "x"), page("/", () => "custom 404", {}, { kind: "not-found" })]);
    const moved = await app.get("/a//c/?q=1");
    expect(moved.status).toBe(308);
    expect(moved.headers.get("location")).toBe("/a/c?q=1");
    expect((await app.get("/a%2Fb")).status).toBe(400);
    const missing = await app.get("/nowhere");
    expect(missing.status).toBe(404);
    expect(missing.text).toContain("custom 404");
    expect((await testApp([]).get("/nowhere")).text).toContain("<h1>Not found</h1>");
  });

  it("H6: a wrongly typed parameter is 404 and the handler never runs", async () => {
    let ran = false;
    const app = testApp([page("/users/[id:int]", () => ((ran = true), "x"))]);
    expect((await app.get("/users/abc")).status).toBe(404);
    expect(ran).toBe(false);
  });

  it("H7: an error is the error page with 500: generic in production, exact in development", async () => {
    const boom = page("/boom", () => {
      throw new Error("the secret detail");
    });
    const production = testApp([boom]);
    const hidden = await production.get("/boom");
    expect(hidden.status).toBe(500);
    expect(hidden.text).not.toContain("secret");
    expect(hidden.text).toContain("<h1>Something went wrong</h1>");
    expect(production.errors).toHaveLength(1);
    const dev = await testApp([boom], { dev: true }).get("/boom");
    expect(dev.text).toContain("the secret detail");
  });

  it("H7: an error page that fails itself leaves plain text", async () => {
    const fail = (): string => {
      throw new Error("x");
    };
    const app = testApp([page("/boom", fail), page("/", fail, {}, { kind: "error" })]);
    const { status, text } = await app.get("/boom");
    expect(status).toBe(500);
    expect(text).toBe("Internal Server Error");
    expect(app.errors).toHaveLength(2);
  });

  it("H7: a module that does not load is a 500, and works once it loads", async () => {
    let broken = true;
    const good = page("/", () => "works");
    const app = testApp([{ path: "/", load: () => (broken ? Promise.reject(new Error("syntax")) : good.load()) }]);
    expect((await app.get("/")).status).toBe(500);
    broken = false;
    expect((await app.get("/")).text).toContain("works");
  });

  it("H8: middleware may redirect, answer, set the user and change headers", async () => {
    const guard: Middleware = async (ctx, next) => {
      const url = new URL(ctx.request.url);
      if (url.searchParams.has("out")) return ctx.redirect("/login");
      if (url.searchParams.has("no")) return new Response("no", { status: 401 });
      ctx.user = { name: "Ada" };
      const response = await next();
      response.headers.set("x-mine", "1");
      return response;
    };
    const shown = component((setup) => () => html`<p>${(setup.ctx.user as { name: string } | undefined)?.name}</p>`);
    const app = testApp([{ path: "/", load: () => Promise.resolve({ page: shown }), middleware: [() => Promise.resolve({ middleware: guard })] }]);
    const ok = await app.get("/");
    expect(ok.text).toContain("<p>Ada</p>");
    expect(ok.headers.get("x-mine")).toBe("1");
    expect(ok.headers.getSetCookie()).toHaveLength(1);
    const out = await app.get("/?out");
    expect(out.status).toBe(302);
    expect(out.headers.get("location")).toBe("/login");
    expect((await app.get("/?no")).status).toBe(401);
  });

  it("H9: waits for resources, hands their results to the join, and stops waiting at the deadline", async () => {
    const withResource = (load: () => Promise<string>) =>
      component((setup) => {
        const r = setup.resource({ load });
        return () => html`<p>${() => r.match({ pending: () => "pending", ready: (v) => v })}</p>`;
      });
    const route = (load: () => Promise<string>) => [{ path: "/", load: () => Promise.resolve({ page: withResource(load) }) }];
    const fast = testApp(route(() => Promise.resolve("loaded")));
    const { text } = await fast.get("/");
    expect(text).toContain("<p>loaded</p>");
    expect(fast.recorded.handed).toMatchObject([{ nonce: bootOf(text).n }]);
    expect([...(fast.recorded.handed[0]?.results.values() ?? [])]).toEqual([{ value: "loaded" }]);
    const never = testApp(route(() => new Promise(() => undefined)), { ssrDeadlineMs: 5 });
    expect((await never.get("/")).text).toContain("<p>pending</p>");
  });

  it("H9: HEAD has no body; other methods are 405", async () => {
    const app = testApp([page("/", () => "x")]);
    const head = await app.fetch(new Request("http://test.local/", { method: "HEAD" }));
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    const post = await app.fetch(new Request("http://test.local/", { method: "POST", headers: { origin: "http://test.local" } }));
    expect(post.status).toBe(405);
    expect(post.headers.get("allow")).toBe("GET, HEAD");
  });
});
