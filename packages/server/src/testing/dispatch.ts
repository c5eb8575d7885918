/**
 * Events of the light DOM as the browser runtime captures them: from the target through all instances to the root, with the
 * options of each slot honoured on this side. The twin of `events.ts` of @vango/client.
 */
import { eventSlots, ownerOf, type EventSlot } from "@vango/core/protocol";
import type { LightElement } from "@vango/core/testing";
import type { Clock } from "../session-port.js";
import { isToggle, valueOf } from "./controls.js";

/** Fields of an event, as a test gives them. */
export type EventInit = Readonly<Record<string, unknown>>;
/** Sends an event of a slot; the element says which instance. */
export type Submit = (el: LightElement, slot: number, payload: object | undefined) => void;

const MODIFIERS = { ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };
const MOUSE = { button: 0, buttons: 0, clientX: 0, clientY: 0, ...MODIFIERS };
const KEY = { key: "", code: "", repeat: false, ...MODIFIERS };
const STAYS = /^(focus|blur|load|error|scroll|toggle|(mouse|pointer)(enter|leave))$/;

const initOf = (type: string): EventInit => (type.startsWith("key") ? KEY : /click|mouse|pointer|menu|drag|drop|wheel/.test(type) ? MOUSE : {});

export class Dispatcher {
  readonly #once = new WeakMap<LightElement, Set<number>>();
  readonly #waiting = new Map<string, { send: (() => void) | undefined; timer: unknown }>();
  readonly #ids = new WeakMap<LightElement, number>();
  #nextId = 0;

  constructor(
    readonly clock: Clock,
    readonly submit: Submit,
  ) {}

  /** Runs the event; true when a slot has prevented the browser's own action. */
  fire(target: LightElement, type: string, given: EventInit = {}): boolean {
    const init: EventInit = { ...initOf(type), ...given };
    let prevented = false;
    let stopped: LightElement | undefined;
    for (const [el, { slot, fields, options }] of route(target, type)) {
      const { k, f, o, p, s, v, d, t } = options;
      if (stopped !== undefined && stopped !== el) break;
      const fired = this.#once.get(el) ?? new Set<number>();
      if ((f === true && target !== el) || (o === true && fired.has(slot)) || (k !== undefined && !k.includes(String(init["key"])))) continue;
      if (p === true && v !== true) prevented = true;
      if (s === true) stopped = el;
      if (o === true) this.#once.set(el, fired.add(slot));
      const payload = payloadOf(fields, type, init, target, el);
      const send = (): void => {
        this.flush();
        this.submit(el, slot, payload);
      };
      if (d !== undefined) this.#defer(el, slot, d, false, send);
      else if (t !== undefined) this.#defer(el, slot, t, true, send);
      else send();
    }
    return prevented;
  }

  /** Sends all that is debounced, as it must before any other event. */
  flush(): void {
    for (const entry of this.#waiting.values()) {
      const { send } = entry;
      entry.send = undefined;
      send?.();
    }
  }

  #defer(el: LightElement, slot: number, ms: number, leading: boolean, send: () => void): void {
    const id = this.#ids.get(el) ?? this.#nextId++;
    this.#ids.set(el, id);
    const key = `${id}:${slot}`;
    const old = this.#waiting.get(key);
    if (old !== undefined) {
      if (leading) {
        old.send = send;
        return;
      }
      this.clock.clearTimer(old.timer);
    }
    if (leading) send();
    const entry: { send: (() => void) | undefined; timer: unknown } = { send: leading ? undefined : send, timer: undefined };
    this.#waiting.set(key, entry);
    entry.timer = this.clock.setTimer(ms, () => {
      this.#waiting.delete(key);
      if (entry.send !== undefined && leading) this.#defer(el, slot, ms, leading, entry.send);
      else entry.send?.();
    });
  }
}

/** Slots for the event, innermost element first; those of the capture phase before them, outermost first. */
function route(target: LightElement, type: string): [LightElement, EventSlot][] {
  const inner: [LightElement, EventSlot][] = [];
  const outer: [LightElement, EventSlot][] = [];
  let el: LightElement | null = target;
  while (el !== null) {
    const inst = el.hasAttribute("v") ? ownerOf(el) : undefined;
    for (const slot of inst === undefined ? [] : eventSlots(inst, el)) {
      if (slot.type !== type) continue;
      if (slot.options.c === true) outer.unshift([el, slot]);
      else inner.push([el, slot]);
    }
    el = STAYS.test(type) || el.parentNode?.nodeType !== 1 ? null : (el.parentNode as LightElement);
  }
  return outer.concat(inner);
}

/** The wanted fields; what neither the event nor its elements have is left out. */
function payloadOf(wanted: readonly string[] | undefined, type: string, init: EventInit, target: LightElement, el: LightElement): object | undefined {
  const names = wanted ?? (/^(input|change)$/.test(type) ? ["value", "checked"] : type === "submit" ? ["data", "submitter"] : Object.keys(init));
  if (names.length === 0) return undefined;
  const field = (name: string): unknown => (name in init ? init[name] : (ofElement(target, name) ?? ofElement(el, name)));
  return Object.fromEntries(names.map((name) => [name, field(name)]).filter(([, value]) => value !== undefined));
}

function ofElement(el: LightElement, name: string): unknown {
  if (name === "value") return valueOf(el);
  if (name === "checked") return isToggle(el) ? el.hasAttribute("checked") : el.localName === "input" ? false : undefined;
  return el.getAttribute(name) ?? undefined;
}
