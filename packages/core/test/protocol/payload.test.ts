// The payload codec: what is encoded comes back, what is hostile is refused by its code.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePayload } from "../../src/protocol/decode-payload.js";
import { LIMITS } from "../../src/protocol/limits.js";
import { encodePayload } from "../../src/protocol/payload.js";
import { WireError } from "../../src/protocol/wire-error.js";

const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return (error as WireError).code;
  }
  return "none";
};
const bytes = (...b: number[]): Uint8Array => Uint8Array.from(b);
const nested = (depth: number): unknown => {
  let value: unknown = [];
  for (let i = 1; i < depth; i++) value = [value];
  return value;
};

describe("P: payload", () => {
  it("P1: round trip of every kind of value", { timeout: 30_000 }, () => {
    const scalar = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true }),
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.uint8Array({ maxLength: 300 }),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        scalar,
        fc.array(tie("value"), { maxLength: 20 }),
        fc.dictionary(fc.string({ unit: "binary", maxLength: 8 }).filter((k) => !/^(__proto__|constructor|prototype)$/.test(k)), tie("value"), {
          maxKeys: 20,
          noNullPrototype: true,
        }),
      ),
    }));
    fc.assert(
      fc.property(value, (v) => {
        expect(decodePayload(encodePayload(v))).toEqual(v);
      }),
      { numRuns: 500 },
    );
  });

  it("P1: sizes at every edge of the forms", () => {
    for (const n of [0, 1, 31, 32, 127, 128, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, -1, -32, -33, -128, -129, -32768, -32769, -(2 ** 31), -(2 ** 31) - 1, 0.5, NaN, Infinity, -0]) {
      expect(decodePayload(encodePayload(n))).toBe(n);
    }
    for (const n of [0, 15, 16, 31, 32, 255, 256, 16000]) {
      expect(decodePayload(encodePayload("x".repeat(n)))).toBe("x".repeat(n));
      expect(decodePayload(encodePayload(new Array(n).fill(1)))).toEqual(new Array(n).fill(1));
      expect(decodePayload(encodePayload(new Uint8Array(n)))).toEqual(new Uint8Array(n));
    }
    expect(decodePayload(encodePayload("x".repeat(70000)))).toHaveLength(70000);
    expect(decodePayload(encodePayload(new Uint8Array(70000)))).toHaveLength(70000);
    const map = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i]));
    expect(decodePayload(encodePayload(map))).toEqual(map);
  });

  it("P1: the wide integer forms of other encoders are read, as far as they are safe", () => {
    expect(decodePayload(bytes(0xd0, 0x80))).toBe(-128);
    expect(decodePayload(bytes(0xd1, 0x80, 0))).toBe(-32768);
    expect(decodePayload(bytes(0xcf, 0, 0x1f, 255, 255, 255, 255, 255, 255))).toBe(2 ** 53 - 1);
    expect(decodePayload(bytes(0xd3, 255, 255, 255, 255, 255, 255, 255, 255))).toBe(-1);
    expect(code(() => decodePayload(bytes(0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0)))).toBe("VANGO_WIRE_TYPE");
  });

  it("P2: undefined is null, undefined members are left out, other values are refused", () => {
    expect(decodePayload(encodePayload([undefined]))).toEqual([null]);
    expect(decodePayload(encodePayload({ a: undefined, b: 1 }))).toEqual({ b: 1 });
    for (const v of [() => 1, Symbol("x"), 1n]) expect(code(() => encodePayload(v))).toBe("VANGO_WIRE_TYPE");
  });

  it("P3: depth is limited on both sides", () => {
    expect(decodePayload(encodePayload(nested(LIMITS.payloadDepth)))).toEqual(nested(LIMITS.payloadDepth));
    expect(code(() => encodePayload(nested(LIMITS.payloadDepth + 1)))).toBe("VANGO_WIRE_DEPTH");
    expect(code(() => decodePayload(new Uint8Array(60000).fill(0x91)))).toBe("VANGO_WIRE_DEPTH");
    expect(code(() => decodePayload(bytes(...Array.from({ length: 200 }, () => [0x81, 0xa1, 0x61]).flat())))).toBe("VANGO_WIRE_DEPTH");
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    expect(code(() => encodePayload(cyclic))).toBe("VANGO_WIRE_DEPTH");
  });

  it("P4: a declared length is checked before anything is allocated", () => {
    for (const head of [0xc6, 0xdb, 0xdd, 0xdf]) expect(code(() => decodePayload(bytes(head, 255, 255, 255, 255, 1)))).toBe("VANGO_WIRE_TRUNCATED");
    expect(code(() => decodePayload(bytes(0x92, 1)))).toBe("VANGO_WIRE_TRUNCATED");
    expect(code(() => decodePayload(bytes(0xcb, 1)))).toBe("VANGO_WIRE_TRUNCATED");
    expect(code(() => decodePayload(bytes()))).toBe("VANGO_WIRE_TRUNCATED");
    const many = new Uint8Array(5 + 40000).fill(0xc0);
    many.set([0xdd, 0, 0, 40000 >> 8, 40000 & 255]);
    expect(code(() => decodePayload(many))).toBe("VANGO_WIRE_SIZE");
  });

  it("P5: keys are strings, once, and none that reaches a prototype", () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      expect(code(() => decodePayload(encodePayload(JSON.parse(`{"a":{"${key}":1}}`))))).toBe("VANGO_WIRE_KEY");
    }
    expect(code(() => decodePayload(bytes(0x81, 1, 1)))).toBe("VANGO_WIRE_KEY");
    expect(code(() => decodePayload(bytes(0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2)))).toBe("VANGO_WIRE_KEY");
    expect(decodePayload(encodePayload({ hasOwnProperty: 1, toString: 2 }))).toEqual({ hasOwnProperty: 1, toString: 2 });
  });

  it("P6: trailing bytes, invalid UTF-8 and other types are refused", () => {
    expect(code(() => decodePayload(bytes(1, 2)))).toBe("VANGO_WIRE_TRAILING");
    expect(code(() => decodePayload(bytes(0xa2, 0xc3, 0x28)))).toBe("VANGO_WIRE_UTF8");
    expect(code(() => decodePayload(bytes(0xa3, 0xed, 0xa0, 0x80)))).toBe("VANGO_WIRE_UTF8");
    for (const head of [0xc1, 0xc7, 0xca, 0xd4]) expect(code(() => decodePayload(bytes(head, 0, 0, 0, 0)))).toBe("VANGO_WIRE_TYPE");
    expect(decodePayload(encodePayload("\ufeffbom"))).toBe("\ufeffbom");
  });

  it("P7: bytes are copied out of the message", () => {
    const message = encodePayload(bytes(1, 2, 3));
    const out = decodePayload(message) as Uint8Array;
    message.fill(9);
    expect(out).toEqual(bytes(1, 2, 3));
  });
});
