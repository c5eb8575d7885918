/**
 * mount(): a page of an app in this process, without a socket and without waiting: the app's own router, renderer, sessions
 * and codec, the shipped browser runtime on a light DOM, a network that a test can break, and time that stands still.
 */
import type { PatchOp } from "@vango/core/testing";
import { LightBrowser, LoadFailed, runtimeOf, seeded, type Runtime } from "@vango/client/testing";
import type { App } from "../app-options.js";
import { serverError } from "../errors.js";
import { readClientBundle } from "../http/client-asset.js";
import { byRole, byText, Located, type Locator } from "./locator.js";
import { VirtualNetwork, type Network } from "./network.js";
import { PageView, type HeardError } from "./page-view.js";
import { Rig, TEST_USER } from "./rig.js";
import { User } from "./user.js";
import { advance, VirtualClock } from "./virtual-clock.js";

const ORIGIN = "http://app.test";
const PATCH = 2;
/** Virtual time until another process is there: what the one before it writes behind has been written. */
const TAKEOVER_MS = 100;
/** Virtual time that a page is given to be live again. */
const RESUME_WITHIN_MS = 10 * 60_000;

export interface MountOptions {
  /** What `ctx.user` is, before any middleware. */
  readonly user?: unknown;
  /** Cookies of the browser, by name. */
  readonly cookies?: Readonly<Record<string, string>>;
  /** Where the page's clock stands, ms. Default 0. */
  readonly now?: number;
  /** Where chance begins: ids of the browser, back-offs, delays of the network. Default 1. */
  readonly seed?: number;
}

/** How a page came back: see `vango:session`. */
export type Resumed = "replayed" | "reconciled" | "restored" | "fresh";

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
  /** The way between the page and the app: delays, losses, half-open sockets, slow reading. */
  readonly network: Network;
  /** Resolves when no turn, loader, action, message or navigation is under way. @throws VANGO_TEST_UNSETTLED after 2 s without progress */
  settled(): Promise<void>;
  /** How often the page has reloaded itself. It should not. */
  readonly reloads: number;
  /** The network goes down: the socket is lost, and none opens until `resume`. */
  disconnect(): Promise<void>;
  /** The network is back. With `app` the page meets another process, 100 ms later: what that knows is in the store that both share. */
  resume(o?: { readonly app?: App }): Promise<Resumed>;
  /** Closes the tab and ends the session. */
  close(): Promise<void>;
}

let runtime: Runtime | undefined;
const shippedRuntime = (): Runtime => {
  if (runtime !== undefined) return runtime;
  const { entry, more } = readClientBundle();
  const text = new TextDecoder();
  return (runtime = runtimeOf({ entry: text.decode(entry), more: text.decode(more) }));
};

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
  const { seed = 1, now = 0 } = o;
  const rig = Rig.of(app, () => new VirtualClock(now));
  const mounted = new MountedPage(rig, seed, now, "user" in o ? [[TEST_USER, String(rig.users.push(o.user) - 1)]] : []);
  for (const [name, value] of Object.entries(o.cookies ?? {})) mounted.browser.cookies.set(`${name}=${value}`);
  await mounted.open(new URL(path, rig.core.options.publicOrigin ?? ORIGIN).href);
  return mounted;
}

class MountedPage implements Page {
  readonly browser: LightBrowser;
  readonly network: VirtualNetwork;
  readonly clock: Page["clock"];
  readonly #view = new PageView();
  readonly #frames: Uint8Array[] = [];
  readonly #user: User;
  /** Times that this page lives in: of its own app and of those that it met later. */
  readonly #clocks: VirtualClock[];

  constructor(rig: Rig, seed: number, now: number, headers: readonly (readonly [string, string])[]) {
    this.network = new VirtualNetwork(rig, seeded(seed + 1), headers, (bytes) => {
      if (bytes[0] === PATCH) this.#frames.push(bytes);
    });
    this.browser = new LightBrowser({ network: this.network, clock: rig.clock, runtime: shippedRuntime(), seed });
    this.#view.tab = this.browser.tab(this.#view);
    this.#user = new User(this.#view);
    this.#clocks = [rig.clock];
    const shift = now - rig.clock.now();
    this.clock = { now: () => rig.clock.now() + shift, advance: (ms) => this.#advance(ms) };
  }

  get #rig(): Rig {
    return this.network.rig;
  }

