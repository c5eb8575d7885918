/**
 * The batch of small messages, alone: order, closes, what a write brings about.
 */
import { setImmediate as immediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SendBatch, type BatchTarget } from "../../src/transport/send-batch.js";

/** Keeps copies of what is written, and may do something at each write. */
class Peer implements BatchTarget {
  readonly got: number[][] = [];
  corks = 0;
  constructor(readonly onWrite: (count: number) => void = () => undefined) {}
  write(bytes: Uint8Array): void {
    this.got.push([...bytes]);
    this.onWrite(this.got.length);
  }
  cork(fn: () => void): void {
    this.corks++;
    fn();
  }
}

describe("the send batch", () => {
  it("T23: messages leave at the end of the event loop's iteration, those of one socket in a row under one cork", async () => {
    const batch = new SendBatch();
    const [a, b] = [new Peer(), new Peer()];
    const scratch = new Uint8Array([1, 2]);
    expect(batch.add(a, scratch)).toBe(true);
    scratch[0] = 9;
    batch.add(b, scratch);
    batch.add(b, new Uint8Array([]));
    expect([a.got, b.got]).toEqual([[], []]);
    await immediate();
    expect([a.got, b.got]).toEqual([[[1, 2]], [[9, 2], []]]);
    expect([a.corks, b.corks]).toEqual([0, 1]);
  });

  it("T23: the 33rd message of an iteration sends the 32 before it; one over 1 KiB is not taken", () => {
    const batch = new SendBatch();
    const peer = new Peer();
    for (let i = 0; i < 32; i++) batch.add(peer, new Uint8Array([i]));
    expect(peer.got).toHaveLength(0);
    batch.add(peer, new Uint8Array(1024));
    expect(peer.got).toEqual(Array.from({ length: 32 }, (_, i) => [i]));
    expect(batch.add(peer, new Uint8Array(1025))).toBe(false);
    batch.flush();
    expect(peer.got).toHaveLength(33);
  });

  it("T23: whatever is added and flushed in whatever order, also from inside a write, each socket gets its messages in order, once", () => {
    const act = fc.record({ peer: fc.nat(2), length: fc.oneof(fc.nat(70), fc.nat(1024)), inside: fc.array(fc.record({ peer: fc.nat(2), flush: fc.boolean() }), { maxLength: 3 }), flush: fc.boolean() });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
        const batch = new SendBatch();
        const sent: number[][][] = [[], [], []];
        let stamp = 0;
        const inside: { peer: number; flush: boolean }[] = [];
        const add = (to: number, length: number): void => {
          const bytes = new Uint8Array(length).fill(stamp++ & 0xff);
          sent[to]?.push([...bytes]);
          expect(batch.add(peers[to] as Peer, bytes)).toBe(true);
        };
        const peers: readonly Peer[] = [0, 1, 2].map(() => new Peer(() => {
          const next = inside.shift();
          if (next === undefined) return;
          add(next.peer, 3);
          if (next.flush) batch.flush();
        }));
        for (const one of acts) {
          inside.push(...one.inside);
          add(one.peer, one.length);
          if (one.flush) batch.flush();
        }
        batch.flush();
        expect(peers.map(({ got }) => got)).toEqual(sent);
      }),
    );
  });
});
