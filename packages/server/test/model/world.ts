/**
 * The world of the model-based test: one app, its processes one after the other, a store, a browser with tabs, and everything that
 * can go wrong between them, in virtual time. `run` does one step; `check` heals the network, waits, and compares what clients
 * show and were told with what the server has and did.
 */
import { LightBrowser, runtimeOf, type Runtime } from "@vango/client/testing";
import { keyHash, keysOf, rowsOf } from "@vango/core/internal";
import { memoryStore } from "@vango/persist";
import type { BuiltApp } from "../../src/build-app.js";
import { readClientBundle } from "../../src/http/client-asset.js";
import { newWorker } from "../../src/session/identity.js";
import type { Session } from "../../src/session/session.js";
import { Rig } from "../../src/testing/rig.js";
import { VirtualClock } from "../../src/testing/virtual-clock.js";
import { CHANGES, makeApp, mountOf, newTruth, RESUME_WINDOW_MS, shown, type Mount, type Truth } from "./app.js";
import { SlowStore } from "./slow-store.js";
import { Tab } from "./tab.js";

const ORIGIN = "http://model.test";
const MAX_TABS = 3;
/** Virtual time within which a page on a healthy network has to be live and settled. */
const HEAL_MS = 5 * 60_000;
/** Two heartbeats of the client: until then a live page has noticed that its socket is half-open. */
const NOTICE_MS = 50_000;
/** Within this time of a healthy network a live page hears of all its events, what waits for a slow store that fails twice included. */
const ANSWER_MS = 3000;
/** Within this time a slow store that fails twice has everything. */
const SAVE_MS = 10_000;
/** How long a message may be overtaken, ms. */
const SWAP_MS = 500;
/** Idle turns of the event loop after which nothing is coming any more, and after which the load of a document waits for time to pass. */
const QUIET_TURNS = 3;
const LOAD_TURNS = 20;
const files = readClientBundle();
const runtime: Runtime = runtimeOf({ entry: new TextDecoder().decode(files.entry), more: new TextDecoder().decode(files.more) });
const app = makeApp() as BuiltApp;

/** Steps and how often each is chosen. */
export const STEPS = {
  add: 14, hit: 9, drop: 3, edit: 10, type: 6, navigate: 4, back: 2,
  wait: 12, lose: 6, loseLate: 5, delay: 4, freeze: 2, stall: 3, flow: 3, twice: 3, swap: 2, swallow: 4,
  offline: 3, online: 3, expire: 1, reload: 2, duplicate: 1, close: 1, kill: 3, wipe: 1, drain: 1,
  slow: 4, fail: 3, check: 6,
} as const;
export type Step = { readonly name: keyof typeof STEPS; readonly x: number };

export interface WorldOptions {
  readonly beforeAck: boolean;
}

export class World {
  readonly clock = new VirtualClock(0);
  readonly truth: Truth = newTruth();
  readonly tabs: Tab[] = [];
  readonly hows: Record<string, number> = {};
  browser: LightBrowser;
  rig: Rig;
  #store = this.#disk();
  #token = 0;
  /** Events up to this number were in a store that is gone. */
  #wiped = 0;
  readonly #targets = new Map<number, string>();
  steps = 0;

  constructor(readonly o: WorldOptions) {
    this.rig = this.#process();
    const network = { get: () => Promise.reject(new Error("Each tab has its own network.")), connect: () => { throw new Error("Each tab has its own network."); } };
    this.browser = new LightBrowser({ network, clock: this.clock, runtime, seed: 7 });
  }

