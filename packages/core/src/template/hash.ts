// The content hash that names a template: the same content has the same id in every process and build.
// 53 bits folded into 10 characters of base 36; two 32-bit multiply-xor streams (the "cyrb53" construction).

const ID_SPACE = 36 ** 10;

/** Ten characters `[0-9a-z]` for the given text. */
export function contentId(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2654435761);
    b = Math.imul(b ^ c, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  const n = (4294967296 * (2097151 & b) + (a >>> 0)) % ID_SPACE;
  return n.toString(36).padStart(10, "0");
}

/** The id of a template: statics and table, unambiguously joined. */
export function templateId(statics: readonly string[], table: string): string {
  return contentId(`${statics.join("\u0000")}\u0001${table}`);
}
