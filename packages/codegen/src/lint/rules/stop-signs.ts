// The mental model's "forbidden fixes" and what leads to them: reloads, unstable keys, repair scripts, low-level imports,
// changing a signal's value in place.
import { calleeOf, expressionOf, isFunction, unwrap, walk, type FunctionNode, type Node } from "../../compile/syntax.js";
import { coreCall, coreImports } from "../../compile/imports.js";
import type { Finding } from "../finding.js";
import type { LintRule } from "./rule.js";

const at = (node: Node, what: string): Finding => ({ start: node.start, end: node.end, what });
/** `a.b.c` as text; undefined for anything else. */
function pathOf(given: Node): string | undefined {
  const node = unwrap(given);
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return undefined;
  const object = pathOf(node.object);
  return object === undefined ? undefined : `${object}.${node.property.name}`;
}
const LOCATION = /^(?:(?:window|globalThis|self|document|top|parent)\.)?location$/;

export const noReload: LintRule = {
  name: "no-location-reload",
  summary: "Nothing reloads the page to repair it.",
  why: "A reload hides a broken contract (unstable keys, DOM changed by hand) and costs the user what was typed and the place in the page.",
  fix: "Remove the cause; to show fresh data call resource.invalidate() or write the signal, and navigate with <Link> or ctx.navigate.",
  check({ program }) {
    const found: Finding[] = [];
    walk(program, (node) => {
      if (node.type === "CallExpression") {
        const path = pathOf(node.callee) ?? "";
        const [, object = "", method = ""] = /^(.*)\.([^.]+)$/.exec(path) ?? [];
        if (LOCATION.test(object) && method === "reload") found.push(at(node, `\`${path}()\` reloads the page.`));
        const first = node.arguments[0];
        const zero = first === undefined || (first.type === "Literal" && first.value === 0);
        if (/^(?:window\.)?history$/.test(object) && method === "go" && zero) found.push(at(node, `\`${path}()\` reloads the page.`));
        if (LOCATION.test(object) && (method === "assign" || method === "replace") && first !== undefined && isHere(first)) found.push(at(node, `\`${path}(…)\` loads the same page again.`));
      }
      if (node.type === "AssignmentExpression") {
        const path = pathOf(node.left) ?? "";
        if ((LOCATION.test(path) || LOCATION.test(path.replace(/\.href$/, ""))) && isHere(node.right)) found.push(at(node, `\`${path} = …\` loads the same page again.`));
      }
    });
    return found;
  },
};

function isHere(node: Node): boolean {
  const path = pathOf(node) ?? "";
  return LOCATION.test(path) || LOCATION.test(path.replace(/\.(?:href|pathname)$/, "")) || path === "document.URL";
}

const RANDOM = /^(?:Math\.random|Date\.now|performance\.now|(?:globalThis\.)?crypto\.randomUUID|randomUUID|nanoid|uuid|v4|Symbol)$/;

export const noUnstableKey: LintRule = {
  name: "no-unstable-key",
  summary: "A key is an id of the data.",
  why: "A key that changes makes every row a new one: large patches, lost focus, lost state. An index gives each row its neighbour's state after a removal.",
  fix: "Use an id that the item keeps for life: each(list, (item) => item.id, …).",
  check({ program }) {
    const names = coreImports(program);
    const found: Finding[] = [];
    walk(program, (node) => {
      if (node.type === "CallExpression") {
        const callee = calleeOf(node);
        const key = coreCall(node, names) === "each" ? node.arguments[1] : undefined;
        const fn = key === undefined ? undefined : unwrap(key);
        if (fn !== undefined && isFunction(fn)) judge(fn, fn, found);
        else if (fn !== undefined && RANDOM.test(pathOf(fn) ?? "")) found.push(at(fn, `\`${pathOf(fn)}\` gives another key each time.`));
        const map = callee?.name === "map" || callee?.name === "flatMap" ? node.arguments[0] : undefined;
        const row = map === undefined ? undefined : unwrap(map);
        if (row !== undefined && isFunction(row)) mapKeys(row, found);
      }
      if (node.type === "JSXAttribute" && isKey(node)) {
        const value = expressionOf(node);
        const random = value === undefined ? undefined : randomIn(value);
        if (value !== undefined && random !== undefined && !found.some((f) => f.start === value.start)) found.push(at(value, `\`${random}\` gives another key each time.`));
      }
    });
    return found;
  },
};

const isKey = (node: Extract<Node, { type: "JSXAttribute" }>): boolean => node.name.type === "JSXIdentifier" && node.name.name === "key";

/** The key function of `each`. */
function judge(fn: FunctionNode, whole: Node, found: Finding[]): void {
  if (fn.body === null) return;
  const index = fn.params[1]?.type === "Identifier" ? fn.params[1].name : undefined;
  if (index !== undefined && mentions(fn.body, index)) found.push(at(whole, `The key uses the index \`${index}\`.`));
  const random = randomIn(fn.body);
  if (random !== undefined) found.push(at(whole, `\`${random}\` gives another key each time.`));
  walk(fn.body, (node) => {
    if (node.type !== "CallExpression") return;
    const path = pathOf(node.callee) ?? "";
    const method = calleeOf(node)?.name ?? "";
    if (/^(?:indexOf|findIndex)$/.test(method)) found.push(at(whole, `\`${method}()\` gives the index.`));
    if (path === "JSON.stringify") found.push(at(whole, "JSON.stringify() makes a new key whenever the item changes."));
  });
}

