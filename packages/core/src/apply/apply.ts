// Applies one patch frame to a page. Operations are executed as they are read: nothing is built in between but the
// nodes themselves. New rows are filled while detached and go in through one fragment per INSERT. Reads of the frame are
// checked; whatever else does not fit (unknown instance, slot, template) breaks on use and is recoded at the end.
import { decodePayload } from "../protocol/decode-payload.js";
import { MAX_RUN } from "../protocol/limits.js";
import { readFrame } from "../protocol/reader.js";
import { fail, recode } from "../protocol/wire-error.js";
import { counts, type DomDocument, type DomElement, type DomNode, type DomTemplate } from "./dom.js";
import { listEvents, mark, newInst, nodeOf, rangeOf, startOf, walk, type Inst, type Page, type Range } from "./page.js";
import { tableOf, type ClientTemplate, type EventFlags, type Slot } from "./table.js";

/** What a frame does besides the DOM. */
export interface Effects {
  /**
   * The address bar. Called in place, before the operations that follow it: the position of the old page can still be
   * read; scroll after applyFrame has returned. `mode` is a {@link UrlMode}.
   */
  url(mode: number, href: string, scroll: boolean): void;
  /** A CustomEvent on document; called after all of the frame's DOM. */
  emit(name: string, detail: unknown): void;
  /** A template with an event slot of this type became known. */
  event(type: string, options: EventFlags): void;
  /** Is this value of a control older than what the user entered? Then the property stays as it is. */
  keep?(el: DomElement, property: string, value: string | boolean): boolean;
}

/** A value on the wire: 0 absent or false, 1 empty or true, else the text. */
type Value = string | 0 | 1;

/** Properties that a user changes: a spread may hold them as well. */
const LIVE = /^(value|checked|selected|muted|indeterminate)$/;

/** The root nodes of a template, parsed once, to be cloned for each row. */
function protosOf(doc: DomDocument, tpl: ClientTemplate): readonly DomNode[] {
  if (!tpl.protos) {
    const { space } = tableOf(tpl);
    const html = tpl.html ?? fail("VANGO_APPLY_FRAME", tpl.id);
    const template = doc.createElement("template") as DomTemplate;
    template.innerHTML = space ? `<${space}>${html}</${space}>` : html;
    tpl.protos = [...(space ? template.content.firstChild! : template.content).childNodes!];
  }
  return tpl.protos;
}

