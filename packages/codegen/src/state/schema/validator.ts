// Validators as source: one unrolled function a schema, as one would write it by hand. Invariants: no closure or allocation while
// a value is right; the path is put together only where it is wrong; what is accepted is exactly what conforms.ts accepts.
//
// The source is an expression: a function of the value that gives the path to what is wrong, `$` for all of it, or undefined.
// Paths are built with a leading dot (".items[2].price", "" for the value itself); the outermost function drops it.
import { NUMBER_KEY, wholeText } from "./pattern.js";
import { isUnion, PLAIN_FIELDS, type Emitted, type Place, place, quoteField } from "./validator-parts.js";
import type { StateField, StateSchema, StateType } from "./type.js";
import { emitUnion } from "./validator-union.js";

/** Levels of recursive types that a value may have: the codec keeps no more. */
const MAX_DEPTH = 64;

/** What a validator does with a value. */
export type StateCheck = (value: unknown) => string | undefined;

/** How the source is written: `typed` for a TypeScript module. */
export interface ValidatorOptions {
  readonly typed?: boolean;
}

/**
 * The source of a validator.
 *
 * @example
 * const source = validatorSource({ root: { kind: "array", item: { kind: "string" } }, defs: {} });
 * const check = new Function(`return ${source}`)();
 * check(["a", 1]); // "[1]"
 */
export function validatorSource(schema: StateSchema, options: ValidatorOptions = {}): string {
  return new Validator(schema, options.typed === true).source();
}

/** The validator itself. */
export function checkOf(schema: StateSchema): StateCheck {
  return new Function(`return ${validatorSource(schema)};`)() as StateCheck;
}

/** Emits the functions of one schema. */
export class Validator {
  /** Functions that stand beside the root's: of named types, and of members of unions that are tried. */
  readonly #functions: string[] = [];
  readonly #constants: string[] = [];
  readonly #named = new Map<string, string>();
  #names = 0;

  constructor(
    readonly schema: StateSchema,
    readonly typed: boolean,
  ) {}

  source(): string {
    const any = this.typed ? ": any" : "";
    const body = this.type(this.schema.root, place("v", "n"));
    const inner = [...this.#constants, ...this.#functions];
    if (body.length === 0) return `(_v${any}) => undefined`;
    const counts = body.some(usesDepth);
    const root = [`const root = (v${any})${this.typed ? ": string | undefined" : ""} => {`, ...(counts ? ["  const n = 0;"] : []), ...indent(body), "  return undefined;", "};"];
    return [
      "(() => {",
      ...indent([...inner, ...root]),
      `  return (value${any}) => {`,
      "    const at = root(value);",
      '    return at === undefined ? undefined : at === "" ? "$" : at.startsWith(".") ? at.slice(1) : at;',
      "  };",
      "})()",
    ].join("\n");
  }

  fresh(letter: string): string {
    return `${letter}${++this.#names}`;
  }

  /** A constant of the schema, made once. */
  constant(letter: string, expression: string): string {
    const name = this.fresh(letter);
    this.#constants.push(`const ${name} = ${expression};`);
    return name;
  }

  /** A function of its own that checks a type: gives a path, or undefined. */
  function(type: StateType): string {
    const name = this.fresh("f");
    this.#define(name, this.type(type, place("v", "n")));
    return name;
  }

  #define(name: string, body: readonly string[]): void {
    const any = this.typed ? ": any" : "";
    // a parameter that nothing reads begins with _: strict configurations of TypeScript allow that
    const depth = `${body.some(usesDepth) ? "n" : "_n"}${this.typed ? ": number" : ""}`;
    const value = body.some((line) => /\bv\b/.test(line)) ? "v" : "_v";
    const result = this.typed ? ": string | undefined" : "";
    this.#functions.push(`const ${name} = (${value}${any}, ${depth})${result} => {`, ...indent(body), "  return undefined;", "};");
  }

  /** Name of the function of a named type. */
  named(ref: string): string {
    const known = this.#named.get(ref);
    if (known !== undefined) return known;
    const name = this.fresh("d");
    this.#named.set(ref, name);
    const type = this.schema.defs[ref];
    if (type === undefined) throw new TypeError(`The schema has no type named ${ref}.`);
    this.#define(name, [`if (n > ${MAX_DEPTH}) return "";`, ...this.type(type, place("v", "n + 1"))]);
    return name;
  }

