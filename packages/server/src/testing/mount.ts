/**
 * mount(): a page of an app in this process, without a socket and without waiting: the app's own router, renderer, sessions
 * and codec, a light DOM in the place of the browser, and time that stands still.
 */
import { BOOT_ID } from "@vango/core/protocol";
import { Mirror, type PatchOp } from "@vango/core/testing";
import type { App } from "../app-options.js";
import type { BuiltApp } from "../build-app.js";
import { serverError } from "../errors.js";
import { FetchIncoming } from "../http/fetch-incoming.js";
import { handleRequest } from "../http/pipeline.js";
import type { Middleware } from "../router/types.js";
import type { Resolution, Router } from "../router/resolve.js";
import type { AppCore } from "../session-port.js";
import type { Session } from "../session/session.js";
import { Sessions } from "../session/sessions.js";
import { toResponse } from "../transport/reply.js";
import { TestClient, type HeardError } from "./client.js";
import { byRole, byText, Located, type Locator } from "./locator.js";
import { User } from "./user.js";
import { VirtualClock } from "./virtual-clock.js";
import { Work } from "./work.js";

const ORIGIN = "http://app.test";
const MAX_REDIRECTS = 10;

export interface MountOptions {
  /** What `ctx.user` is, before any middleware. */
  readonly user?: unknown;
  /** Cookies of the browser, by name. */
  readonly cookies?: Readonly<Record<string, string>>;
  /** Where the clock stands, ms. Default 0. */
  readonly now?: number;
}

/** A mounted page. */
export interface Page {
  /** By role and accessible name: `getByRole("button", { name: "Add" })`. */
  getByRole(role: string, o?: { readonly name?: string | RegExp }): Locator;
  /** The innermost elements with this text. */
  getByText(t: string | RegExp): Locator;
  /** By `data-testid`. */
  getByTestId(id: string): Locator;
  locator(css: string): Locator;
  /** The page's HTML as it stands, without anchors and event marks. */
  html(): string;
  /** Path and query in the address bar. */
  url(): string;
  /** What frames did since the start or the last `clearPatches`. */
  patches(): readonly PatchOp[];
  /** The frames since the start, oldest first. */
  frames(): readonly Uint8Array[];
  /** What the page heard as `vango:error`, oldest first. */
  errors(): readonly HeardError[];
  clearPatches(): void;
  readonly clock: {
    now(): number;
    /** Lets time pass: timers, debounces and intervals that are due run, each at its time. Resolves when settled. */
    advance(ms: number): Promise<void>;
  };
  /** Resolves when no turn, loader, action or navigation is under way. @throws VANGO_TEST_UNSETTLED after 2 s without progress */
  settled(): Promise<void>;
  /** Ends the session, as closing the tab does. */
  close(): Promise<void>;
}

/**
 * Opens `path` as a browser would: GET, take-over, join.
 *
 * @throws VANGO_TEST_PAGE when there is no page to join
 * @example
 * const page = await mount(app, "/boards/7");
 * await page.getByRole("button", { name: "Add" }).click();
 * expect(page.patches()).toHaveLength(1);
 * await page.close();
 */
export async function mount(app: App, path: string, o: MountOptions = {}): Promise<Page> {
  const built = app as BuiltApp;
  const clock = new VirtualClock(o.now ?? 0);
  const work = new Work();
  let reported = "";
  let failed = false;
  const core: AppCore = {
    ...built.core,
    report(error, session) {
      const known = built.core.report(error, session);
      reported = known.message;
      return known;
    },
    clock,
    onWork: work.add,
    router: "user" in o ? withUser(built.core.router, o.user) : built.core.router,
    // The budget would never refill while time stands still.
    limits: { ...built.core.limits, eventQueue: Number.MAX_SAFE_INTEGER },
  };
  const sessions = new Sessions(core);
  const http = { ...built.http, core, handOver: sessions.handOver.bind(sessions) };
  const origin = core.options.publicOrigin ?? ORIGIN;
  const cookies = new Map(Object.entries(o.cookies ?? {}));
  const headers = (): [string, string][] => [["host", new URL(origin).host], ["cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; ")]];

  const get = async (at: string): Promise<string> => {
    let href = at;
    for (let step = 0; step <= MAX_REDIRECTS; step++) {
      const incoming = new FetchIncoming(new Request(new URL(href, origin), { headers: headers() }));
      const response = toResponse(await handleRequest(http, incoming), false);
      for (const line of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && location !== null) {
        href = location;
        continue;
      }
      const text = await response.text();
      failed = response.status === 500;
      if (text.includes(`id="${BOOT_ID}"`)) return text;
      throw serverError("VANGO_TEST_PAGE", { message: `${href} answered ${response.status}: ${text.slice(0, 200)}` });
    }
    throw serverError("VANGO_TEST_PAGE", { message: `More than ${MAX_REDIRECTS} redirects from ${at}.` });
  };

  const mirror = new Mirror(await get(path));
  const data = { browser: http.cookie.read(headers()[1]?.[1]) ?? "", ip: "127.0.0.1", origin, headers: headers(), session: undefined as unknown };
  const client = new TestClient(data, mirror, sessions, clock);
  const boot = mirror.select(`#${BOOT_ID}`)[0]?.textContent ?? "";
  if (!(await client.join(boot, mirror.url))) {
    throw serverError("VANGO_TEST_PAGE", { message: `The join of ${path} was refused: ${client.errors.map((e) => e.code).join() || "closed"}. ${reported}` });
  }
  // A page that threw is there as its error page; what it threw is the first error of the test's page.
  if (failed) client.errors.unshift({ code: "VANGO_SSR_FAILED", message: reported });
  // The document's own state is where a test starts from; what the join brought is part of it.
  const idle = (): boolean => client.closed || ((data.session as Partial<Session> | undefined)?.loop?.waiting ?? 0) === 0;
  const settle = (): Promise<void> => work.settled(idle, false);
  await settle();
  const user = new User(client);
  const locate = (find: () => ReturnType<Mirror["select"]>, what: string): Locator => new Located(find, what, user, settle);

  return {
    getByRole: (role, { name } = {}) => locate(() => byRole(mirror, role, name), name === undefined ? `role ${role}` : `role ${role} named ${String(name)}`),
    getByText: (t) => locate(() => byText(mirror, t), `text ${String(t)}`),
    getByTestId: (id) => locate(() => mirror.select("[data-testid]").filter((el) => el.getAttribute("data-testid") === id), `test id ${id}`),
    locator: (css) => locate(() => mirror.select(css), css),
    html: () => mirror.html(),
    url: () => mirror.url,
    patches: () => mirror.ops(),
    frames: () => client.frames,
    errors: () => client.errors,
    clearPatches: () => mirror.clear(),
    clock: {
      now: () => clock.now(),
      async advance(ms) {
        await clock.advance(ms, () => work.turn(idle));
        await settle();
      },
    },
    settled: () => work.settled(idle, true),
    close: async () => {
      client.close();
      await sessions.endDetached();
    },
  };
}

/** The same routes with a user from outside: set before the first middleware of every page. */
function withUser(router: Router, user: unknown): Router {
  const first: Middleware = (ctx, next) => {
    ctx.user = user;
    return next();
  };
  const wrap = (found: Resolution): Resolution => (found.kind === "page" || found.kind === "api" ? { ...found, middleware: [first, ...found.middleware] } : found);
  return {
    buildId: router.buildId,
    resolve(path, query) {
      const found = router.resolve(path, query);
      return found instanceof Promise ? found.then(wrap) : wrap(found);
    },
    errorPage: (path, query, error) => router.errorPage(path, query, error),
  };
}
