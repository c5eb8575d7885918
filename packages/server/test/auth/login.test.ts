/**
 * The auth bridge (SPEC.md A1–A7), on pages with the shipped client in virtual time: who a session belongs to, and how a login ends.
 */
import { component, html } from "@vango/core";
import { memoryBus, type Bus } from "@vango/persist";
import { describe, expect, it } from "vitest";
import { createApp, type App, type AppOptions } from "../../src/index.js";
import type { Middleware } from "../../src/router/types.js";
import { mount } from "../../src/testing/index.js";
import { route, SECRET } from "../session/raw-client.js";

interface User {
  readonly id: string;
  readonly until?: number;
}

/** Who is logged in, as a session table would know: by the cookie `login`. */
class Logins {
  readonly users = new Map<string, User>();

  readonly middleware: Middleware = (ctx, next) => {
    const login = /(?:^|; )login=([^;]*)/.exec(ctx.request.headers.get("cookie") ?? "")?.[1];
    const user = login === undefined ? undefined : this.users.get(login);
    const { pathname } = new URL(ctx.request.url);
    if (user === undefined && pathname !== "/login") return Promise.resolve(ctx.redirect("/login"));
    ctx.user = user;
    return next();
  };
}

const counter = component((setup) => {
  const n = setup.signal(0);
  const cart = setup.sharedSignal("cart", 0);
  const check = setup.action(async () => setup.ctx.revalidate(), { onSuccess: (holds) => (holds ? n.add(100) : undefined) });
  return () => html`<h1>${(setup.ctx.user as User | undefined)?.id ?? "nobody"}</h1><p id="n">${n}</p><p id="cart">${cart}</p>
    <button id="inc" onClick=${() => n.inc()}>+</button><button id="buy" onClick=${() => cart.inc()}>buy</button><button id="check" onClick=${() => check.run()}>check</button>`;
});
const login = component(() => () => html`<h1>Please log in</h1>`);

function appOf(logins: Logins, o: Partial<AppOptions> = {}): App {
  const middleware = [() => Promise.resolve({ middleware: logins.middleware })];
  const routes = [route("/", counter, { middleware }), route("/login", login, { middleware })];
  return createApp({ routes: { buildId: "b", routes }, secret: SECRET, onError: () => undefined, ...o });
}

const ann = { cookies: { login: "a" } };

