// Which local names of a module are functions of @vango/core.
import { calleeOf, type Node } from "./syntax.js";

export type CoreNames = ReadonlyMap<string, string>;

/** Local name → exported name, for imports from `@vango/core` and its subpaths. */
export function coreImports(program: Extract<Node, { type: "Program" }>): CoreNames {
  const names = new Map<string, string>();
  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration" || !/^@vango\/core(?:\/|$)/.test(statement.source.value)) continue;
    for (const s of statement.specifiers) {
      if (s.type === "ImportSpecifier") names.set(s.local.name, s.imported.type === "Identifier" ? s.imported.name : s.imported.value);
    }
  }
  return names;
}

/** The function of core that a call calls, by its exported name: `on` for `on(…)`, also under another local name. */
export function coreCall(call: Extract<Node, { type: "CallExpression" }>, names: CoreNames): string | undefined {
  const callee = calleeOf(call);
  return callee === undefined || callee.object !== undefined ? undefined : names.get(callee.name);
}
