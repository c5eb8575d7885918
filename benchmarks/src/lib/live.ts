// The framework's live tree and SSR in process, without HTTP and sockets: what the figures of updates, rendering and heap use.
// A frame is finished and handed out as on a session, its sequence number and acknowledgement included.
import type { Component } from "@vango/core";
import { encodeHtml, child, Loop, renderPage, RootOwner, type ComponentType, type FrameWriter, type LoopHost } from "@vango/core/internal";
import { BOOT_ID, BOOT_TYPE, PROTOCOL_VERSION, ServerKind, type Boot } from "@vango/core/protocol";

type AnyComponent = Component<Record<never, never>>;

const NONE = new Uint8Array();
/** The frame of the turn that ran last: a view into the shared writer. */
let frame: Uint8Array = NONE;
let seq = 0;

const host: LoopHost = {
  now: () => performance.now(),
  setTimer: (ms, fn) => setTimeout(fn, ms),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
  schedule: (loop) => queueMicrotask(() => loop.runNext()),
  sendFrame: (_loop, writer: FrameWriter) => {
    seq = (seq + 1) & 255;
    frame = writer.finish(ServerKind.PATCH, seq, seq);
    writer.reset();
  },
  onError: (error) => {
    throw error;
  },
  offLoop: (_place, fn) => fn(),
  navigate: () => undefined,
  writeQuery: () => "/",
  route: () => ({ path: "/", params: {}, query: new URLSearchParams() }),
};

/** A mounted page. */
export interface Live {
  /** Runs `body` as a turn and gives its frame, valid until the next turn; empty if nothing changed. */
  turn(body: () => void): Uint8Array;
  dispose(): void;
}

/** Mounts a component as the body of a page, as the join does. */
export function mountLive(component: AnyComponent): Live {
  return new MountedLoop(component);
}

class MountedLoop implements Live {
  readonly #loop: Loop;

  constructor(component: AnyComponent) {
    this.#loop = new Loop(host, { id: "bench" });
    const body = child(component as unknown as ComponentType, null);
    this.#loop.mount((slot) => (slot === 1 ? body : null));
    this.#loop.start();
  }

  turn(body: () => void): Uint8Array {
    frame = NONE;
    const failure = this.#loop.turn(body);
    if (failure !== undefined) throw failure;
    return frame;
  }

  dispose(): void {
    this.#loop.dispose();
  }
}

function renderOnce(component: AnyComponent): ReturnType<typeof renderPage> {
  const loop = new Loop(host, { id: "bench", live: false });
  const page = renderPage(new RootOwner(loop), null, child(component as unknown as ComponentType, null));
  for (const cell of page.cells) cell.dispose();
  loop.dispose();
  return page;
}

/** The body's HTML of a GET, with structure and hashes computed. */
export function renderDead(component: AnyComponent): string {
  return renderOnce(component).body;
}

/** The same as bytes, as the server sends it. */
export function renderBytes(component: AnyComponent): Uint8Array {
  return encodeHtml(renderOnce(component).chunks);
}

/** A whole document with its boot blob. */
export function renderDocument(component: AnyComponent): string {
  const { head, body, t, s, h } = renderOnce(component);
  const boot: Boot = { v: PROTOCOL_VERSION, b: "bench", t, s, h, g: "", p: "/", n: "bench" };
  const blob = JSON.stringify(boot).replaceAll("<", "\\u003c");
  return `<!doctype html><html><head>${head}<!></head><body>${body}<!><script type="${BOOT_TYPE}" id="${BOOT_ID}">${blob}</script></body></html>`;
}