  /** Statements that return the path when the value at `at` is not of the type. */
  type(type: StateType, at: Place): Emitted {
    const { value: v } = at;
    switch (type.kind) {
      case "unknown":
        return [];
      case "ref":
        return this.#call(this.named(type.name), at);
      case "union":
        return emitUnion(this, type, at);
      case "array": {
        const [i, item] = [this.fresh("i"), this.fresh("v")];
        const body = this.type(type.item, at.at(item, `"[" + ${i} + "]"`));
        const list = `if (!Array.isArray(${v})) return ${at.path};`;
        return body.length === 0 ? [list] : [list, `for (let ${i} = 0; ${i} < ${v}.length; ${i}++) {`, `  const ${item} = ${v}[${i}];`, ...indent(body), "}"];
      }
      case "tuple":
        return this.#tuple(type, at);
      case "object":
        return [`if (!(${condition({ kind: "object", fields: {} }, v, this)})) return ${at.path};`, ...this.fields(type.fields, at)];
      case "record": {
        const [key, item] = [this.fresh("k"), this.fresh("v")];
        const below = `(${PLAIN_FIELDS}.test(${key}) ? "." + ${key} : "[" + JSON.stringify(${key}) + "]")`;
        const keyCheck = this.#recordKey(type.key, key, `${at.under(below)}`);
        const body = this.type(type.value, at.at(item, below));
        const plain = `if (!(${condition({ kind: "object", fields: {} }, v, this)})) return ${at.path};`;
        if (keyCheck.length === 0 && body.length === 0) return [plain];
        const read = body.length === 0 ? [] : [`  const ${item} = ${v}[${key}];`];
        return [plain, `for (const ${key} of Object.keys(${v})) {`, ...indent(keyCheck), ...read, ...indent(body), "}"];
      }
      case "map": {
        const [key, item] = [this.fresh("k"), this.fresh("v")];
        const below = `".get(" + (typeof ${key} === "string" ? JSON.stringify(${key}) : typeof ${key} === "object" ? "…" : String(${key})) + ")"`;
        const body = [...this.type(type.key, at.at(key, '"[key]"')), ...this.type(type.value, at.at(item, below))];
        return this.#each(type, at, `[${key}, ${item}]`, body);
      }
      case "set": {
        const item = this.fresh("v");
        return this.#each(type, at, item, this.type(type.item, at.at(item, '"[item]"')));
      }
      default:
        return [`if (!(${condition(type, v, this)})) return ${at.path};`];
    }
  }

