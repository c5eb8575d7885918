// Reads the wanted fields of a DOM event. Invariant: what leaves is plain data, never an object of the DOM; a field that
// neither the event nor its elements have is left out.
import { more } from "./session.js";

/** What is read when the handler's wishes are unknown: those of these that the event has. */
const DEFAULTS = "key code repeat button buttons clientX clientY ctrlKey shiftKey altKey metaKey deltaX deltaY oldState newState";

/** A field of the event, else of the control it came from, else of the element with the handler. */
function field(name: string, ev: Event, el: Element): unknown {
  for (const source of [ev, ev.target!, el]) {
    const value = source[name as never] as unknown;
    if (value !== undefined && Object(value) !== value) return value;
  }
  return more?.field(name, ev);
}

/**
 * The payload of an event. `wanted` is the template's list: names, empty for nothing, undefined for the defaults of the
 * type. `ev` may be a stand-in `{ type, target }` for a control whose value is reported without an event.
 */
export function readPayload(wanted: readonly string[] | undefined, ev: Event, el: Element): object | undefined {
  const { type } = ev;
  const names =
    wanted ??
    (/^(input|change)$/.test(type)
      ? ["value", "checked"]
      : type === "submit"
        ? ["data", "submitter"]
        : DEFAULTS.split(" ").filter((name) => name in ev));
  if (names[0]) return Object.fromEntries(names.map((name) => [name, field(name, ev, el)]));
}
