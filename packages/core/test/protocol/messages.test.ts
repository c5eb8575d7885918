// Messages of both sides: round trips, sizes that the budgets name, and what a server refuses.
import { describe, expect, it } from "vitest";
import { encodeAck, encodeEvent, encodeJoin, encodeKeys, encodeNav, encodePing, encodeResume } from "../../src/protocol/client-messages.js";
import { decodeClient } from "../../src/protocol/decode-client.js";
import { decodeServer } from "../../src/protocol/decode-server.js";
import { LIMITS, WINDOW } from "../../src/protocol/limits.js";
import { encodePayload } from "../../src/protocol/payload.js";
import { readFrame } from "../../src/protocol/reader.js";
import { acknowledged, ahead } from "../../src/protocol/sequence.js";
import { encodeAgain, encodeError, encodeKeyHashes, encodePong, encodeRefuse, encodeResumed, encodeServerAck, encodeWelcome } from "../../src/protocol/server-messages.js";
import { WIRE_ERRORS } from "../../src/protocol/wire-catalogue.js";
import { WireError } from "../../src/protocol/wire-error.js";
import { FrameWriter } from "../../src/protocol/writer.js";

const code = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    return (error as WireError).code;
  }
  return "none";
};
const join = { v: 1, boot: "{}", tab: "", nonce: "n", url: "/" };
const raw = (head: number[], payload?: unknown): Uint8Array =>
  Uint8Array.from([...head, ...(payload === undefined ? [] : encodePayload(payload))]);