/** `xs.map((x, i) => <li key={i}>)`. */
function mapKeys(fn: FunctionNode, found: Finding[]): void {
  const index = fn.params[1]?.type === "Identifier" ? fn.params[1].name : undefined;
  if (index === undefined || fn.body === null) return;
  walk(fn.body, (node) => {
    if (isFunction(node)) return false;
    const value = node.type === "JSXAttribute" && isKey(node) ? expressionOf(node) : undefined;
    if (value !== undefined && mentions(value, index)) found.push(at(value, `The key uses the index \`${index}\`.`));
    return undefined;
  });
}

function mentions(node: Node, name: string): boolean {
  let found = false;
  walk(node, (inner, parent) => {
    const member = parent?.type === "MemberExpression" && !parent.computed && parent.property === inner;
    found ||= inner.type === "Identifier" && inner.name === name && !member;
  });
  return found;
}

function randomIn(node: Node): string | undefined {
  let found: string | undefined;
  walk(node, (inner) => {
    if (inner.type !== "CallExpression") return;
    const path = pathOf(inner.callee) ?? "";
    if (RANDOM.test(path)) found ??= `${path}()`;
  });
  return found;
}

export const noInlineScript: LintRule = {
  name: "no-inline-script",
  summary: "No inline script in a page.",
  why: "It runs outside of the server's patches and changes DOM that they own; a strict Content-Security-Policy refuses it.",
  fix: "Change state instead. Scripts of your own are files: <script src=… defer>, and listen to events of ctx.emit.",
  check({ program }) {
    const found: Finding[] = [];
    walk(program, (node) => {
      if (node.type === "JSXElement" && node.openingElement.name.type === "JSXIdentifier" && node.openingElement.name.name === "script") {
        const attributes = node.openingElement.attributes.flatMap((a) => (a.type === "JSXAttribute" && a.name.type === "JSXIdentifier" ? [a] : []));
        const type = attributes.find((a) => a.name.name === "type")?.value;
        const data = type?.type === "Literal" && typeof type.value === "string" && !/^(?:module|text\/javascript|application\/javascript|)$/.test(type.value);
        const content = node.children.some((child) => child.type !== "JSXText" || child.value.trim() !== "") || attributes.some((a) => a.name.name === "innerHTML");
        if (content && !data) found.push(at(node, "This <script> has code in it."));
      }
      if (node.type === "CallExpression" && calleeOf(node)?.name === "trustedHtml") {
        const text = node.arguments[0];
        const parts = text?.type === "Literal" ? String(text.value) : text?.type === "TemplateLiteral" ? text.quasis.map((q) => q.value.raw).join("") : "";
        if (/<script[\s>]/i.test(parts)) found.push(at(node, "This raw HTML has a <script> in it."));
      }
    });
    return found;
  },
};

export const noLowLevelImport: LintRule = {
  name: "no-low-level-import",
  summary: "Applications import the public entries.",
  why: "`internal`, `protocol` and `compiled` are for the framework's own packages and change without notice.",
  fix: "Import from @vango/core or @vango/server; if something is missing there, that is worth an issue.",
  check({ program }) {
    const found: Finding[] = [];
    for (const statement of program.body) {
      if (statement.type !== "ImportDeclaration" && statement.type !== "ExportNamedDeclaration" && statement.type !== "ExportAllDeclaration") continue;
      const name = statement.source?.value ?? "";
      if (/^@vango\/[a-z]+\/(?:internal|protocol|compiled|dist|src)(?:\/|$)/.test(name)) found.push(at(statement, `\`${name}\` is not a public entry.`));
    }
    return found;
  },
};

const MUTATORS = new Set(["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"]);
/** Of a Map or Set; deeper in a value it may be a signal that is written. */
const COLLECTION = new Set(["set", "delete", "clear", "add"]);

export const noStateMutation: LintRule = {
  name: "no-state-mutation",
  summary: "Values of signals are not changed in place.",
  why: "Values are immutable: the same object again is no change, so the page stays as it was, and a rollback cannot take it back.",
  fix: "Use the signal's helpers (append, setAt, removeWhere, setKey …) or set a copy.",
  check({ program }) {
    const found: Finding[] = [];
    walk(program, (node) => {
      if (node.type === "CallExpression") {
        const callee = unwrap(node.callee);
        if (callee.type === "MemberExpression" && !callee.computed && callee.property.type === "Identifier") {
          const { name } = callee.property;
          const direct = COLLECTION.has(name) && unwrap(callee.object).type === "CallExpression";
          const cell = direct || MUTATORS.has(name) ? cellUnder(callee.object) : undefined;
          if (cell !== undefined) found.push(at(node, `\`${name}()\` changes the value of \`${cell}\` in place.`));
        }
      }
      const target = node.type === "AssignmentExpression" ? node.left : node.type === "UpdateExpression" || (node.type === "UnaryExpression" && node.operator === "delete") ? node.argument : undefined;
      const cell = target?.type === "MemberExpression" ? cellUnder(target.object) : undefined;
      if (cell !== undefined) found.push(at(node, `This changes the value of \`${cell}\` in place.`));
    });
    return found;
  },
};

/** The name of the signal whose value an expression reaches into: `todos` of `todos.peek()[0].tags`. */
function cellUnder(given: Node): string | undefined {
  const node = unwrap(given);
  if (node.type === "MemberExpression") return cellUnder(node.object);
  if (node.type !== "CallExpression" || node.arguments.length > 0) return undefined;
  const callee = calleeOf(node);
  return callee !== undefined && (callee.name === "get" || callee.name === "peek") ? callee.object || undefined : undefined;
}
