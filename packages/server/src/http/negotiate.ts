/**
 * Content negotiation of stored bodies: encoding by Accept-Encoding, validation by If-None-Match.
 */

export type Encoding = "br" | "gzip" | "identity";

/** One stored body with what was compressed beforehand. */
export interface Variants<T> {
  readonly identity: T;
  readonly br?: T | undefined;
  readonly gzip?: T | undefined;
}

/** The best stored encoding that the client takes: br, then gzip. A quality of 0 refuses. */
export function pickEncoding<T>(accept: string | undefined, variants: Variants<T>): Encoding {
  if (accept === undefined) return "identity";
  if (variants.br !== undefined && accepts(accept, "br")) return "br";
  if (variants.gzip !== undefined && accepts(accept, "gzip")) return "gzip";
  return "identity";
}

function accepts(header: string, name: string): boolean {
  for (const part of header.split(",")) {
    const [token, ...params] = part.split(";");
    if (token?.trim().toLowerCase() !== name) continue;
    const q = params.find((p) => /^\s*q\s*=/i.test(p));
    return q === undefined || Number(q.split("=")[1]) > 0;
  }
  return false;
}

/** Weak comparison of an entity tag with an If-None-Match header. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  const plain = etag.replace(/^W\//, "");
  return header.split(",").some((candidate) => candidate.trim().replace(/^W\//, "") === plain);
}
