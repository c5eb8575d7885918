// HTML to bytes. Pieces are encoded one by one into a buffer that is kept: joined first, a page would be flattened as one rope
// and copied once more.

const encoder = new TextEncoder();
const INITIAL = 64 * 1024;
const KEEP = 4 * 1024 * 1024;
/** One UTF-16 unit is at most three bytes of UTF-8. */
const MAX_UTF8 = 3;

let buffer = new Uint8Array(INITIAL);

/** The pieces, in order, as UTF-8. The result is a copy of the caller's own. */
export function encodeHtml(pieces: readonly string[]): Uint8Array {
  let at = 0;
  for (const piece of pieces) {
    let room = buffer.length - at;
    if (room < piece.length * MAX_UTF8) {
      const grown = new Uint8Array(Math.max(buffer.length * 2, at + piece.length * MAX_UTF8));
      grown.set(buffer.subarray(0, at));
      buffer = grown;
      room = grown.length - at;
    }
    at += encoder.encodeInto(piece, buffer.subarray(at)).written;
  }
  const bytes = buffer.slice(0, at);
  if (buffer.length > KEEP) buffer = new Uint8Array(INITIAL);
  return bytes;
}
