/**
 * A value made of parts (fields, items, entries) that none of several readers accepts: each reader must meet one part that it
 * refuses, and one part may serve several. Complete: it tries every way to share the readers out, within the steps allowed.
 */

/** One part of the value: a field, an item. */
export interface Part<C> {
  /** What the part can be so that each of these refuses it; undefined if there is no such thing. None: anything it can be. */
  refusedBy(constraints: readonly C[]): Choice | undefined;
}

/** What a part is: a value, or not there. */
export type Choice = { readonly value: unknown } | "absent";

/** What a reader says of each part, in the parts' order. */
export type Demands<C> = readonly C[];

/** A choice for each part, so that every reader refuses one; undefined when some reader accepts whatever is chosen. */
export function refusedByAll<C>(parts: readonly Part<C>[], readers: readonly Demands<C>[], step: () => void): readonly Choice[] | undefined {
  const options: { readonly reader: Demands<C>; readonly at: readonly number[] }[] = [];
  for (const reader of readers) {
    const at = parts.flatMap((part, i) => (part.refusedBy([reader[i] as C]) === undefined ? [] : [i]));
    if (at.length === 0) return undefined;
    options.push({ reader, at });
  }
  // Who has the least choice chooses first.
  options.sort((a, b) => a.at.length - b.at.length);
  const given = parts.map((): C[] => []);

  const share = (next: number): boolean => {
    const option = options[next];
    if (option === undefined) return true;
    for (const i of option.at) {
      step();
      const part = parts[i] as Part<C>;
      const constraints = given[i] as C[];
      constraints.push(option.reader[i] as C);
      if (part.refusedBy(constraints) !== undefined && share(next + 1)) return true;
      constraints.pop();
    }
    return false;
  };

  if (!share(0)) return undefined;
  const chosen = parts.map((part, i) => part.refusedBy(given[i] as C[]));
  return chosen.every((one) => one !== undefined) ? chosen : undefined;
}
