// What names of a component stand for: its setup parameter, what was destructured from it, the cells it made. Names are
// followed within one setup function; a parameter or declaration of a nested function hides them.
import { calleeOf, isFunction, unwrap, walk, type FunctionNode, type Node } from "../compile/syntax.js";

export type CellKind = "signal" | "memo" | "resource" | "action" | "latest" | "selector" | "props";

/** Members of setup that make a cell. */
const MAKERS: Readonly<Record<string, CellKind>> = {
  signal: "signal", sharedSignal: "signal", globalSignal: "signal", urlParam: "signal",
  memo: "memo", optimistic: "memo", resource: "resource", action: "action", latest: "latest", selector: "selector",
};

/** Methods that write a cell or start work. */
const WRITES: Readonly<Record<CellKind, ReadonlySet<string>>> = {
  signal: new Set(["set", "update", "inc", "dec", "add", "toggle", "append", "insertAt", "removeAt", "removeWhere", "setAt", "updateWhere", "move", "swap", "setKey", "removeKey"]),
  resource: new Set(["refetch", "invalidate", "mutate"]),
  action: new Set(["run", "cancel", "reset"]),
  latest: new Set(["run", "cancel"]),
  memo: new Set(), selector: new Set(), props: new Set(),
};

/** The names of one component, or of a composable that takes `setup`. */
export interface Scope {
  readonly setup: string;
  /** Local name → member of setup, for `const { signal, ctx } = setup`. */
  readonly members: ReadonlyMap<string, string>;
  readonly cells: ReadonlyMap<string, CellKind>;
  /** Names of ctx: `const { ctx } = setup`, `const ctx = setup.ctx`. */
  readonly ctx: ReadonlySet<string>;
  /** Functions that setup declares by name. */
  readonly functions: ReadonlyMap<string, FunctionNode>;
}

export function scopeOf(fn: FunctionNode, setup: string): Scope {
  const members = new Map<string, string>();
  const cells = new Map<string, CellKind>();
  const ctx = new Set<string>();
  const functions = new Map<string, FunctionNode>();
  const [param, props] = fn.params;
  if (param?.type === "ObjectPattern") addMembers(param, members, ctx);
  if (props?.type === "Identifier") cells.set(props.name, "props");
  if (fn.body === null) return { setup, members, cells, ctx, functions };
  walk(fn.body, (node) => {
    if (isFunction(node)) {
      const { id } = node as { readonly id?: { readonly name: string } | null };
      if (id !== undefined && id !== null) functions.set(id.name, node);
      return false;
    }
    if (node.type !== "VariableDeclarator" || node.init === null) return undefined;
    const init = unwrap(node.init);
    if (node.id.type === "ObjectPattern" && init.type === "Identifier" && init.name === setup) {
      addMembers(node.id, members, ctx);
    }
    if (node.id.type !== "Identifier") return undefined;
    const { name } = node.id;
    if (isFunction(init)) functions.set(name, init);
    else if (isSetupCtx(init, setup)) ctx.add(name);
    else if (init.type === "CallExpression") {
      const member = setupMember(init, { setup, members });
      const kind = member === undefined ? undefined : MAKERS[member];
      if (kind !== undefined) cells.set(name, kind);
    }
    return undefined;
  });
  return { setup, members, cells, ctx, functions };
}

/** `{ signal, ctx: c }` of setup. */
function addMembers(pattern: Extract<Node, { type: "ObjectPattern" }>, members: Map<string, string>, ctx: Set<string>): void {
  for (const p of pattern.properties) {
    if (p.type !== "Property" || p.computed || p.key.type !== "Identifier" || p.value.type !== "Identifier") continue;
    members.set(p.value.name, p.key.name);
    if (p.key.name === "ctx") ctx.add(p.value.name);
  }
}

function isSetupCtx(node: Node, setup: string): boolean {
  return node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier" && node.property.name === "ctx" && node.object.type === "Identifier" && node.object.name === setup;
}

/** The member of setup that a call calls, written `setup.x(…)` or by its destructured name. */
export function setupMember(call: Extract<Node, { type: "CallExpression" }>, { setup, members }: Pick<Scope, "setup" | "members">): string | undefined {
  const callee = calleeOf(call);
  if (callee === undefined) return undefined;
  if (callee.object === setup) return callee.name;
  return callee.object === undefined ? members.get(callee.name) : undefined;
}

/** The method of ctx that a call calls. */
export function ctxMember(call: Extract<Node, { type: "CallExpression" }>, scope: Scope): string | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier") return undefined;
  const object = unwrap(callee.object);
  const isCtx = (object.type === "Identifier" && scope.ctx.has(object.name)) || isSetupCtx(object, scope.setup);
  return isCtx ? callee.property.name : undefined;
}

/** The cell and method of a call that writes or starts work: `count.set(1)`. */
export function writeOf(call: Extract<Node, { type: "CallExpression" }>, scope: Scope, hidden: ReadonlySet<string>): { readonly cell: string; readonly kind: CellKind; readonly method: string } | undefined {
  const callee = calleeOf(call);
  if (callee?.object === undefined || hidden.has(callee.object)) return undefined;
  const kind = scope.cells.get(callee.object);
  return kind !== undefined && WRITES[kind].has(callee.name) ? { cell: callee.object, kind, method: callee.name } : undefined;
}
