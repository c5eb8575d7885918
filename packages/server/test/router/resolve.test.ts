/**
 * Resolution, layouts, not-found and error pages, middleware and navigation (SPEC.md R11–R16; scenarios 38, 39, 41).
 */
import { describe, expect, it } from "vitest";
import { navigate } from "../../src/router/navigate.js";
import { createRouter, type PageMatch, type Resolution } from "../../src/router/resolve.js";
import type { RouteEntry, RouteTable } from "../../src/router/route-table.js";
import type { Middleware } from "../../src/router/types.js";

const pages = new Map<string, () => null>();
/** A stand-in for a component: the router only carries it. */
function fake(name: string): () => null {
  let page = pages.get(name);
  if (page === undefined) pages.set(name, (page = () => null));
  return page;
}
const load = (name: string, extra: object = {}) => () => Promise.resolve({ page: fake(name), ...extra });
const table = (...routes: RouteEntry[]): RouteTable => ({ buildId: "b1", routes });
const asPage = (r: Resolution): PageMatch => {
  if (r.kind !== "page") throw new Error(`a page was expected, got ${r.kind}`);
  return r;
};

describe("resolve", () => {
  it("R11: gives page, params, path and query; at once from the second time on", async () => {
    let loads = 0;
    const router = createRouter(table({ path: "/u/[id:int]", load: () => (loads++, load("u")()) }));
    const first = router.resolve("/u/7", "a=1");
    expect(first).toBeInstanceOf(Promise);
    expect(await first).toMatchObject({ kind: "page", status: 200, route: "/u/[id:int]", path: "/u/7", query: "a=1", props: { params: { id: 7 } }, page: fake("u") });
    expect(router.resolve("/u/8", "")).toMatchObject({ kind: "page", props: { params: { id: 8 } } });
    expect(loads).toBe(1);
  });

  it("R11: a module that fails to load is a coded error and is tried again", async () => {
    let tries = 0;
    const router = createRouter(table({ path: "/", load: () => (tries++ === 0 ? Promise.reject(new Error("top level")) : load("home")()) }));
    await expect(router.resolve("/", "")).rejects.toMatchObject({ code: "VANGO_ROUTE_LOAD" });
    expect(await router.resolve("/", "")).toMatchObject({ kind: "page" });
  });

  it("R11: a module without its export is VANGO_ROUTE_MODULE", async () => {
    const router = createRouter(table({ path: "/", load: () => Promise.resolve({}) }, { path: "/api/x", kind: "api", load: () => Promise.resolve({}) }));
    await expect(router.resolve("/", "")).rejects.toMatchObject({ code: "VANGO_ROUTE_MODULE" });
    await expect(router.resolve("/api/x", "")).rejects.toMatchObject({ code: "VANGO_ROUTE_MODULE" });
  });

  it("R12: layouts and heads root first, the page's head last", async () => {
    const router = createRouter(
      table({
        path: "/a",
        load: load("a", { head: "h-page" }),
        layouts: [() => Promise.resolve({ layout: fake("root"), head: "h-root" }), () => Promise.resolve({ layout: fake("leaf") })],
      }),
    );
    const page = asPage(await router.resolve("/a", ""));
    expect(page.layouts).toEqual([fake("root"), fake("leaf")]);
    expect(page.heads).toEqual(["h-root", "h-page"]);
  });

  it("R13: another spelling redirects and keeps the query; a malformed path is a bad request", async () => {
    const router = createRouter(table());
    expect(router.resolve("/a//b/../c/", "q=1")).toEqual({ kind: "redirect", href: "/a/c?q=1" });
    expect(router.resolve("/..", "")).toMatchObject({ kind: "bad-request", error: { code: "VANGO_BAD_PATH" } });
    expect(router.resolve("/a%2Fb", "")).toMatchObject({ kind: "bad-request" });
  });

  it("R14: the nearest not-found page answers; without one the built-in", async () => {
    const router = createRouter(
      table(
        { path: "/", kind: "not-found", load: load("nf-root") },
        { path: "/teams/[id:int]", kind: "not-found", load: load("nf-team") },
        { path: "/teams/[id:int]", load: load("team") },
      ),
    );
    expect(asPage(await router.resolve("/x", ""))).toMatchObject({ status: 404, page: fake("nf-root"), path: "/x" });
    expect(asPage(await router.resolve("/teams/3/zzz", ""))).toMatchObject({ status: 404, page: fake("nf-team"), props: { params: { id: 3 } } });
    expect(asPage(await router.resolve("/teams/abc", ""))).toMatchObject({ status: 404, page: fake("nf-root") });
    expect(asPage(await createRouter(table()).resolve("/x", "")).status).toBe(404);
  });

  it("R14: a parameter that does not fit is 404 on a page and 400 on an API, and loads nothing", async () => {
    const never = (): Promise<object> => Promise.reject(new Error("must not load"));
    const router = createRouter(table({ path: "/users/[id:int]", load: never }, { path: "/api/users/[id:int]", kind: "api", load: never }));
    expect(asPage(await router.resolve("/users/abc", "")).status).toBe(404);
    expect(await router.resolve("/api/users/abc", "")).toMatchObject({ kind: "bad-request", api: true, error: { code: "VANGO_BAD_PARAM" } });
  });

  it("R14: the nearest error page answers, and the built-in one when that fails to load", async () => {
    const router = createRouter(
      table({ path: "/", kind: "error", load: load("err") }, { path: "/bad", kind: "error", load: () => Promise.reject(new Error("no")) }),
    );
    const error = { code: "VANGO_X", message: "m" };
    expect(await router.errorPage("/a/b", "", error)).toMatchObject({ status: 500, page: fake("err"), props: { error } });
    expect(await router.errorPage("/bad/x", "", error)).toMatchObject({ status: 500, route: "/" });
  });

  it("R3: routes stand under the base path; everything else is not found", async () => {
    const router = createRouter(table({ path: "/x", load: load("x") }, { path: "/", load: load("home") }), "/app");
    expect(asPage(await router.resolve("/app/x", ""))).toMatchObject({ status: 200, path: "/app/x", route: "/x" });
    expect(asPage(await router.resolve("/app", "")).status).toBe(200);
    expect(asPage(await router.resolve("/x", "")).status).toBe(404);
  });

  it("R15: a hand-written entry without kind is decided by its module", async () => {
    const router = createRouter(table({ path: "/api/a", load: () => Promise.resolve({ GET: () => 1 }) }, { path: "/api/b", load: load("b") }));
    expect(await router.resolve("/api/a", "")).toMatchObject({ kind: "api" });
    expect(await router.resolve("/api/b", "")).toMatchObject({ kind: "page" });
  });
});

