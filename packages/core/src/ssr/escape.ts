// Escaping by place: text, attribute values, text inside raw elements. A text is scanned once, together with its hash
// (`scan`); only the rare one that holds a special character is rewritten.

import { foldInt, ODD_SEED, PRIME } from "../live/hash.js";

/** Bits of `scan.special`. */
export const IN_TEXT = 1;
export const IN_ATTRIBUTE = 2;

const LAST = 62;
/** By character up to `>`: where it must be escaped. */
const SPECIAL = new Uint8Array(64);
for (const c of [0, 13, 38, 60, 62]) SPECIAL[c] = IN_TEXT | IN_ATTRIBUTE;
SPECIAL[34] = IN_ATTRIBUTE;

/** Result of the last `scan`, beside the hash: which escapes the text needs. */
export const scanned = { special: 0 };

/** `foldString`, which also notes what the text holds. */
export function scan(h: number, s: string): number {
  const n = s.length;
  let special = 0;
  let odd = ODD_SEED;
  let i = 0;
  for (; i + 1 < n; i += 2) {
    const c = s.charCodeAt(i);
    const d = s.charCodeAt(i + 1);
    h = Math.imul(h ^ c, PRIME);
    odd = Math.imul(odd ^ d, PRIME);
    if (c <= LAST) special |= SPECIAL[c] as number;
    if (d <= LAST) special |= SPECIAL[d] as number;
  }
  if (i < n) {
    const c = s.charCodeAt(i);
    h = Math.imul(h ^ c, PRIME);
    if (c <= LAST) special |= SPECIAL[c] as number;
  }
  scanned.special = special;
  return foldInt(h ^ odd, n);
}

const REPLACEMENT: (string | undefined)[] = [];
REPLACEMENT[38] = "&amp;";
REPLACEMENT[60] = "&lt;";
REPLACEMENT[62] = "&gt;";
REPLACEMENT[34] = "&quot;";
// The parser would fold a carriage return into a newline and replace NUL: patches and SSR must give the same DOM.
REPLACEMENT[13] = "&#13;";
REPLACEMENT[0] = "\ufffd";

function rewrite(s: string, place: number): string {
  let out = "";
  let from = 0;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c > LAST || ((SPECIAL[c] as number) & place) === 0) continue;
    out += s.slice(from, i) + (REPLACEMENT[c] as string);
    from = i + 1;
  }
  return from === 0 ? s : out + s.slice(from);
}

/** Escapes a text. */
export function escapeText(s: string): string {
  return rewrite(s, IN_TEXT);
}

/** Escapes a double-quoted attribute value. */
export function escapeAttribute(s: string): string {
  return rewrite(s, IN_ATTRIBUTE);
}

/** Text of `style`: the parser does not decode it, so it can only be made harmless. */
export function rawText(s: string): string {
  return s.replace(/<(?=\/|!)/g, "\\3c ");
}