  #disk(): SlowStore {
    return new SlowStore(this.clock, memoryStore({ now: () => this.clock.now() }));
  }

  #process(): Rig {
    return new Rig(app, this.clock, { store: this.#store.port(), worker: newWorker(), beforeAck: this.o.beforeAck });
  }

  async start(): Promise<void> {
    const tab = new Tab(this.rig, this.browser);
    this.tabs.push(tab);
    await tab.tab.goto(`${ORIGIN}/`);
    await this.check();
  }

  async run({ name, x }: Step): Promise<void> {
    this.steps++;
    const tab = this.tabs[x % this.tabs.length] as Tab;
    const { network } = tab;
    const pick = x >> 4;
    switch (name) {
      case "add":
        return this.#click(tab, "#add", "add", pick);
      case "hit":
        return this.#click(tab, ".hit", "row", pick);
      case "drop":
        // A double click, every other time.
        this.#click(tab, ".drop", "row", pick);
        return pick & 1 ? this.#click(tab, ".drop", "row", pick) : undefined;
      case "edit": {
        const change = CHANGES[pick % CHANGES.length] as string;
        return this.#click(tab, `.${change}`, change, 0);
      }
      case "type":
        return tab.type(`text ${++this.#token}`);
      case "navigate":
        return tab.follow(pick % 3 === 0 ? "a[href='/']" : "a[href='/other']");
      case "back":
        tab.moved = true;
        return tab.window?.history.back();
      case "wait":
        return this.advance([1, 10, 100, 1000, 3000, 8000, 30_000][pick % 7] as number);
      case "lose":
        return network.lose();
      case "loseLate":
        return network.lose({ ...(pick & 1 ? { upAfter: pick % 3000 } : {}), ...(pick & 2 ? { downAfter: pick % 2000 } : {}) });
      case "delay":
        network.delay = pick & 1 ? pick % 400 : [0, pick % 600];
        return;
      case "freeze":
        return network.freeze();
      case "stall":
        return network.stall();
      case "flow":
        return network.flow();
      case "twice":
        tab.trick ??= (bytes) => [bytes, bytes];
        return;
      case "swap":
        tab.trick ??= (first, up) => this.#swap(tab, first, up);
        return;
      case "swallow":
        tab.trick ??= () => {
          queueMicrotask(() => network.lose());
          return [];
        };
        return;
      case "offline":
        network.down = true;
        if (tab.window !== undefined) tab.window.onLine = false;
        return network.lose();
      case "online":
        network.down = false;
        if (tab.window !== undefined) tab.window.onLine = true;
        return tab.window?.fire("online");
      case "expire":
        network.down = true;
        network.lose();
        tab.lost();
        await this.advance(RESUME_WINDOW_MS + 1000);
        return this.run({ name: "online", x });
      case "reload":
        if (network.down || tab.tab.loading !== undefined) return;
        return this.#load(tab);
      case "duplicate":
        if (this.tabs.length < MAX_TABS && !network.down && tab.window !== undefined) {
          this.tabs.push(new Tab(this.rig, this.browser, tab));
          // While nobody speaks for the session it goes to whoever comes first.
          tab.lost();
        }
        return;
      case "close":
        if (this.tabs.length === 1) return;
        tab.closed = true;
        tab.tab.close();
        this.tabs.splice(this.tabs.indexOf(tab), 1);
        return;
      case "kill":
        return this.#kill((pick & 1) === 1);
      case "wipe":
        await this.#kill(false, this.#disk());
        for (const each of this.tabs) each.durable = [];
        this.#wiped = this.#token;
        return;
      case "slow":
        this.#store.delay = [0, 1, 20, 150, 400][pick % 5] as number;
        return;
      case "fail":
        this.#store.failures = 1 + (pick & 1);
        this.#store.failsDone = (pick & 2) === 2;
        return;
      case "drain": {
        const draining = this.rig.sessions.drain();
        for (const each of this.tabs) each.lost();
        await this.advance(50);
        await this.#until(draining, SAVE_MS, "the process is not drained");
        return this.#kill(false);
      }
      case "check":
        return this.check();
    }
  }

  /** The next message of that side comes first. A message cannot stay away from a connection that lives. */
  #swap(tab: Tab, first: Uint8Array, up: boolean): readonly Uint8Array[] {
    const second = (bytes: Uint8Array, same: boolean): readonly Uint8Array[] => {
      tab.trick = same === up ? undefined : second;
      return same === up ? [bytes, first] : [bytes];
    };
    tab.trick = second;
    this.clock.setTimer(SWAP_MS, () => {
      if (tab.trick !== second) return;
      tab.trick = undefined;
      tab.network.lose();
    });
    return [];
  }

  #click(tab: Tab, css: string, what: string, pick: number): void {
    const token = ++this.#token;
    const found = tab.find(css);
    const el = found[pick % found.length];
    this.#targets.set(token, what === "row" ? `row ${el?.parentElement?.getAttribute("data-k")}` : what);
    tab.click(css, token, pick);
  }

  async #load(tab: Tab): Promise<void> {
    tab.lost();
    // The document may have to wait for what its tab's session has not saved.
    await this.#until(tab.window === undefined ? tab.tab.goto(`${ORIGIN}/`) : tab.tab.reload(), SAVE_MS, "the document is not loaded");
  }

  /** The process is killed, and another takes its place. `done`: see {@link SlowStore.died}. */
  async #kill(done: boolean, next = this.#store): Promise<void> {
    // What it has shown no loss may take away; what went with another store is not its own.
    if (this.o.beforeAck) for (const tab of this.tabs) tab.durable = [...new Set([...tab.durable, ...tab.shown().filter((token) => token > this.#wiped)])];
    this.rig.kill();
    await this.#store.died(done);
    this.#store = next;
    this.rig = this.#process();
    for (const tab of this.tabs) {
      tab.lost();
      tab.network.lose();
      tab.network.rig = this.rig;
    }
  }

  readonly #idle = (): boolean => this.rig.idle && this.tabs.every((tab) => !tab.network.moving);

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms, () => this.rig.work.turn(this.#idle));
    await this.#settle();
    for (const tab of this.tabs) {
      const now = this.clock.now();
      if (this.#sessionOf(tab)?.attached === true) tab.attachedAt = now;
      else if (now - tab.attachedAt >= RESUME_WINDOW_MS) tab.lost();
    }
  }

  #sessionOf(tab: Tab): Session | undefined {
    return this.rig.sessions.directory.get(tab.sid.split(".")[1] ?? "");
  }

  /** Nothing is left that could happen now. What waits for the store waits for time, so what runs is not waited for. */
  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < (this.tabs.some((tab) => tab.tab.loading !== undefined) ? LOAD_TURNS : QUIET_TURNS); ) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      quiet = this.#idle() ? quiet + 1 : 0;
    }
  }

  /** Lets time pass until this is done. */
  async #until(work: Promise<unknown>, ms: number, late: string): Promise<void> {
    let done = false;
    void work.then(() => (done = true));
    await this.#settle();
    for (let waited = 0; !done; ) {
      const wanted = this.clock.next ?? Infinity;
      waited += wanted;
      if (waited > ms) throw new Error(`after ${ms} ms ${late}`);
      await this.advance(wanted);
    }
  }

  // ---- the check

  async check(): Promise<void> {
    for (const tab of this.tabs) {
      const { network, window } = tab;
      // One that has begun ends by itself.
      if (!tab.began) tab.trick = undefined;
      network.delay = 0;
      network.down = false;
      network.flow();
      if (window !== undefined && !window.onLine) {
        window.onLine = true;
        window.fire("online");
      }
    }
    await this.#settle();
    await this.advance(SWAP_MS);
    for (const tab of this.tabs) {
      // Its GET met the end of the process: the user loads it again.
      if (tab.window === undefined) await this.#load(tab);
      await this.#live(tab);
    }
    await this.advance(100);
    for (const tab of this.tabs) await this.#until(this.#sessionOf(tab)?.state?.flush() ?? Promise.resolve(), SAVE_MS, "the store does not have everything");
    const problems: string[] = [];
    if (this.truth.twice.length > 0) problems.push(`ran twice: ${this.truth.twice.join()}`);
    for (const [token, ran] of this.truth.ran) {
      const target = this.#targets.get(token);
      if (target !== ran) problems.push(`event ${token} was for ${target} and ran on ${ran}`);
    }
    for (const tab of this.tabs) problems.push(...this.#problemsOf(tab).map((problem) => `tab ${this.tabs.indexOf(tab)}: ${problem}`));
    if (problems.length > 0) throw new Error(problems.slice(0, 12).join("\n"));
  }

  /** Lets time pass until the tab is live, on a socket that really is one, and has nothing under way. */
  async #live(tab: Tab): Promise<void> {
    let settled = false;
    const wait = (): void => void tab.window?.vango?.settled().then(() => (settled = true));
    wait();
    await this.#settle();
    const begin = this.clock.now();
    let deceived = tab.state === "live" && tab.network.halfOpen;
    let unanswered = 0;
    while (!settled || tab.state !== "live" || tab.network.halfOpen) {
      if (tab.state === "refused") throw new Error(`refused: ${tab.errors.join("; ")} ${this.rig.reported}`);
      const wanted = this.clock.next ?? Infinity;
      const waited = this.clock.now() - begin + wanted;
      if (waited > HEAL_MS) throw new Error(`after ${HEAL_MS} ms of a healthy network the tab is ${tab.state}${settled ? "" : " and not settled"}`);
      deceived &&= tab.network.halfOpen;
      if (deceived && waited > NOTICE_MS) throw new Error(`after ${NOTICE_MS} ms the tab has not noticed that its socket is dead`);
      unanswered = tab.state === "live" && !tab.network.halfOpen ? unanswered + wanted : 0;
      if (unanswered > ANSWER_MS) throw new Error(`after ${ANSWER_MS} ms the live page has not heard of all its events`);
      await this.advance(wanted);
      if (settled && tab.state !== "live") {
        settled = false;
        wait();
      }
    }
  }

  #problemsOf(tab: Tab): string[] {
    const problems: string[] = [];
    const session = this.#sessionOf(tab);
    const mount = session === undefined ? undefined : mountOf(session.loop.ctx);
    if (session === undefined || mount === undefined) return [`it is live without a session: ${tab.sid}`];
    if (tab.sid !== session.sid) problems.push(`its id is ${tab.sid} and the session's ${session.sid}`);
    if (tab.tab.reloads > 0) problems.push("it has reloaded itself");
    problems.push(...tab.errors.splice(0));
    if (tab.mount !== undefined && tab.mount !== mount) problems.push(`its session was mounted anew without a reason (${tab.hows.at(-1)})`);
    problems.push(...this.#stateProblems(tab, session, mount));
    const home = typeof mount.page === "object" ? mount.page : undefined;
    const mayBeGone = (token: number | undefined): boolean => {
      const target = token === undefined ? "" : (this.#targets.get(token) ?? "");
      if (target === "add") return false;
      return tab.moved || home === undefined || (target.startsWith("row ") && this.truth.removed.has(Number(target.slice(4))));
    };
    problems.push(...tab.ledger.settle(this.truth, mayBeGone));
    for (const how of tab.hows.splice(0)) this.hows[how] = (this.hows[how] ?? 0) + 1;
    tab.mount = mount;
    tab.moved = false;
    return problems;
  }

  #stateProblems(tab: Tab, session: Session, mount: Mount): string[] {
    const problems: string[] = [];
    const document = tab.window?.document;
    const text = (document?.querySelector("main")?.textContent ?? "").replaceAll(/\s*\n\s*/g, "");
    const wanted = shown(mount);
    if (text !== wanted) problems.push(`it shows\n  ${text}\nand the server has\n  ${wanted}`);
    const path = tab.window?.url;
    if (path !== session.href) problems.push(`its address is ${path} and the session's ${session.href}`);
    // Addresses: every instance that the page has is the server's, and keys stand where the server has them.
    const { root } = session.loop;
    const ids = new Map<number, string | null>();
    for (const el of document?.querySelectorAll("main, main *") ?? []) {
      const inst = el.$v;
      if (inst !== undefined) ids.set(inst.id, el.getAttribute("data-k"));
    }
    const theirs = new Set<number>();
    const walk = (inst: NonNullable<typeof root>): void => {
      theirs.add(inst.id);
      for (const slot of inst.tpl.childSlots) {
        const rows = rowsOf(inst.vals[slot]);
        for (let i = 0; rows !== undefined && i < rows.count; i++) {
          theirs.add(rows.idAt(i));
          const nested = rows.instAt(i);
          if (nested !== undefined) walk(nested);
        }
      }
    };
    if (root !== undefined) walk(root);
    for (const [id, key] of ids) {
      if (!theirs.has(id)) problems.push(`it has an instance ${id} that the server does not have`);
      else if (key !== null && root !== undefined && keysOf(root, [id, 1])[0] !== keyHash(Number(key))) problems.push(`instance ${id} is the row ${key} here and another one on the server`);
    }
    for (const k of mount.page !== "other" && mount.page !== undefined ? mount.page.rows.peek() : []) {
      if (![...ids.values()].includes(String(k))) problems.push(`the row ${k} has no instance here`);
    }
    const input = tab.find("input")[0] as { value?: string } | undefined;
    if (input !== undefined && typeof mount.page === "object") {
      if (input.value !== mount.page.text.peek()) problems.push(`the input holds ${input.value} and the server ${mount.page.text.peek()}`);
      if (tab.typed !== undefined && !tab.moved && input.value !== tab.typed) problems.push(`the user typed ${tab.typed} and the input holds ${input.value}`);
    }
    if (input === undefined || tab.moved) tab.typed = undefined;
    // Persisted: what was stored is there, once, and it all has run.
    const kept = mount.kept.peek();
    if (new Set(kept).size !== kept.length) problems.push(`persisted twice: ${kept.join()}`);
    for (const token of kept) if (!this.truth.ran.has(token)) problems.push(`persisted and never run: ${token}`);
    for (const token of tab.durable) if (!kept.includes(token)) problems.push(`the persisted event ${token} is lost`);
    const kept0 = (token: number): boolean => token <= this.#wiped || this.#targets.get(token) !== "add" || kept.includes(token);
    if (this.o.beforeAck) for (const token of tab.ledger.known) if (!kept0(token)) problems.push(`event ${token} was acknowledged before it was stored, and is lost`);
    tab.durable = [...kept];
    return problems;
  }
}
