// What a live tree is estimated to hold, in bytes: its instances and last sent values. An estimate, so that detached sessions
// can be bounded together; what user code holds is not seen.
import { EachContent } from "./each-content.js";
import type { Inst } from "./inst.js";
import { itemsOf } from "./sync.js";
import { wireOf } from "./item.js";

const INST = 200;
const SLOT = 16;
const RANGE = 150;

export function weighTree(inst: Inst): number {
  let bytes = INST + weighValues(inst.vals);
  for (const slot of inst.tpl.childSlots) {
    const content = inst.vals[slot];
    if (typeof content !== "object" || content === null) continue;
    bytes += RANGE;
    if (content instanceof EachContent && content.cells === undefined) bytes += content.ids.length * SLOT + weighValues(content.vals);
    else for (const item of itemsOf(content)) bytes += weighTree(wireOf(item));
  }
  return bytes;
}

function weighValues(vals: readonly unknown[]): number {
  let bytes = 0;
  for (const v of vals) bytes += SLOT + (typeof v === "string" ? v.length : 0);
  return bytes;
}
