// The template table as the client sees it: parsed on first use from the one string that the server sends.
// The syntax is docs/architecture.md §2; the server's own parser of it, if any, must agree.
import type { DomNode } from "./dom.js";

/** Options of an event slot, by their letter on the wire. */
export interface EventFlags {
  /** preventDefault */
  readonly p?: true;
  /** stopPropagation */
  readonly s?: true;
  /** only when the event's target is the element itself */
  readonly f?: true;
  /** once */
  readonly o?: true;
  /** passive listener */
  readonly v?: true;
  /** capture phase */
  readonly c?: true;
  /** debounce in ms */
  readonly d?: number;
  /** throttle in ms */
  readonly t?: number;
  /** only these keys */
  readonly k?: readonly string[];
}

/** An event slot of a template. */
export interface EventSlot {
  readonly slot: number;
  /** DOM event type, such as `click`. */
  readonly type: string;
  readonly options: EventFlags;
  /** Payload fields that the handler reads; undefined is the default of the event type, empty is none. */
  readonly fields: readonly string[] | undefined;
}

/** A slot of a template. */
export interface Slot {
  readonly slot: number;
  /** One of c s x a u b p k y h z e. */
  readonly kind: string;
  /** Attribute or property name, also of the kinds that leave theirs out. */
  readonly name: string;
  readonly path: readonly number[];
  /** Set for child ranges alone: how its end is reached from its node, the anchor of `c` or the element of `s`. */
  readonly put: "before" | "appendChild" | undefined;
  /** Set for kind e alone. */
  readonly event: EventSlot | undefined;
}

/** A template as the client knows it. `html` is undefined until the server sends it with the first insert. */
export interface ClientTemplate {
  readonly id: string;
  readonly table: string;
  html?: string;
  /** The parsed table; use {@link tableOf}. */
  parsed?: Table;
  /** The root nodes of the parsed HTML. */
  protos?: readonly DomNode[];
}

export interface Table {
  /** Tag names of the counted root nodes, `!` for an anchor. */
  readonly roots: readonly string[];
  /** `svg` or `math` when the roots must be parsed inside that namespace. */
  readonly space: string | undefined;
  readonly slots: readonly Slot[];
  /** The child ranges (c and s) in slot order. */
  readonly ranges: readonly Slot[];
}

const parseEvent = (slot: number, type: string, options: string, fields: string | undefined): EventSlot => {
  const flags: Record<string, unknown> = {};
  for (const part of options.split(",")) {
    const rest = part.slice(1);
    if (part) flags[part[0]!] = part[0] === "k" ? rest.split("+").map(decodeURIComponent) : rest ? +rest : true;
  }
  return { slot, type, options: flags, fields: fields ? (fields === "-" ? [] : fields.split(",")) : undefined };
};

const PUT: Record<string, Slot["put"]> = { c: "before", s: "appendChild" };
const NAMES: Record<string, string> = { k: "class", y: "style", h: "innerHTML", x: "textContent" };

/** The table of a template, parsed once. */
export function tableOf(template: ClientTemplate): Table {
  if (template.parsed) return template.parsed;
  const [head, ...rest] = template.table.split(" ");
  const roots = head!.split("/");
  const slots = rest.map((text, slot): Slot => {
    const [label, path, options, fields] = text.split(":");
    const kind = label![0]!;
    const name = NAMES[kind] ?? decodeURIComponent(label!.slice(1));
    return {
      slot,
      kind,
      name,
      path: path!.split(".").map(Number),
      put: PUT[kind],
      event: kind === "e" ? parseEvent(slot, name, options ?? "", fields) : undefined,
    };
  });
  return (template.parsed = {
    roots: roots.pop()!.split(","),
    space: roots[0],
    slots,
    ranges: slots.filter((slot) => slot.put),
  });
}
