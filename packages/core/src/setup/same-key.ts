// Equality of keys of resources and latest-only work.

/** Keys are values: lists and records compare by content, one level deep. */
export function sameKey(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length || Array.isArray(a) !== Array.isArray(b)) return false;
  return names.every((n) => Object.hasOwn(b, n) && Object.is((a as Record<string, unknown>)[n], (b as Record<string, unknown>)[n]));
}

