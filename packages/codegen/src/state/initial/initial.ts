// The determinism of initial values: what may stand there, and the same value as an expression that needs nothing around it.
// One pure check over the syntax tree, for the generator, the lint rule and the development server. Invariants: what is allowed
// gives the same value on every machine and at every time; the expression is normal: equal values written alike give equal texts.
import { unwrap, type Node } from "../../compile/syntax.js";
import { quoteField } from "../schema/validator-parts.js";
import { meaningOf } from "./scope.js";

/** What is wrong in an initial value, at its place. */
export interface InitialProblem {
  readonly node: Node;
  readonly what: string;
  readonly fix?: string;
}

export type Initial = { readonly source: string } | { readonly problem: InitialProblem };

/** What the syntax of one module cannot tell. */
export interface InitialPort {
  /**
   * A member of an imported enum, as an expression. `undefined`: it is none, which is a finding. `"unknown"`: cannot be told here,
   * which is none.
   */
  enumMember(node: Node): string | undefined | "unknown";
}

/** For tools that see one file: imported enums are left to the generator. */
export const ONE_FILE: InitialPort = { enumMember: () => "unknown" };

/** Initial values nest no deeper than a persisted value may. */
const MAX_DEPTH = 64;
const VIEWS = new Set(["Uint8Array", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"]);
const NUMBERS = new Set(["MAX_SAFE_INTEGER", "MIN_SAFE_INTEGER", "MAX_VALUE", "MIN_VALUE", "EPSILON", "POSITIVE_INFINITY", "NEGATIVE_INFINITY", "NaN"]);
const ARITHMETIC = new Set(["+", "-", "*", "/", "%", "**", "|", "&", "^", "<<", ">>", ">>>"]);
/** An instant that is the same everywhere: a date alone is midnight in UTC, a time needs its zone. */
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

class Refusal extends Error {
  constructor(readonly problem: InitialProblem) {
    super(problem.what);
  }
}

/** `around`: the nodes that hold the value, outermost first. */
export function readInitial(node: Node, around: readonly Node[], port: InitialPort): Initial {
  try {
    return { source: new Reader(port).read(node, around, 0) };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.problem };
    throw error;
  }
}

class Reader {
  /** Constants that are being read: one that needs itself has no value. */
  readonly #open = new Set<Node>();

  constructor(readonly port: InitialPort) {}

  read(given: Node, around: readonly Node[], depth: number): string {
    const node = unwrap(given);
    if (depth > MAX_DEPTH) throw refuse(node, `It nests deeper than ${MAX_DEPTH} levels.`);
    const below = (inner: Node): string => this.read(inner, around, depth + 1);
    switch (node.type) {
      case "Literal":
        if ("regex" in node && node.regex !== undefined) throw refuse(node, "A regular expression cannot be persisted.", "Keep its source as text.");
        if ("bigint" in node && typeof node.bigint === "string") return `${node.bigint}n`;
        return JSON.stringify(node.value);
      case "TemplateLiteral":
        if (node.expressions.length > 0) return `(${node.quasis.map((quasi, i) => [JSON.stringify(quasi.value.cooked ?? ""), ...(node.expressions[i] === undefined ? [] : [below(node.expressions[i])])].join(" + ")).join(" + ")})`;
        return JSON.stringify(node.quasis[0]?.value.cooked ?? "");
      case "UnaryExpression":
        if (!["-", "+", "!", "~", "void"].includes(node.operator)) throw refuse(node, `\`${node.operator}\` is no part of a constant.`);
        return node.operator === "void" ? "undefined" : `${node.operator}${below(node.argument)}`;
      case "BinaryExpression":
        if (!ARITHMETIC.has(node.operator)) throw refuse(node, `\`${node.operator}\` is no part of a constant.`);
        return `(${below(node.left)} ${node.operator} ${below(node.right)})`;
      case "ArrayExpression":
        return `[${node.elements.map((element) => (element === null ? "undefined" : element.type === "SpreadElement" ? `...${below(element.argument)}` : below(element))).join(", ")}]`;
      case "ObjectExpression":
        return node.properties.length === 0 ? "{}" : `{ ${node.properties.map((property) => this.#property(property, around, depth)).join(", ")} }`;
      case "Identifier":
        return this.#name(node, around, depth);
      case "MemberExpression":
        return this.#member(node, around, depth);
      case "NewExpression":
        return this.#construction(node, around, depth);
      case "CallExpression":
        throw this.#call(node, around);
      default:
        throw refuse(node, REFUSED[node.type] ?? `${article(node.type)} is no constant.`);
    }
  }

  #property(property: Node, around: readonly Node[], depth: number): string {
    if (property.type === "SpreadElement") return `...${this.read(property.argument, around, depth + 1)}`;
    if (property.type !== "Property") throw refuse(property, "This is no field of a constant.");
    if (property.kind !== "init" || property.method) throw refuse(property, "A getter, setter or method cannot be persisted.", "Give the field its value.");
    const value = this.read(property.value, around, depth + 1);
    if (property.computed) return `[${this.read(property.key, around, depth + 1)}]: ${value}`;
    const name = property.key.type === "Identifier" ? property.key.name : property.key.type === "Literal" ? String(property.key.value) : "";
    if (name === "__proto__") throw refuse(property, "`__proto__` is no field of a persisted value.");
    return `${quoteField(name).startsWith(".") ? name : JSON.stringify(name)}: ${value}`;
  }

  #name(node: Extract<Node, { type: "Identifier" }>, around: readonly Node[], depth: number): string {
    const { name } = node;
    const meaning = meaningOf(name, around);
    switch (meaning.kind) {
      case "const": {
        if (this.#open.has(meaning.init)) throw refuse(node, `\`${name}\` is made from itself.`);
        this.#open.add(meaning.init);
        try {
          return this.read(meaning.init, meaning.scope, depth + 1);
        } catch (error) {
          // the finding stands at the use, and says where the constant goes wrong
          if (error instanceof Refusal) throw refuse(node, `\`${name}\` is no constant: ${lower(error.problem.what)}`, error.problem.fix);
          throw error;
        } finally {
          this.#open.delete(meaning.init);
        }
      }
      case "import":
        throw refuse(node, `\`${name}\` is imported from ${JSON.stringify(meaning.from)}: what it is there can change, or be made at run time, without this file showing it.`, `Write the value here, or declare \`${name}\` in this file.`);
      case "parameter":
        throw refuse(node, `\`${name}\` is a parameter: it differs from one mount to the next.`, FROM_OUTSIDE);
      case "enum":
        throw refuse(node, `\`${name}\` is a whole enum.`, "Name one of its members.");
      case "other":
        throw refuse(node, `\`${name}\` is ${meaning.what}, no constant.`, "Declare it with `const` and a constant value, or write the value here.");
      case "global":
        if (name === "undefined" || name === "NaN" || name === "Infinity") return name;
        throw refuse(node, `\`${name}\` comes from the run-time environment.`, FROM_OUTSIDE);
    }
  }

  #member(node: Extract<Node, { type: "MemberExpression" }>, around: readonly Node[], depth: number): string {
    const object = unwrap(node.object);
    const property = !node.computed && node.property.type === "Identifier" ? node.property.name : node.computed && node.property.type === "Literal" ? String(node.property.value) : undefined;
    const root = rootOf(node);
    if (root === undefined) this.read(object, around, depth + 1); // a call, most often: it says what is wrong
    if (object.type === "Identifier" && property !== undefined) {
      const meaning = meaningOf(object.name, around);
      if (meaning.kind === "enum") return this.#enumMember(node, meaning.declaration, property, around, depth);
      if (meaning.kind === "global" && object.name === "Number" && NUMBERS.has(property)) return `Number.${property}`;
    }
    const meaning = root === undefined ? undefined : meaningOf(root.name, around);
    const text = root === undefined ? "This" : `\`${root.name}${property === undefined || object.type !== "Identifier" ? "…" : `.${property}`}\``;
    if (meaning?.kind === "import") {
      const member = this.port.enumMember(node);
      if (member === "unknown") return "undefined";
      if (member !== undefined) return member;
      throw refuse(node, `${text} is imported from ${JSON.stringify(meaning.from)} and no enum member.`, "Write the value here.");
    }
    if (meaning?.kind === "parameter") throw refuse(node, `${text} is read from a parameter: it differs from one mount to the next.`, FROM_OUTSIDE);
    if (meaning?.kind === "global" && root?.name === "process") throw refuse(node, `${text} is read from the environment: it differs from one machine to the next.`, FROM_OUTSIDE);
    throw refuse(node, `${text} reads a member of a value: only enum members are constants.`, "Declare the value itself with `const`, or write it here.");
  }

  #enumMember(node: Node, declaration: Extract<Node, { type: "TSEnumDeclaration" }>, name: string, around: readonly Node[], depth: number): string {
    let next: string | undefined = "0";
    for (const member of declaration.body.members) {
      const known: string = member.id.type === "Identifier" ? member.id.name : member.id.type === "Literal" ? String(member.id.value) : "";
      const value: string | undefined = member.initializer === null ? next : this.read(member.initializer, around, depth + 1);
      if (value === undefined) throw refuse(node, `\`${known}\` of the enum has no constant value.`);
      if (known === name) return value;
      next = /^-?\d+$/.test(value) ? String(Number(value) + 1) : undefined;
    }
    throw refuse(node, `The enum has no member \`${name}\`.`);
  }

  /** Nothing is called, whatever it would give: only what stands here is known. */
  #call(node: Extract<Node, { type: "CallExpression" }>, around: readonly Node[]): Refusal {
    const path = pathOf(node.callee);
    const [name = ""] = path?.split(".") ?? [];
    const text = path === undefined ? "It calls something" : `\`${path}()\` is a call`;
    if (path !== undefined && meaningOf(name, around).kind === "parameter") return refuse(node, `${text} on a parameter: it differs from one mount to the next.`, FROM_OUTSIDE);
    if (path === "Date.now" || path === "performance.now") return refuse(node, `${text}: the time of day.`, FROM_OUTSIDE);
    if (path === "Math.random" || path?.startsWith("crypto.") === true) return refuse(node, `${text}: chance.`, FROM_OUTSIDE);
    return refuse(node, `${text}: what it gives can depend on time, chance, input or the environment.`);
  }

  #construction(node: Extract<Node, { type: "NewExpression" }>, around: readonly Node[], depth: number): string {
    const callee = unwrap(node.callee);
    const name = callee.type === "Identifier" && meaningOf(callee.name, around).kind === "global" ? callee.name : undefined;
    const args = node.arguments.map((argument) => {
      if (argument.type === "SpreadElement") throw refuse(argument, "Arguments are spread.");
      return this.read(argument, around, depth + 1);
    });
    if (name === "Date") {
      if (args.length === 0) throw refuse(node, "`new Date()` is the time of day.", FROM_OUTSIDE);
      const [only = ""] = args;
      if (args.length > 1) throw refuse(node, "A date by parts is local time: it differs from one machine to the next.", 'Write new Date("2026-01-31T00:00:00Z"), or milliseconds.');
      if (only.startsWith('"') && !INSTANT.test(JSON.parse(only) as string)) throw refuse(node, `${only} names no instant that is the same everywhere.`, 'Write new Date("2026-01-31T00:00:00Z"), or milliseconds.');
      return `new Date(${only})`;
    }
    if (name === "Map" || name === "Set" || (name !== undefined && VIEWS.has(name))) return `new ${name}(${args.join(", ")})`;
    throw refuse(node, `\`new ${name ?? "…"}\` makes no persisted value: Map, Set, Date and typed arrays are.`, "Use a plain object or array.");
  }
}

