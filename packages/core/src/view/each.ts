// each(): the one dynamic list. Rows are matched by key; moving a row keeps its state and its DOM nodes.
import type { JSXElement, ReadonlySignal, View } from "./types.js";
import { EachView } from "./view-node.js";

/**
 * A keyed list. `key` must give a unique, stable string or number for each item; `row` is pure.
 *
 * @throws VANGO_DUPLICATE_KEY, VANGO_BAD_KEY when the list is rendered.
 * @example
 * <ul>{each(todos, (t) => t.id, (t) => <li>{t.title}</li>)}</ul>
 */
export function each<T>(
  list: ReadonlySignal<readonly T[]> | readonly T[],
  key: (t: T) => string | number,
  row: (t: T) => View,
): JSXElement {
  return new EachView(list, key as (item: unknown) => string | number, row as (item: unknown) => View);
}
