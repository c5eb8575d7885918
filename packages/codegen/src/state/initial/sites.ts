// Declarations of persisted state in one file, by its syntax: key, initial value, options, and what is wrong with them. The
// generator asks the type checker which of them are core's; tools that see one file go by their names.
import { childNodes, unwrap, type Node } from "../../compile/syntax.js";
import type { StateKind } from "../compat/change.js";
import { readInitial, type InitialPort } from "./initial.js";

export type SiteProblemCode = "VANGO_STATE_KEY" | "VANGO_STATE_ALIASED" | "VANGO_STATE_INITIAL" | "VANGO_STATE_OPTIONS";

export interface SiteProblem {
  readonly code: SiteProblemCode;
  readonly start: number;
  readonly end: number;
  readonly what: string;
  /** Closer than the code's own. */
  readonly fix?: string;
}

/** One call. What a problem hides is undefined. */
export interface StateSite {
  readonly kind: StateKind;
  /** Of the call, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly key: string | undefined;
  /** Where the key stands. */
  readonly keyAt: number;
  readonly initial: string | undefined;
  readonly initialAt: number;
  readonly scope: "tab" | "browser" | undefined;
  readonly schemaId: string | undefined;
  readonly migrates: readonly string[];
  /** The expression of `migrate`, and the nodes that hold it, outermost first. */
  readonly migrate: { readonly node: Node; readonly around: readonly Node[] } | undefined;
  readonly problems: readonly SiteProblem[];
}

export interface StateSites {
  readonly sites: readonly StateSite[];
  /** Uses of the functions that are no plain call. */
  readonly aliases: readonly SiteProblem[];
}

const MEMBERS: Readonly<Record<string, StateKind>> = { sharedSignal: "shared", globalSignal: "global" };

/** A quick look: only files that hold one of the words can declare persisted state. */
export function mayDeclareState(text: string): boolean {
  return /\b(?:sharedSignal|globalSignal|sessionKey)\b/.test(text);
}

/** All declarations of a module, in the order of the source. */
export function sitesIn(program: Extract<Node, { type: "Program" }>, port: InitialPort): StateSites {
  const sites: StateSite[] = [];
  const aliases: SiteProblem[] = [];
  const { functions, namespaces } = coreNames(program);
  const called = new Set<Node>();
  const around: Node[] = [];
  const visit = (node: Node, parent: Node | undefined): void => {
    if (node.type === "CallExpression") {
      const found = declared(node, functions, namespaces);
      if (found !== undefined) {
        called.add(found.callee);
        sites.push(siteOf(node, found.kind, [...around], port));
      }
    }
    const alias = called.has(node) ? undefined : aliasOf(node, parent, functions, namespaces);
    if (alias !== undefined) aliases.push({ code: "VANGO_STATE_ALIASED", start: node.start, end: node.end, what: alias });
    around.push(node);
    for (const child of childNodes(node)) visit(child, node);
    around.pop();
  };
  visit(program, undefined);
  return { sites, aliases };
}

interface CoreNames {
  /** Local names of `sessionKey`. */
  readonly functions: ReadonlySet<string>;
  /** Local names of the whole of core. */
  readonly namespaces: ReadonlySet<string>;
}

function coreNames(program: Extract<Node, { type: "Program" }>): CoreNames {
  const functions = new Set<string>();
  const namespaces = new Set<string>();
  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration" || statement.source.value !== "@vango/core") continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type === "ImportNamespaceSpecifier") namespaces.add(specifier.local.name);
      else if (specifier.type === "ImportSpecifier" && specifier.imported.type === "Identifier" && specifier.imported.name === "sessionKey") functions.add(specifier.local.name);
    }
  }
  return { functions, namespaces };
}

function declared(call: Extract<Node, { type: "CallExpression" }>, functions: ReadonlySet<string>, namespaces: ReadonlySet<string>): { readonly kind: StateKind; readonly callee: Node } | undefined {
  const { callee } = call;
  if (callee.type === "Identifier") return functions.has(callee.name) ? { kind: "session", callee } : undefined;
  if (callee.type !== "MemberExpression" || callee.computed || callee.optional || callee.property.type !== "Identifier") return undefined;
  const { object, property } = callee;
  const kind = Object.hasOwn(MEMBERS, property.name) ? MEMBERS[property.name] : undefined;
  if (kind !== undefined && unwrap(object).type === "Identifier") return { kind, callee };
  return property.name === "sessionKey" && object.type === "Identifier" && namespaces.has(object.name) ? { kind: "session", callee } : undefined;
}

/** Text of what is wrong when a function of persisted state is used but not called in place. */
function aliasOf(node: Node, parent: Node | undefined, functions: ReadonlySet<string>, namespaces: ReadonlySet<string>): string | undefined {
  if (node.type === "MemberExpression") {
    const name = !node.computed && node.property.type === "Identifier" ? node.property.name : node.computed && node.property.type === "Literal" ? String(node.property.value) : "";
    if (Object.hasOwn(MEMBERS, name)) return `\`${name}\` is not called in place.`;
    return name === "sessionKey" && node.object.type === "Identifier" && namespaces.has(node.object.name) ? "`sessionKey` is not called in place." : undefined;
  }
  if (node.type === "Property" && parent?.type === "ObjectPattern" && !node.computed && node.key.type === "Identifier" && Object.hasOwn(MEMBERS, node.key.name)) return `\`${node.key.name}\` is destructured.`;
  if (node.type === "ExportSpecifier" && parent?.type === "ExportNamedDeclaration" && parent.source?.value === "@vango/core" && node.local.type === "Identifier" && node.local.name === "sessionKey") return "`sessionKey` is exported again.";
  if (node.type !== "Identifier" || !functions.has(node.name) || parent === undefined) return undefined;
  const names = parent.type === "ImportSpecifier" || (parent.type === "MemberExpression" && parent.property === node && !parent.computed) || (parent.type === "Property" && parent.key === node && !parent.computed && !parent.shorthand);
  return names || parent.type.startsWith("TS") ? undefined : `\`${node.name}\` is not called in place.`;
}

