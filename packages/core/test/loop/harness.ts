// A loop without a server: a clock that tests move, turns that run when asked, frames onto a mirror. And short ways to say
// what a test of state says: one component, its signals, one turn.
import { Loop } from "../../src/loop/loop.js";
import type { LoopHost } from "../../src/loop/host.js";
import { KnownTemplates } from "../../src/loop/known-templates.js";
import { ResultPool } from "../../src/loop/result-pool.js";
import { RootOwner } from "../../src/loop/root-owner.js";
import { sharedWriter } from "../../src/loop/shared-writer.js";
import { hashTree } from "../../src/live/describe.js";
import { parseStructure } from "../../src/live/client-structure.js";
import type { Inst } from "../../src/live/inst.js";
import { syncTree } from "../../src/live/sync.js";
import { ServerKind } from "../../src/protocol/kinds.js";
import { renderPage, type RenderedPage } from "../../src/ssr/render.js";
import { Mirror } from "../../src/testing/mirror.js";
import { pageDocument } from "../../src/testing/record.js";
import type { ComponentType } from "../../src/view/component-type.js";
import { child } from "../../src/view/view-node.js";
import { component, html } from "../../src/index.js";
import type { Component, Setup, View, VangoError } from "../../src/index.js";

interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

/** A world for loops: virtual time and everything that was reported. */
export class World {
  time = 0;
  readonly errors: VangoError[] = [];
  readonly navigated: string[] = [];
  readonly query = new URLSearchParams();
  /** What happened, in order: frames and whatever a test notes. */
  readonly log: string[] = [];
  readonly timers = new Map<number, Timer>();
  readonly #waiting: Loop[] = [];
  #nextTimer = 1;
  onFrame: ((frame: Uint8Array) => void) | undefined;

