// Text of templates: the whitespace rule of JSX, character references, and the escaping of statics.
// Both front ends use these functions, so the same words give the same bytes.

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;

/**
 * The JSX rule: lines are trimmed where they touch a line break, empty lines vanish, the rest is joined by one space.
 * Works on raw source: `&#32;` and `&nbsp;` are not whitespace here.
 */
export function trimText(raw: string): string {
  if (!LINE_BREAK.test(raw)) return raw;
  const lines = raw.split(LINE_BREAK);
  const last = lines.length - 1;
  const kept: string[] = [];
  for (let i = 0; i <= last; i++) {
    let line = lines[i] ?? "";
    if (i > 0) line = line.replace(/^[ \t]+/, "");
    if (i < last) line = line.replace(/[ \t]+$/, "");
    if (line !== "") kept.push(line);
  }
  return kept.join(" ");
}

/** References decoded here. Others pass through as they are, for the browser to read (see {@link escapeText}). */
const NAMED: Readonly<Record<string, string>> = {
  amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", copy: "©", reg: "®", trade: "™", hellip: "…",
  mdash: "—", ndash: "–", lsquo: "‘", rsquo: "’", ldquo: "“", rdquo: "”", laquo: "«", raquo: "»", times: "×", divide: "÷",
  middot: "·", bull: "•", deg: "°", plusmn: "±", euro: "€", pound: "£", yen: "¥", cent: "¢", sect: "§", para: "¶",
  larr: "←", rarr: "→", uarr: "↑", darr: "↓", harr: "↔", shy: "\u00ad", ensp: "\u2002", emsp: "\u2003", thinsp: "\u2009",
  zwnj: "\u200c", zwj: "\u200d", infin: "∞", ne: "≠", le: "≤", ge: "≥", check: "✓", hearts: "♥", star: "☆",
};

const REFERENCE = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{0,31}));/g;

/** Marks a reference that stays a reference: a noncharacter that {@link escapeText} turns back into `&`. */
const KEPT = "\ufdd1";

/** Decodes numeric and common named references. An unknown `&name;` is kept for the browser. */
export function decodeReferences(raw: string): string {
  if (!raw.includes("&")) return raw;
  return raw.replace(REFERENCE, (whole: string, dec?: string, hex?: string, name?: string) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? whole) : `${KEPT}${name};`;
    const n = dec === undefined ? Number.parseInt(hex ?? "0", 16) : Number(dec);
    return n === 0 || n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff) ? "\ufffd" : String.fromCodePoint(n);
  });
}

/** True if decoded text still holds a reference that only the browser knows: it must then stay in the statics. */
export function hasKeptReference(text: string): boolean {
  return text.includes(KEPT);
}

const TEXT_SPECIAL = /[&<>\r\u0000\ufdd1]/g;
const ATTRIBUTE_SPECIAL = /[&<>"\r\u0000\ufdd1]/g;

const escapeOne = (c: string): string => {
  switch (c) {
    case "&": return "&amp;";
    case "<": return "&lt;";
    case ">": return "&gt;";
    case '"': return "&quot;";
    case "\r": return "&#13;";
    case KEPT: return "&";
    default: return "\ufffd";
  }
};

/** Static text as HTML. */
export function escapeText(text: string): string {
  return text.replace(TEXT_SPECIAL, escapeOne);
}

/** A static attribute value as HTML, for double quotes. */
export function escapeAttribute(text: string): string {
  return text.replace(ATTRIBUTE_SPECIAL, escapeOne);
}
