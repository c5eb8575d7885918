// The live page as a boot structure with ids and keys: what JOIN carries when the DOM is no longer what the boot blob
// describes. Invariant: `takeOver` of the same document with this structure finds the same instances, in this order.
import type { Inst, JoinNow } from "@vango/core/protocol";
import { host } from "./host.js";
import { keyOf } from "./keys.js";

const FOLLOWING = 4;

/** The items of a range in document order; a set does not keep their order. One that a bad frame left outside is none. */
function itemsOf(inst: Inst, slot: number): Inst[] {
  const items = [...(inst.ranges?.[slot]?.items ?? [])].filter((item) => item.first?.isConnected);
  return items.sort((a, b) => ((a.first as Node).compareDocumentPosition(b.first as Node) & FOLLOWING ? -1 : 1));
}

/** Describes a page as it is now. */
export function describe(): JoinNow {
  const { templates, insts } = host.page();
  const s: number[] = [];
  const i: number[] = [];
  const k: number[] = [];
  let next: number;
  const content = (inst: Inst): void => {
    for (const { slot } of host.tableOf(inst.tpl).ranges) {
      const runs: Inst[][] = [];
      let last: Inst | undefined;
      for (const item of itemsOf(inst, slot)) {
        if (last?.tpl === item.tpl) runs[runs.length - 1]!.push(item);
        else runs.push([item]);
        last = item;
        if (item.id === next) i[i.length - 1]!++;
        else i.push(item.id, 1);
        next = item.id + 1;
        k.push(keyOf(item));
      }
      s.push(runs.length);
      for (const run of runs) {
        const flat = !run.some((item) => item.ranges?.some((range) => range?.items.size));
        s.push(templates.indexOf(run[0]!.tpl) * 2 + +flat, run.length);
        if (!flat) run.forEach(content);
      }
    }
  };
  content(insts.get(0)!);
  // A number that the server has given to a template and not defined is a hole.
  const t = Array.from(templates.slice(2), (template) => [template?.id ?? "", template?.table ?? ""]).flat();
  return { t, s, i, ...(k.some((key) => key) && { k }) };
}
