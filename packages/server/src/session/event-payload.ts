/**
 * From the payload of an EVENT to what a handler gets. The payload is untrusted: what does not fit is refused with a code,
 * and a handler never sees an object with a foreign prototype.
 */
import { serverError } from "../errors.js";

/** An event as handlers see it: its fields; `submit` has its data as FormData. */
export function eventOf(type: string, payload: unknown): Record<string, unknown> {
  const event: Record<string, unknown> = { type };
  if (payload === undefined || payload === null) return event;
  if (typeof payload !== "object" || Array.isArray(payload) || payload instanceof Uint8Array) {
    throw serverError("VANGO_EVENT_PAYLOAD", { message: `It is ${Array.isArray(payload) ? "a list" : typeof payload}.` });
  }
  for (const [name, value] of Object.entries(payload)) {
    if (name === "type") continue;
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
