// The boot structure and hashes of a live tree, by the same rules as SSR: what the join compares with the client's blob.
import type { Template } from "../template/define.js";
import { CHILD, SOLE, SPREAD } from "../template/kinds.js";
import { EachContent } from "./each-content.js";
import { foldInt, foldPrimitive, foldSpread, foldValue, SEED, templateHash, unsigned } from "./hash.js";
import type { Inst } from "./inst.js";
import { Items } from "./items.js";
import { wireOf, type Item } from "./item.js";
import type { Key } from "./keyed.js";
import type { Primitive, WireValue } from "./values.js";

/** Two hashes of each range with items, in preorder: of everything, and of the keys (0 without keys). */
export function hashTree(root: Inst): number[] {
  const out: number[] = [];
  for (const slot of root.tpl.childSlots) foldContent(SEED, root.vals[slot], out);
  return out;
}

/** Does a client that shows these hashes show what the tree has? Then no frame is needed, and the ids agree as well. */
export function agrees(root: Inst, hashes: readonly number[]): boolean {
  const mine = hashTree(root);
  return mine.length === hashes.length && mine.every((hash, i) => hash === hashes[i]);
}

/** Folds a content into its owner's hash; a range with items adds its own hash to `out`. */
function foldContent(outer: number, content: unknown, out: number[]): number {
  if (typeof content !== "object" || content === null) return foldPrimitive(outer, content as Primitive);
  if (content instanceof EachContent && content.items.length === 0) return foldPrimitive(outer, "");
  const at = out.push(0, 0) - 2;
  let h = SEED;
  if (content instanceof EachContent && content.cells === undefined) h = foldFlat(content);
  else if (content instanceof EachContent) {
    (content.cells ?? []).forEach((cell, i) => (h = foldItem(h, cell, content.keyAt(i), out)));
  } else if (content instanceof Items) {
    content.items.forEach((item, i) => (h = foldItem(h, item, content.entries[i]?.key, out)));
  } else h = foldItem(h, content as Item, undefined, out);
  out[at] = unsigned(h);
  out[at + 1] = keysHash(content);
  return foldInt(outer, h);
}

function keysHash(content: object): number {
  let h = 0;
  if (content instanceof EachContent) for (let i = 0; i < content.items.length; i++) h = foldPrimitive(h, content.keyAt(i));
  else if (content instanceof Items) for (const entry of content.entries) h = foldPrimitive(h, entry.key);
  return unsigned(h);
}

function foldItem(h: number, item: Item, key: Key | undefined, out: number[]): number {
  const inst = wireOf(item);
  const { tpl, vals } = inst;
  h = foldInt(h, templateHash(tpl));
  if (key !== undefined) h = foldPrimitive(h, key);
  for (const slot of tpl.emit) {
    const kind = tpl.kinds[slot] as number;
    if (kind === CHILD || kind === SOLE) h = foldContent(h, vals[slot], out);
    else if (kind === SPREAD) h = foldSpread(h, vals[slot] as Record<string, WireValue>);
    else h = foldValue(h, vals[slot] as WireValue);
  }
  return h;
}

function foldFlat(each: EachContent): number {
  const tpl = each.tpl as Template;
  const { emit, kinds } = tpl;
  const own = templateHash(tpl);
  let h = SEED;
  let at = 0;
  for (let i = 0; i < each.items.length; i++) {
    h = foldPrimitive(foldInt(h, own), each.keyAt(i));
    for (let e = 0; e < emit.length; e++, at++) {
      const kind = kinds[emit[e] as number] as number;
      const v = each.vals[at];
      h = kind === CHILD || kind === SOLE ? foldPrimitive(h, v as Primitive) : foldValue(h, v as WireValue);
    }
  }
  return h;
}