  readonly host: LoopHost = {
    now: () => this.time,
    setTimer: (ms, fn) => {
      this.timers.set(this.#nextTimer, { at: this.time + ms, fn });
      return this.#nextTimer++;
    },
    clearTimer: (timer) => void this.timers.delete(timer as number),
    schedule: (loop) => void this.#waiting.push(loop),
    sendFrame: (_loop, writer) => {
      this.log.push("frame");
      const frame = writer.finish(ServerKind.PATCH, ++this.frames, 0).slice();
      this.onFrame?.(frame);
    },
    onError: (error) => void this.errors.push(error),
    offLoop: (_place, fn) => fn(),
    navigate: (_loop, href) => void this.navigated.push(href),
    writeQuery: (_loop, name, text) => {
      if (text === "") this.query.delete(name);
      else this.query.set(name, text);
      const q = this.query.toString();
      return q === "" ? "/" : `/?${q}`;
    },
    route: () => ({ path: "/", params: {}, query: this.query }),
  };
  frames = 0;

  /** Runs the turns that wait, also those that they cause. */
  run(): void {
    for (let loop = this.#waiting.shift(); loop !== undefined; loop = this.#waiting.shift()) loop.runNext();
  }

  /** Runs the turns that wait, until no promise brings more. */
  async settle(): Promise<void> {
    for (let i = 0; i < 30; i++) {
      this.run();
      await Promise.resolve();
    }
    this.run();
  }

  /** Moves the clock and runs what is due, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (due === undefined) break;
      this.timers.delete(due[0]);
      this.time = Math.max(this.time, due[1].at);
      due[1].fn();
      await this.settle();
    }
    this.time = end;
    await this.settle();
  }

  codes(): string[] {
    return this.errors.map((e) => e.code);
  }
}

export interface Live {
  readonly world: World;
  readonly loop: Loop;
  readonly mirror: Mirror;
  readonly page: RenderedPage;
  /** The frame of the join was needed. */
  readonly synced: boolean;
  /** One turn; `undefined` or what rolled it back. */
  turn(body: () => void): VangoError | undefined;
  html(): string;
  /** False: what the client is sent gets lost, and no number is used for it. */
  connected: boolean;
  /** The client tells what it shows, and one frame brings it to the tree: gives the bytes of that frame. */
  resync(by: "id" | "key"): number;
  /** The process ended: the component is mounted as a new tree, the client shows the old one. */
  restart(c: Component<object>): Live;
  click(css: string, type?: string, payload?: object): VangoError | undefined;
}

export interface OpenOptions {
  readonly world?: World;
  /** What the GET rendered, when it differs from what the join mounts. */
  readonly got?: Component<object>;
  readonly results?: ResultPool;
  /** The client does not say its hashes: what it shows was patched since the GET. */
  readonly blind?: boolean;
}

/** GET, take-over and join of a component, as the server does them. */
export function openPage(c: Component<object>, o: OpenOptions = {}): Live {
  const world = o.world ?? new World();
  const page = getPage(o.got ?? c, world);
  world.errors.length = 0;
  const mirror = new Mirror(pageDocument(page));
  const { loop, host, root, live } = mountOn(c, world, mirror, page, o.results);
  const structure = parseStructure(page.t, page.s);
  loop.known = new KnownTemplates(structure.templates);
  const mine = hashTree(root);
  const synced = o.blind === true || mine.length !== page.h.length || mine.some((h, i) => h !== page.h[i]);
  if (synced) {
    loop.nextId = Math.max(loop.nextId, structure.nextId);
    syncTree(root, structure.contents, o.blind === true ? [] : page.h, loop);
    if (!sharedWriter.empty) host.sendFrame(loop, sharedWriter);
  }
  loop.start();
  live.synced = synced;
  return live;
}

/** A tree of its own for the page of a mirror: mounted, not yet in step. */
function mountOn(c: Component<object>, world: World, mirror: Mirror, page: RenderedPage, results?: ResultPool): { loop: Loop; host: LoopHost; root: Inst; live: Live & { synced: boolean } } {
  let bytes = 0;
  const host: LoopHost = {
    ...world.host,
    sendFrame: (_loop, writer) => {
      const frame = writer.finish(ServerKind.PATCH, mirror.seq + 1, 0).slice();
      if (!live.connected) return;
      bytes = frame.length;
      world.log.push("frame");
      world.frames++;
      mirror.apply(frame);
      world.onFrame?.(frame);
    },
  };
  const loop = new Loop(host, { id: "tab", ...(results === undefined ? {} : { results }) });
  loop.mount((slot) => (slot === 0 ? null : child(c as unknown as ComponentType, {})));
  const root = loop.root;
  if (root === undefined) throw new Error("not mounted");
  const live: Live & { synced: boolean } = {
    world,
    loop,
    mirror,
    page,
    synced: false,
    connected: true,
    resync: (by) => {
      const { t, s, i, k } = mirror.describe();
      const structure = parseStructure(t, s, i, k);
      loop.known = new KnownTemplates(structure.templates);
      loop.nextId = Math.max(loop.nextId, structure.nextId);
      syncTree(root, structure.contents, by, loop);
      live.connected = true;
      bytes = 0;
      if (!sharedWriter.empty) host.sendFrame(loop, sharedWriter);
      return bytes;
    },
    restart: (next) => {
      loop.dispose();
      mirror.seq = 0;
      const mounted = mountOn(next, world, mirror, page);
      mounted.live.resync("key");
      mounted.loop.start();
      return mounted.live;
    },
    turn: (body) => loop.turn(body),
    html: () => mirror.html(),
    click: (css, type = "click", payload = {}) => {
      const el = mirror.select(css)[0];
      const target = el === undefined ? undefined : mirror.eventAt(el, type);
      if (target === undefined) throw new Error(`Nothing handles ${type} on ${css} in ${mirror.html()}`);
      return loop.event(target.instance, target.slot, (t) => ({ type: t, ...payload }));
    },
  };
  return { loop, host, root, live };
}

/** The pass of a GET. */
export function getPage(c: Component<object>, world = new World(), results?: ResultPool): RenderedPage {
  const loop = new Loop(world.host, { id: "get", live: false, ...(results === undefined ? {} : { results }) });
  const page = renderPage(new RootOwner(loop), null, child(c as unknown as ComponentType, {}));
  for (const cell of page.cells) cell.dispose();
  return page;
}

/** A page of one component whose setup gives what the test needs besides its view. */
export function openWith<T>(setup: (setup: Setup) => { view?: () => View } & T, o: OpenOptions = {}): Live & { readonly it: T } {
  let it!: T;
  const c = component((s) => {
    const made = setup(s);
    it = made;
    return made.view ?? (() => html`<p>page</p>`);
  });
  const live = openPage(c, o);
  return Object.assign(live, { it });
}