describe("M: messages", () => {
  it("M1: from client to server", () => {
    const full = { ...join, now: { t: ["a", "b s:0"], s: [0, 1, 5, 2], i: [7, 2], k: [0, 2 ** 32 - 1] }, epoch: 2, received: 2 ** 33, sent: 0, left: "m", tries: 3 };
    for (const body of [join, full]) expect(decodeClient(encodeJoin(body))).toEqual({ kind: 1, body });
    expect(decodeClient(encodeResume(2, 3, 2 ** 40, 300, "worker.id", "é😀"))).toEqual({
      kind: 6, v: 2, epoch: 3, received: 2 ** 40, sent: 300, sid: "worker.id", nonce: "é😀",
    });
    expect(decodeClient(encodeKeys([1, 1, 500, 4999]))).toEqual({ kind: 7, runs: [1, 1, 500, 4999] });
    expect(decodeClient(encodeKeys([]))).toEqual({ kind: 7, runs: [] });
    expect(decodeClient(encodeEvent(300, 257, 1, 2 ** 31, 200, { value: "x" }))).toEqual({
      kind: 2, seq: 44, ack: 1, epoch: 1, instance: 2 ** 31, slot: 200, payload: { value: "x" },
    });
    expect(decodeClient(encodeEvent(1, 0, 1, 1, 0))).toEqual({ kind: 2, seq: 1, ack: 0, epoch: 1, instance: 1, slot: 0, payload: undefined });
    expect(decodeClient(encodeAck(513))).toEqual({ kind: 3, ack: 1 });
    expect(decodeClient(encodePing())).toEqual({ kind: 4, payload: undefined });
    expect(decodeClient(encodePing(7))).toEqual({ kind: 4, payload: 7 });
    expect(decodeClient(encodeNav(2, 1, 3, "/a?b=1", "push"))).toEqual({ kind: 5, seq: 2, ack: 1, epoch: 3, href: "/a?b=1", mode: "push" });
  });

  it("M2: from server to client", () => {
    expect(decodeServer(encodeWelcome({ sid: "s", epoch: 1, how: "new" }))).toEqual({ kind: 1, body: { sid: "s", epoch: 1, how: "new" } });
    expect(decodeServer(Uint8Array.of(2, 7, 3, 0))).toEqual({ kind: 2, seq: 7, ack: 3 });
    expect(decodeServer(encodeServerAck(258))).toEqual({ kind: 3, ack: 2 });
    expect(decodeServer(encodePong(undefined))).toEqual({ kind: 4, body: undefined });
    expect(decodeServer(encodePong(7))).toEqual({ kind: 4, body: 7 });
    expect(decodeServer(encodeError({ code: "X", message: "m", seq: 3 }))).toEqual({ kind: 5, body: { code: "X", message: "m", seq: 3 } });
    expect(decodeServer(encodeRefuse({ code: "X", reason: "r", retry: 5 }))).toEqual({ kind: 6, body: { code: "X", reason: "r", retry: 5 } });
    expect(decodeServer(encodeResumed(2 ** 40 + 5, 300))).toEqual({ kind: 7, received: 2 ** 40 + 5, last: 300 });
    expect(decodeServer(encodeAgain())).toEqual({ kind: 8 });
    const keys = new Map([[5, 2 ** 32 - 1], [6, 0], [900, 1]]);
    expect(decodeServer(encodeKeyHashes([5, 2, 900, 1], [...keys.values()]))).toEqual({ kind: 9, keys });
    expect(decodeServer(encodeKeyHashes([5, 2, 900, 1], Uint32Array.from(keys.values())))).toEqual({ kind: 9, keys });
    for (const bad of [[7], [9, 1], [9, 1, 1, 0, 0, 0]]) expect(code(() => decodeServer(Uint8Array.from(bad)))).toBe("VANGO_WIRE_TRUNCATED");
    expect(code(() => decodeServer(Uint8Array.from([7, 255, 255, 255, 255, 255, 255, 255, 1])))).toBe("VANGO_WIRE_SIZE");
    for (const bad of [[], [0], [2, 1, 1], [3], [10]]) expect(code(() => decodeServer(Uint8Array.from(bad)))).toBe("VANGO_WIRE_KIND");
  });

  it("M3: a counter click is at most 12 bytes up and 18 down", () => {
    expect(encodeEvent(9, 9, 1, 3, 1).length).toBeLessThanOrEqual(12);
    const w = new FrameWriter();
    w.op(3, 0);
    w.varint(1);
    w.str("count: 999");
    expect(w.finish(2, 9, 9).length).toBeLessThanOrEqual(18);
  });

  it("M4: sizes, shapes and kinds that the server refuses", () => {
    expect(code(() => decodeClient(new Uint8Array(0)))).toBe("VANGO_WIRE_KIND");
    expect(code(() => decodeClient(Uint8Array.of(99)))).toBe("VANGO_WIRE_KIND");
    expect(code(() => decodeClient(encodeEvent(1, 1, 1, 1, 1, "x".repeat(LIMITS.messageUp))))).toBe("VANGO_WIRE_SIZE");
    expect(code(() => decodeClient(encodeJoin({ ...join, boot: "x".repeat(LIMITS.messageUp) })))).toBe("none");
    expect(code(() => decodeClient(encodeJoin({ ...join, boot: "x".repeat(LIMITS.joinMessage) })))).toBe("VANGO_WIRE_SIZE");
    for (const body of [null, [], "x", { ...join, v: "1" }, { ...join, tab: 1 }, { ...join, url: undefined }, new Uint8Array(3)]) {
      expect(code(() => decodeClient(raw([1], body)))).toBe("VANGO_WIRE_SHAPE");
    }
    expect(code(() => decodeClient(Uint8Array.of(1)))).toBe("VANGO_WIRE_SHAPE");
    const now = { t: [], s: [0, 0] };
    for (const part of [
      { tab: "x".repeat(LIMITS.id + 1) }, { nonce: "x".repeat(LIMITS.id + 1) }, { left: "x".repeat(LIMITS.id + 1) }, { left: 1 }, { epoch: -1 }, { received: 0.5 },
      { sent: "1" }, { tries: null }, { now: null }, { now: [] }, { now: { t: [] } }, { now: { ...now, t: ["a"] } }, { now: { ...now, t: [1, "a"] } },
      { now: { ...now, s: [-1] } }, { now: { ...now, i: [1] } }, { now: { ...now, i: ["1", 2] } }, { now: { ...now, k: [0.5] } }, { now: { ...now, k: "1" } },
    ]) {
      expect(code(() => decodeClient(raw([1], { ...join, ...part }))), JSON.stringify(part).slice(0, 60)).toBe("VANGO_WIRE_SHAPE");
    }
    // A page with many rows has more numbers than any other payload may.
    const many = new Array<number>(LIMITS.payloadEntries * 2).fill(1);
    expect(code(() => decodeClient(raw([1], { ...join, now: { ...now, k: many } })))).toBe("none");
    expect(code(() => decodeClient(raw([1], { ...join, now: { ...now, k: new Array<number>(LIMITS.joinEntries).fill(1) } })))).toBe("VANGO_WIRE_SIZE");
    expect(code(() => decodeClient(encodeResume(2, 1, 1, 1, "x".repeat(LIMITS.id + 1), "n")))).toBe("VANGO_WIRE_SIZE");
    expect(code(() => decodeClient(encodeResume(2, 1, 1, 1, "s", "x".repeat(LIMITS.id * 3 + 1))))).toBe("VANGO_WIRE_SIZE");
    const resume = encodeResume(2, 1, 1, 1, "s", "n");
    for (let n = 1; n < resume.length; n++) expect(code(() => decodeClient(resume.subarray(0, n)))).toBe("VANGO_WIRE_TRUNCATED");
    expect(code(() => decodeClient(Uint8Array.of(...resume, 0)))).toBe("VANGO_WIRE_TRAILING");
    expect(code(() => decodeClient(Uint8Array.of(6, 2, 1, 1, 1, 1, 0xff, 0)))).toBe("VANGO_WIRE_UTF8");
    expect(code(() => decodeClient(encodeKeys([1, LIMITS.keys])))).toBe("none");
    for (const runs of [[1, LIMITS.keys + 1], [1, LIMITS.keys, 9000, 1], [1, 2 ** 40]]) expect(code(() => decodeClient(encodeKeys(runs)))).toBe("VANGO_WIRE_SIZE");
    for (const runs of [[0, 1], [1, 0]]) expect(code(() => decodeClient(encodeKeys(runs)))).toBe("VANGO_WIRE_SHAPE");
    expect(code(() => decodeClient(encodeKeys([1])))).toBe("VANGO_WIRE_TRUNCATED");
    for (const target of [null, ["/x"], ["/x", "jump"], [1, "push"], ["/x", "push", 1]]) {
      expect(code(() => decodeClient(raw([5, 1, 1, 1], target)))).toBe("VANGO_WIRE_SHAPE");
    }
    expect(code(() => decodeClient(raw([5, 1, 1, 1], ["x".repeat(LIMITS.href + 1), "push"])))).toBe("VANGO_WIRE_SIZE");
    expect(code(() => decodeClient(Uint8Array.of(3, 1, 1)))).toBe("VANGO_WIRE_TRAILING");
    expect(code(() => decodeClient(Uint8Array.of(2, 1, 1)))).toBe("VANGO_WIRE_TRUNCATED");
    expect(code(() => decodeClient(Uint8Array.of(2, 1, 1, 128, 128, 128, 128, 128, 128, 128, 1, 1, 1)))).toBe("VANGO_WIRE_SIZE");
  });

  it("M5: sequence numbers travel as their low byte", () => {
    expect(ahead(1, 0)).toBe(1);
    expect(ahead(0, 255)).toBe(1);
    expect(ahead(5, 5)).toBe(0);
    expect(ahead(4, 5)).toBe(-1);
    expect(ahead(255, 256)).toBe(-1);
    for (let last = 0; last < 600; last++)
      for (const step of [-55, -1, 0, 1, 2, WINDOW]) {
        if (last + step < 0) continue;
        expect(ahead((last + step) & 255, last)).toBe(step);
      }
    expect(acknowledged(255, 257)).toBe(255);
    expect(acknowledged(1, 257)).toBe(257);
    expect(acknowledged(0, 0)).toBe(0);
  });

  it("M6: the pool holds any text, also pairs of surrogates that two strings share", () => {
    const texts = ["", "a", "é", "😀", "\ud83d", "\ude00", "\ufeff", "x".repeat(300), "\u0000"];
    const w = new FrameWriter();
    for (const s of texts) w.str(s);
    const r = readFrame(w.finish(2, 1, 1), 3);
    expect(texts.map(() => r.str())).toEqual(texts);
    expect(r.more()).toBe(false);
    r.end();
    const n = [0, 1, 127, 128, 2 ** 21, 2 ** 31, 2 ** 32, 2 ** 40 + 1];
    for (const v of n) w.varint(v);
    const numbers = readFrame(w.finish(2, 1, 1), 3);
    expect(n.map(() => numbers.uint())).toEqual(n);
  });

  it("M7: a frame that is cut or has more than it says throws", () => {
    const w = new FrameWriter();
    w.str("text");
    const whole = w.finish(2, 1, 1).slice();
    expect(code(() => readFrame(whole.subarray(0, 4), 3))).toBe("VANGO_WIRE_TRUNCATED");
    expect(code(() => readFrame(whole.subarray(0, 7), 3).str())).toBe("VANGO_WIRE_TRUNCATED");
    expect(code(() => readFrame(whole, 3).end())).toBe("VANGO_WIRE_TRAILING");
    expect(code(() => readFrame(Uint8Array.of(0x80, 0x80), 0))).toBe("VANGO_WIRE_TRUNCATED");
    expect(code(() => readFrame(Uint8Array.of(0, 0xc3), 0))).toBe("VANGO_WIRE_UTF8");
    expect(code(() => readFrame(new Uint8Array(50).fill(0x80), 0))).toBe("VANGO_WIRE_TRUNCATED");
    expect(code(() => readFrame(whole, 3).raw(2))).toBe("VANGO_WIRE_TRUNCATED");
  });

  it("M8: every code has its entry", () => {
    for (const entry of Object.values(WIRE_ERRORS)) for (const part of Object.values(entry)) expect(part.length).toBeGreaterThan(10);
  });
});
