// From route files to route entries: patterns, kinds, layouts and middleware around each.
// Invariant: no two entries of the result can answer one URL by accident (see conflicts.ts).

import { cliError } from "../commands/errors.js";
import { assertNoConflicts } from "./conflicts.js";
import type { RouteFile } from "./scan.js";
import { parseSegment, type Segment } from "./segment.js";

export type RouteKind = "page" | "api" | "not-found" | "error";

export interface ResolvedRoute {
  readonly kind: RouteKind;
  /** Canonical pattern: `/users/[id:int]`. Of not-found and error the folder they stand in. */
  readonly path: string;
  readonly segments: readonly Segment[];
  readonly file: string;
  /** Files of layouts around it, root first. */
  readonly layouts: readonly string[];
  /** Files of middleware around it, root first. */
  readonly middleware: readonly string[];
}

const VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

function requireExport(route: RouteFile, name: string): void {
  if (route.exports?.has(name) === false) throw cliError("VANGO_ROUTE_EXPORTS", { message: `${route.file} has no export \`${name}\`.`, at: route.file });
}

/** page or api, by what the file exports; by its folder when that is unknown. */
function kindOf(route: RouteFile): "page" | "api" {
  const inApi = route.folders[0] === "api";
  if (route.exports === undefined) return inApi ? "api" : "page";
  const verbs = VERBS.filter((verb) => route.exports?.has(verb));
  const page = route.exports.has("page");
  if (page && verbs.length > 0) {
    throw cliError("VANGO_ROUTE_EXPORTS", { message: `${route.file} exports both \`page\` and \`${verbs[0]}\`: a URL is a page or an API.`, at: route.file });
  }
  if (!page && verbs.length === 0) {
    throw cliError("VANGO_ROUTE_EXPORTS", { message: `${route.file} exports ${inApi ? "no HTTP method" : "neither `page` nor an HTTP method"}.`, at: route.file });
  }
  return page ? "page" : "api";
}

const pathOf = (segments: readonly Segment[]) => `/${segments.map((segment) => segment.pattern).join("/")}`;

/** The folder `outer` is `inner` or around it. */
const holds = (outer: readonly string[], inner: readonly string[]) => outer.every((name, i) => inner[i] === name);

/** Resolves all files; sorted by path, kind and file. @throws VangoError `VANGO_ROUTE_…` naming the files. */
export function resolveRoutes(files: readonly RouteFile[]): readonly ResolvedRoute[] {
  const around = (name: "layout" | "middleware", of: RouteFile) =>
    files.filter((file) => file.name === name && holds(file.folders, of.folders)).sort((a, b) => a.folders.length - b.folders.length).map((file) => file.file);

  const routes = files.flatMap((file): ResolvedRoute[] => {
    const folder = (last: boolean) => file.folders.map((text, i) => parseSegment(text, last && i === file.folders.length - 1, file.file));
    if (file.name === "layout" || file.name === "middleware") {
      requireExport(file, file.name);
      return [];
    }
    if (file.name === "not-found" || file.name === "error") {
      requireExport(file, "page");
      const segments = folder(true);
      return [{ kind: file.name, path: pathOf(segments), segments, file: file.file, layouts: around("layout", file), middleware: [] }];
    }
    const kind = kindOf(file);
    const segments = file.name === "index" ? folder(true) : [...folder(false), parseSegment(file.name, true, file.file)];
    assertDistinctParams(segments, file.file);
    return [{ kind, path: pathOf(segments), segments, file: file.file, layouts: kind === "page" ? around("layout", file) : [], middleware: around("middleware", file) }];
  });
  assertOneEach(files);
  assertNoConflicts(routes);
  const order = ({ kind }: ResolvedRoute) => (kind === "page" || kind === "api" ? 0 : kind === "not-found" ? 1 : 2);
  return routes.sort((a, b) => order(a) - order(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function assertDistinctParams(segments: readonly Segment[], file: string): void {
  const seen = new Set<string>();
  for (const segment of segments) {
    if (segment.kind !== "param") continue;
    if (seen.has(segment.name)) throw cliError("VANGO_ROUTE_NAME", { message: `${file} has two parameters named ${segment.name}.`, at: file });
    seen.add(segment.name);
  }
}

/** One layout, middleware, not-found and error file a folder: `layout.ts` beside `layout.tsx` is a conflict. */
function assertOneEach(files: readonly RouteFile[]): void {
  const seen = new Map<string, string>();
  for (const { file, folders, name } of files) {
    const key = [...folders, name].join("/");
    const other = seen.get(key);
    if (other !== undefined) throw cliError("VANGO_ROUTE_CONFLICT", { message: `${other} and ${file} differ in their extension alone.`, at: file, related: other });
    seen.set(key, file);
  }
}
