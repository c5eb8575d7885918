// The process-wide registry of templates and the parsed form that SSR and the live tree read in hot loops.
// Invariants: one id is one object; a Template never changes; slots that emit are in slot order.
import { CHILD, EVENT, PROP, SOLE, TEXT, kindOf, type SlotKind } from "./kinds.js";
import { decodeEvent, NO_EVENT, type EventSpec } from "./event-options.js";
import { templateError } from "./errors.js";

/** What both front ends produce: plain data, equal byte for byte for equal markup. */
export interface TemplateDef {
  /** Content hash of statics and table, 10 characters. */
  readonly id: string;
  /** Chunks of HTML; one emitted slot value stands between each two. */
  readonly statics: readonly string[];
  /** Roots and slots as text, see docs/architecture.md §2. */
  readonly table: string;
}

/** One slot, parsed. */
export interface SlotDef {
  readonly index: number;
  readonly kind: SlotKind;
  /** Attribute, property or DOM event name; empty for child, text, class, style, html and spread slots. */
  readonly name: string;
  /** Indexes among counted nodes, from the template's roots. Empty for events. */
  readonly path: readonly number[];
  /** Text after the path. Events keep `options:fields` here. */
  readonly extra: string;
  readonly event: EventSpec;
}

/** A template: shared by every instance in the process. Made by {@link defineTemplate} only. */
export class Template implements TemplateDef {
  /** Number within this process, from 0. Never on the wire. */
  readonly index: number;
  readonly slotCount: number;
  /** Kind of each slot, see kinds.ts. */
  readonly kinds: Uint8Array;
  readonly names: readonly string[];
  readonly slots: readonly SlotDef[];
  /** Indexes of the slots that emit in SSR, in order: all but events. `statics.length === emit.length + 1`. */
  readonly emit: readonly number[];
  /** Indexes of `c` and `s` slots. */
  readonly childSlots: readonly number[];
  /** Indexes of event slots. */
  readonly eventSlots: readonly number[];
  /** No child slots: every instance of it is flat. */
  readonly flatCapable: boolean;
  /** 1 where SSR emits a property or text as escaped text inside the element: `x` slots and the value of a textarea. */
  readonly asText: Uint8Array;
  /** 1 where the parser drops a first newline (textarea, pre): SSR doubles a newline that starts the value. */
  readonly dropsNewline: Uint8Array;
  /** 1 for `style` text, which cannot be escaped: SSR refuses values that would close the element. */
  readonly rawText: Uint8Array;
  /** Counted root nodes: tag names and `!`. */
  readonly roots: readonly string[];
  /** Namespace the roots are parsed in. */
  readonly namespace: "" | "svg" | "math";

  constructor(
    readonly id: string,
    readonly statics: readonly string[],
    readonly table: string,
    index: number,
  ) {
    const parts = table.split(" ");
    const rootText = parts[0] ?? "-";
    const slash = rootText.indexOf("/");
    this.namespace = slash < 0 ? "" : rootText.startsWith("svg/") ? "svg" : "math";
    this.roots = rootText === "-" ? [] : rootText.slice(slash + 1).split(",");
    const n = parts.length - 1;
    const slots: SlotDef[] = [];
    const emit: number[] = [];
    const childSlots: number[] = [];
    const eventSlots: number[] = [];
    const names: string[] = [];
    this.kinds = new Uint8Array(n);
    this.asText = new Uint8Array(n);
    this.dropsNewline = new Uint8Array(n);
    this.rawText = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
      const slot = parseSlot(parts[i + 1] ?? "", i, id);
      slots.push(slot);
      names.push(slot.name);
      this.kinds[i] = slot.kind;
      if (slot.kind === EVENT) eventSlots.push(i);
      else emit.push(i);
      if (slot.kind === CHILD || slot.kind === SOLE) childSlots.push(i);
      const isText = slot.kind === TEXT || (slot.kind === PROP && slot.extra === "t");
      if (isText) this.asText[i] = 1;
      if (slot.extra === "t" || slot.extra === "n") this.dropsNewline[i] = 1;
      if (slot.kind === TEXT && slot.extra === "r") this.rawText[i] = 1;
    }
    if (statics.length !== emit.length + 1) {
      throw templateError("VANGO_TPL_TABLE", { message: `Template ${id} has ${statics.length} statics for ${emit.length} emitting slots.` });
    }
    this.index = index;
    this.slotCount = n;
    this.slots = slots;
    this.names = names;
    this.emit = emit;
    this.childSlots = childSlots;
    this.eventSlots = eventSlots;
    this.flatCapable = childSlots.length === 0;
  }

  /** The HTML that a client clones: statics without any slot. */
  get html(): string {
    return this.statics.join("");
  }

  /** What errors and devtools call it. */
  get label(): string {
    return `<${this.roots.join(", ")}> (${this.id})`;
  }
}

function parseSlot(text: string, index: number, id: string): SlotDef {
  const fields = text.split(":");
  const head = fields[0] ?? "";
  const kind = kindOf(head.slice(0, 1));
  if (kind < 0 || fields.length < 2) throw templateError("VANGO_TPL_TABLE", { message: `Template ${id}, slot ${index}: "${text}".` });
  const pathText = fields[1] ?? "";
  const extra = fields.slice(2).join(":");
  return {
    index,
    kind,
    name: decodeURIComponent(head.slice(1)),
    path: pathText === "" ? [] : pathText.split(".").map(Number),
    extra,
    event: kind === EVENT ? decodeEvent(extra) : NO_EVENT,
  };
}

const registry = new Map<string, Template>();

/**
 * Defines a template, or finds the one already defined. The same id gives the same object.
 *
 * @throws VANGO_TPL_CONFLICT when the id is known with other content (two builds of the compiler in one process).
 * @example
 * const t = defineTemplate("0f3k2m1x9a", ["<p>", "</p>"], "p s:0");
 */
export function defineTemplate(id: string, statics: readonly string[], table: string): Template {
  const known = registry.get(id);
  if (known !== undefined) {
    if (known.table !== table || known.html !== statics.join("")) throw templateError("VANGO_TPL_CONFLICT", { message: `Id ${id}.` });
    return known;
  }
  const made = new Template(id, Object.freeze(statics.map(compact)), table, registry.size);
  registry.set(id, made);
  return made;
}

/**
 * The same text in the engine's narrow form where it has no wide character: a piece cut out of a wide text stays wide, and
 * one wide piece makes every page that it is part of wide, which doubles the cost of encoding it.
 */
function compact(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i += COMPACT_STEP) {
    const codes: number[] = [];
    for (let k = i; k < text.length && k < i + COMPACT_STEP; k++) codes.push(text.charCodeAt(k));
    out += String.fromCharCode(...codes);
  }
  return out;
}

const COMPACT_STEP = 4096;

/** The template of an id, if this process has it. */
export function templateById(id: string): Template | undefined {
  return registry.get(id);
}
