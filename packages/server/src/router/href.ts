/**
 * Builds addresses from patterns: what the generated `href()` calls.
 */
import { serverError } from "../errors.js";
import { parseParam, parsePattern, type PatternSegment } from "./pattern.js";

/** Query of an address. `undefined` and `null` leave the key out, an array repeats it. */
export type HrefQuery = URLSearchParams | Readonly<Record<string, string | number | boolean | null | undefined | readonly (string | number | boolean)[]>>;

const parsed = new Map<string, readonly PatternSegment[]>();

/**
 * `buildHref("/users/[id:int]", { id: 7 }, { tab: "posts" })` → `/users/7?tab=posts`.
 * Throws VANGO_HREF when a parameter is missing, empty or of the wrong type.
 */
export function buildHref(pattern: string, params: Readonly<Record<string, unknown>> = {}, query?: HrefQuery): string {
  let segments = parsed.get(pattern);
  if (segments === undefined) parsed.set(pattern, (segments = parsePattern(pattern)));
  let path = "";
  for (const segment of segments) path += `/${segmentText(pattern, segment, params)}`;
  const search = query === undefined ? "" : queryText(query);
  return (path === "" ? "/" : path) + (search === "" ? "" : `?${search}`);
}

function segmentText(pattern: string, segment: PatternSegment, params: Readonly<Record<string, unknown>>): string {
  if (segment.kind === "static") return encodeURIComponent(segment.text);
  const value = Object.hasOwn(params, segment.name) ? params[segment.name] : undefined;
  if (segment.kind === "rest") {
    const parts: readonly unknown[] = Array.isArray(value) ? value : typeof value === "string" ? value.split("/") : [];
    if (parts.length === 0 || parts.some((p) => !isSegment(p))) throw badParam(pattern, segment.name);
    return parts.map((p) => encodeURIComponent(String(p))).join("/");
  }
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  // A string parameter must survive the way back: an encoded slash, `.` and `..` would not.
  if (!isSegment(text) || parseParam(segment.type, text) === undefined || text.includes("/")) throw badParam(pattern, segment.name);
  return encodeURIComponent(text);
}

function isSegment(part: unknown): boolean {
  const text = typeof part === "number" ? String(part) : part;
  return typeof text === "string" && text !== "" && text !== "." && text !== ".." && !text.includes("\\") && !text.includes("\0");
}

function queryText(query: HrefQuery): string {
  if (query instanceof URLSearchParams) return query.toString();
  const out = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value)) for (const item of value as readonly (string | number | boolean)[]) out.append(key, String(item));
    else out.append(key, String(value));
  }
  return out.toString();
}

function badParam(pattern: string, name: string): Error {
  return serverError("VANGO_HREF", { message: `\`${pattern}\` needs a fitting \`${name}\`.` });
}