  #each(type: StateType, at: Place, binding: string, body: Emitted): Emitted {
    const first = `if (!(${condition(type, at.value, this)})) return ${at.path};`;
    return body.length === 0 ? [first] : [first, `for (const ${binding} of ${at.value}) {`, ...indent(body), "}"];
  }

  #call(name: string, at: Place): Emitted {
    const error = this.fresh("e");
    return [`const ${error} = ${name}(${at.value}, ${at.depth});`, `if (${error} !== undefined) return ${at.under(error)};`];
  }

  /** The fields of an object that is known to be plain. `known`: the tag, which was looked at. */
  fields(fields: Readonly<Record<string, StateField>>, at: Place, known?: string): Emitted {
    return Object.entries(fields).flatMap(([name, field]) => (name === known ? [] : this.#field(name, field, at)));
  }

  #field(name: string, { type, optional }: StateField, at: Place): Emitted {
    const own = `Object.hasOwn(${at.value}, ${JSON.stringify(name)})`;
    const below = at.at(this.fresh("v"), JSON.stringify(quoteField(name)));
    const body = this.type(type, below);
    if (body.length === 0) return [];
    const { value: v } = below;
    const found = `${at.value}${quoteField(name)}`;
    // every object has these: only its own count
    const inherited = name in Object.prototype;
    if (optional !== true) return [`const ${v} = ${inherited ? `${own} ? ${found} : undefined` : found};`, ...body];
    if (inherited || this.acceptsUndefined(type)) return [`if (${own}) {`, `  const ${v} = ${found};`, ...indent(body), "}"];
    return [`const ${v} = ${found};`, `if (${v} !== undefined) {`, ...indent(body), `} else if (${own}) return ${below.path};`];
  }

  #tuple({ items, rest }: Extract<StateType, { kind: "tuple" }>, at: Place): Emitted {
    const { value: v } = at;
    const required = items.filter(({ optional }) => optional !== true).length;
    const size = rest !== undefined ? `${v}.length < ${required}` : required === items.length ? `${v}.length !== ${required}` : `${v}.length < ${required} || ${v}.length > ${items.length}`;
    const out = [`if (!Array.isArray(${v})${size === `${v}.length < 0` ? "" : ` || ${size}`}) return ${at.path};`];
    items.forEach(({ type, optional }, i) => {
      const item = this.fresh("v");
      const body = this.type(type, at.at(item, `"[${i}]"`));
      if (body.length === 0) return;
      const read = `const ${item} = ${v}[${i}];`;
      out.push(...(optional === true ? [`if (${v}.length > ${i}) {`, `  ${read}`, ...indent(body), "}"] : [read, ...body]));
    });
    if (rest === undefined) return out;
    const [i, item] = [this.fresh("i"), this.fresh("v")];
    const body = this.type(rest, at.at(item, `"[" + ${i} + "]"`));
    if (body.length > 0) out.push(`for (let ${i} = ${items.length}; ${i} < ${v}.length; ${i}++) {`, `  const ${item} = ${v}[${i}];`, ...indent(body), "}");
    return out;
  }

  /** A record's key is text, also where the type says number. */
  #recordKey(type: StateType, key: string, path: string): Emitted {
    switch (type.kind) {
      case "string":
      case "unknown":
        return [];
      case "number":
        return [`if (!(${condition({ kind: "template", pattern: NUMBER_KEY }, key, this)})) return ${path};`];
      case "literal":
        return [`if (${key} !== ${JSON.stringify(String(type.value))}) return ${path};`];
      case "template":
        return [`if (!(${condition(type, key, this)})) return ${path};`];
      case "union": {
        const tests = type.members.map((member) => this.#recordKey(member, key, "0")).map(([test]) => (test === undefined ? "false" : test.slice("if (".length, -") return 0;".length)));
        return tests.includes("false") ? [] : [`if (${tests.map((test) => `(${test})`).join(" && ")}) return ${path};`];
      }
      default:
        return [`return ${path};`];
    }
  }

  acceptsUndefined(type: StateType): boolean {
    if (isUnion(type)) return type.members.some((member) => this.acceptsUndefined(member));
    if (type.kind === "ref") {
      const named = this.schema.defs[type.name];
      return named !== undefined && named.kind !== "ref" && this.acceptsUndefined(named);
    }
    return type.kind === "undefined" || type.kind === "unknown";
  }
}

/** An expression that is true for a value of the type, looking no deeper than the value itself. */
export function condition(type: StateType, v: string, validator: Validator): string {
  switch (type.kind) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return `typeof ${v} === "${type.kind}"`;
    case "undefined":
    case "null":
      return `${v} === ${type.kind}`;
    case "date":
      return `${v} instanceof Date`;
    case "map":
      return `${v} instanceof Map`;
    case "set":
      return `${v} instanceof Set`;
    case "array":
    case "tuple":
      return `Array.isArray(${v})`;
    case "object":
    case "record":
      return `typeof ${v} === "object" && ${v} !== null && (Object.getPrototypeOf(${v}) === Object.prototype || Object.getPrototypeOf(${v}) === null)`;
    case "view":
      return `${v} instanceof ${type.name}`;
    case "literal":
      return `${v} === ${type.of === "bigint" ? `${type.value}n` : JSON.stringify(type.value)}`;
    case "template":
      return `typeof ${v} === "string" && ${validator.constant("r", `new RegExp(${JSON.stringify(wholeText(type.pattern))})`)}.test(${v})`;
    default:
      return "true";
  }
}

function usesDepth(line: string): boolean {
  return /, n(?: \+ 1)?\)|\(n > /.test(line);
}

export function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
