// Values as bytes: MessagePack by msgpackr, one self-contained message a value. Invariants: what `encodeValue` accepts,
// `decodeValue` gives back equal (Map, Set, Date, bigint, undefined, NaN, typed arrays kept; -0 becomes 0); everything else is
// refused with the path to it, never changed in silence. Equal values built the same way give equal bytes: no structure is
// shared between messages, so a value needs no other message, and no process, to be read.
import { Packr } from "msgpackr";
import { PersistError } from "../errors.js";

/** Deeper values are refused: a cycle is one of them. */
export const MAX_VALUE_DEPTH = 64;

const packr = new Packr({ useRecords: true, moreTypes: true, useBigIntExtension: true, int64AsType: "bigint", copyBuffers: true });

/** A value as bytes. @throws PersistError of kind `codec` for what cannot be kept; its message names the path. */
export function encodeValue(value: unknown, key = ""): Uint8Array {
  const problem = problemOf(value, 0);
  if (problem !== undefined) throw new PersistError("codec", { key, message: `Found ${problem}.` });
  try {
    return packr.pack(value);
  } catch (cause) {
    throw new PersistError("codec", { key, message: "The value could not be encoded.", cause });
  }
}

/** The value of bytes that `encodeValue` made. Throws what msgpackr throws for others. */
export function decodeValue(bytes: Uint8Array): unknown {
  // A Buffer would give Buffers for typed arrays: the values of an app are plain.
  return packr.unpack(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** What in a value cannot be kept, with the path to it. */
function problemOf(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case "string":
      return wellFormed(value) ? undefined : "text with half a surrogate pair";
    case "number":
    case "boolean":
    case "bigint":
    case "undefined":
      return undefined;
    case "object":
      break;
    default:
      return `a ${typeof value}`;
  }
  if (value === null) return undefined;
  if (depth > MAX_VALUE_DEPTH) return `more than ${MAX_VALUE_DEPTH} levels, or a cycle`;
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto === Object.prototype || proto === null) {
    for (const name in value) {
      if (name === "__proto__") return `the key "__proto__"`;
      const problem = problemOf((value as Record<string, unknown>)[name], depth + 1);
      if (problem !== undefined) return below(problem, `.${name}`);
      if (!wellFormed(name)) return "a key with half a surrogate pair";
    }
    return undefined;
  }
  if (proto === Array.prototype) {
    const list = value as readonly unknown[];
    for (let i = 0; i < list.length; i++) {
      const problem = problemOf(list[i], depth + 1);
      if (problem !== undefined) return below(problem, `[${i}]`);
    }
    return undefined;
  }
  if (proto === Map.prototype) {
    for (const [name, item] of value as ReadonlyMap<unknown, unknown>) {
      const problem = problemOf(name, depth + 1) ?? problemOf(item, depth + 1);
      if (problem !== undefined) return below(problem, `.get(${typeof name === "string" ? JSON.stringify(name) : typeof name})`);
    }
    return undefined;
  }
  if (proto === Set.prototype) {
    for (const item of value as ReadonlySet<unknown>) {
      const problem = problemOf(item, depth + 1);
      if (problem !== undefined) return below(problem, "[item]");
    }
    return undefined;
  }
  if (proto === Date.prototype) return undefined;
  if (ArrayBuffer.isView(value) && KEPT_VIEWS.has(proto)) return undefined;
  return `an instance of ${(value.constructor as { name?: string } | undefined)?.name ?? "a class"}`;
}

const KEPT_VIEWS = new Set<unknown>(
  [Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array].map((type): unknown => type.prototype),
);

/** Half a surrogate pair has no UTF-8. (Node has the method, the library of TypeScript 5.9 for ES2023 not.) */
function wellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}

/** Puts a step of the path before what was found below it. */
function below(problem: string, step: string): string {
  const at = problem.indexOf(" at ");
  return at < 0 ? `${problem} at ${step}` : `${problem.slice(0, at)} at ${step}${problem.slice(at + 4)}`;
}