describe("navigate", () => {
  const request = (href: string): Request => new Request(`http://t${href}`);
  const withMiddleware = (path: string, middleware: Middleware): RouteEntry => ({ path, load: load(path), middleware: [() => Promise.resolve({ middleware })] });

  it("R16: runs the chain in order around the page and hands over the user", async () => {
    const seen: string[] = [];
    const layer = (name: string): Middleware => async (ctx, next) => {
      seen.push(`${name}>`);
      ctx.user = { name };
      const response = await next();
      seen.push(`<${name}`);
      return response;
    };
    const router = createRouter(
      table({ path: "/", load: load("home"), middleware: [() => Promise.resolve({ middleware: layer("a") }), () => Promise.resolve({ middleware: layer("b") })] }),
    );
    expect(await navigate(router, "/?q=1#top", request)).toMatchObject({ kind: "page", href: "/?q=1#top", user: { name: "b" }, redirected: false });
    expect(seen).toEqual(["a>", "b>", "<b", "<a"]);
  });

  it("R16: follows redirects and canonical paths, then replaces", async () => {
    const router = createRouter(table(withMiddleware("/old", (ctx) => Promise.resolve(ctx.redirect("/new/"))), { path: "/new", load: load("new") }));
    expect(await navigate(router, "/old", request)).toMatchObject({ kind: "page", href: "/new", redirected: true, page: { page: fake("new") } });
  });

  it("R16: a cycle ends after 10 redirects with VANGO_REDIRECT_LOOP", async () => {
    let runs = 0;
    const router = createRouter(table(withMiddleware("/a", (ctx) => (runs++, Promise.resolve(ctx.redirect("/b")))), withMiddleware("/b", (ctx) => (runs++, Promise.resolve(ctx.redirect("/a"))))));
    expect(await navigate(router, "/a", request)).toMatchObject({ kind: "error", error: { code: "VANGO_REDIRECT_LOOP" } });
    expect(runs).toBe(11);
  });

  it("R16: an answer of the middleware, an API and another site leave the session", async () => {
    const router = createRouter(
      table(
        withMiddleware("/private", () => Promise.resolve(new Response("no", { status: 401 }))),
        withMiddleware("/out", () => Promise.resolve(new Response(null, { status: 302, headers: { location: "https://example.org/" } }))),
        { path: "/api/x", kind: "api", load: () => Promise.resolve({ GET: () => 1 }) },
      ),
    );
    for (const href of ["/private", "/out", "/api/x"]) expect(await navigate(router, href, request)).toEqual({ kind: "leave", href });
    for (const href of ["//evil", "https://evil/", "/a\\b"]) expect(await navigate(router, href, request)).toMatchObject({ kind: "error" });
  });

  it("R16: middleware that answers nothing or calls next twice is a coded error", async () => {
    const router = createRouter(
      table(
        withMiddleware("/nothing", () => Promise.resolve(undefined as never)),
        withMiddleware("/twice", async (_, next) => {
          await next();
          return next();
        }),
        withMiddleware("/away", (ctx) => Promise.resolve(ctx.redirect("//evil.example"))),
      ),
    );
    expect(await navigate(router, "/nothing", request)).toMatchObject({ kind: "error", error: { code: "VANGO_MIDDLEWARE_RESULT" } });
    expect(await navigate(router, "/twice", request)).toMatchObject({ kind: "error", error: { code: "VANGO_MIDDLEWARE_NEXT" } });
    expect(await navigate(router, "/away", request)).toMatchObject({ kind: "error", error: { code: "VANGO_REDIRECT_HREF" } });
  });
});