function siteOf(call: Extract<Node, { type: "CallExpression" }>, kind: StateKind, around: readonly Node[], port: InitialPort): StateSite {
  const problems: SiteProblem[] = [];
  const report = (code: SiteProblemCode, node: Node, what: string, fix?: string): void => {
    problems.push({ code, start: node.start, end: node.end, what, ...(fix === undefined ? {} : { fix }) });
  };
  const [key, second, third] = call.arguments;
  const keyText = key === undefined ? undefined : textOf(key);
  if (keyText === undefined) report("VANGO_STATE_KEY", key ?? call, key === undefined ? "There is no key." : "The key is no text in quotes.");
  else if (keyText === "") report("VANGO_STATE_KEY", key ?? call, "The key is empty.");
  const options = optionsOf(kind === "session" ? second : third, report);
  const initial = kind === "session" ? options.get("default") : second;
  if (initial === undefined || initial.type === "SpreadElement") report("VANGO_STATE_INITIAL", second ?? call, kind === "session" ? "There is no `default` here." : "There is no initial value.");
  const read = initial === undefined || initial.type === "SpreadElement" ? undefined : readInitial(initial, around, port);
  if (read !== undefined && "problem" in read) report("VANGO_STATE_INITIAL", read.problem.node, read.problem.what, read.problem.fix);
  const schemaId = literalOption(options, "schemaId", report);
  if (schemaId !== undefined && !isSchemaId(schemaId)) report("VANGO_STATE_OPTIONS", options.get("schemaId") ?? call, `${JSON.stringify(schemaId)} is no schema id.`, 'Write it as "app:Type:v1".');
  const scope = literalOption(options, "scope", report);
  if (scope !== undefined && scope !== "tab" && scope !== "browser") report("VANGO_STATE_OPTIONS", options.get("scope") ?? call, `The scope is ${JSON.stringify(scope)}.`, 'Write "tab" or "browser".');
  const migrate = options.get("migrate");
  return {
    kind, start: call.start, end: call.end,
    key: keyText, keyAt: (key ?? call).start,
    initial: read !== undefined && "source" in read ? read.source : undefined,
    initialAt: (initial ?? call).start,
    scope: kind !== "session" ? undefined : scope === "browser" ? "browser" : "tab",
    schemaId,
    migrates: migratesOf(migrate, report),
    migrate: migrate === undefined ? undefined : { node: migrate, around },
    problems,
  };
}

/** A text that can be a type's identity: one word that the header of a blob has room for, and none of those made from keys. */
export function isSchemaId(id: string): boolean {
  return /^[^\s#"'`][^\s"'`]{0,199}$/.test(id);
}

/** A string literal's text. */
function textOf(given: Node): string | undefined {
  const node = unwrap(given);
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  return node.type === "TemplateLiteral" && node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
}

type Report = (code: SiteProblemCode, node: Node, what: string, fix?: string) => void;

function optionsOf(given: Node | undefined, report: Report): ReadonlyMap<string, Node> {
  const options = new Map<string, Node>();
  if (given === undefined) return options;
  const node = unwrap(given);
  if (node.type !== "ObjectExpression") {
    report("VANGO_STATE_OPTIONS", given, "The options are not written here.");
    return options;
  }
  for (const property of node.properties) {
    if (property.type !== "Property" || property.computed) {
      report("VANGO_STATE_OPTIONS", property, "An option is spread or computed.");
      continue;
    }
    options.set(property.key.type === "Identifier" ? property.key.name : property.key.type === "Literal" ? String(property.key.value) : "", property.value);
  }
  return options;
}

function literalOption(options: ReadonlyMap<string, Node>, name: string, report: Report): string | undefined {
  const node = options.get(name);
  const text = node === undefined ? undefined : textOf(node);
  if (node !== undefined && text === undefined) report("VANGO_STATE_OPTIONS", node, `\`${name}\` is no text in quotes.`);
  return text;
}

/** The schema ids and hashes that `migrate` reads: the keys of an object written in place. */
function migratesOf(given: Node | undefined, report: Report): readonly string[] {
  if (given === undefined) return [];
  const node = unwrap(given);
  if (node.type !== "ObjectExpression") {
    report("VANGO_STATE_OPTIONS", given, "`migrate` is not written here.", 'Write migrate: { "<old schema id or hash>": (old) => … } in the call; the functions may be declared elsewhere.');
    return [];
  }
  const keys: string[] = [];
  for (const property of node.properties) {
    const name = property.type !== "Property" || property.computed ? undefined : property.key.type === "Identifier" ? property.key.name : property.key.type === "Literal" ? String(property.key.value) : undefined;
    if (name === undefined) report("VANGO_STATE_OPTIONS", property, "A migration's id is spread or computed.", "Write the old schema id or hash in quotes.");
    else keys.push(name);
  }
  return keys.sort();
}
