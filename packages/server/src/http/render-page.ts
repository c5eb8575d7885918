/**
 * Renders a page for a GET with core's SSR: one pass when no resource has to be waited for, else a pass after the
 * results, up to a deadline. Nothing outlives the call but the results that the join may take over.
 */
import { Loop, renderPage as renderPass, ResultPool, RootOwner, type LoopHost, type Topics } from "@vango/core/internal";
import { pageViews } from "../page-views.js";
import type { RenderedDocument, RenderInput } from "../render-port.js";
import type { PageMatch } from "../router/resolve.js";

/** Resources that depend on resources: each level is a pass. */
const MAX_PASSES = 5;

export function renderPage(input: RenderInput): RenderedDocument | Promise<RenderedDocument> {
  const pool = new ResultPool();
  const first = pass(input, pool);
  return pool.pending.length === 0 ? withResults(first, pool) : renderWaiting(input, pool, first);
}

async function renderWaiting(input: RenderInput, pool: ResultPool, first: RenderedDocument): Promise<RenderedDocument> {
  let timer: NodeJS.Timeout | undefined;
  let late = false;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      late = true;
      resolve();
    }, input.deadlineMs);
  });
  let document = first;
  try {
    for (let passes = 1; passes < MAX_PASSES && pool.pending.length > 0 && !late; passes++) {
      await Promise.race([Promise.all(pool.pending), deadline]);
      document = pass(input, pool);
    }
  } finally {
    clearTimeout(timer);
    pool.stop();
  }
  return withResults(document, pool);
}

function withResults(document: RenderedDocument, pool: ResultPool): RenderedDocument {
  const { head, chunks, t, s, h } = document;
  return pool.results.size === 0 ? document : { head, chunks, t, s, h, results: pool.results };
}

function pass(input: RenderInput, pool: ResultPool): RenderedDocument {
  const loop = new Loop(new RenderHost(input), { id: "", live: false, results: pool, user: input.user });
  loop.browser = input.browser;
  loop.persist = input.state;
  const views = pageViews(input.match);
  const page = renderPass(new RootOwner(loop), views.head, views.body);
  for (const cell of page.cells) cell.dispose();
  return page;
}

/** The world of a loop that only renders: no timers, no frames, nobody to navigate. */
class RenderHost implements LoopHost {
  constructor(private readonly input: RenderInput) {}

  get globals(): Topics {
    return this.input.globals;
  }

  now(): number {
    return performance.now();
  }
  setTimer(): unknown {
    return undefined;
  }
  clearTimer(): void {
    // None was set.
  }
  schedule(): void {
    // A page that is only rendered has no turns.
  }
  sendFrame(): void {
    // Nor frames.
  }
  onError(error: unknown): void {
    this.input.onError(error);
  }
  offLoop<R>(_place: string, fn: () => R): R {
    return fn();
  }
  navigate(): void {
    // Refused in setup and render by core; there are no other phases here.
  }
  writeQuery(): string {
    return hrefOf(this.input.match);
  }
  route(): { readonly path: string; readonly params: Readonly<Record<string, unknown>>; readonly query: URLSearchParams } {
    const { path, query, props } = this.input.match;
    return { path, params: props.params, query: new URLSearchParams(query) };
  }
}

/** Canonical path and query: the `p` of the boot blob. */
export function hrefOf(match: PageMatch): string {
  return match.query === "" ? match.path : `${match.path}?${match.query}`;
}
