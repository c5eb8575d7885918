// From (instance, slot) to the handler of the current render. Handlers are not kept: the evaluator, or for a packed row the row
// function, gives it again; both are pure.
import type { Owner } from "../live/cell.js";
import { EachContent } from "../live/each-content.js";
import { Inst, type SlotSub } from "../live/inst.js";
import type { HeardPlace } from "../live/heard-value.js";
import { itemsOf } from "../live/sync.js";
import { wireOf } from "../live/item.js";
import { F } from "../template/builtin.js";
import type { Template } from "../template/define.js";
import { EVENT } from "../template/kinds.js";
import { ViewNode, type Evaluator } from "../view/view-node.js";

/** What was found. One object for all events: read it before the handler runs. */
export interface FoundHandler extends HeardPlace {
  /** Anything but a function does nothing. */
  handler: unknown;
  /** DOM event type of the slot. */
  type: string;
  tpl: Template;
  vals: unknown[];
  subs: SlotSub | undefined;
  row: number;
  /** The component or row that the element belongs to. */
  cell: Owner | undefined;
  /** The instance that has the slot; undefined in packed rows. */
  inst: Inst | undefined;
}

const found: FoundHandler = { handler: undefined, type: "", tpl: F, vals: [], subs: undefined, row: -1, cell: undefined, inst: undefined };

/** The instance is alive and has no such event slot: no page that we rendered sends that. */
export const WRONG_SLOT = "wrong-slot";

function find(inst: Inst | undefined, tpl: Template, slot: number, ev: Evaluator, vals: unknown[], subs: SlotSub | undefined, row: number, cell: Owner): FoundHandler | typeof WRONG_SLOT {
  if (tpl.kinds[slot] !== EVENT) return WRONG_SLOT;
  found.handler = ev(slot);
  found.inst = inst;
  found.type = tpl.names[slot] as string;
  found.tpl = tpl;
  found.vals = vals;
  found.subs = subs;
  found.row = row;
  found.cell = cell;
  return found;
}

/** As `findHandler`, of an instance that is known. */
export function handlerOf(inst: Inst, slot: number): FoundHandler | typeof WRONG_SLOT {
  return find(inst, inst.tpl, slot, inst.ev, inst.vals, inst.subs, -1, inst.cell);
}

/** Undefined when no live instance has this id. */
export function findHandler(inst: Inst, id: number, slot: number): FoundHandler | typeof WRONG_SLOT | undefined {
  if (inst.id === id) return handlerOf(inst, slot);
  for (const at of inst.tpl.childSlots) {
    const content = inst.vals[at];
    if (typeof content !== "object") continue;
    if (content instanceof EachContent && content.cells === undefined) {
      const row = content.ids.indexOf(id);
      if (row < 0) continue;
      const v = content.view.row(content.items[row]);
      return v instanceof ViewNode ? find(undefined, v.template, slot, v.ev, content.vals, undefined, row, inst.cell) : WRONG_SLOT;
    }
    if (content instanceof Inst) {
      const result = findHandler(content, id, slot);
      if (result !== undefined) return result;
      continue;
    }
    for (const item of itemsOf(content)) {
      const result = findHandler(wireOf(item), id, slot);
      if (result !== undefined) return result;
    }
  }
  return undefined;
}
