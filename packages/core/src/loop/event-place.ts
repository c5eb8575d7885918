// How an error calls an event slot: its event, its element, its component.
import type { Owner } from "../live/cell.js";
import type { Template } from "../template/define.js";

export function eventPlace(handler: { readonly name: string }, type: string, tpl: Template, slot: number, cell: Owner | undefined): string {
  const name = handler.name === "" ? "" : ` ${handler.name}`;
  const tag = tagOf(tpl, slot);
  return `the "${type}" handler${name}${tag === undefined ? "" : ` of <${tag}>`} in ${cell?.label ?? "the page"}`;
}

/** The element of an event slot: static markup lists the event slots of an element in its attribute `v`. */
function tagOf(tpl: Template, slot: number): string | undefined {
  for (const [, tag, slots] of tpl.statics.join("").matchAll(/<([a-zA-Z][^\s>/]*)[^<>]*?\sv="?([\d, ]+)"?/g)) {
    if ((slots ?? "").split(/[, ]+/).includes(String(slot))) return tag;
  }
  return undefined;
}
