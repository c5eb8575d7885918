/**
 * Canonical paths: one spelling a page. A path is taken as the client sent it, because `URL` would already have
 * resolved `..` and turned backslashes round. Invariant: a canonical path gives itself.
 */

export type CanonicalPath =
  | { readonly kind: "ok"; readonly path: string }
  /** Another spelling of `path`: answer 308, keep the query. */
  | { readonly kind: "moved"; readonly path: string }
  | { readonly kind: "bad"; readonly why: string };

const SLASH = 47;
const DOT = 46;
const PERCENT = 37;
const BACKSLASH = 92;

/**
 * Canonicalises a percent-encoded path: collapses `//`, resolves `.` and `..` (also encoded), drops a trailing slash.
 * Refuses backslashes, NUL, bytes that are not printable ASCII, broken escapes, invalid UTF-8 and `..` above the root.
 */
export function canonicalPath(raw: string): CanonicalPath {
  if (raw.charCodeAt(0) !== SLASH) return bad("it does not start with a slash");
  let suspicious = raw.length > 1 && raw.charCodeAt(raw.length - 1) === SLASH;
  let encoded = false;
  let previous = 0;
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charCodeAt(i);
    if (c <= 32 || c >= 127) return bad("it holds a character that must be percent-encoded");
    if (c === BACKSLASH) return bad("it holds a backslash");
    if (c === PERCENT) encoded = true;
    else if (previous === SLASH && (c === SLASH || c === DOT)) suspicious = true;
    previous = c;
  }
  if (encoded) {
    const why = checkEscapes(raw);
    if (why !== undefined) return bad(why);
    if (/\/(?:\.|%2e)/i.test(raw)) suspicious = true;
  }
  return suspicious ? normalise(raw) : { kind: "ok", path: raw };
}

function normalise(raw: string): CanonicalPath {
  const out: string[] = [];
  for (const segment of raw.split("/")) {
    const dots = segment.replace(/%2e/gi, ".");
    if (segment === "" || dots === ".") continue;
    if (dots === "..") {
      if (out.length === 0) return bad("it climbs above the root");
      out.pop();
    } else out.push(segment);
  }
  const path = `/${out.join("/")}`;
  return path === raw ? { kind: "ok", path } : { kind: "moved", path };
}

function checkEscapes(raw: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(raw)) return "it holds a broken percent escape";
  if (/%00/.test(raw)) return "it holds a NUL";
  if (/%5c/i.test(raw)) return "it holds a backslash";
  try {
    decodeURIComponent(raw);
    return undefined;
  } catch {
    return "its percent escapes are not UTF-8";
  }
}

function bad(why: string): CanonicalPath {
  return { kind: "bad", why };
}

/** `/app/x` under base `/app` → `/x`; undefined when the path lies outside. `base` is "" or canonical. */
export function stripBase(path: string, base: string): string | undefined {
  if (base === "") return path;
  if (!path.startsWith(base)) return undefined;
  if (path.length === base.length) return "/";
  return path.charCodeAt(base.length) === SLASH ? path.slice(base.length) : undefined;
}

/** True for a path of this site: starts with one `/`, holds no control characters or backslashes. */
export function isLocalHref(href: string): boolean {
  return /^\/(?![/\\])[^\\\u0000-\u0020\u007f]*$/.test(href);
}
