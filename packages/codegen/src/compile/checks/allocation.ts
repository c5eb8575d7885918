// JSX7, JSX8: state is allocated at the top level of setup, once and always; the render closure does not touch setup.
// A component's setup is the function given to core's `component()`; only its own parameter is followed.
import type { Sink } from "../diagnostics.js";
import { coreCall, type CoreNames } from "../imports.js";
import { calleeOf, childNodes, isFunction, unwrap, walk, type FunctionNode, type Node } from "../syntax.js";

/** Calls that allocate or declare. Timers and cleanups are not among them: they may depend on what was found. */
const ALLOCATORS = new Set([
  "signal", "sharedSignal", "globalSignal", "memo", "selector", "resource", "action", "latest", "optimistic", "effect", "onMount", "onChange", "urlParam", "routeForm", "provide", "use",
]);

export function checkAllocation(program: Node, names: CoreNames, diagnostics: Sink): void {
  walk(program, (node) => {
    if (node.type !== "CallExpression") return;
    if (coreCall(node, names) !== "component") return;
    const fn = node.arguments[0] === undefined ? undefined : unwrap(node.arguments[0]);
    if (fn === undefined || !isFunction(fn)) return;
    const param = fn.params[0];
    if (param?.type === "Identifier") checkSetup(fn, param.name, diagnostics);
  });
}

function checkSetup(fn: FunctionNode, name: string, diagnostics: Sink): void {
  const render = renderClosures(fn);
  const visit = (node: Node, where: string | undefined): void => {
    if (render.has(node)) {
      checkRender(node, name, diagnostics);
      return;
    }
    if (node.type === "CallExpression" && where !== undefined) {
      const callee = calleeOf(node);
      if (callee?.object === name && ALLOCATORS.has(callee.name)) {
        diagnostics.error("VANGO_JSX_CONDITIONAL_SETUP", node.start, `\`${name}.${callee.name}\` stands in ${where}.`);
      }
    }
    for (const child of childNodes(node)) visit(child, contextOf(node, child) ?? where);
  };
  if (fn.body === null) return;
  if (fn.body.type !== "BlockStatement") {
    visit(fn.body, undefined);
    return;
  }
  let after: string | undefined;
  for (const statement of fn.body.body) {
    visit(statement, after);
    if (statement.type !== "ReturnStatement" && returns(statement)) after = "code after an early return";
  }
}

/** How a child is reached from its parent, if not always and once. */
function contextOf(parent: Node, child: Node): string | undefined {
  if (isFunction(parent)) return "a callback";
  switch (parent.type) {
    case "IfStatement":
      return child === parent.test ? undefined : "an if";
    case "ConditionalExpression":
      return child === parent.test ? undefined : "a condition (?:)";
    case "LogicalExpression":
      return child === parent.left ? undefined : `a condition (${parent.operator})`;
    case "SwitchCase":
      return "a switch";
    case "CatchClause":
      return "a catch";
    case "ForStatement":
      return child === parent.init ? undefined : "a loop";
    case "ForInStatement":
    case "ForOfStatement":
      return child === parent.right ? undefined : "a loop";
    case "WhileStatement":
    case "DoWhileStatement":
      return "a loop";
    default:
      return undefined;
  }
}

function returns(statement: Node): boolean {
  let found = false;
  walk(statement, (node) => {
    if (isFunction(node)) return false;
    found ||= node.type === "ReturnStatement";
    return undefined;
  });
  return found;
}

/** The functions that setup returns, written in place or by name: its render closures. */
export function renderClosures(fn: FunctionNode): ReadonlySet<Node> {
  const out = new Set<Node>();
  const add = (given: Node): void => {
    const node = unwrap(given);
    if (isFunction(node)) out.add(node);
    else if (node.type === "ConditionalExpression") [node.consequent, node.alternate].forEach(add);
    else if (node.type === "Identifier") {
      const declared = declaredAs(fn, node.name);
      if (declared !== undefined) out.add(declared);
    }
  };
  if (fn.body === null) return out;
  if (fn.body.type !== "BlockStatement") add(fn.body);
  else {
    walk(fn.body, (node) => {
      if (isFunction(node)) return false;
      if (node.type === "ReturnStatement" && node.argument !== null) add(node.argument);
      return undefined;
    });
  }
  return out;
}

function declaredAs(fn: FunctionNode, name: string): Node | undefined {
  if (fn.body?.type !== "BlockStatement") return undefined;
  for (const statement of fn.body.body) {
    if (statement.type === "FunctionDeclaration" && statement.id?.name === name) return statement;
    if (statement.type !== "VariableDeclaration") continue;
    for (const d of statement.declarations) {
      const init = d.init === null ? undefined : unwrap(d.init);
      if (d.id.type === "Identifier" && d.id.name === name && init !== undefined && isFunction(init)) return init;
    }
  }
  return undefined;
}

/** In the render closure every call on setup is refused; `setup.ctx` and handlers that use timers are fine. */
function checkRender(render: Node, name: string, diagnostics: Sink): void {
  walk(render, (node, parent) => {
    if (node.type !== "CallExpression") return;
    const callee = calleeOf(node);
    if (callee?.object !== name) return;
    const allocates = ALLOCATORS.has(callee.name) || callee.name === "onCleanup" || callee.name === "onPersistError";
    if (allocates || parent === render) diagnostics.error("VANGO_JSX_SETUP_IN_RENDER", node.start, `\`${name}.${callee.name}\` stands in it.`);
  });
}
