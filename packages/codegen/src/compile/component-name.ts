// The name of a component, for errors and devtools: that of its variable. `component()` cannot know it: a function that is written
// as an argument has no name. Of a route's file, where every page is called `page`, the file is named too.
import { basename } from "node:path/posix";
import { coreCall } from "./imports.js";
import { unwrap, type Node } from "./syntax.js";
import type { FileContext } from "./to-ast.js";

/** Exports whose name says what a file is, and not which. */
const OF_ROUTES = new Set(["page", "layout"]);

export interface Nameless {
  readonly name: string;
  /** Where the name is put: behind the only argument. */
  readonly end: number;
}

/** `const Counter = component((setup) => …)` and `export default component((setup) => …)`; undefined for anything else, or with options of its own. */
export function namelessComponent(node: Node, { names, path }: FileContext): Nameless | undefined {
  const [given, own] = node.type === "VariableDeclarator" && node.id.type === "Identifier" ? [node.init, node.id.name] : node.type === "ExportDefaultDeclaration" ? [node.declaration, undefined] : [null, undefined];
  const call = given === null ? undefined : unwrap(given);
  if (call?.type !== "CallExpression" || coreCall(call, names) !== "component") return undefined;
  const [setup, options] = call.arguments;
  if (setup === undefined || setup.type === "SpreadElement" || options !== undefined) return undefined;
  const name = own === undefined ? basename(path).replace(/\.[^.]*$/, "") : OF_ROUTES.has(own) ? `${own} of ${inRoutes(path)}` : own;
  return { name, end: setup.end };
}

/** No more of the path than every machine has. */
const inRoutes = (path: string): string => /(?:^|\/)routes\/(.+)$/.exec(path)?.[1] ?? basename(path);
