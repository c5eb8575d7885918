// Event capture: one delegated listener per event type, added when a template with that type becomes known. An event
// climbs from its target to the root; every element with a matching slot on the way gets it, through all instances.
// Invariants: options are honoured in the browser, so what does not match costs no traffic; an event that replaces the
// browser's own action is taken only when the page is live, else the browser acts.
import { eventSlots, listEvents, ownerOf, type DomElement, type EventFlags, type EventSlot } from "@vango/core/protocol";
import { isPlainClick } from "./clicks.js";
import { readPayload } from "./payload.js";
import { defer } from "./pending.js";
import { more, page, ready, submit } from "./session.js";

/** Event types that are listened to; 2 when some slot wants to prevent the default. */
const known: Record<string, number> = {};
/** Slots with `once` that have fired. */
const done = new WeakMap<Element, Set<number>>();

/** All slots for the event, innermost element first; those of the capture phase before them, outermost first. */
function route({ type, target, bubbles }: Event): [Element, EventSlot][] {
  const inner: [Element, EventSlot][] = [];
  const outer: [Element, EventSlot][] = [];
  for (let el = target as Element | null; el; el = bubbles ? el.parentElement : null) {
    const inst = el.getAttribute?.("v") && ownerOf(el as unknown as DomElement);
    for (const slot of inst ? eventSlots(inst, el as unknown as DomElement) : [])
      if (slot.type === type) {
        if (slot.options.c) outer.unshift([el, slot]);
        else inner.push([el, slot]);
      }
  }
  return outer.concat(inner);
}

/** The control whose value the event tells. While the page is not live that goes out later, as the value of the control. */
const controlOf = ({ type, target }: Event): EventTarget | undefined =>
  /^(input|change)$/.test(type) && "value" in target! ? target : undefined;

function run(ev: Event, real: boolean): boolean {
  let taken = false;
  let stopped: Element | undefined;
  for (const [el, { slot, fields, options }] of route(ev)) {
    const { k, f, o, p, s, v, d, t } = options;
    if (stopped && stopped !== el) break;
    if (
      (f && ev.target !== el) ||
      (o && done.get(el)?.has(slot)) ||
      (k && ((ev as KeyboardEvent).isComposing || !k.includes((ev as KeyboardEvent).key)))
    )
      continue;
    if (p && !v && real) {
      // Where the handler stands for the browser's own action, the browser keeps what is not ours to take.
      if (ev.type === "click" ? !isPlainClick(ev as MouseEvent, ready) : ev.type === "submit" && !ready) continue;
      ev.preventDefault();
    }
    if (s) {
      stopped = el;
      if (real) ev.stopPropagation();
    }
    if (o) done.set(el, (done.get(el) ?? new Set()).add(slot));
    taken = true;
    const payload = readPayload(fields, ev, el);
    const send = (): void => {
      const control = controlOf(ev);
      if (control && !ready) more!.edit(control);
      else submit(el, slot, payload, control);
    };
    const wait = real && (d ?? t);
    if (wait) defer(el, slot, wait, d === undefined, send);
    else send();
  }
  return taken;
}

const take = (ev: Event): void => {
  if (ready || !controlOf(ev)) run(ev, true);
  if (ev.type === "click") more?.click(ev as MouseEvent);
};
// Events that do not bubble are met in the capture phase, the others after the elements' own listeners.
const takeBubbling = (ev: Event): unknown => ev.bubbles && take(ev);
const takeOther = (ev: Event): unknown => ev.bubbles || take(ev);

/** Listens to the event type of a slot that has become known. */
export function learn(type: string, { p, v }: EventFlags): void {
  const level = p && !v ? 2 : 1;
  if ((known[type] ?? 0) >= level) return;
  known[type] = level;
  const passive = level < 2;
  // The same function again would keep the options of the first time.
  document.removeEventListener(type, takeBubbling);
  document.addEventListener(type, takeBubbling, { passive });
  document.removeEventListener(type, takeOther, true);
  document.addEventListener(type, takeOther, { passive, capture: true });
}

/** Starts event capture. */
export function capture(): void {
  learn("click", { p: true });
  for (const template of page.templates) listEvents(template, learn);
}

/** Runs the slots of `type` from `target` up, as if the event had come. Tells whether one took it. */
export const fire = (type: string, target: Element): boolean =>
  run({ type, target, bubbles: true } as unknown as Event, false);
