// Take-over: finds the instances of a server-rendered page by position, once, with the structure in the boot blob.
// Foreign elements and comments are stepped over; a place that does not fit throws VANGO_APPLY_STRUCTURE, and the client
// asks for a fresh render. A flat row costs one Inst and one expando; its slots are found when they are first patched.
import type { Boot } from "../protocol/boot.js";
import { TABLE_F, TABLE_R } from "../protocol/kinds.js";
import { fail } from "../protocol/wire-error.js";
import { isAnchor, type DomDocument, type DomNode } from "./dom.js";
import { addInst, mark, rangeOf, walk, type Inst, type Page } from "./page.js";
import { tableOf, type ClientTemplate, type Slot } from "./table.js";

/** Resolves the structure of `doc` and marks the root nodes of every instance. */
export function takeOver(doc: DomDocument, boot: Boot): Page {
  const structure = boot.s;
  const templates: ClientTemplate[] = [
    { id: "F", table: TABLE_F, html: "<!>" },
    { id: "R", table: TABLE_R },
  ];
  for (let i = 0; i < boot.t.length; i += 2) templates.push({ id: boot.t[i]!, table: boot.t[i + 1]! });
  const page: Page = { doc, insts: new Map(), epoch: 0, templates };
  let at = 0;
  let nextId = 0;

  const num = (): number => structure[at++] ?? fail("APPLY_STRUCTURE", "end of boot.s");
  const template = (code: number): ClientTemplate => templates[code >> 1] ?? fail("APPLY_STRUCTURE", "template " + code);
  /** Steps over one content in the structure and returns how many items it has. */
  const skip = (): number => {
    let total = 0;
    for (let runs = num(); runs--; ) {
      const code = num();
      const count = num();
      total += count;
      if (!(code & 1)) for (let i = count * tableOf(template(code)).ranges.length; i--; ) skip();
    }
    return total;
  };
  /** The next root named `name` at or after `node`: other elements and comments are foreign, an anchor is not. */
  const match = (node: DomNode | null, name: string): DomNode => {
    for (; node; node = node.nextSibling) {
      if (isAnchor(node) ? name === "!" : node.nodeType === 1 && (node as { localName?: string }).localName === name) return node;
      if (isAnchor(node)) break;
    }
    return fail("APPLY_STRUCTURE", name + " at " + at);
  };

  /** Takes the instance whose roots begin at or after `node`; returns its last root. */
  const take = (inst: Inst, flat: number, node: DomNode | null): DomNode => {
    const { roots, ranges } = tableOf(inst.tpl);
    let r = 0;
    for (let k = 0; k < roots.length; k++) {
      let slot = flat ? undefined : ranges[r];
      if (slot && slot.kind === "c" && slot.path.length < 2 && slot.path[0] === k) {
        node = content(inst, slot, node);
        slot = ranges[++r];
      }
      mark(inst, (node = match(node, roots[k]!)));
      for (; slot && slot.path[0] === k; slot = ranges[++r]) {
        // Content starts behind the counted node before the anchor, or at the start of the parent.
        const { kind, path } = slot;
        const last = path.length - 1;
        const index = path[last]!;
        content(
          inst,
          slot,
          kind === "s" ? walk(inst, path).firstChild
          : index ? walk(inst, [...path.slice(0, last), index - 1]).nextSibling
          : walk(inst, path, last).firstChild,
        );
      }
      node = node.nextSibling;
    }
    return inst.last;
  };

  /** Takes the content of a range that begins at `node`; returns the range's anchor, if it has one. */
  const content = (up: Inst, slot: Slot, node: DomNode | null): DomNode | null => {
    const start = at;
    const runs = num();
    if (runs) {
      // All items of the range are numbered before anything inside them: with several runs their number must be known first.
      at = start;
      const total = runs < 2 ? (structure[at + 2] ?? 0) : skip();
      at = start + 1;
      const range = rangeOf(up, slot.slot);
      let id = nextId;
      nextId += total;
      for (let i = 0; i < runs; i++) {
        const code = num();
        const tpl = template(code);
        for (let count = num(); count--; ) node = take(addInst(page, id++, tpl, range), code & 1, node).nextSibling;
      }
    }
    return slot.kind === "c" ? ((up.nodes ??= [])[slot.slot] = match(node, "!")) : node;
  };

  const root = addInst(page, nextId++, templates[1]!, undefined);
  take(root, 0, doc.documentElement && doc.documentElement.firstChild);
  if (at < structure.length) fail("APPLY_STRUCTURE", "boot.s is longer than the page");
  return page;
}
