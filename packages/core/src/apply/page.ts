// The client's picture of a page: live instances by id, and how slots are found in the DOM. Invariants: `$v` stands on
// every root element and root anchor of an instance and on nothing else, so a path is walked by counting the nodes that
// carry the own instance (roots) or none (inside); items of ranges and text are stepped over wherever they stand.
import { counts, type DomDocument, type DomElement, type DomNode } from "./dom.js";
import { tableOf, type ClientTemplate, type EventFlags, type EventSlot, type Slot } from "./table.js";

/** The items of a child range. Their order is the DOM's; the set only says whose they are. */
export interface Range {
  readonly up: Inst;
  readonly slot: Slot;
  readonly items: Set<Inst>;
}

/** One instance of a template on the page. */
export interface Inst {
  id: number;
  readonly tpl: ClientTemplate;
  /** The range that holds it; undefined for the root alone. */
  readonly range: Range | undefined;
  /** First and last counted root node. Text and range content may stand before `first`: see {@link startOf}. */
  first: DomNode;
  last: DomNode;
  /** Slot nodes found so far: the element, or the anchor of a `c` range. */
  nodes: (DomNode | undefined)[] | undefined;
  /** Ranges that hold or held items, by slot. */
  ranges: (Range | undefined)[] | undefined;
}

/** A page that was taken over. */
export interface Page {
  readonly doc: DomDocument;
  readonly insts: Map<number, Inst>;
  /** The root's epoch: the client sets it from WELCOME, EXT EPOCH changes it. */
  epoch: number;
  /** By template index on the wire; 0 is F, 1 is R. */
  readonly templates: ClientTemplate[];
}

/** Makes an instance, in its range. Its root nodes are set by {@link mark}; the caller makes it known in `insts`. */
export function newInst(id: number, tpl: ClientTemplate, range?: Range): Inst {
  const inst = { id, tpl, range, first: undefined, last: undefined, nodes: undefined, ranges: undefined } as unknown as Inst;
  range?.items.add(inst);
  return inst;
}

/** Makes `node` the next counted root node of `inst`. */
export function mark(inst: Inst, node: DomNode): void {
  node.$v = inst;
  inst.first ??= node;
  inst.last = node;
}

export const rangeOf = (inst: Inst, slot: Slot): Range =>
  ((inst.ranges ??= [])[slot.slot] ??= { up: inst, slot, items: new Set() });

/** The node that a path leads to; with `start`, the node with which the range that ends there begins, if any. */
export function walk(inst: Inst, path: readonly number[], start?: boolean): DomNode | null {
  let node: DomNode | null = inst.first;
  for (let depth = 0; depth < path.length; depth++) {
    let left = path[depth]!;
    if (depth) node = node!.firstChild;
    while (left || !start || depth < path.length - 1) {
      if ((depth ? counts(node!) && !node!.$v : node!.$v === inst) && !left--) break;
      node = node!.nextSibling;
    }
  }
  return node;
}

/** The element of a slot, or the anchor of a `c` range; found once. */
export const nodeOf = (inst: Inst, { slot, path }: Slot): DomNode => ((inst.nodes ??= [])[slot] ??= walk(inst, path)!);

/** The first node of an instance: what precedes its first root as text or as content of a range at root level counts. */
export function startOf(inst: Inst): DomNode {
  let start = inst.first;
  let foreign = false;
  for (let node = start.previousSibling; node; node = node.previousSibling) {
    let owner = node.$v;
    if (owner) {
      while (owner && owner !== inst) owner = owner.range?.up;
      if (!owner) break;
      foreign = false;
    } else if (node.nodeType !== 3) foreign = true;
    if (!foreign) start = node;
  }
  return start;
}

/** The instance that a node belongs to. */
export function ownerOf(node: DomNode | null): Inst | undefined {
  for (; node; node = node.parentNode) if (node.$v) return node.$v;
  return undefined;
}

/** The event slots of an element, from its `v` attribute. */
export function eventSlots(inst: Inst, el: DomElement): EventSlot[] {
  const { slots } = tableOf(inst.tpl);
  return el.getAttribute("v")?.split(",").flatMap((n) => slots[+n]?.event ?? []) ?? [];
}

/** Tells `event` about each event slot of a template; the client adds one delegated listener per type. */
export function listEvents(tpl: ClientTemplate, event: (type: string, options: EventFlags) => void): void {
  for (const slot of tableOf(tpl).slots) if (slot.event) event(slot.event.type, slot.event.options);
}
