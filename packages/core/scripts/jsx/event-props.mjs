// Event types of the DOM → handler props. Two spellings where they differ: one capital (`onKeydown`) and camelCase (`onKeyDown`).

import { EVENT_PAYLOADS, EVENT_WORDS, PAYLOAD_OF_INTERFACE } from "./corrections.mjs";
import { events } from "./sources.mjs";

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** The words of an event name, or undefined when the vocabulary does not cover it. */
function split(name) {
  if (name === "") return [];
  for (const word of EVENT_WORDS) {
    if (!name.startsWith(word)) continue;
    const rest = split(name.slice(word.length));
    if (rest !== undefined) return [word, ...rest];
  }
  return undefined;
}

/** [prop name, payload type] of every event, sorted. */
export function eventProps() {
  const props = new Map();
  for (const [type, dom] of events) {
    const payload = EVENT_PAYLOADS[type] ?? PAYLOAD_OF_INTERFACE[dom] ?? "ElementEvent";
    props.set(`on${capital(type)}`, payload);
    const words = split(type);
    if (words !== undefined) props.set(`on${words.map(capital).join("")}`, payload);
  }
  return [...props].sort(([a], [b]) => (a < b ? -1 : 1));
}
