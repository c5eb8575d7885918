/**
 * From a path to what stands there: the one resolver of the first GET, of the join and of navigation in a session.
 * Invariants: resolving has no side effect but loading modules; the answer is synchronous once they are loaded.
 */
import type { VangoError, Component } from "@vango/core";
import { serverError } from "../errors.js";
import { builtinErrorPage, builtinNotFoundPage } from "./builtin-pages.js";
import { Modules, functionExport } from "./modules.js";
import { canonicalPath, stripBase } from "./path.js";
import type { Head, LoadModule, MatchedParams, RouteEntry, RouteTable } from "./route-table.js";
import { Scopes } from "./scopes.js";
import { Trie } from "./trie.js";
import type { ApiFunction, Layout, Middleware } from "./types.js";

/** What an error page may show. Generic outside development. */
export interface PublicError {
  readonly code: string;
  readonly message: string;
}

/** The props a page is mounted with; `error` only on error pages. */
export type PageProps = {
  readonly params: MatchedParams;
  readonly error?: PublicError;
};

/** Everything needed to render a page. */
export interface PageMatch {
  readonly kind: "page";
  readonly status: 200 | 404 | 500;
  /** The pattern of the route; the folder for a not-found or error page. */
  readonly route: string;
  /** Canonical path with the base path. */
  readonly path: string;
  /** Query without `?`. */
  readonly query: string;
  readonly props: PageProps;
  readonly page: Component<PageProps>;
  /** Root first. */
  readonly layouts: readonly Layout[];
  /** Of the layouts, root first, then of the page. */
  readonly heads: readonly Head[];
  readonly middleware: readonly Middleware[];
}

export interface ApiMatch {
  readonly kind: "api";
  readonly route: string;
  readonly path: string;
  readonly params: MatchedParams;
  readonly functions: ReadonlyMap<string, ApiFunction>;
  /** Media types that the module takes besides JSON (its export `accepts`). */
  readonly accepts: readonly string[];
  readonly middleware: readonly Middleware[];
}

export type Resolution =
  | PageMatch
  | ApiMatch
  /** Another spelling: 308 on HTTP, `replace` in a session. `href` has the query. */
  | { readonly kind: "redirect"; readonly href: string }
  /** 400: a malformed path, or a parameter of an API that does not fit (`api`). */
  | { readonly kind: "bad-request"; readonly error: VangoError; readonly api: boolean };

export interface Router {
  readonly buildId: string;
  /** Resolves a path as sent (percent-encoded) and a query without `?`. Rejects when a module fails to load. */
  resolve(path: string, query: string): Resolution | Promise<Resolution>;
  /** The error page around a path. Never rejects: a page that fails to load is replaced by the built-in one. */
  errorPage(path: string, query: string, error: PublicError): Promise<PageMatch>;
}

const VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

/** A route with its modules: built once. */
type Loaded =
  | { readonly kind: "page"; readonly page: Component<PageProps>; readonly layouts: readonly Layout[]; readonly heads: readonly Head[]; readonly middleware: readonly Middleware[] }
  | { readonly kind: "api"; readonly functions: ReadonlyMap<string, ApiFunction>; readonly accepts: readonly string[]; readonly middleware: readonly Middleware[] };

interface Slot {
  readonly entry: RouteEntry;
  loaded: Loaded | undefined;
  /** The last page that was given: who asks for the same address shares it. */
  last: PageMatch | undefined;
}

/** Builds the router of a table; throws VANGO_BAD_ROUTE or VANGO_DUPLICATE_ROUTE. `basePath` is "" or canonical. */
export function createRouter(table: RouteTable, basePath = ""): Router {
  const trie = new Trie<Slot>();
  const notFound = new Scopes<Slot>();
  const errors = new Scopes<Slot>();
  const modules = new Modules();
  for (const entry of table.routes) {
    const slot: Slot = { entry, loaded: undefined, last: undefined };
    if (entry.kind === "not-found") notFound.add(entry.path, slot);
    else if (entry.kind === "error") errors.add(entry.path, slot);
    else trie.add(entry.path, slot);
  }

  function resolve(rawPath: string, query: string): Resolution | Promise<Resolution> {
    const canonical = canonicalPath(rawPath);
    if (canonical.kind === "bad") return badRequest("VANGO_BAD_PATH", canonical.why, false);
    if (canonical.kind === "moved") return { kind: "redirect", href: canonical.path + (query === "" ? "" : `?${query}`) };
    const fullPath = canonical.path;
    const path = stripBase(fullPath, basePath);
    if (path === undefined) return missing("/", fullPath, query);
    const match = trie.match(path);
    switch (match.kind) {
      case "found": {
        const { loaded } = match.value;
        if (loaded !== undefined) return give(match.value, loaded, match.params, fullPath, query, 200);
        return loadSlot(match.value, modules).then((l) => give(match.value, l, match.params, fullPath, query, 200));
      }
      case "mistyped":
        if (isApi(match.value)) return badRequest("VANGO_BAD_PARAM", `\`${match.value.entry.path}\``, true);
        return missing(path, fullPath, query);
      case "encoded-slash":
        return badRequest("VANGO_BAD_PATH", "it holds an encoded slash", false);
      case "none":
        return missing(path, fullPath, query);
    }
  }

  function missing(path: string, fullPath: string, query: string): Resolution | Promise<Resolution> {
    const near = notFound.nearest(path);
    if (near === undefined) return builtin(404, fullPath, query, { params: {} });
    const { value: slot, params } = near;
    if (slot.loaded !== undefined) return give(slot, slot.loaded, params, fullPath, query, 404);
    return loadSlot(slot, modules).then((l) => give(slot, l, params, fullPath, query, 404));
  }

  async function errorPage(rawPath: string, query: string, error: PublicError): Promise<PageMatch> {
    const canonical = canonicalPath(rawPath);
    const fullPath = canonical.kind === "bad" ? basePath || "/" : canonical.path;
    const near = errors.nearest(stripBase(fullPath, basePath) ?? "/");
    if (near !== undefined) {
      try {
        const loaded = await loadSlot(near.value, modules);
        if (loaded.kind === "page") {
          const { page, layouts, heads } = loaded;
          return { kind: "page", status: 500, route: near.value.entry.path, path: fullPath, query, props: { params: near.params, error }, page, layouts, heads, middleware: [] };
        }
      } catch {
        // The built-in page answers.
      }
    }
    return builtin(500, fullPath, query, { params: {}, error });
  }

  return { buildId: table.buildId, resolve, errorPage };
}

