// Applies one patch frame to a page. Operations are executed as they are read: nothing is built in between but the
// nodes themselves. New rows are filled while detached and go in through one fragment per INSERT.
import { decodePayload } from "../protocol/decode-payload.js";
import { Ext, Op } from "../protocol/kinds.js";
import { LIMITS } from "../protocol/limits.js";
import { readFrame } from "../protocol/reader.js";
import { fail } from "../protocol/wire-error.js";
import { counts, type DomDocument, type DomElement, type DomNode, type DomTemplate } from "./dom.js";
import { addInst, listEvents, mark, nodeOf, rangeOf, startOf, walk, type Inst, type Page, type Range } from "./page.js";
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
}

/** A value on the wire: 0 absent or false, 1 empty or true, else the text. */
type Value = string | 0 | 1;

/** The template's HTML, parsed once: its only root node, or a fragment of several. */
function protoOf(doc: DomDocument, tpl: ClientTemplate): DomNode {
  if (!tpl.proto) {
    const { space } = tableOf(tpl);
    const template = doc.createElement("template") as DomTemplate;
    const fragment = doc.createDocumentFragment();
    template.innerHTML = space ? `<${space}>${tpl.html}</${space}>` : (tpl.html ?? "");
    const parent = space ? template.content.firstChild! : template.content;
    while (parent.firstChild) fragment.insertBefore(parent.firstChild, null);
    tpl.proto = fragment.firstChild === fragment.lastChild ? fragment.firstChild : fragment;
  }
  return (tpl.proto as DomNode | null) ?? fail("APPLY_TARGET", "no html: " + tpl.id);
}