const FROM_OUTSIDE = "Give a constant, such as null, and write the real value in a handler, an effect or an action's result. A value that needs its surroundings at the start is no persisted value: use setup.signal.";

const REFUSED: Readonly<Partial<Record<Node["type"], string>>> = {
  TaggedTemplateExpression: "A tagged template is a call.",
  AwaitExpression: "`await` waits for something outside.",
  YieldExpression: "`yield` waits for something outside.",
  ConditionalExpression: "A condition depends on something.",
  LogicalExpression: "`&&`, `||` and `??` depend on something.",
  ArrowFunctionExpression: "A function cannot be persisted.",
  FunctionExpression: "A function cannot be persisted.",
  ClassExpression: "A class cannot be persisted.",
  ChainExpression: "`?.` depends on something.",
  ThisExpression: "`this` depends on the caller.",
  MetaProperty: "`import.meta` depends on the machine.",
  ImportExpression: "An import is input.",
  AssignmentExpression: "An assignment changes something.",
  UpdateExpression: "It changes a variable.",
};

const refuse = (node: Node, what: string, fix?: string): Refusal => new Refusal({ node, what, ...(fix === undefined ? {} : { fix }) });
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const article = (type: string): string => `${/^[AEIOU]/.test(type) ? "An" : "A"} ${type.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()}`;

/** `a.b.c` as text. */
function pathOf(given: Node): string | undefined {
  const node = unwrap(given);
  if (node.type === "Identifier") return node.name;
  if (node.type === "CallExpression") {
    const path = pathOf(node.callee);
    return path === undefined ? undefined : `${path}()`;
  }
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return undefined;
  const object = pathOf(node.object);
  return object === undefined ? undefined : `${object}.${node.property.name}`;
}

function rootOf(given: Node): Extract<Node, { type: "Identifier" }> | undefined {
  const node = unwrap(given);
  if (node.type === "Identifier") return node;
  return node.type === "MemberExpression" ? rootOf(node.object) : undefined;
}
