// Options and payload fields of event slots: the text form in the table, the suffix form of `html`, the object form of `on`.
// Invariant: one set of options has one text, whatever order or front end it came from.
import type { EventOptions } from "../view/types.js";

/** An event slot's static data, parsed. */
export interface EventSpec {
  readonly options: EventOptions;
  /** Payload fields the handler reads; undefined = the event type's default, empty = none. */
  readonly fields: readonly string[] | undefined;
}

export const NO_EVENT: EventSpec = Object.freeze({ options: Object.freeze({}), fields: undefined });

const FLAGS = [
  ["p", "preventDefault"],
  ["s", "stopPropagation"],
  ["f", "self"],
  ["o", "once"],
  ["v", "passive"],
  ["c", "capture"],
] as const;

/** Names that `on({…})` knows, for did-you-mean. */
export const OPTION_NAMES: readonly string[] = [...FLAGS.map((f) => f[1]), "debounce", "throttle", "keys"];

/** Suffixes that `html` knows: `onSubmit.prevent`. */
export const SUFFIX_NAMES: readonly string[] = ["prevent", "stop", "self", "once", "passive", "capture", "debounce-300", "throttle-300", "keys-Enter"];

const SUFFIX_FLAGS: Readonly<Record<string, keyof EventOptions>> = {
  prevent: "preventDefault",
  stop: "stopPropagation",
  self: "self",
  once: "once",
  passive: "passive",
  capture: "capture",
};

/** The space bar is written `Space`, as a key list holds no blanks. */
const keyName = (k: string): string => (k === "Space" ? " " : k);

/** Text of options in a table: `p,d300,kEnter+Escape`. */
export function encodeOptions(o: EventOptions): string {
  const out: string[] = [];
  for (const [letter, name] of FLAGS) if (o[name] === true) out.push(letter);
  if (o.debounce !== undefined) out.push(`d${o.debounce}`);
  if (o.throttle !== undefined) out.push(`t${o.throttle}`);
  if (o.keys !== undefined && o.keys.length > 0) out.push(`k${o.keys.map((k) => encodeKey(keyName(k))).join("+")}`);
  return out.join(",");
}

/** encodeURIComponent leaves `!'()*~` and `.`: none of them is special in a table. */
const encodeKey = (k: string): string => encodeURIComponent(k);

/** Text of an event slot after its (empty) path. `fields` undefined is the default, [] is none. */
export function encodeEvent(o: EventOptions, fields: readonly string[] | undefined): string {
  return `${encodeOptions(o)}:${fields === undefined ? "" : fields.length === 0 ? "-" : fields.join(",")}`;
}

/** The inverse of {@link encodeEvent}. Unknown letters are skipped: a newer server may send more. */
export function decodeEvent(extra: string): EventSpec {
  const colon = extra.indexOf(":");
  const optionText = colon < 0 ? extra : extra.slice(0, colon);
  const fieldText = colon < 0 ? "" : extra.slice(colon + 1);
  const options: { -readonly [K in keyof EventOptions]: EventOptions[K] } = {};
  for (const part of optionText === "" ? [] : optionText.split(",")) {
    const rest = part.slice(1);
    const flag = FLAGS.find((f) => f[0] === part);
    if (flag !== undefined) options[flag[1]] = true;
    else if (part.startsWith("d")) options.debounce = Number(rest);
    else if (part.startsWith("t")) options.throttle = Number(rest);
    else if (part.startsWith("k")) options.keys = rest.split("+").map(decodeURIComponent);
  }
  return { options, fields: fieldText === "" ? undefined : fieldText === "-" ? [] : fieldText.split(",") };
}

/**
 * Options from the suffixes of an `html` attribute name: `["prevent", "debounce-300", "keys-Enter+Escape"]`.
 * Gives the offending suffix as a string when one is unknown.
 */
export function optionsFromSuffixes(suffixes: readonly string[]): EventOptions | string {
  const options: EventOptions = {};
  for (const s of suffixes) {
    const flag = Object.hasOwn(SUFFIX_FLAGS, s) ? SUFFIX_FLAGS[s] : undefined;
    const timed = /^(debounce|throttle)-(\d+)$/.exec(s);
    if (flag !== undefined) Object.assign(options, { [flag]: true });
    else if (timed !== null) Object.assign(options, { [timed[1] ?? ""]: Number(timed[2]) });
    else if (/^keys-[^+]/.test(s)) options.keys = s.slice(5).split("+").map(keyName);
    else return s;
  }
  return options;
}
