// Rules about the loop's time and place: nothing blocks the thread of all sessions, nothing reaches for the browser.
import { calleeOf, isFunction, unwrap, walk, type FunctionNode, type Node } from "../../compile/syntax.js";
import type { Finding } from "../finding.js";
import { walkRegions } from "../regions.js";
import { setupMember, writeOf } from "../scope.js";
import type { LintRule } from "./rule.js";

export const noBlockingCall: LintRule = {
  name: "no-blocking-call",
  summary: "Code of components does not block the thread.",
  why: "All sessions of a process share one thread: while a synchronous call waits for the disk, nobody's click is answered.",
  fix: "Use the asynchronous form in the loader of a resource or in the work of an action; heavy computation belongs in a worker thread.",
  check(source) {
    const blocking = syncImports(source.program);
    const found: Finding[] = [];
    walkRegions(source, (node, { scope, label }) => {
      if (node.type !== "CallExpression" || scope === undefined) return;
      const callee = calleeOf(node);
      if (callee === undefined) return;
      const name = callee.object === undefined ? callee.name : `${callee.object}.${callee.name}`;
      const blocks = callee.object === undefined ? blocking.has(callee.name) : (blocking.has(callee.object) && callee.name.endsWith("Sync")) || name === "Atomics.wait";
      if (blocks) found.push({ start: node.start, end: node.end, what: `\`${name}()\` stands in ${label}.` });
    });
    return found;
  },
};

/** Local names of Node's modules (`fs`), and of their functions that block (`readFileSync`). */
function syncImports(program: Extract<Node, { type: "Program" }>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration" || !/^(?:node:)?(?:fs|child_process|crypto|zlib)$/.test(statement.source.value)) continue;
    for (const s of statement.specifiers) {
      if (s.type !== "ImportSpecifier" || (s.imported.type === "Identifier" && s.imported.name.endsWith("Sync"))) names.add(s.local.name);
    }
  }
  return names;
}

type Call = Extract<Node, { type: "CallExpression" }>;

const BROWSER = new Set(["document", "window", "localStorage", "sessionStorage", "location", "history", "navigator", "alert", "confirm", "prompt"]);

export const noBrowserGlobals: LintRule = {
  name: "no-browser-globals",
  summary: "Components do not reach for the browser.",
  why: "They run on the server, where `document` and `window` do not exist; the DOM belongs to the server's patches.",
  fix: "Change state and let the page follow; for what only the browser can do use ctx.emit, or a hook.",
  check(source) {
    const declared = declaredNames(source.program);
    const found: Finding[] = [];
    walkRegions(source, (node, { scope, hidden, label }, parent) => {
      if (node.type !== "MemberExpression" && node.type !== "CallExpression") return;
      const target = unwrap(node.type === "MemberExpression" ? node.object : node.callee);
      if (target.type !== "Identifier" || !BROWSER.has(target.name) || scope === undefined || hidden.has(target.name) || declared.has(target.name) || parent?.type === "TSTypeQuery") return;
      found.push({ start: node.start, end: node.end, what: `\`${target.name}\` is used in ${label}.` });
    });
    return found;
  },
};

/** Names that the file declares anywhere: they are not the browser's. */
function declaredNames(program: Extract<Node, { type: "Program" }>): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (node: Node | null | undefined): void => {
    if (node?.type === "Identifier") names.add(node.name);
    else if (node?.type === "ObjectPattern") for (const p of node.properties) add(p.type === "Property" ? p.value : p.argument);
  };
  const visit = (node: Node): void => {
    if (node.type === "VariableDeclarator") add(node.id);
    if (node.type === "ImportDeclaration") for (const s of node.specifiers) names.add(s.local.name);
    if (node.type === "FunctionDeclaration") add(node.id);
  };
  walk(program, visit);
  return names;
}

export const preferMemo: LintRule = {
  name: "prefer-memo",
  summary: "Derived values are memos, not effects.",
  why: "An effect that only copies one value into another shows the old one for a frame and costs a second cycle.",
  fix: "Use setup.memo(() => …): it is computed when it is read and is never out of step.",
  check(source) {
    const found: Finding[] = [];
    walkRegions(source, (node, { scope, hidden }) => {
      if (node.type !== "CallExpression" || scope === undefined || setupMember(node, scope) !== "effect") return;
      const fn = node.arguments[0] === undefined ? undefined : unwrap(node.arguments[0]);
      const only = fn !== undefined && isFunction(fn) ? onlyCall(fn) : undefined;
      const write = only === undefined ? undefined : writeOf(only, scope, hidden);
      const value = only?.arguments[0];
      if (write?.kind === "signal" && write.method === "set" && value !== undefined && readsCell(value)) {
        found.push({ start: node.start, end: node.end, what: `This effect only copies a derived value into \`${write.cell}\`.` });
      }
    });
    return found;
  },
};

/** The call that is all of a function's body. */
function onlyCall(fn: FunctionNode): Call | undefined {
  const body = fn.body;
  if (body === null) return undefined;
  const [first, ...rest] = body.type === "BlockStatement" ? body.body : [body];
  if (first === undefined || rest.length > 0) return undefined;
  const expression = unwrap(first.type === "ExpressionStatement" ? first.expression : first);
  return expression.type === "CallExpression" ? expression : undefined;
}

function readsCell(node: Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (isFunction(inner)) return false;
    found ||= inner.type === "CallExpression" && calleeOf(inner)?.name === "get" && inner.arguments.length === 0;
    return undefined;
  });
  return found;
}
