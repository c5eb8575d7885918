// Escaping by place: text, attribute values, text inside raw elements.

const TEXT = /[&<>\r\u0000]/g;
const ATTRIBUTE = /[&"<>\r\u0000]/g;
const SHORT = 48;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  // The parser would fold a carriage return into a newline and replace NUL: patches and SSR must give the same DOM.
  "\r": "&#13;",
  "\u0000": "\ufffd",
};

function replace(c: string): string {
  return ENTITIES[c] as string;
}

/** Escapes a text. Most texts need nothing: they are scanned, not rewritten. */
export function escapeText(s: string): string {
  const n = s.length;
  if (n < SHORT) {
    for (let i = 0; i < n; i++) {
      const c = s.charCodeAt(i);
      if (c === 38 || c === 60 || c === 62 || c === 13 || c === 0) return s.replace(TEXT, replace);
    }
    return s;
  }
  return s.replace(TEXT, replace);
}

/** Escapes a double-quoted attribute value. */
export function escapeAttribute(s: string): string {
  const n = s.length;
  if (n < SHORT) {
    for (let i = 0; i < n; i++) {
      const c = s.charCodeAt(i);
      if (c === 38 || c === 34 || c === 60 || c === 62 || c === 13 || c === 0) return s.replace(ATTRIBUTE, replace);
    }
    return s;
  }
  return s.replace(ATTRIBUTE, replace);
}

/** Text of `style`: the parser does not decode it, so it can only be made harmless. */
export function rawText(s: string): string {
  return s.replace(/<(?=\/|!)/g, "\\3c ");
}
