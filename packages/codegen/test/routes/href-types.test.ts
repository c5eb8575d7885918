// The generated `href` is typed: a wrong path, a missing, wrong or surplus parameter is a compile error.
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { writeRoutes } from "../../src/routes/generate.js";
import { page, tree } from "./tree.js";

const SERVER = `declare module "@vango/server" {
  export type HrefQuery = Readonly<Record<string, string | number | boolean | null | undefined>>;
  export interface RouteTable { readonly buildId: string; readonly routes: readonly { path: string; kind?: string; load(): Promise<object>; layouts?: readonly (() => Promise<object>)[]; middleware?: readonly (() => Promise<object>)[] }[] }
  export function buildHref(path: string, params?: Readonly<Record<string, unknown>>, query?: HrefQuery): string;
}`;

const USES = `import { href, type RoutePath } from "./routes_gen.js";
href("/"); href("/about", {}); href("/about", undefined, { tab: "a", page: 2 }); href("/users/[id:int]", { id: 1 }); href("/users/[id:int]", { id: 1 }, { q: "a" });
href("/docs/[...slug]", { slug: ["a", "b"] }); href("/teams/[team]", { team: "a" });
const a: RoutePath = "/users/12"; const b: RoutePath = "/docs/a/b"; const c: RoutePath = "/";
// @ts-expect-error no such route
href("/abuot");
// @ts-expect-error parameters are required
href("/users/[id:int]");
// @ts-expect-error a number
href("/users/[id:int]", { id: "1" });
// @ts-expect-error another parameter
href("/users/[id:int]", { name: 1 });
// @ts-expect-error a route without parameters
href("/about", { id: 1 });
// @ts-expect-error a list
href("/docs/[...slug]", { slug: "a" });
// @ts-expect-error not a number
const d: RoutePath = "/users/me";
export const all = [a, b, c, d];
`;

it("R7: href and RoutePath", { timeout: 30_000 }, () => {
  const root = tree({
    "package.json": `{"type":"module"}`, "server.d.ts": SERVER, "uses.ts": USES,
    "app/routes/index.tsx": page, "app/routes/about.tsx": page, "app/routes/layout.tsx": "export const layout = 1;", "app/routes/middleware.ts": "export const middleware = 1;",
    "app/routes/users/[id:int].tsx": page, "app/routes/docs/[...slug].tsx": page, "app/routes/teams/[team].tsx": page,
  });
  writeRoutes(root);
  const program = ts.createProgram(["server.d.ts", "routes_gen.ts", "uses.ts"].map((file) => join(root, file)), {
    strict: true, noEmit: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
    jsx: ts.JsxEmit.Preserve, exactOptionalPropertyTypes: true, verbatimModuleSyntax: true, skipLibCheck: true,
  });
  expect(ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"))).toEqual([]);
});
