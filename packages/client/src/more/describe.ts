// The live page as a boot structure: what JOIN carries when the DOM is no longer what the boot blob describes.
// Invariant: `takeOver` of the same document with this structure finds the same instances and numbers them in preorder,
// as the server does.
import type { Inst, Page } from "@vango/core/protocol";
import type { Host, JoinPart } from "../part.js";

const FOLLOWING = 4;

/** The items of a range in document order; a set does not keep their order. */
function itemsOf(inst: Inst, slot: number): Inst[] {
  const items = [...(inst.ranges?.[slot]?.items ?? [])];
  return items.sort((a, b) => ((a.first as Node).compareDocumentPosition(b.first as Node) & FOLLOWING ? -1 : 1));
}

/** Describes a page as it is now. */
export function describe(page: Page, { tableOf }: Host): JoinPart["now"] {
  const s: number[] = [];
  const content = (inst: Inst): void => {
    for (const { slot } of tableOf(inst.tpl).ranges) {
      const runs: Inst[][] = [];
      let last: Inst | undefined;
      for (const item of itemsOf(inst, slot)) {
        if (last?.tpl === item.tpl) runs[runs.length - 1]!.push(item);
        else runs.push([item]);
        last = item;
      }
      s.push(runs.length);
      for (const run of runs) {
        const flat = !run.some((item) => item.ranges?.some((range) => range?.items.size));
        s.push(page.templates.indexOf(run[0]!.tpl) * 2 + +flat, run.length);
        if (!flat) run.forEach(content);
      }
    }
  };
  content(page.insts.get(0)!);
  return { t: page.templates.slice(2).flatMap((template) => [template.id, template.table]), s };
}
