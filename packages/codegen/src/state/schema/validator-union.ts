// Validators of unions. Members are told apart by the kind of value first, so that each value meets the members it can be; by the
// tag where there is one; only members of one kind without a tag are tried one after the other.
import type { StateType } from "./type.js";
import type { Emitted, Place } from "./validator-parts.js";
import { quoteField } from "./validator-parts.js";
import { condition, indent, type Validator } from "./validator.js";

type Union = Extract<StateType, { kind: "union" }>;

/** More literals than this are looked up in a set. */
const FEW = 12;

export function emitUnion(validator: Validator, type: Union, at: Place): Emitted {
  return type.tag === undefined ? untagged(validator, type, at) : tagged(validator, type, type.tag, at);
}

function tagged(validator: Validator, { members }: Union, tag: string, at: Place): Emitted {
  const out = [`if (!(${condition({ kind: "object", fields: {} }, at.value, validator)})) return ${at.path};`, `switch (${at.value}${quoteField(tag)}) {`];
  for (const member of members) {
    const object = resolved(validator, member);
    if (object.kind !== "object") throw new TypeError("A tagged union has a member that is no object.");
    const literal = object.fields[tag]?.type;
    if (literal?.kind !== "literal") throw new TypeError(`A member of a tagged union has no literal ${tag}.`);
    const body = member.kind === "ref" ? validator.type(member, at) : validator.fields(object.fields, at, tag);
    out.push(`  case ${literal.of === "bigint" ? `${literal.value}n` : JSON.stringify(literal.value)}: {`, ...indent(indent(body)), "    break;", "  }");
  }
  return [...out, `  default: return ${at.under(JSON.stringify(quoteField(tag)))};`, "}"];
}

function resolved(validator: Validator, type: StateType): StateType {
  let target: StateType | undefined = type;
  for (let steps = 0; target?.kind === "ref"; steps++) {
    if (steps > Object.keys(validator.schema.defs).length) throw new TypeError("A named type leads nowhere.");
    target = validator.schema.defs[target.name];
  }
  if (target === undefined) throw new TypeError("A named type leads nowhere.");
  return target;
}

/** Members by the kind of value they are; kinds exclude each other. */
type Kind = "string" | "number" | "boolean" | "bigint" | "undefined" | "null" | "array" | "object" | "map" | "set" | "date" | `view ${string}` | "unknown";

function kindOf(type: StateType): Kind {
  switch (type.kind) {
    case "literal":
      return type.of;
    case "template":
      return "string";
    case "tuple":
      return "array";
    case "record":
      return "object";
    case "view":
      return `view ${type.name}`;
    case "ref":
    case "union":
      throw new TypeError("A member of a union is a union.");
    default:
      return type.kind;
  }
}

function untagged(validator: Validator, { members }: Union, at: Place): Emitted {
  const all = members.flatMap((member) => (member.kind === "union" ? member.members : [member]));
  // A named union may hold this one: it has a function of its own, and is asked first.
  const named = all.filter((member) => member.kind === "ref" && resolved(validator, member).kind === "union");
  if (named.length > 0) {
    const rest = all.filter((member) => !named.includes(member));
    const body = rest.length === 0 ? [`return ${at.path};`] : rest.length === 1 && rest[0] !== undefined ? validator.type(rest[0], at) : byKind(validator, rest, at);
    return body.length === 0 ? [] : [`if (${refused(validator, named, at)}) {`, ...indent(body), "}"];
  }
  return byKind(validator, all, at);
}

function byKind(validator: Validator, members: readonly StateType[], at: Place): Emitted {
  const kinds = new Map<Kind, StateType[]>();
  for (const member of members) {
    const kind = kindOf(resolved(validator, member));
    kinds.set(kind, [...(kinds.get(kind) ?? []), member]);
  }
  if (kinds.has("unknown")) return [];
  // simple members are one condition; what has to be looked into comes after it
  const simple: string[] = [];
  const deep: { readonly test: string; readonly body: Emitted }[] = [];
  for (const [, of] of [...kinds].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [first] = of;
    if (first === undefined) continue;
    const shallow = conditions(validator, of.map((member) => resolved(validator, member)), at.value);
    if (shallow !== undefined) {
      simple.push(shallow);
      continue;
    }
    const test = condition(resolved(validator, first), at.value, validator);
    deep.push({ test, body: of.length === 1 ? withoutTest(validator.type(first, at), test) : tried(validator, of, at) });
  }
  const otherwise = `return ${at.path};`;
  if (deep.length === 0) return [`if (!(${simple.join(" || ")})) ${otherwise}`];
  const lines: string[] = [];
  deep.forEach(({ test, body }, i) => lines.push(`${i === 0 ? "" : "} else "}if (${test}) {`, ...indent(body)));
  lines.push(`} else ${otherwise}`);
  return simple.length === 0 ? lines : [`if (!(${simple.join(" || ")})) {`, ...indent(lines), "}"];
}

/** The statements of a type whose first test was made already. */
function withoutTest(body: Emitted, test: string): Emitted {
  return body[0]?.startsWith(`if (!(${test})) `) === true || body[0]?.startsWith(`if (!${test}) `) === true ? body.slice(1) : body;
}

/** One condition for members of one kind that need no look inside; undefined when they do. */
function conditions(validator: Validator, members: readonly StateType[], v: string): string | undefined {
  const literals = members.filter((member) => member.kind === "literal");
  const others = members.filter((member) => member.kind !== "literal");
  if (others.some(({ kind }) => kind === "array" || kind === "tuple" || kind === "object" || kind === "record" || kind === "map" || kind === "set")) return undefined;
  const whole = others.find(({ kind }) => kind !== "template");
  if (whole !== undefined) return condition(whole, v, validator);
  const parts = others.map((member) => `(${condition(member, v, validator)})`);
  if (literals.length > FEW) {
    const list = literals.map((member) => (member.kind === "literal" && member.of === "bigint" ? `${member.value}n` : JSON.stringify(member.kind === "literal" ? member.value : null)));
    parts.unshift(`${validator.constant("s", `new Set${validator.typed ? "<unknown>" : ""}([${list.join(", ")}])`)}.has(${v})`);
  } else parts.unshift(...literals.map((member) => condition(member, v, validator)));
  return parts.join(" || ");
}

function tried(validator: Validator, members: readonly StateType[], at: Place): Emitted {
  return [`if (${refused(validator, members, at)}) return ${at.path};`];
}

/** None of the members, asked one after the other, takes the value. */
function refused(validator: Validator, members: readonly StateType[], at: Place): string {
  return members.map((member) => (member.kind === "ref" ? validator.named(member.name) : validator.function(member))).map((name) => `${name}(${at.value}, ${at.depth}) !== undefined`).join(" && ");
}
