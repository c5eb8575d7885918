// The items of a range as one list, whatever the content is: packed rows, row cells, an array's items, or a single item. For
// the code that walks the whole tree: the sync of a client and the keys it asks for.
import type { Template } from "../template/define.js";
import { ComponentCell } from "./component-cell.js";
import { EachContent } from "./each-content.js";
import { Inst } from "./inst.js";
import { Items } from "./items.js";
import { wireOf, type Item } from "./item.js";
import type { Key } from "./keyed.js";

export interface Rows {
  readonly count: number;
  /** The list of packed rows; they have no instance of their own. */
  readonly packed: EachContent | undefined;
  /** True when the application gave keys: then an item is never taken for another. */
  readonly keyed: boolean;
  idAt(i: number): number;
  setId(i: number, id: number): void;
  tplAt(i: number): Template;
  /** What the item is matched by: its key, in an array also its position; undefined for a single item without a key. */
  keyAt(i: number): Key | undefined;
  /** The item's instance; undefined for packed rows. */
  instAt(i: number): Inst | undefined;
}

/** Items of a content, or undefined for text and for what is empty. */
export function rowsOf(content: unknown): Rows | undefined {
  if (typeof content !== "object" || content === null) return undefined;
  if (content instanceof EachContent) {
    if (content.items.length === 0) return undefined;
    return content.cells === undefined ? packedRows(content) : itemRows(content.cells, (i) => content.keyAt(i), true);
  }
  if (content instanceof Items) {
    if (content.items.length === 0) return undefined;
    const { entries } = content;
    return itemRows(content.items, (i) => entries[i]?.key, entries.some(({ key }) => GIVEN_KEY.test(String(key))));
  }
  const key = content instanceof Inst || content instanceof ComponentCell ? content.key : undefined;
  return itemRows([content as Item], () => key, key !== undefined);
}

/** An entry's key is its position, or `k` and the key that was given. */
const GIVEN_KEY = /^[\d.]*k/;

function packedRows(each: EachContent): Rows {
  return {
    count: each.ids.length,
    packed: each,
    keyed: true,
    idAt: (i) => each.ids[i] as number,
    setId: (i, id) => void (each.ids[i] = id),
    tplAt: () => each.tpl as Template,
    keyAt: (i) => each.keyAt(i),
    instAt: () => undefined,
  };
}

function itemRows(items: readonly Item[], keyAt: (i: number) => Key | undefined, keyed: boolean): Rows {
  const instAt = (i: number): Inst => wireOf(items[i] as Item);
  return {
    count: items.length,
    packed: undefined,
    keyed,
    idAt: (i) => instAt(i).id,
    setId: (i, id) => void (instAt(i).id = id),
    tplAt: (i) => instAt(i).tpl,
    keyAt,
    instAt,
  };
}