  get #tab(): NonNullable<PageView["tab"]> {
    return this.#view.tab as NonNullable<PageView["tab"]>;
  }

  get #state(): string {
    return this.#tab.window?.vango?.state ?? "";
  }

  async open(href: string): Promise<void> {
    try {
      await this.#tab.goto(href);
    } catch (error) {
      if (!(error instanceof LoadFailed)) throw error;
      throw serverError("VANGO_TEST_PAGE", { message: error.message });
    }
    await this.#rig.work.until(() => /live|refused|reconnecting/.test(this.#state) && this.#idle());
    if (this.#state !== "live") {
      throw serverError("VANGO_TEST_PAGE", { message: `The join of ${href} was refused: ${this.errors().map((e) => e.code).join() || "closed"}. ${this.#rig.reported}` });
    }
    // A page that threw is there as its error page; what it threw is the first error of the test's page.
    if (this.#tab.status === 500) this.#view.errors.unshift({ code: "VANGO_SSR_FAILED", message: this.#rig.reported });
    // The document's own state is where a test starts from; what the join brought is part of it.
    await this.#settle();
  }

  getByRole(role: string, { name }: { readonly name?: string | RegExp } = {}): Locator {
    return this.#locate(() => byRole(this.#view, role, name), name === undefined ? `role ${role}` : `role ${role} named ${String(name)}`);
  }
  getByText(t: string | RegExp): Locator {
    return this.#locate(() => byText(this.#view, t), `text ${String(t)}`);
  }
  getByTestId(id: string): Locator {
    return this.#locate(() => this.#view.select("[data-testid]").filter((el) => el.getAttribute("data-testid") === id), `test id ${id}`);
  }
  locator(css: string): Locator {
    return this.#locate(() => this.#view.select(css), css);
  }
  html(): string {
    return this.#view.html();
  }
  url(): string {
    return this.#tab.open.url;
  }
  patches(): readonly PatchOp[] {
    return this.#view.ops();
  }
  frames(): readonly Uint8Array[] {
    return this.#frames;
  }
  errors(): readonly HeardError[] {
    return this.#view.errors;
  }
  clearPatches(): void {
    this.#view.clear();
  }
  settled(): Promise<void> {
    return this.#rig.work.settled(this.#idle, true);
  }
  get reloads(): number {
    return this.#tab.reloads;
  }

  async disconnect(): Promise<void> {
    this.network.down = true;
    this.#tab.open.onLine = false;
    this.network.lose();
    this.#tab.open.fire("offline");
    await this.#settle();
  }

  async resume({ app }: { readonly app?: App } = {}): Promise<Resumed> {
    const { network } = this;
    network.lose();
    await this.#settle();
    if (app !== undefined) {
      await this.#advance(TAKEOVER_MS);
      network.rig = Rig.of(app, () => this.#rig.clock);
      if (!this.#clocks.includes(this.#rig.clock)) this.#clocks.push(this.#rig.clock);
    }
    const heard = this.#view.sessions.length;
    network.down = false;
    const window = this.#tab.open;
    window.onLine = true;
    window.fire("online");
    await this.#settle();
    const answered = (): boolean => this.#view.sessions.length > heard && this.#state === "live";
    for (let left = RESUME_WITHIN_MS; !answered() && this.#state !== "refused" && left > 0; ) {
      const step = Math.min(left, Math.max(1, this.#rig.clock.next ?? left));
      await this.#advance(step);
      left -= step;
    }
    if (!answered()) throw serverError("VANGO_TEST_PAGE", { message: `The page did not come back: ${this.#state}, ${this.errors().at(-1)?.code ?? "no error"}. ${this.#rig.reported}` });
    return this.#view.sessions.at(-1) as Resumed;
  }

  async close(): Promise<void> {
    const [, id = ""] = this.#tab.storage.getItem("vango.tab")?.split(".") ?? [];
    this.#tab.close();
    await this.#settle();
    await this.#rig.sessions.end(id);
  }

  readonly #idle = (): boolean => this.#rig.idle && !this.network.busy && this.#tab.loading === undefined;
  readonly #settle = (): Promise<void> => this.#rig.work.settled(this.#idle, false);

  async #advance(ms: number): Promise<void> {
    await advance(this.#clocks, ms, () => this.#rig.work.turn(this.#idle));
    await this.#settle();
  }

  #locate(find: () => ReturnType<PageView["select"]>, what: string): Locator {
    return new Located(find, what, this.#user, this.#settle);
  }
}