/** Executes the PATCH body that begins at `offset` (its opsLength). Throws a WireError where the frame does not fit. */
export function applyFrame(page: Page, frame: Uint8Array, offset: number, fx: Effects): void {
  const { doc, insts, templates } = page;
  const { uint, take, str, raw, more, end } = readFrame(frame, offset);
  const late: (() => void)[] = [];
  /** New items on their way in; empty between operations. */
  const fragment = doc.createDocumentFragment();

  const slotOf = (inst: Inst, slot: number): Slot => tableOf(inst.tpl).slots[slot]!;

  const write = (el: DomElement, { kind }: Slot, name: string, v: Value): void => {
    const text = v ? (v === 1 ? "" : v) : "";
    const props = el as unknown as Record<string, unknown>;
    if ("phx".includes(kind) || (LIVE.test(name) && name in el)) {
      const key = kind === "x" && "value" in el ? "value" : name;
      const put = (): void => {
        const flag = typeof props[key] === "boolean";
        const next = flag ? v !== 0 : text;
        let shown = next;
        if (kind === "h") {
          // HTML is compared as this browser writes it.
          const twin = doc.createElement("template");
          twin.innerHTML = text;
          shown = twin.innerHTML;
        }
        if (!fx.keep?.(el, key, next) && props[key] !== shown) props[key] = next;
        if (!flag && v === 0) el.removeAttribute(name);
      };
      // A select takes its value from its options, which may come later in this frame.
      if (el.localName === "select") late.unshift(put);
      else put();
    } else if (!name) {
      // Of a spread: the names that may stay.
      for (const other of el.getAttributeNames()) if (other !== "v" && !text.includes(` ${other} `)) el.removeAttribute(other);
    } else if (v === 0) el.removeAttribute(name);
    else if (el.getAttribute(name) !== text) el.setAttribute(name, text);
  };

  const forget = (inst: Inst): void => {
    insts.delete(inst.id);
    inst.ranges?.forEach((range) => range!.items.forEach(forget));
  };
  /** Takes an item away; `by` stands in its place. */
  const remove = (item: Inst, by?: DomNode): void => {
    const { last } = item;
    item.range!.items.delete(item);
    forget(item);
    for (let node: DomNode | null = startOf(item), next; node && node !== last; node = next) {
      next = node.nextSibling;
      node.remove!();
    }
    if (by) last.replaceWith!(by);
    else last.remove!();
  };
  const put = (node: DomNode, text: string): void => {
    if (node.data !== text) node.data = text;
  };
  /** Makes a range hold this text alone: its text node is kept, others beside it go. */
  const setText = (inst: Inst, slot: Slot, text: string): void => {
    const node = nodeOf(inst, slot);
    const items = inst.ranges?.[slot.slot]?.items;
    let kept: DomNode | null;
    if (slot.kind === "s") {
      items?.forEach(forget);
      items?.clear();
      kept = node.firstChild;
      if (kept && kept.nodeType === 3 && !kept.nextSibling) put(kept, text);
      else node.textContent = text;
    } else {
      items?.forEach((item) => remove(item));
      // A translator puts <font> in the place of texts.
      while ((kept = node.previousSibling)?.$f && kept.localName === "font") kept.remove!();
      if (kept && kept.nodeType === 3) {
        while (kept.previousSibling?.nodeType === 3) kept.previousSibling.remove!();
        put(kept, text);
      } else if (text) node.before!(text);
    }
  };

  /** Reads one row into a new item; `at` is not connected. */
  const row = (at: DomNode, put: "appendChild" | "before", range: Range, tpl: ClientTemplate, id: number): void => {
    if (insts.has(id)) fail("VANGO_APPLY_FRAME", id);
    const item = newInst(id, tpl, range);
    insts.set(id, item);
    for (const proto of protosOf(doc, tpl)) {
      const node = doc.importNode(proto, true);
      if (counts(node)) mark(item, node);
      at[put]!(node);
    }
    for (const slot of tableOf(tpl).slots) {
      const { kind, path, put } = slot;
      if (put) {
        const runs = uint();
        const length = runs || uint();
        if (length) {
          const node = walk(item, path)!;
          if (runs) for (let i = 0; i < runs; i++) rows(node, put, rangeOf(item, slot));
          else if (kind === "c") node.before!(take(length));
          else node.textContent = take(length);
        }
      } else if (kind !== "e")
        for (let n = kind === "z" ? uint() : 1; n--; ) {
          const name = kind === "z" ? str() : slot.name;
          const units = uint();
          if (units) write(walk(item, path) as DomElement, slot, name, units > 1 ? take(units - 2) : 1);
        }
    }
  };
  /** Reads a run: template, first id, count, rows. */
  const rows = (at: DomNode, put: "appendChild" | "before", range: Range): void => {
    const tpl = templates[uint()]!;
    const first = uint();
    const count = uint();
    if (count > MAX_RUN) fail("VANGO_WIRE_SIZE", count);
    for (let i = 0; i < count; i++) row(at, put, range, tpl, first + i);
  };

  const extension = (code: number): void => {
    if (code === 0) {
      const index = uint();
      const id = str();
      const table = str();
      if (templates[index]?.id !== id) listEvents((templates[index] = { id, table }), fx.event);
      templates[index]!.html = str() || templates[index]!.html!;
    } else if (code === 1) {
      const mode = uint();
      const scroll = uint();
      fx.url(mode, str(), scroll > 0);
    } else if (code === 2) {
      const name = str();
      const detail = decodePayload(raw(uint()));
      late.push(() => fx.emit(name, detail));
    } else if (code === 3) page.epoch = uint();
    else fail("VANGO_WIRE_KIND", code);
  };

  const operation = (op: number, inst: Inst): void => {
    const range = inst.range!;
    if (op === 3) for (let n = uint(), id = inst.id; n--; ) remove(insts.get(id++)!);
    else if (op === 4) {
      const before = uint();
      const { up, slot } = range;
      const node = nodeOf(up, slot);
      const ref = before ? startOf(insts.get(before - 1)!) : slot.kind === "s" ? null : node;
      const parent = inst.last.parentNode!;
      const move = parent.moveBefore && parent.isConnected ? "moveBefore" : "insertBefore";
      // All nodes are taken before one moves: in a page that a bad frame has mixed up, the last one may stand before the first.
      const nodes: DomNode[] = [];
      for (let next: DomNode | null = startOf(inst); next; next = next === inst.last ? null : next.nextSibling) nodes.push(next);
      nodes.forEach((next) => parent[move]!(next, ref));
    } else if (op === 6) {
      row(fragment, "appendChild", range, templates[uint()]!, uint());
      remove(inst, fragment);
    } else {
      const slot = slotOf(inst, uint());
      const { kind, put } = slot;
      if (op === 2) {
        const items = rangeOf(inst, slot);
        if (!items.items.size) setText(inst, slot, "");
        const before = uint();
        rows(fragment, "appendChild", items);
        if (before) startOf(insts.get(before - 1)!).before!(fragment);
        else nodeOf(inst, slot)[put!]!(fragment);
      } else {
        const flag = op === 1 && uint() ? 1 : 0;
        const name = kind === "z" ? str() : slot.name;
        const v = op ? flag : str();
        if (put) setText(inst, slot, op ? "" : (v as string));
        else write(nodeOf(inst, slot) as DomElement, slot, name, v);
      }
    }
  };

  try {
    while (more()) {
      const head = uint();
      const op = head % 8;
      if (op === 7) extension((head - op) / 8);
      else operation(op, insts.get((head - op) / 8)!);
    }
    end();
  } catch (error) {
    recode(error, "VANGO_APPLY_FRAME");
  }
  for (const run of late) run();
}
