/**
 * The app that the model-based test drives. Every click carries a number of its own (`clientX`), so the truth knows what ran, how
 * often and where; what the page shows is a plain function of signals that the test can read.
 */
import { component, each, html, Link, type Ctx, type Signal, type View } from "@vango/core";
import { createApp } from "../../src/create-app.js";
import type { Layout } from "../../src/router/types.js";

/** What really happened on the server, whatever process. */
export class Truth {
  /** Which target each event's handler was found on. */
  readonly ran = new Map<number, string>();
  readonly twice: number[] = [];
  /** Keys of rows that were taken away at some time. */
  readonly removed = new Set<number>();
}

interface Readable<T> {
  peek(): T;
}

/** The signals of one mount. */
export interface Mount {
  readonly n: Readable<number>;
  readonly kept: Readable<readonly number[]>;
  readonly ticks: Readable<number>;
  page: HomeState | "other" | undefined;
}

interface HomeState {
  readonly rows: Readable<readonly number[]>;
  readonly text: Readable<string>;
  readonly hits: Map<number, Readable<number>>;
}

const mounts = new WeakMap<Ctx, Mount>();
let truth = new Truth();

/** A new truth for a new run. */
export const newTruth = (): Truth => (truth = new Truth());
export const mountOf = (ctx: Ctx): Mount | undefined => mounts.get(ctx);

type Click = { readonly clientX: number };
const done = (e: Click, target: string): void => {
  if (truth.ran.has(e.clientX)) truth.twice.push(e.clientX);
  truth.ran.set(e.clientX, target);
};

/** How long a session waits for its page, ms. */
export const RESUME_WINDOW_MS = 60_000;

/** First keys of the list; those that are added are above them and never used again. */
export const FIRST_ROWS: readonly number[] = [1, 2, 3, 4, 5];

/** What keeps track of rows that go. */
const without = (rows: readonly number[], next: readonly number[]): readonly number[] => {
  for (const k of rows) if (!next.includes(k)) truth.removed.add(k);
  return next;
};

const Row = component<{ k: number; rows: Signal<readonly number[]> }>((setup, props) => {
  const hits = setup.signal(0);
  const k = props.peek().k;
  const mount = mounts.get(setup.ctx);
  if (typeof mount?.page === "object") mount.page.hits.set(k, hits);
  const hit = (e: Click): void => {
    done(e, `row ${k}`);
    hits.inc();
  };
  const drop = (e: Click): void => {
    done(e, `row ${k}`);
    props.peek().rows.update((rows) => without(rows, rows.filter((row) => row !== k)));
  };
  return () => html`<li data-k=${k}><button class="hit" onClick=${hit}>${k}: ${hits}</button><button class="drop" onClick=${drop}>-</button></li>`;
});

const change: Readonly<Record<string, (rows: readonly number[], e: Click) => readonly number[]>> = {
  append: (rows, e) => [...rows, e.clientX + 100],
  insert: (rows, e) => [e.clientX + 100, ...rows],
  shift: (rows) => rows.slice(1),
  pop: (rows) => rows.slice(0, -1),
  middle: (rows) => rows.filter((_, i) => i !== rows.length >> 1),
  reverse: (rows) => rows.toReversed(),
  rotate: (rows) => [...rows.slice(2), ...rows.slice(0, 2)],
};
export const CHANGES = Object.keys(change);

const Home = component((setup) => {
  const rows = setup.sharedSignal<readonly number[]>("rows", FIRST_ROWS);
  const text = setup.signal("");
  const mount = mounts.get(setup.ctx);
  if (mount !== undefined) mount.page = { rows, text, hits: new Map() };
  const edit = (name: string) => (e: Click): void => {
    done(e, name);
    rows.update((list) => without(list, change[name]?.(list, e) ?? list));
  };
  return () => html`<section><h1>home</h1><input name="t" value=${text} onInput=${(e: { value: string }) => text.set(e.value)}><p id="echo">${text}</p>
    <ul>${each(rows, (k) => k, (k) => html`<${Row} k=${k} rows=${rows} />`)}</ul>
    <p id="edits">${CHANGES.map((name) => html`<button class=${`edit ${name}`} onClick=${edit(name)}>${name}</button>`)}</p></section>`;
});

const Other = component((setup) => {
  const mount = mounts.get(setup.ctx);
  if (mount !== undefined) mount.page = "other";
  return () => html`<section><h1>other</h1></section>`;
});

const layout: Layout = component<{ children?: View }>((setup, props) => {
  const n = setup.signal(0);
  const kept = setup.sharedSignal<readonly number[]>("kept", []);
  const ticks = setup.signal(0);
  if (setup.ctx.session.live) mounts.set(setup.ctx, { n, kept, ticks, page: undefined });
  setup.interval(7000, () => ticks.inc());
  const add = (e: Click): void => {
    done(e, "add");
    n.inc();
    kept.append(e.clientX);
  };
  return () => html`<main><nav><${Link} href="/">home</${Link}><${Link} href="/other">other</${Link}></nav>
    <button id="add" onClick=${add}>add</button><p id="n">${n} ${ticks}</p><p id="kept">${() => kept.get().join(",")}</p>${() => props.get().children}</main>`;
});

/** The page's visible text for a mount: what every client of it must show. */
export function shown({ n, kept, ticks, page }: Mount): string {
  const head = `homeotheradd${n.peek()} ${ticks.peek()}${kept.peek().join(",")}`;
  if (page === undefined || page === "other") return `${head}other`;
  const rows = page.rows.peek().map((k) => `${k}: ${page.hits.get(k)?.peek()}-`);
  return `${head}home${page.text.peek()}${rows.join("")}${CHANGES.join("")}`;
}

export const makeApp = () => {
  const layouts = [() => Promise.resolve({ layout })];
  return createApp({
    routes: {
      buildId: "model",
      routes: [
        { path: "/", kind: "page", load: () => Promise.resolve({ page: Home }), layouts },
        { path: "/other", kind: "page", load: () => Promise.resolve({ page: Other }), layouts },
      ],
    },
    secret: "model-secret-of-at-least-thirty-two-characters",
    limits: { heldFrames: 12 },
    resumeWindowMs: RESUME_WINDOW_MS,
    onError: (error) => reported.push(error.code),
  });
};
export const reported: string[] = [];
