/**
 * A session's life (SPEC.md S10–S15): what a join takes over or loads, navigation, isolation, and that nothing is left
 * when it has ended.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { component, each, html, sessionKey, type Ctx, type View } from "@vango/core";
import type { ServerMessage } from "@vango/core/protocol";
import { describe, expect, it } from "vitest";
import type { Layout, Middleware } from "../../src/router/types.js";
import type { Sessions } from "../../src/session/sessions.js";
import type { BuiltApp } from "../../src/build-app.js";
import { fewer } from "../cases.js";
import { fetchPage, RawClient, route, serve, TRANSPORTS } from "./raw-client.js";

const kinds = (c: RawClient): number[] => c.messages.map((m) => m.kind);

describe.each(TRANSPORTS)("on %s", (transport) => {
  it("S10: an unchanged page joins with a welcome and no frame; a changed one gets one frame", async () => {
    let n = 1;
    const Page = component(() => {
      const now = n;
      return () => html`<p id="p">${String(now)}</p>`;
    });
    const { url } = await serve(Page, { transport });
    expect(kinds(await RawClient.join(url))).toEqual([1]);
    const stale = await RawClient.open(url);
    n = 2;
    stale.sendJoin();
    await stale.until((m) => m.kind === 2);
    expect(kinds(stale)).toEqual([1, 2]);
    expect(stale.text("#p")).toBe("2");
  });

  it("S18: onSessionStart runs once, before the mount, and may write the session's state", async () => {
    const name = sessionKey("name", { default: "nobody" });
    let starts = 0;
    const Page = component((setup) => {
      const r = setup.resource({ load: () => Promise.resolve("loaded") });
      return () => html`<p id="p">${() => name.get(setup.ctx)} ${() => r.data() ?? "pending"}</p>`;
    });
    const start = (_req: unknown, ctx: Ctx): void => {
      starts++;
      name.set(ctx, "Ada");
    };
    const { url } = await serve(Page, { transport, onSessionStart: start });
    const client = await RawClient.join(url);
    await client.until((m) => m.kind === 2);
    expect(client.text("#p")).toBe("Ada loaded");
    expect(starts).toBe(1);
  });

  it("S17: a page that throws is joined as the error page that its GET has shown", async () => {
    const Page = component(() => {
      throw new Error("setup");
    });
    const { url } = await serve(Page, { transport });
    const client = await RawClient.join(url);
    expect(kinds(client)).toEqual([1]);
    expect(client.text("h1")).toBe("Something went wrong");
  });

  it("S11: what the GET loaded is taken over by its join alone; another join loads anew", async () => {
    let loads = 0;
    const Page = component((setup) => {
      const r = setup.resource({ load: () => Promise.resolve(`load ${++loads}`) });
      return () => html`<p id="p">${() => r.data() ?? "pending"}</p>`;
    });
    const { url } = await serve(Page, { transport });
    const page = await fetchPage(url);
    expect(loads).toBe(1);
    const first = await RawClient.open(url, page);
    first.sendJoin();
    await first.until((m) => m.kind === 1);
    expect(loads).toBe(1);
    expect(kinds(first)).toEqual([1]);
    // The same document once more: its results are gone, so the loader runs, and the difference is a frame.
    const second = await RawClient.open(url, page);
    second.sendJoin();
    await second.until((m) => m.kind === 2);
    expect(loads).toBe(2);
    expect(second.text("#p")).toBe("load 2");
  });

  it("S12: two sessions share nothing", async () => {
    const Page = component((setup) => {
      const rows = setup.signal<readonly number[]>([1]);
      return () => html`<main><ul>${each(rows, (r) => r, (r) => html`<li>${r}</li>`)}</ul><button id="add" onClick=${() => rows.append(rows.peek().length + 1)}>+</button></main>`;
    });
    const { url } = await serve(Page, { transport });
    const a = await RawClient.join(url);
    const b = await RawClient.join(url);
    await a.click("#add");
    await a.click("#add");
    await b.click("#add");
    expect(a.mirror.select("li")).toHaveLength(3);
    expect(b.mirror.select("li")).toHaveLength(2);
  });

  it("S12: a handler that throws, one that never ends its promise, and one that writes off the loop hurt nobody", async () => {
    const Page = component((setup) => {
      const n = setup.signal(0);
      return () => html`<main>
        <p id="n">${n}</p>
        <button id="inc" onClick=${() => n.inc()}>+</button>
        <button id="throw" onClick=${() => { n.set(50); throw new Error("boom"); }}>x</button>
        <button id="hang" onClick=${() => new Promise(() => undefined)}>x</button>
        <button id="off" onClick=${async () => { await Promise.resolve(); n.set(7); }}>x</button>
      </main>`;
    });
    const { url, errors } = await serve(Page, { transport });
    const a = await RawClient.join(url);
    const b = await RawClient.join(url);
    expect(await a.click("#throw")).toMatchObject({ kind: 5, body: { code: "VANGO_HANDLER", message: "The action could not be carried out." } });
    await a.click("#hang");
    await a.click("#off");
    await a.click("#inc");
    await b.click("#inc");
    expect([a.text("#n"), b.text("#n")]).toEqual(["1", "1"]);
    expect(errors.map((e) => e.code).sort()).toEqual(["VANGO_HANDLER", "VANGO_OFF_LOOP_WRITE"]);
  });

  it("S13: a navigation is one frame with its URL; the layout lives on; a page that is not ours makes the browser leave", async () => {
    const layout: Layout = component<{ children?: View }>((setup, props) => {
      const n = setup.signal(0);
      return () => html`<div><button id="n" onClick=${() => n.inc()}>${n}</button>${() => props.get().children}</div>`;
    });
    const seen: string[] = [];
    const middleware: Middleware = (ctx, next) => {
      seen.push(new URL(ctx.request.url).pathname);
      return next();
    };
    const layouts = [() => Promise.resolve({ layout })];
    const User = component<{ params: { id: number } }>((_s, props) => () => html`<h1>${() => `user ${props.get().params.id}`}</h1>`);
    const { url } = await serve([
      route("/", component(() => () => html`<h1>home</h1>`), { layouts, middleware: [() => Promise.resolve({ middleware })] }),
      route("/u/[id:int]", User, { layouts, middleware: [() => Promise.resolve({ middleware })] }),
      { path: "/api/x", kind: "api", load: () => Promise.resolve({ GET: () => ({ ok: true }) }) },
    ], { transport });
    const c = await RawClient.join(url);
    await c.click("#n");
    const from = c.messages.length;
    c.navigate("/u/7?x=1");
    await c.until((m) => m.kind === 2, from);
    expect(c.text("h1")).toBe("user 7");
    expect(c.text("#n")).toBe("1");
    expect(c.mirror.url).toBe("/u/7?x=1");
    expect(seen).toEqual(["/", "/", "/u/7"]);
    c.navigate("/u/abc");
    await c.until((m) => m.kind === 2 && c.mirror.url === "/u/abc", from);
    c.navigate("/api/x");
    await c.until(() => c.mirror.emitted.length > 0, from);
    expect(c.mirror.emitted).toEqual([{ name: "vango:leave", detail: { href: "/api/x" } }]);
  });

  it("S13: middleware runs for the join too: what it answers itself is no page to join (VANGO_JOIN_DENIED); a redirect is followed", async () => {
    let answer: "page" | "no" | "away" = "page";
    const guard: Middleware = (ctx, next) =>
      answer === "page" ? next() : Promise.resolve(answer === "no" ? new Response("no", { status: 401 }) : ctx.redirect("/login"));
    const { url } = await serve([
      route("/", component(() => () => html`<h1>inside</h1>`), { middleware: [() => Promise.resolve({ middleware: guard })] }),
      route("/login", component(() => () => html`<h1>login</h1>`)),
    ], { transport });
    const page = await fetchPage(url);
    answer = "no";
    const denied = await RawClient.open(url, page);
    denied.sendJoin();
    expect(await denied.until((m) => m.kind === 6)).toMatchObject({ body: { code: "VANGO_JOIN_DENIED" } });
    await denied.closed;
    answer = "away";
    const moved = await RawClient.open(url, page);
    moved.sendJoin();
    await moved.until(() => moved.mirror.url === "/login");
    expect(moved.text("h1")).toBe("login");
  });

  it("S16: a page that falls without a boundary gives way to the error page, the client is told, navigation goes on", async () => {
    const Late = component((setup) => {
      const n = setup.signal(0);
      const shown = (): number => {
        if (n.get() > 0) throw new Error("secret detail");
        return n.get();
      };
      return () => html`<main><p>${shown}</p><button onClick=${() => n.inc()}>x</button></main>`;
    });
    const fallen = component<{ error?: { code: string; message: string } }>((_s, props) => () => html`<h1>${() => `sorry: ${props.get().error?.code}`}</h1>`);
    const { url, errors } = await serve([
      route("/", component(() => () => html`<h1>home</h1>`)),
      route("/late", Late),
      route("/boom", component(() => { throw new Error("boom"); })),
      route("/", fallen as never, { kind: "error" }),
    ], { transport });
    const c = await RawClient.join(url, "/late");
    await c.click("button");
    await c.until(() => c.text("h1") === "sorry: VANGO_RENDER");
    const heard = c.messages.filter((m) => m.kind === 5);
    expect(heard).toMatchObject([{ body: { code: "VANGO_RENDER" } }]);
    expect(JSON.stringify(heard)).not.toContain("secret");
    c.navigate("/boom");
    await c.until(() => c.text("h1") === "sorry: VANGO_RENDER" && c.mirror.url === "/boom");
    c.navigate("/");
    await c.until(() => c.text("h1") === "home");
    expect(errors.map((e) => e.code)).toEqual(["VANGO_RENDER", "VANGO_RENDER"]);
  });

  it("S16: an error page that falls itself leaves an empty page and a live session", async () => {
    const boom = component(() => { throw new Error("boom"); });
    const { url } = await serve([route("/", component(() => () => html`<h1>home</h1>`)), route("/boom", boom), route("/", boom, { kind: "error" })], { transport });
    const c = await RawClient.join(url);
    c.navigate("/boom");
    await c.until(() => c.messages.filter((m) => m.kind === 5).length === 2);
    expect(c.mirror.html()).toBe("");
    c.navigate("/");
    await c.until(() => c.text("h1") === "home");
  });

  it("S14: drain tells each client its own time to come back and closes", async () => {
    const Page = component(() => () => html`<p>x</p>`);
    const { url, app } = await serve(Page, { transport });
    const clients = await Promise.all(Array.from({ length: 5 }, () => RawClient.join(url)));
    await app.drain();
    const ends = await Promise.all(clients.map((c) => c.closed));
    expect(ends.every((e) => e.code === 1001 && Number(e.reason) >= 500 && Number(e.reason) <= 6000)).toBe(true);
    const last = clients.map((c) => c.messages.at(-1) as ServerMessage & { body: { code: string; retry: number } });
    expect(last.every((m) => m.kind === 6 && m.body.code === "VANGO_DRAINING" && m.body.retry >= 500)).toBe(true);
  });

  it("S15: a session that is not waited for ends with its socket and takes all with it: cleanups run, timers stop, the count is zero", async () => {
    const live = new Set<number>();
    let id = 0;
    let ticks = 0;
    const Page = component((setup) => {
      const me = id++;
      setup.onMount(() => {
        live.add(me);
        return () => live.delete(me);
      });
      setup.interval(1, () => ticks++);
      return () => html`<p>x</p>`;
    });
    const { url, app } = await serve(Page, { transport, resumeWindowMs: 0 });
    const clients = await Promise.all(Array.from({ length: 4 }, () => RawClient.join(url)));
    await expect.poll(() => live.size).toBe(4);
    await clients[0]?.close();
    clients[1]?.ws.terminate();
    await expect.poll(() => live.size).toBe(2);
    for (const c of clients.slice(2)) await c.close();
    await expect.poll(() => live.size).toBe(0);
    expect(((app as BuiltApp).sessions as Sessions).count).toBe(0);
    const then = ticks;
    await new Promise((resolve) => setImmediate(resolve));
    await fetchPage(url);
    expect(ticks).toBe(then);
  });

  it("S15: 2,000 connections, half of them cut: memory does not grow with them", async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    const Page = component((setup) => {
      const rows = setup.signal(Array.from({ length: 50 }, (_, i) => ({ i, text: `row ${i} ${"x".repeat(50)}` })));
      const r = setup.resource({ load: () => Promise.resolve("y".repeat(1000)) });
      setup.interval(60_000, () => rows.update((all) => [...all]));
      return () => html`<main><p>${() => r.data()}</p>${each(rows, (x) => x.i, (x) => html`<b onClick=${() => rows.removeAt(0)}>${x.text}</b>`)}</main>`;
    });
    const { url, app } = await serve(Page, { transport, resumeWindowMs: 0, limits: { sessionsPerIp: 10_000 } });
    const page = await fetchPage(url);
    const heap = async (): Promise<number> => {
      await expect.poll(() => ((app as BuiltApp).sessions as Sessions).count).toBe(0);
      for (let i = 0; i < 3; i++) {
        await new Promise((resolve) => setImmediate(resolve));
        gc();
      }
      return process.memoryUsage().heapUsed;
    };
    const cycle = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 20) {
        await Promise.all(
          Array.from({ length: 20 }, async (_, i) => {
            const c = await RawClient.open(url, page);
            c.sendJoin();
            await c.until((m) => m.kind === 1);
            if (i % 2 === 0) c.ws.terminate();
            else c.ws.close();
            await c.closed;
          }),
        );
      }
    };
    await cycle(400);
    const before = await heap();
    await cycle(fewer(2000));
    const grown = (await heap()) - before;
    // A session of this page holds about 20 kB: 2,000 that stayed would be 40 MB, a fifth of them 8 MB.
    expect(grown, `${Math.round(grown / 1024)} kB`).toBeLessThan(3 * 1024 * 1024);
  }, 120_000);
});