describe("logins", () => {
  it("scenario 75, A1: after the login's time no event is executed, and the page is told and comes again", async () => {
    const logins = new Logins();
    logins.users.set("a", { id: "ann", until: 60_000 });
    const page = await mount(appOf(logins, { auth: { expiresAt: (user) => (user as User).until } }), "/", ann);
    await page.locator("#inc").click();
    await page.clock.advance(60_000);
    logins.users.delete("a");
    await page.locator("#inc").click();
    await page.clock.advance(2000);
    expect(page.errors().map((e) => e.code)).toContain("VANGO_AUTH_EXPIRED");
    expect(page.locator("h1").text()).toBe("Please log in");
    expect(page.url()).toBe("/login");
    expect(page.reloads).toBe(0);
    await page.close();
  });

  it("A1: a login that was renewed meanwhile goes on where it was", async () => {
    const logins = new Logins();
    logins.users.set("a", { id: "ann", until: 60_000 });
    const page = await mount(appOf(logins, { auth: { expiresAt: (user) => (user as User).until } }), "/", ann);
    await page.locator("#inc").click();
    logins.users.set("a", { id: "ann", until: 120_000 });
    await page.clock.advance(60_000);
    await page.locator("#inc").click();
    await page.clock.advance(2000);
    expect(page.locator("#n").text()).toBe("1");
    await page.locator("#inc").click();
    expect(page.locator("#n").text()).toBe("2");
    await page.close();
  });

  it("A2: with loginPath the page is sent there", async () => {
    const logins = new Logins();
    logins.users.set("a", { id: "ann", until: 1000 });
    const page = await mount(appOf(logins, { auth: { expiresAt: (user) => (user as User).until, loginPath: "/login?again" } }), "/", ann);
    await page.clock.advance(1000);
    page.clearPatches();
    await page.locator("#inc").click();
    expect(page.patches()).toContainEqual({ op: "emit", name: "vango:leave", detail: { href: "/login?again" } });
    await page.close();
  });

  it("scenario 52, A3: without the cookie a page does not get its session back; it is told, and leads to the login", async () => {
    const logins = new Logins();
    logins.users.set("a", { id: "ann" });
    const page = await mount(appOf(logins), "/", ann);
    await page.locator("#inc").click();
    await page.disconnect();
    logins.users.delete("a");
    expect(await page.resume()).toBe("fresh");
    expect(page.locator("h1").text()).toBe("Please log in");
    await page.close();
  });

  it("scenario 52, A3: the user's other pages in that browser follow at once", async () => {
    const logins = new Logins();
    logins.users.set("a", { id: "ann" });
    const app = appOf(logins);
    const one = await mount(app, "/", ann);
    const two = await mount(app, "/", ann);
    logins.users.delete("a");
    expect(app.endLogin("ann")).toBe(2);
    await one.clock.advance(2000);
    await two.clock.advance(0);
    for (const page of [one, two]) {
      expect(page.locator("h1").text()).toBe("Please log in");
      expect(page.reloads).toBe(0);
      await page.close();
    }
    expect(app.endLogin("")).toBe(0);
  });

  it("A3: endLogin is heard by every process on the bus, for any name, and by none after a drain", async () => {
    const bus = memoryBus();
    const users = ["ann", "Zoë \n Müller"] as const;
    for (const id of users) {
      const logins = new Logins();
      logins.users.set("a", { id });
      const [here, there, gone] = [appOf(logins, { bus }), appOf(logins, { bus }), appOf(logins, { bus })];
      const pages = [await mount(here, "/", ann), await mount(there, "/", ann), await mount(gone, "/", ann)];
      await gone.drain();
      logins.users.delete("a");
      expect(here.endLogin(id)).toBe(1);
      await pages[0]?.clock.advance(2000);
      expect(pages.slice(0, 2).map((page) => page.locator("h1").text())).toEqual(["Please log in", "Please log in"]);
      await here.drain();
      await there.drain();
    }
  });

  it("A3: a bus that is away is reported, and the login ends here all the same", async () => {
    const down: Bus = { name: "down", publish: () => Promise.reject(new Error("no bus")), subscribe: () => Promise.reject(new Error("no bus")), close: () => Promise.resolve() };
    const logins = new Logins();
    logins.users.set("a", { id: "ann" });
    const errors: string[] = [];
    const app = appOf(logins, { bus: down, onError: (error) => void errors.push(error.message) });
    const page = await mount(app, "/", ann);
    expect(app.endLogin("ann")).toBe(1);
    await page.settled();
    expect(errors.filter((message) => message.includes("no bus")).length).toBeGreaterThanOrEqual(2);
    await app.drain();
  });

  it("A4: another user gets a session of his own, never the former one's state", async () => {
    const logins = new Logins();
    logins.users.set("a", { id: "ann" });
    const page = await mount(appOf(logins), "/", ann);
    await page.locator("#buy").click();
    await page.locator("#inc").click();
    await page.disconnect();
    logins.users.set("a", { id: "bob" });
    expect(await page.resume()).toBe("fresh");
    expect(page.locator("h1").text()).toBe("bob");
    expect([page.locator("#cart").text(), page.locator("#n").text()]).toEqual(["0", "0"]);
    await page.close();
  });

  it("A5: revalidate asks verify; a refusal ends the login, and the page is not admitted again", async () => {
    const logins = new Logins();
    logins.users.set("a", { id: "ann" });
    let good = true;
    const page = await mount(appOf(logins, { auth: { verify: () => Promise.resolve(good) } }), "/", ann);
    await page.locator("#check").click();
    expect(page.locator("#n").text()).toBe("100");
    good = false;
    await page.locator("#check").click();
    await page.clock.advance(2000);
    expect(page.errors().map((e) => e.code)).toContain("VANGO_AUTH_EXPIRED");
    expect(page.locator("#n").text()).toBe("100");
    await page.close();
  });

  it("A6: verifyEveryMs asks live pages by itself", async () => {
    const logins = new Logins();
    logins.users.set("a", { id: "ann" });
    const asked: unknown[] = [];
    const page = await mount(appOf(logins, { auth: { verifyEveryMs: 10_000, verify: (user) => asked.push(user) < 3 } }), "/", ann);
    await page.clock.advance(25_000);
    expect(asked).toHaveLength(2);
    expect(page.errors()).toEqual([]);
    logins.users.delete("a");
    await page.clock.advance(12_000);
    expect(page.locator("h1").text()).toBe("Please log in");
    await page.close();
  });

  it.each([["open", "live"], ["closed", "ended"]] as const)("A7: verify fails: %s leaves the login %s", async (onVerifyError, outcome) => {
    const logins = new Logins();
    logins.users.set("a", { id: "ann" });
    const page = await mount(appOf(logins, { auth: { onVerifyError, verify: () => { throw new Error("database away"); } } }), "/", ann);
    await page.locator("#check").click();
    await page.clock.advance(2000);
    expect(page.errors().some((e) => e.code === "VANGO_AUTH_EXPIRED")).toBe(outcome === "ended");
    await page.close();
  });
});
