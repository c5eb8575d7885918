/**
 * From the payload of an EVENT to what a handler gets. The payload is untrusted: what does not fit is refused with a code,
 * and a handler never sees an object with a foreign prototype.
 */
import { serverError } from "../errors.js";

/** Fields that are always of one type. What a handler declares as text must not come as a map that some other code trusts. */
const TYPES: Readonly<Record<string, "string" | "number" | "boolean">> = {
  key: "string", code: "string",
  checked: "boolean", repeat: "boolean", ctrlKey: "boolean", shiftKey: "boolean", altKey: "boolean", metaKey: "boolean",
  button: "number", buttons: "number", clientX: "number", clientY: "number", deltaX: "number", deltaY: "number",
};
/** Events whose `value` is a control's: text. */
const OF_CONTROLS = new Set(["input", "change", "beforeinput"]);

function typeOf(name: string, event: string): string | undefined {
  return name === "value" && OF_CONTROLS.has(event) ? "string" : Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
}

/** An event as handlers see it: its fields; `submit` has its data as FormData. */
export function eventOf(type: string, payload: unknown): Record<string, unknown> {
  const event: Record<string, unknown> = { type };
  if (payload === undefined || payload === null) return event;
  if (typeof payload !== "object" || Array.isArray(payload) || payload instanceof Uint8Array) {
    throw serverError("VANGO_EVENT_PAYLOAD", { message: `It is ${Array.isArray(payload) ? "a list" : typeof payload}.` });
  }
  for (const [name, value] of Object.entries(payload)) {
    if (name === "type") continue;
    const wanted = typeOf(name, type);
    if (wanted !== undefined && value !== null && typeof value !== wanted) {
      throw serverError("VANGO_EVENT_PAYLOAD", { message: `\`${name}\` is no ${wanted}.` });
    }
    event[name] = name === "data" && type === "submit" ? formData(value) : value;
  }
  return event;
}

/** FormData from the list of [name, value]; repeated names stay repeated. */
function formData(pairs: unknown): FormData {
  const data = new FormData();
  if (!Array.isArray(pairs)) throw serverError("VANGO_EVENT_PAYLOAD", { message: "The form's data is no list." });
  for (const pair of pairs as unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== "string" || typeof pair[1] !== "string") {
      throw serverError("VANGO_EVENT_PAYLOAD", { message: "A field of the form is no pair of texts." });
    }
    data.append(pair[0], pair[1]);
  }
  return data;
}
