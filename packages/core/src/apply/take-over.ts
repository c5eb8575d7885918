// Take-over: finds the instances of a server-rendered page by position, once, with the structure in the boot blob.
// Foreign elements and comments are stepped over; whatever does not fit throws VANGO_APPLY_STRUCTURE, and the client
// asks for a fresh render. A flat row costs one Inst and one expando; its slots are found when they are first patched.
import type { Boot } from "../protocol/boot.js";
import { TABLE_F, TABLE_R } from "../protocol/kinds.js";
import { fail, recode } from "../protocol/wire-error.js";
import { counts, type DomDocument, type DomNode } from "./dom.js";
import { mark, newInst, rangeOf, walk, type Inst, type Page, type Range } from "./page.js";
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

  const num = (): number => structure[at++] ?? fail("VANGO_APPLY_STRUCTURE", at);
  /** The next root named `name` at or after `node`: other elements and comments are foreign, an anchor is not. */
  const match = (node: DomNode | null, name: string): DomNode => {
    for (; node; node = node.nextSibling) {
      const found = counts(node) && (node.localName ?? "!");
      if (found === name) return node;
      if (found === "!") break;
    }
    return fail("VANGO_APPLY_STRUCTURE", [name, at]);
  };

  /** Takes the instance whose roots begin at or after `node`; returns what follows it. */
  const take = (inst: Inst, flat: number, node: DomNode | null): DomNode | null => {
    const { roots, ranges } = tableOf(inst.tpl);
    let r = 0;
    for (let k = 0; k < roots.length; k++) {
      let slot = flat ? undefined : ranges[r];
      if (slot && roots[k] === "!" && slot.path[0] === k) {
        node = content(inst, slot, node);
        slot = ranges[++r];
      }
      mark(inst, (node = match(node, roots[k]!)));
      for (; slot && slot.path[0] === k; slot = ranges[++r])
        content(inst, slot, slot.kind === "s" ? walk(inst, slot.path)!.firstChild : walk(inst, slot.path, true));
      node = node.nextSibling;
    }
    return node;
  };

  /** Takes the content of a range that begins at `node`; returns its anchor, if it has one. */
  const content = (up: Inst, slot: Slot, node: DomNode | null): DomNode | null => {
    let runs = num();
    const range = runs && rangeOf(up, slot);
    while (runs--) {
      const code = num();
      const tpl = templates[code >> 1]!;
      for (let count = num(); count--; ) node = take(newInst(0, tpl, range as Range), code & 1, node);
    }
    return slot.kind === "c" ? ((up.nodes ??= [])[slot.slot] = match(node, "!")) : node;
  };

  /** Gives ids: all items of a range before anything inside them. */
  let nextId = 0;
  const known = (inst: Inst): unknown => page.insts.set((inst.id = nextId++), inst);
  const number = (inst: Inst): void =>
    inst.ranges?.forEach((range) => {
      range!.items.forEach(known);
      range!.items.forEach(number);
    });

  try {
    const root = newInst(0, templates[1]!);
    take(root, 0, doc.documentElement!.firstChild);
    known(root);
    number(root);
    if (at < structure.length) fail("VANGO_APPLY_STRUCTURE", at);
  } catch (error) {
    recode(error, "VANGO_APPLY_STRUCTURE");
  }
  return page;
}
