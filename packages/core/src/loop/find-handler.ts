// From (instance, slot) to the handler of the current render. Handlers are not kept: the evaluator, or for a packed row the row
// function, gives it again; both are pure.
import { EachContent } from "../live/each-content.js";
import type { Inst } from "../live/inst.js";
import type { HeardPlace } from "../live/heard-value.js";
import { itemsOf } from "../live/sync.js";
import { wireOf } from "../live/item.js";
import { EVENT } from "../template/kinds.js";
import { ViewNode } from "../view/view-node.js";

export interface FoundHandler {
  /** Anything but a function does nothing. */
  readonly handler: unknown;
  /** DOM event type of the slot. */
  readonly type: string;
  readonly place: HeardPlace;
}

/** Undefined when no event slot has this address. */
export function findHandler(inst: Inst, id: number, slot: number): FoundHandler | undefined {
  if (inst.id === id) {
    const { tpl, vals, subs } = inst;
    if (tpl.kinds[slot] !== EVENT) return undefined;
    return { handler: inst.ev(slot), type: tpl.names[slot] as string, place: { tpl, vals, subs, at: (s) => s } };
  }
  for (const at of inst.tpl.childSlots) {
    const content = inst.vals[at];
    if (typeof content !== "object") continue;
    if (content instanceof EachContent && content.cells === undefined) {
      const row = content.ids.indexOf(id);
      if (row < 0) continue;
      const v = content.view.row(content.items[row]);
      if (!(v instanceof ViewNode) || v.template.kinds[slot] !== EVENT) return undefined;
      const { template: tpl } = v;
      const { emit } = tpl;
      return { handler: v.ev(slot), type: tpl.names[slot] as string, place: { tpl, vals: content.vals, subs: undefined, at: (s) => row * emit.length + emit.indexOf(s) } };
    }
    for (const item of itemsOf(content)) {
      const found = findHandler(wireOf(item), id, slot);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
