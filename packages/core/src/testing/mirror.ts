// A page as a browser would have it: the document that SSR sent, taken over, and every patch applied by the applier that
// browsers run. What it holds is what a user would see; what it records is what a test asserts.
import { applyFrame } from "../apply/apply.js";
import { describePage } from "../apply/describe-page.js";
import { ownerOf, eventSlots, type Inst, type Page } from "../apply/page.js";
import { takeOver } from "../apply/take-over.js";
import type { EventFlags, EventSlot } from "../apply/table.js";
import { BOOT_ID, type Boot } from "../protocol/boot.js";
import { decodeServer, PATCH_BODY, readKeys } from "../protocol/decode-server.js";
import type { JoinNow } from "../protocol/client-messages.js";
import { UrlMode } from "../protocol/kinds.js";
import { ahead } from "../protocol/sequence.js";
import { fail } from "../protocol/wire-error.js";
import type { LightDocument } from "./light-document.js";
import type { LightElement } from "./light-element.js";
import type { LightNode } from "./light-node.js";
import { parseDocument, parseNodes } from "./light-parse.js";
import { selectLight } from "./light-select.js";
import { serialise, serialiseChildren } from "./light-serialise.js";
import { PatchLog } from "./patch-log.js";
import type { PatchOp } from "./patch-op.js";

/** An element's event, as the client would send it. */
export interface EventTarget {
  readonly instance: number;
  readonly slot: number;
  /** Type, options and payload fields of the slot. */
  readonly event: EventSlot;
  readonly inst: Inst;
}

/** HTML with attributes by name and without anchors and event marks: two renders of one state are equal in this form. */
export const normaliseHtml = (html: string): string => serialiseChildren(parseNodes(html), { visible: true, sorted: true });

export class Mirror {
  readonly boot: Boot;
  readonly page: Page;
  readonly doc: LightDocument;
  /** Path and query in the address bar. */
  url: string;
  readonly emitted: { readonly name: string; readonly detail: unknown }[] = [];
  /** Event types that templates asked for after the take-over. */
  readonly listened: { readonly type: string; readonly options: EventFlags }[] = [];
  /** Number of the last frame. */
  seq = 0;
  /** Number of the last event that the server acknowledged, as its low byte. */
  ack = 0;
  readonly #log = new PatchLog();
  readonly #keys = new WeakMap<Inst, number>();

  /** Takes over a whole document with a boot blob. @throws WireError VANGO_APPLY_STRUCTURE */
  constructor(documentHtml: string) {
    this.doc = parseDocument(documentHtml);
    const blob = selectLight(this.doc, `#${BOOT_ID}`)[0];
    this.boot = JSON.parse(blob?.textContent ?? fail("VANGO_APPLY_STRUCTURE", BOOT_ID)) as Boot;
    this.page = takeOver(this.doc, this.boot);
    this.url = this.boot.p;
    this.doc.mutations = this.#log;
  }

  /** Keeps key hashes for {@link describe}: the body of a KEYS message. @throws WireError */
  learnKeys(message: Uint8Array): void {
    readKeys(message, (id, hash) => {
      const inst = this.page.insts.get(id);
      if (inst !== undefined) this.#keys.set(inst, hash);
    });
  }

  /** The page as its client would tell it in JOIN. */
  describe(): JoinNow {
    return describePage(this.page, (inst) => this.#keys.get(inst) ?? 0);
  }

  /** Applies a whole PATCH message, kind byte included. A frame of the past is ignored. @throws WireError */
  apply(frame: Uint8Array): void {
    const message = decodeServer(frame);
    if (message.kind !== 2) return fail("VANGO_WIRE_KIND", message.kind);
    const step = ahead(message.seq, this.seq);
    if (step < 1) return;
    if (step > 1) fail("VANGO_WIRE_SEQUENCE", `${message.seq} after ${this.seq}`);
    this.seq++;
    this.ack = message.ack;
    const { ops } = this.#log;
    applyFrame(this.page, frame, PATCH_BODY, {
      url: (mode, href) => {
        this.url = href;
        ops.push({ op: "url", href, replace: mode !== UrlMode.PUSH });
      },
      emit: (name, detail) => {
        this.emitted.push({ name, detail });
        ops.push({ op: "emit", name, detail });
      },
      event: (type, options) => this.listened.push({ type, options }),
    });
  }

  /** The page's content: what stands in body before the body range's anchor, without anchors and event marks. */
  html(): string {
    return this.#content({ visible: true });
  }

  /** As {@link html}, with attributes sorted by name: for comparing a patched page with a fresh render. */
  normalHtml(): string {
    return this.#content({ visible: true, sorted: true });
  }

  #content(options: { visible: true; sorted?: true }): string {
    const end: unknown = this.page.insts.get(0)?.nodes?.[1];
    let out = "";
    for (const node of this.doc.body.childNodes) {
      if (node === end) break;
      out += serialise(node, options);
    }
    return out;
  }

  /** The whole document, exact. */
  document(): string {
    return serialise(this.doc);
  }

  /** What happened since the start or the last {@link clear}. */
  ops(): PatchOp[] {
    return this.#log.ops.slice();
  }

  clear(): void {
    this.#log.ops.length = 0;
    this.emitted.length = 0;
  }

  /** Elements that match a selector, in document order. */
  select(css: string): LightElement[] {
    return selectLight(this.doc, css);
  }

  /** The event slot that an event of `type` on `el` reaches first: its own or the nearest ancestor's. */
  eventAt(el: LightElement, type: string): EventTarget | undefined {
    for (let at: LightNode | null = el; at; at = at.parentNode) {
      const inst = ownerOf(at);
      if (!inst || at.nodeType !== 1) continue;
      const event = eventSlots(inst, at as LightElement).find((slot) => slot.type === type);
      if (event) return { instance: inst.id, slot: event.slot, event, inst };
    }
    return undefined;
  }
}
