// A live page as its client tells it in JOIN's `now`: structure, ids and what is known of keys. The browser's own is
// packages/client/src/more/describe.ts, which shares the entry's state; this one is for pages that live in Node.
import type { JoinNow } from "../protocol/client-messages.js";
import { fail } from "../protocol/wire-error.js";
import type { DomNode } from "./dom.js";
import { nodeOf, type Inst, type Page, type Range } from "./page.js";
import { tableOf, type Slot } from "./table.js";

/** The items of a range in document order, found from its end; the set does not keep their order. */
function itemsOf(inst: Inst, slot: Slot): Inst[] {
  const range = inst.ranges?.[slot.slot];
  const out: Inst[] = [];
  if (!range?.items.size) return out;
  const end = nodeOf(inst, slot);
  for (let node = slot.kind === "s" ? end.lastChild : end.previousSibling; out.length < range.items.size; node = node.previousSibling) {
    if (!node) return fail("VANGO_APPLY_STRUCTURE", inst.id);
    const item = itemAt(node, range);
    if (item && out[out.length - 1] !== item) out.push(item);
  }
  return out.reverse();
}

/** The item of `range` whose root the node is, or stands below. */
function itemAt(node: DomNode, range: Range): Inst | undefined {
  let item = node.$v;
  while (item && item.range !== range) item = item.range?.up;
  return item;
}

/** Describes a page as it is now. `keyOf` gives the key hash of an instance, 0 when it is not known. */
export function describePage(page: Page, keyOf: (inst: Inst) => number = () => 0): JoinNow {
  const s: number[] = [];
  const i: number[] = [];
  const k: number[] = [];
  let next = 0;
  const content = (inst: Inst): void => {
    for (const slot of tableOf(inst.tpl).ranges) {
      const items = itemsOf(inst, slot);
      const runs: Inst[][] = [];
      for (const item of items) {
        const run = runs[runs.length - 1];
        if (run?.[0]?.tpl === item.tpl) run.push(item);
        else runs.push([item]);
        if (item.id === next) i[i.length - 1] = (i[i.length - 1] as number) + 1;
        else i.push(item.id, 1);
        next = item.id + 1;
        k.push(keyOf(item));
      }
      s.push(runs.length);
      for (const run of runs) {
        const flat = !run.some((item) => item.ranges?.some((range) => range?.items.size));
        s.push(page.templates.indexOf((run[0] as Inst).tpl) * 2 + (flat ? 1 : 0), run.length);
        if (!flat) run.forEach(content);
      }
    }
  };
  content(page.insts.get(0) ?? fail("VANGO_APPLY_STRUCTURE"));
  // A number that was given to a template and never defined is a hole.
  const t = Array.from(page.templates, (template) => (template ? [template.id, template.table] : ["", ""])).slice(2).flat();
  return { t, s, i, ...(k.some((hash) => hash !== 0) ? { k } : {}) };
}
