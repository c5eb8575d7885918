// What the browser's control shows is known from its own event: the value that came with it is the slot's last sent value. So a
// handler that keeps it sends nothing back (no echo runs over what is typed meanwhile), and one that wants another value sends it,
// even when the server's own value did not change.
import { DIRTY } from "../reactive/system.js";
import type { Template } from "../template/define.js";
import { PROP } from "../template/kinds.js";
import type { SlotSub } from "./inst.js";
import { wireValue } from "./values.js";

/** The element that an event came from, as far as the server keeps it. */
export interface HeardPlace {
  readonly tpl: Template;
  /** Of the instance by slot, or packed, `tpl.emit.length` a row. */
  readonly vals: unknown[];
  /** Row of a packed list, or -1. */
  readonly row: number;
  /** First slot subscriber of the instance; undefined for packed rows. */
  readonly subs: SlotSub | undefined;
}

/** Takes over the value of an `input` or `change` event. Gives the slot's subscriber, which the flush has to run. */
export function hearValue(place: HeardPlace, eventSlot: number, event: unknown): SlotSub | undefined {
  const { tpl, vals } = place;
  const slot = controlSlot(tpl, eventSlot);
  if (slot < 0 || typeof event !== "object" || event === null) return undefined;
  const name = tpl.names[slot] as "value" | "checked";
  const value = (event as Partial<Record<string, unknown>>)[name];
  if (typeof value !== (name === "value" ? "string" : "boolean")) return undefined;
  vals[place.row < 0 ? slot : place.row * tpl.emit.length + tpl.emit.indexOf(slot)] = wireValue(PROP, name, value);
  let sub = place.subs;
  while (sub !== undefined && sub.slot !== slot) sub = sub.next;
  if (sub !== undefined) sub.flags |= DIRTY;
  return sub;
}

const known = new WeakMap<Template, Map<number, number>>();

/** The `value` or `checked` slot of the element that has the event slot, or -1. */
function controlSlot(tpl: Template, eventSlot: number): number {
  let slots = known.get(tpl);
  if (slots === undefined) known.set(tpl, (slots = new Map()));
  let slot = slots.get(eventSlot);
  if (slot === undefined) slots.set(eventSlot, (slot = findControlSlot(tpl, eventSlot)));
  return slot;
}

/** An element's `v` attribute stands before its dynamic attributes, and a textarea's value right behind its start tag. */
function findControlSlot({ statics, emit, kinds, names, asText }: Template, eventSlot: number): number {
  const isControl = (slot: number): boolean => kinds[slot] === PROP && (names[slot] === "value" || names[slot] === "checked");
  for (let e = 0; e < emit.length; e++) {
    for (const found of (statics[e] as string).matchAll(/ v="([\d,]+)"/g)) {
      if (!(found[1] as string).split(",").includes(String(eventSlot))) continue;
      let rest = (statics[e] as string).slice(found.index + found[0].length);
      for (let i = e; i < emit.length; rest = statics[++i] as string) {
        const slot = emit[i] as number;
        const open = !rest.replace(/"[^"]*"/g, "").includes(">");
        if ((open || (asText[slot] === 1 && rest.endsWith(">") && rest.indexOf("<") < 0)) && isControl(slot)) return slot;
        if (!open) return -1;
      }
    }
  }
  return -1;
}
