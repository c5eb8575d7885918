// record(): a component on a real loop, its page in a light DOM, every frame through the real bytes. What a test asserts is
// what a browser would have done.
import { Loop } from "../loop/loop.js";
import type { LoopHost } from "../loop/host.js";
import { hashTree } from "../live/describe.js";
import { KnownTemplates } from "../loop/known-templates.js";
import { RootOwner } from "../loop/root-owner.js";
import type { FrameWriter } from "../protocol/writer.js";
import { ServerKind, PROTOCOL_VERSION } from "../protocol/kinds.js";
import { BOOT_ID, BOOT_TYPE } from "../protocol/boot.js";
import { renderPage, type RenderedPage } from "../ssr/render.js";
import { F, R } from "../template/builtin.js";
import type { ComponentType } from "../view/component-type.js";
import type { Component } from "../view/types.js";
import type { VangoError } from "../vango-error.js";
import { child, type Props } from "../view/view-node.js";
import { Mirror } from "./mirror.js";
import type { PatchOp } from "./patch-op.js";

/** A recorded page. */
export interface Recorded {
  /** The page's HTML as it is now. */
  html(): string;
  /** What happened since the start or the last `clear`. */
  patches(): readonly PatchOp[];
  /** Bytes of all frames since the start or the last `clear`. */
  bytes(): number;
  clear(): void;
  /** Runs the handler of an element's event, as a turn. Throws when no such element or handler exists. */
  fire(selector: string, event: string, payload?: object): void;
  /** Runs the turns that wait: completions, timers, dispatches. */
  flush(): void;
  dispose(): void;
  /** Errors that were reported, oldest first. */
  errors(): readonly VangoError[];
  /** The frames, oldest first. */
  frames(): readonly Uint8Array[];
  /** The page in its light DOM. */
  readonly mirror: Mirror;
  readonly loop: Loop;
}

/** The document that a GET of this page would send. */
export function pageDocument(page: RenderedPage): string {
  const boot = { v: PROTOCOL_VERSION, b: "test", t: page.t, s: page.s, h: page.h, g: "", p: "/", n: "" };
  return `<!doctype html><html><head>${page.head}<!></head><body>${page.body}<!><script type="${BOOT_TYPE}" id="${BOOT_ID}">${JSON.stringify(boot).replace(/</g, "\\u003c")}</script></body></html>`;
}

/** Renders a component as a GET does. */
export function renderOnce(type: ComponentType, props: Props, errors: VangoError[] = []): RenderedPage {
  const loop = new Loop(testHost({ sendFrame: () => undefined, errors, schedule: () => undefined }), { id: "get", live: false });
  const page = renderPage(new RootOwner(loop), null, child(type, props));
  for (const cell of page.cells) cell.dispose();
  return page;
}

/**
 * Mounts a component: renders it as a GET, takes the HTML over, joins and records.
 *
 * @example
 * const page = record(Counter, { start: 1 });
 * page.fire("button", "click");
 * page.patches(); // [{ op: "text", at: "body>p", value: "count: 2" }]
 */
export function record<P extends object>(c: Component<P>, props?: P): Recorded {
  const type = c as unknown as ComponentType;
  const given = (props ?? {}) as Props;
  const errors: VangoError[] = [];
  const frames: Uint8Array[] = [];
  let bytes = 0;
  let seq = 0;
  const page = renderOnce(type, given, errors);
  errors.length = 0;
  const mirror = new Mirror(pageDocument(page));
  let wanted = false;
  const host = testHost({
    errors,
    schedule: () => {
      wanted = true;
      queueMicrotask(flush);
    },
    sendFrame: (writer) => {
      const frame = writer.finish(ServerKind.PATCH, ++seq, 0).slice();
      frames.push(frame);
      bytes += frame.length;
      mirror.apply(frame);
    },
  });
  const loop = new Loop(host, { id: "record" });
  const flush = (): void => {
    while (wanted) {
      wanted = false;
      loop.runNext();
    }
  };
  loop.known = new KnownTemplates([F.id, R.id, ...page.t.filter((_, i) => i % 2 === 0)]);
  loop.mount((slot) => (slot === 0 ? null : child(type, given)));
  const root = loop.root;
  if (root === undefined || hashTree(root).join() !== page.h.join()) {
    throw new Error("The page rendered differently for the GET and for the join: its render or setup is not deterministic.");
  }
  loop.start();
  return {
    mirror,
    loop,
    html: () => mirror.html(),
    patches: () => mirror.ops(),
    bytes: () => bytes,
    frames: () => frames,
    errors: () => errors,
    clear: () => {
      mirror.clear();
      frames.length = 0;
      errors.length = 0;
      bytes = 0;
    },
    fire: (selector, event, payload) => {
      const el = mirror.select(selector)[0];
      if (el === undefined) throw new Error(`No element matches ${selector} in ${mirror.html()}`);
      const target = mirror.eventAt(el, event);
      if (target === undefined) throw new Error(`Nothing handles ${event} on ${selector}.`);
      loop.event(target.instance, target.slot, (type) => ({ type, ...payload }));
    },
    flush,
    dispose: () => loop.dispose(),
  };
}

function testHost(o: { errors: VangoError[]; schedule: () => void; sendFrame: (writer: FrameWriter) => void }): LoopHost {
  const query = new URLSearchParams();
  return {
    now: () => Date.now(),
    setTimer: (ms, fn) => setTimeout(fn, ms),
    clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    schedule: o.schedule,
    sendFrame: (_loop, writer) => o.sendFrame(writer),
    onError: (error) => o.errors.push(error),
    offLoop: (_place, fn) => fn(),
    navigate: (loop, href, options) => loop.post(() => loop.url(href, options.replace === true ? 1 : 0, options.scroll !== false)),
    writeQuery: (_loop, name, text) => {
      if (text === "") query.delete(name);
      else query.set(name, text);
      const q = query.toString();
      return q === "" ? "/" : `/?${q}`;
    },
    route: () => ({ path: "/", params: {}, query }),
  };
}