/** Executes the PATCH body that begins at `offset` (its opsLength). Throws a WireError where the frame does not fit. */
export function applyFrame(page: Page, frame: Uint8Array, offset: number, fx: Effects): void {
  const { doc, insts, templates } = page;
  const { uint, take, str, raw, more, end } = readFrame(frame, offset);
  const late: (() => void)[] = [];

  const instOf = (id: number): Inst => insts.get(id) ?? fail("APPLY_TARGET", id);
  const slotOf = (inst: Inst, n: number): Slot => tableOf(inst.tpl).slots[n] ?? fail("APPLY_TARGET", inst.id + ":" + n);
  const value = (): Value => {
    const n = uint();
    return n > 1 ? take(n - 2) : n ? 1 : 0;
  };

  const write = (el: DomElement, { kind }: Slot, name: string, v: Value): void => {
    const text = v ? (v === 1 ? "" : v) : "";
    const props = el as unknown as Record<string, unknown>;
    const set = (key: string, next: unknown): void => {
      if (props[key] !== next) props[key] = next;
    };
    if (kind === "h") el.innerHTML = text;
    else if (kind === "x") {
      el.textContent = text;
      if ("value" in el) set("value", text);
    } else if (kind === "p") {
      const put = (): void => {
        if (typeof props[name] === "boolean") set(name, v !== 0);
        else {
          set(name, text);
          if (v === 0) el.removeAttribute(name);
        }
      };
      // A select takes its value from its options, which may come later in this frame.
      if (el.localName === "select") late.unshift(put);
      else put();
    } else if (v === 0) el.removeAttribute(name);
    else el.setAttribute(name, text);
  };

  /** Text of a range without items: one text node is kept, others beside it go. */
  const setText = (inst: Inst, slot: Slot, text: string): void => {
    const node = nodeOf(inst, slot);
    if (slot.kind === "s") {
      const only = node.firstChild;
      if (only && only.nodeType === 3 && !only.nextSibling) only.data = text;
      else node.textContent = text;
      return;
    }
    let kept: DomNode | undefined;
    let before = node.previousSibling;
    while (before && !counts(before)) {
      const text = before;
      before = text.previousSibling;
      if (text.nodeType === 3) {
        if (kept) kept.parentNode!.removeChild(kept);
        kept = text;
      }
    }
    if (kept) kept.data = text;
    else if (text) node.parentNode!.insertBefore(doc.createTextNode(text), node);
  };
  const forget = (inst: Inst): void => {
    insts.delete(inst.id);
    inst.ranges?.forEach((range) => range!.items.forEach(forget));
  };
  /** Takes an item away; `by` stands in its place. */
  const remove = (item: Inst, by?: DomNode): void => {
    const { last, range } = item;
    const parent = last.parentNode;
    forget(item);
    (range ?? fail("APPLY_TARGET", item.id)).items.delete(item);
    if (!parent) return;
    for (let node: DomNode | null = startOf(item), next; node && node !== last; node = next) {
      next = node.nextSibling;
      parent.removeChild(node);
    }
    if (by) parent.replaceChild(by, last);
    else parent.removeChild(last);
  };
  const clear = (inst: Inst, slot: Slot): void => {
    const items = inst.ranges?.[slot.slot]?.items;
    if (slot.kind === "s") {
      items?.forEach(forget);
      items?.clear();
      nodeOf(inst, slot).textContent = "";
    } else if (items?.size) items.forEach((item) => remove(item));
    else setText(inst, slot, "");
  };

  /** Where the items of a range stand: parent, and the node that ends the range. */
  const parentOf = (slot: Slot, node: DomNode): DomNode => (slot.kind === "s" ? node : node.parentNode!);
  const endOf = (slot: Slot, node: DomNode): DomNode | null => (slot.kind === "s" ? null : node);
  /** The node before which an item goes: `before` is an item's id + 1, or 0 for the end. */
  const refOf = (range: Range, slot: Slot, before: number): DomNode | null => {
    if (!before) return endOf(slot, nodeOf(range.up, slot));
    const item = instOf(before - 1);
    return item.range === range ? startOf(item) : fail("APPLY_TARGET", before - 1);
  };

  /** Reads one row into a new item before `ref`; `parent` is not connected. */
  const row = (parent: DomNode, ref: DomNode | null, range: Range, tpl: ClientTemplate, id: number): void => {
    if (insts.has(id)) fail("APPLY_TARGET", id);
    const node = doc.importNode(protoOf(doc, tpl), true);
    const item = addInst(page, id, tpl, range);
    if (node.nodeType === 11) {
      for (let root = node.firstChild; root; root = root.nextSibling) if (counts(root)) mark(item, root);
    } else mark(item, node);
    parent.insertBefore(node, ref);
    for (const slot of tableOf(tpl).slots) {
      if (slot.kind === "e") continue;
      if (slot.kind === "c" || slot.kind === "s") {
        const runs = uint();
        const length = runs ? 1 : uint();
        if (!length) continue;
        const at = walk(item, slot.path);
        if (runs) for (let i = 0; i < runs; i++) rows(parentOf(slot, at), endOf(slot, at), rangeOf(item, slot.slot));
        else parentOf(slot, at).insertBefore(doc.createTextNode(take(length)), endOf(slot, at));
      } else
        for (let n = slot.kind === "z" ? uint() : 1; n--; ) {
          const name = slot.kind === "z" ? str() : slot.name;
          const v = value();
          if (v !== 0) write(walk(item, slot.path) as DomElement, slot, name, v);
        }
    }
  };
  /** Reads a run: template, first id, count, rows. */
  const rows = (parent: DomNode, ref: DomNode | null, range: Range): void => {
    const tpl = template(uint());
    let id = uint();
    const count = uint();
    if (count > LIMITS.run) fail("WIRE_SIZE", count);
    for (const stop = id + count; id < stop; id++) row(parent, ref, range, tpl, id);
  };
  const template = (index: number): ClientTemplate => templates[index] ?? fail("APPLY_TARGET", "template " + index);

  const extension = (code: number): void => {
    if (code === Ext.TEMPLATE) {
      const index = uint();
      const id = str();
      const table = str();
      const html = str();
      if (templates[index]?.id !== id) listEvents((templates[index] = { id, table }), fx.event);
      if (html) templates[index]!.html = html;
    } else if (code === Ext.URL) {
      const mode = uint();
      const scroll = uint();
      fx.url(mode, str(), scroll > 0);
    } else if (code === Ext.EMIT) {
      const name = str();
      const detail = decodePayload(raw(uint()));
      late.push(() => fx.emit(name, detail));
    } else if (code === Ext.EPOCH) page.epoch = uint();
    else fail("WIRE_KIND", code);
  };

  while (more()) {
    const head = uint();
    const op = head % 8;
    if (op === Op.EXT) {
      extension((head - op) / 8);
      continue;
    }
    const inst = instOf((head - op) / 8);
    const range = inst.range;
    if (op === Op.REMOVE) for (let n = uint(), id = inst.id; n--; ) remove(instOf(id++));
    else if (op === Op.MOVE || op === Op.REPLACE) {
      if (!range) return fail("APPLY_TARGET", inst.id);
      if (op === Op.REPLACE) {
        const fragment = doc.createDocumentFragment();
        row(fragment, null, range, template(uint()), uint());
        remove(inst, fragment);
      } else {
        const slot = slotOf(range.up, range.slot);
        const ref = refOf(range, slot, uint());
        const parent = inst.last.parentNode!;
        const move = parent.moveBefore && parent.isConnected ? "moveBefore" : "insertBefore";
        for (let node: DomNode | null = startOf(inst), next; node; node = next) {
          next = node === inst.last ? null : node.nextSibling;
          parent[move]!(node, ref);
        }
      }
    } else {
      const slot = slotOf(inst, uint());
      const child = slot.kind === "c" || slot.kind === "s";
      if (slot.kind === "e" || (op > Op.FLAG && !child)) fail("APPLY_TARGET", inst.id + ":" + slot.slot);
      const filled = inst.ranges?.[slot.slot]?.items.size;
      if (op === Op.CLEAR) clear(inst, slot);
      else if (op === Op.INSERT) {
        if (!filled) clear(inst, slot);
        const items = rangeOf(inst, slot.slot);
        const ref = refOf(items, slot, uint());
        const fragment = doc.createDocumentFragment();
        rows(fragment, null, items);
        parentOf(slot, nodeOf(inst, slot)).insertBefore(fragment, ref);
      } else {
        const flag = op === Op.FLAG && (uint() ? 1 : 0);
        const name = slot.kind === "z" ? str() : slot.name;
        const v = flag === false ? str() : flag;
        if (!child) write(nodeOf(inst, slot) as DomElement, slot, name, v);
        else {
          if (filled) clear(inst, slot);
          setText(inst, slot, typeof v === "string" ? v : "");
        }
      }
    }
  }
  end();
  for (const run of late) run();
}