function give(slot: Slot, loaded: Loaded, params: MatchedParams, path: string, query: string, status: 200 | 404): Resolution {
  const { last, entry: { path: route } } = slot;
  if (last !== undefined && last.path === path && last.query === query) return last;
  if (loaded.kind === "api") return { kind: "api", route, path, params, functions: loaded.functions, accepts: loaded.accepts, middleware: loaded.middleware };
  const { page, layouts, heads, middleware } = loaded;
  // Every session that shows it has this object: an address costs its sessions nothing. Frozen, so that none changes it.
  const props = Object.freeze({ params: Object.freeze(params) });
  return (slot.last = { kind: "page", status, route, path, query, props, page, layouts, heads, middleware });
}

function builtin(status: 404 | 500, path: string, query: string, props: PageProps): PageMatch {
  const page = status === 404 ? builtinNotFoundPage : builtinErrorPage;
  return { kind: "page", status, route: "/", path, query, props, page: page.page, layouts: [], heads: [page.head], middleware: [] };
}

function badRequest(code: "VANGO_BAD_PATH" | "VANGO_BAD_PARAM", message: string, api: boolean): Resolution {
  return { kind: "bad-request", error: serverError(code, { message: `${message}.` }), api };
}

function isApi(slot: Slot): boolean {
  return (slot.loaded?.kind ?? slot.entry.kind ?? (slot.entry.path.startsWith("/api/") ? "api" : "page")) === "api";
}

async function loadSlot(slot: Slot, modules: Modules): Promise<Loaded> {
  if (slot.loaded !== undefined) return slot.loaded;
  const { entry } = slot;
  const at = `The route \`${entry.path}\``;
  const all = (loads: readonly LoadModule[] | undefined): Promise<object[]> => Promise.all((loads ?? []).map((load) => modules.load(load, at)));
  const [module, layoutModules, middlewareModules] = await Promise.all([modules.load(entry.load, at), all(entry.layouts), all(entry.middleware)]);
  const middleware = middlewareModules.map((m) => functionExport<Middleware>(m, "middleware", `Middleware of \`${entry.path}\``));
  const functions = verbs(module);
  const kind = entry.kind ?? ("page" in module || functions.size === 0 ? "page" : "api");
  if (kind === "api") {
    if (functions.size === 0) throw serverError("VANGO_ROUTE_MODULE", { message: `${at} needs an exported function such as GET.` });
    slot.loaded = { kind: "api", functions, accepts: mediaTypes(module), middleware };
  } else {
    slot.loaded = {
      kind: "page",
      page: functionExport<Component<PageProps>>(module, "page", at),
      layouts: layoutModules.map((m) => functionExport<Layout>(m, "layout", `A layout of \`${entry.path}\``)),
      heads: [...layoutModules, module].flatMap(headOf),
      middleware,
    };
  }
  return slot.loaded;
}

function headOf(module: object): readonly Head[] {
  const { head } = module as { head?: Head };
  return head === undefined || head === null ? [] : [head];
}

function verbs(module: object): ReadonlyMap<string, ApiFunction> {
  const found = new Map<string, ApiFunction>();
  for (const verb of VERBS) {
    const value: unknown = (module as Record<string, unknown>)[verb];
    if (typeof value === "function") found.set(verb, value as ApiFunction);
  }
  return found;
}

function mediaTypes(module: object): readonly string[] {
  const { accepts } = module as { accepts?: unknown };
  return Array.isArray(accepts) ? accepts.filter((a): a is string => typeof a === "string").map((a) => a.toLowerCase()) : [];
}
