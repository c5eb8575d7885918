// The 32-bit hash that finds what changed between GET and join. SSR folds while it renders, the live tree when it is joined;
// both fold the same things in the same order: template, key, slot values, nested ranges.
import type { Template } from "../template/define.js";
import type { Key } from "./keyed.js";
import type { Primitive, WireValue } from "./values.js";

export const SEED = 0x811c9dc5 | 0;
export const PRIME = 0x01000193;
export const ODD_SEED = 0x2f0b4c47;

export function foldInt(h: number, n: number): number {
  h = Math.imul(h ^ n, 0x5bd1e995);
  return h ^ (h >>> 15);
}

/**
 * Two multiplication chains, one for even and one for odd positions, so that they overlap in the processor. `scan` in
 * ssr/escape.ts folds the same way while it looks for characters to escape.
 */
export function foldString(h: number, s: string): number {
  const n = s.length;
  let odd = ODD_SEED;
  let i = 0;
  for (; i + 1 < n; i += 2) {
    h = Math.imul(h ^ s.charCodeAt(i), PRIME);
    odd = Math.imul(odd ^ s.charCodeAt(i + 1), PRIME);
  }
  if (i < n) h = Math.imul(h ^ s.charCodeAt(i), PRIME);
  return foldInt(h ^ odd, n);
}

/** A text or key: small integers fold as numbers, without being formatted. */
export function foldPrimitive(h: number, v: Primitive | Key): number {
  if (typeof v === "string") return foldString(h, v);
  if (typeof v === "number" && (v | 0) === v) return foldInt(h, v);
  return foldString(h, String(v));
}

export function foldValue(h: number, v: WireValue): number {
  return v === null ? foldInt(h, 0x7ffffffe) : v === true ? foldInt(h, 0x7ffffffd) : foldPrimitive(h, v);
}

export function foldSpread(h: number, values: Readonly<Record<string, WireValue>>): number {
  for (const name in values) h = foldValue(foldString(h, name), values[name] as WireValue);
  return h;
}

const templateHashes: number[] = [];

/** Hash of a template's identity: its content id, not its number in this process. */
export function templateHash(template: Template): number {
  return (templateHashes[template.index] ??= foldString(SEED, template.id));
}

export function unsigned(h: number): number {
  return h >>> 0;
}
