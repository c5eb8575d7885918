// Values and blobs (SPEC.md P17–P19): what goes in comes out, and nothing else gets in.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BlobError, blobCodec, decodeValue, encodeValue, MAX_VALUE_DEPTH, NO_SCHEMA, PersistError, type BlobReason } from "../src/index.js";

const SECRET = "a secret of at least thirty-two characters";
const SCHEMA = { id: "shop:Cart:v1", hash: "9f3c", version: 300 };

const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array(),
  fc.float32Array(),
);
const key = fc.oneof(fc.string(), fc.constantFrom("constructor", "toString", "a", "b", "0")).filter((k) => k !== "__proto__");
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie("tree"), { maxLength: 6 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 6, noNullPrototype: true }),
    fc.array(fc.record({ id: fc.integer(), name: fc.string(), done: fc.boolean() }, { noNullPrototype: true }), { maxLength: 40 }),
    fc.array(fc.tuple(tie("tree"), tie("tree")), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie("tree"), { maxLength: 4 }).map((items) => new Set(items)),
  ),
}));

/** -0 becomes 0, as in MessagePack and JSON. */
const plain = (value: unknown): unknown => {
  if (typeof value === "number") return value === 0 ? 0 : value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [plain(k), plain(v)]));
  if (value instanceof Set) return new Set([...value].map(plain));
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return value;
};

const reasonOf = (run: () => unknown): BlobReason | "opened" => {
  try {
    run();
    return "opened";
  } catch (error) {
    if (error instanceof BlobError) return error.reason;
    throw error;
  }
};

describe("values", () => {
  it("P17: any value of plain data, Map, Set, Date, bigint, undefined and typed arrays comes back equal", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const bytes = encodeValue(value);
        expect(isDeepStrictEqual(decodeValue(bytes), plain(value))).toBe(true);
        // As a store gives it: a copy, in a buffer of its own or in the middle of another.
        expect(isDeepStrictEqual(decodeValue(Buffer.concat([Buffer.from([1, 2, 3]), bytes]).subarray(3)), plain(value))).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it("P17: the same value gives the same bytes, whatever was encoded before", () => {
    fc.assert(
      fc.property(tree, tree, (value, other) => {
        const first = encodeValue(value);
        encodeValue(other);
        expect(encodeValue(value)).toEqual(first);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["a function", () => 1, "a function"],
    ["a symbol in a list", [1, Symbol("s")], "a symbol at [1]"],
    ["an instance", { user: new (class User { readonly name = "x"; })() }, "an instance of User at .user"],
    ["a promise in a map", new Map([["k", [Promise.resolve()]]]), 'an instance of Promise at .get("k")[0]'],
    ["half a surrogate pair", { a: { b: "\ud800" } }, "text with half a surrogate pair at .a.b"],
    ["a prototype key", JSON.parse('{"__proto__": 1}') as unknown, 'the key "__proto__"'],
    ["a WeakMap", new Set([new WeakMap()]), "an instance of WeakMap at [item]"],
  ])("P18: %s is refused with the path, kind codec", (_name, value, found) => {
    expect(() => encodeValue(value, "cart")).toThrow(expect.objectContaining({ kind: "codec", key: "cart", message: expect.stringContaining(found) as string }));
  });

  it("P18: cycles and depth are refused, not followed", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    let deep: unknown = 1;
    for (let i = 0; i < MAX_VALUE_DEPTH + 2; i++) deep = [deep];
    for (const value of [cycle, deep]) expect(() => encodeValue(value)).toThrow(PersistError);
  });
});

describe.each([
  ["signed", false],
  ["encrypted", true],
])("blobs, %s", (_how, encrypt) => {
  const codec = blobCodec({ secrets: [SECRET], encrypt });
  const payload = encodeValue({ items: ["apple", "pear"], total: 12n });

  it("P19: give back payload and schema at the place they were sealed for", () => {
    const blob = codec.seal(payload, SCHEMA, "s1\ncart");
    expect(codec.open(blob, "s1\ncart")).toEqual({ schema: SCHEMA, payload: new Uint8Array(payload) });
    expect(Buffer.from(blob).includes("apple")).toBe(!encrypt);
    expect(codec.open(codec.seal(new Uint8Array(), NO_SCHEMA, ""), "")).toEqual({ schema: NO_SCHEMA, payload: new Uint8Array() });
  });

  it("P19: at another place they are tampered", () => {
    const blob = codec.seal(payload, SCHEMA, "s1\ncart");
    for (const place of ["s2\ncart", "s1\nother", "", "s1\ncart "]) expect(reasonOf(() => codec.open(blob, place))).toBe("tampered");
  });

  it("P19: secrets rotate: the first seals, all open", () => {
    const old = codec.seal(payload, SCHEMA, "p");
    const rotated = blobCodec({ secrets: ["the next secret, also of thirty-two characters", SECRET], encrypt });
    expect(rotated.open(old, "p").payload).toEqual(new Uint8Array(payload));
    const next = rotated.seal(payload, SCHEMA, "p");
    expect(reasonOf(() => codec.open(next, "p"))).toBe("unknown-key");
    expect(blobCodec({ secrets: [SECRET], encrypt: !encrypt }).open(old, "p").schema).toEqual(SCHEMA);
  });

  it("P19: no changed, cut or lengthened blob opens, and each is a BlobError with its reason", () => {
    const blob = codec.seal(payload, SCHEMA, "p");
    const reasons = new Set<string>();
    for (let at = 0; at < blob.length; at++) {
      reasons.add(reasonOf(() => codec.open(blob.subarray(0, at), "p")));
      for (const bit of [1, 16, 128]) {
        const changed = blob.slice();
        changed[at] = (changed[at] as number) ^ bit;
        reasons.add(reasonOf(() => codec.open(changed, "p")));
      }
    }
    reasons.add(reasonOf(() => codec.open(new Uint8Array([...blob, 0]), "p")));
    expect(reasons).not.toContain("opened");
    expect([...reasons].sort()).toEqual(["foreign", "future", "tampered", "truncated", "unknown-key"]);
  });

  it("P19: random bytes never open and never crash", () => {
    const start = codec.seal(new Uint8Array(), SCHEMA, "p");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(start.length), (bytes, keep) => {
        expect(reasonOf(() => codec.open(bytes, "p"))).not.toBe("opened");
        const mixed = new Uint8Array([...start.subarray(0, keep), ...bytes]);
        if (Buffer.compare(mixed, start) !== 0) expect(reasonOf(() => codec.open(mixed, "p"))).not.toBe("opened");
      }),
      { numRuns: 2000 },
    );
  });
});
