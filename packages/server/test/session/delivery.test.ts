/** Numbers, held frames and kept commands by themselves (S21–S24): what a page that returns is given, and that all of it is bounded. */
import { decodeServer, encodePayload } from "@vango/core/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveLimits, type Limits } from "../../src/limits.js";
import type { LiveSocket } from "../../src/session-port.js";
import { CommandQueue, MAX_COMMAND_BYTES, MAX_COMMANDS } from "../../src/session/command-queue.js";
import { Delivery } from "../../src/session/delivery.js";
import { cellsInUse } from "../../src/session/held-cells.js";
import { HeldFrames } from "../../src/session/held-frames.js";
import { dropHeld, heldCount, hold, letGo, NOTHING_HELD, readHeld, type Held } from "../../src/session/held.js";
import type { SendResult } from "../../src/transport/transport.js";

const all = (held: HeldFrames, skip = 0): number[][] => {
  const out: number[][] = [];
  held.read(skip, (frame) => out.push([...frame]) > 0);
  return out;
};

describe("held frames", () => {
  it("S21: what is held is given back byte by byte, whatever is dropped between (seed 4711)", () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("push" as const), frame: fc.uint8Array({ minLength: 1, maxLength: 300 }) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("drop" as const), n: fc.nat(6) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("read" as const), n: fc.nat(6) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const held = new HeldFrames();
        let model: number[][] = [];
        for (const s of steps) {
          if (s.kind === "push") {
            const fits = held.push(s.frame, 4096);
            if (fits) model.push([...s.frame]);
            else expect(model.reduce((sum, f) => sum + f.length + 2, 0) + s.frame.length + 2).toBeGreaterThan(4096 - 300);
          } else if (s.kind === "drop") {
            held.drop(s.n);
            model = model.slice(s.n);
          } else expect(all(held, s.n)).toEqual(model.slice(s.n));
          expect(held.count).toBe(model.length);
        }
        expect(all(held)).toEqual(model);
      }),
      { seed: 4711, numRuns: 500 },
    );
  });

  it("S21: the steady state takes no new memory; what is large and empty gives it back", () => {
    const held = new HeldFrames();
    const frame = new Uint8Array(20);
    held.push(frame, 4096);
    const { size } = held;
    for (let i = 0; i < 1000; i++) {
      held.push(frame, 4096);
      held.drop(1);
    }
    expect(held.size).toBe(size);
    held.push(new Uint8Array(3000), 4096);
    expect(held.size).toBeGreaterThan(3000);
    held.drop(2);
    expect(held.size).toBe(0);
  });

  it("S21: lengths of one, two, three and four bytes", () => {
    const held = new HeldFrames();
    const sizes = [1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152];
    for (const n of sizes) expect(held.push(new Uint8Array(n).fill(n & 255), 2 ** 24)).toBe(true);
    expect(all(held, 5).map((f) => f.length)).toEqual([2_097_151, 2_097_152]);
    held.drop(2);
    const found: number[] = [];
    held.read(0, (f) => found.push(f.length) > 0);
    expect(found).toEqual(sizes.slice(2));
  });
});

describe("frames of many sessions", () => {
  const given = (held: Held, skip = 0): number[][] => {
    const out: number[][] = [];
    readHeld(held, skip, (frame) => out.push([...frame]) > 0);
    return out;
  };

  it("S21: each session gets its own frames back, short or long, and leaves no cell behind (seed 4712)", () => {
    const frames = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 30 }), fc.uint8Array({ minLength: 60, maxLength: 200 }));
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant("hold" as const), who: fc.nat(5), frame: frames }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("drop" as const), who: fc.nat(5), n: fc.nat(3) }) },
    );
    const before = cellsInUse();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const held: Held[] = new Array<Held>(6).fill(NOTHING_HELD);
        const model: number[][][] = Array.from({ length: 6 }, () => []);
        for (const s of steps) {
          const mine = held[s.who] as Held;
          if (s.kind === "drop") {
            held[s.who] = dropHeld(mine, s.n);
            model[s.who]?.splice(0, s.n);
          } else {
            const next = hold(mine, s.frame, 1000);
            // Too much: the session forgets all.
            if (next === undefined) {
              letGo(mine);
              model[s.who] = [];
            } else model[s.who]?.push([...s.frame]);
            held[s.who] = next ?? NOTHING_HELD;
          }
          for (let i = 0; i < 6; i++) expect([given(held[i] as Held), heldCount(held[i] as Held)]).toEqual([model[i], model[i]?.length]);
          expect(given(held[s.who] as Held, 1)).toEqual(model[s.who]?.slice(1));
        }
        for (const mine of held) letGo(mine);
        expect(cellsInUse()).toBe(before);
      }),
      { seed: 4712, numRuns: 200 },
    );
  });

  it("S21: the slab grows, and what is given back is taken again", () => {
    const before = cellsInUse();
    const all = Array.from({ length: 1000 }, (_, i) => hold(NOTHING_HELD, new Uint8Array([i & 255, i >> 8]), 100) as Held);
    expect(all.map((held) => given(held))).toEqual(Array.from({ length: 1000 }, (_, i) => [[i & 255, i >> 8]]));
    expect(cellsInUse()).toBe(before + 1000);
    for (const held of all) letGo(held);
    const again = hold(NOTHING_HELD, new Uint8Array([7]), 100) as Held;
    expect(all).toContain(again);
    expect(hold(NOTHING_HELD, new Uint8Array(20), 20)).toBeUndefined();
    letGo(again);
  });
});

describe("commands", () => {
  const emit = (name: string, detail: unknown = null): { emit: string; detail: Uint8Array } => ({ emit: name, detail: encodePayload(detail) });
  const names = (q: CommandQueue): string[] => q.take().map((c) => ("emit" in c ? c.emit : `${c.url} ${c.mode}`));

  it("S23: events in order, then the last address, as a new entry if one of them was", () => {
    const queue = new CommandQueue();
    queue.add(1, [emit("a"), { url: "/x", mode: 0, scroll: true }]);
    queue.add(2, [{ url: "/y", mode: 1, scroll: false }, emit("b")]);
    expect(names(queue)).toEqual(["a", "b", "/y 0"]);
    expect(names(queue)).toEqual([]);
  });

  it("S23: what the page has is dropped; number and bytes are bounded, the oldest goes first", () => {
    const queue = new CommandQueue();
    queue.add(1, [emit("a")]);
    queue.add(2, [emit("b")]);
    queue.drop(1);
    expect(queue.count).toBe(1);
    for (let i = 0; i < 200; i++) queue.add(3, [emit(`n${i}`)]);
    expect(queue.count).toBe(MAX_COMMANDS);
    expect(names(queue)[0]).toBe(`n${200 - MAX_COMMANDS}`);
    for (let i = 0; i < 10; i++) queue.add(4, [emit("big", "x".repeat(20_000))]);
    expect(queue.bytes).toBeLessThanOrEqual(MAX_COMMAND_BYTES);
    expect(queue.count).toBe(3);
    queue.drop(4);
    expect([queue.count, queue.bytes]).toEqual([0, 0]);
  });
});

class Probe {
  readonly got: Uint8Array[] = [];
  result: SendResult = "sent";
  waiting = 0;
  closed = 0;
  send(bytes: Uint8Array): SendResult {
    if (this.result !== "dropped") this.got.push(bytes.slice());
    return this.result;
  }
  buffered(): number {
    return this.waiting;
  }
  close(code: number): void {
    this.closed = code;
  }
  get kinds(): number[] {
    return this.got.map((b) => decodeServer(b).kind);
  }
}

const frame = (n: number, size = 4): Uint8Array => new Uint8Array(size).fill(n).fill(2, 0, 1);

class Alone extends Delivery {
  gate = undefined;
  constructor(readonly limits: Limits) {
    super();
  }
}

function delivery(limits: Record<string, number> = {}): { d: Delivery; socket: Probe } {
  const d = new Alone(resolveLimits(limits));
  const socket = new Probe();
  d.attach(socket as unknown as LiveSocket);
  d.restart();
  return { d, socket };
}

const put = (d: Delivery, size?: number): void => {
  if (!d.open) return;
  d.next();
  d.put(frame(d.sent + 1, size));
};

describe("delivery", () => {
  it("S21: a page that returns gets the frames that it has not applied, and no other", () => {
    const { d } = delivery();
    for (let i = 0; i < 5; i++) put(d);
    d.heard(2);
    d.detach();
    put(d);
    expect(d.held).toBe(4);
    expect([d.continues(1, 0), d.continues(2, 0), d.continues(6, 0), d.continues(7, 0)]).toEqual([false, true, true, false]);
    const again = new Probe();
    d.attach(again as unknown as LiveSocket);
    d.replay(4);
    expect(again.got.map((b) => b[1])).toEqual([5, 6]);
    expect(d.held).toBe(2);
    d.replay(6);
    expect(again.got).toHaveLength(2);
  });

  it("S21: a page that claims fewer events than were received does not go on", () => {
    const { d } = delivery();
    expect(d.admit(1)).toBe("next");
    expect(d.admit(1)).toBe("seen");
    expect(d.admit(3)).toBe("gap");
    expect([d.continues(0, 0), d.continues(0, 1), d.continues(0, 5)]).toEqual([false, true, true]);
  });

  it("S22: a page that does not read falls behind: frames stop, one AGAIN when it has drained", () => {
    const { d, socket } = delivery({ socketBehindBytes: 1000 });
    socket.result = "buffered";
    socket.waiting = 999;
    put(d);
    expect(d.behind).toBe(false);
    socket.waiting = 1000;
    put(d);
    expect(d.behind).toBe(true);
    for (let i = 0; i < 100; i++) put(d);
    expect(socket.kinds).toEqual([2, 2]);
    d.drained();
    expect(socket.kinds).toEqual([2, 2]);
    socket.waiting = 0;
    d.drained();
    d.drained();
    expect(socket.kinds).toEqual([2, 2, 8]);
    expect(d.continues(d.sent, 0)).toBe(false);
    socket.result = "sent";
    d.restart();
    put(d);
    expect(socket.kinds).toEqual([2, 2, 8, 2]);
  });

  it("S22: a page that acknowledges nothing falls behind after heldFrames, and is asked at once", () => {
    const { d, socket } = delivery({ heldFrames: 10 });
    for (let i = 0; i < 30; i++) put(d);
    expect(socket.kinds).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 8]);
    expect([d.behind, d.held]).toEqual([true, 0]);
  });

  it("S22: frames too large to be held go on while the page hears them; a detached page falls behind", () => {
    const { d, socket } = delivery({ heldBytes: 100 });
    put(d);
    put(d, 5000);
    put(d);
    expect(socket.kinds).toEqual([2, 2, 2]);
    expect([d.behind, d.continues(1, 0), d.continues(2, 0)]).toEqual([false, false, true]);
    d.detach();
    put(d, 5000);
    expect([d.behind, d.bytes < 1024]).toEqual([true, true]);
  });

  it("S22: a socket that takes nothing is closed, and nothing is lost", () => {
    const { d, socket } = delivery();
    socket.result = "dropped";
    put(d);
    expect(socket.closed).toBe(1013);
    d.detach();
    const again = new Probe();
    d.attach(again as unknown as LiveSocket);
    d.replay(0);
    expect(again.got).toHaveLength(1);
  });

  it("S23: commands are kept until a later acknowledgement, and then only what the page has not heard", () => {
    const { d } = delivery();
    d.keep([{ emit: "one", detail: new Uint8Array(1) }]);
    put(d);
    d.keep([{ emit: "two", detail: new Uint8Array(1) }]);
    put(d);
    d.heard(1);
    expect(d.takeCommands(1).map((c) => "emit" in c && c.emit)).toEqual(["two"]);
    d.keep([{ emit: "three", detail: new Uint8Array(1) }]);
    put(d);
    expect(d.takeCommands(3)).toEqual([]);
  });

  it("S24: errors come again until a later frame was acknowledged; at most 32 are kept", () => {
    const { d } = delivery();
    d.tell({ code: "VANGO_HANDLER", message: "x", seq: 1 });
    put(d);
    d.detach();
    const again = new Probe();
    d.attach(again as unknown as LiveSocket);
    d.replay(0);
    expect(again.kinds).toEqual([2, 5]);
    d.heard(1);
    d.replay(1);
    expect(again.kinds).toEqual([2, 5]);
    for (let i = 0; i < 100; i++) d.tell({ code: "VANGO_RATE_LIMITED", message: "x", seq: i });
    const third = new Probe();
    d.attach(third as unknown as LiveSocket);
    d.replay(1);
    expect(third.got).toHaveLength(32);
  });

  it("S21: a hostile acknowledgement frees nothing that is not sent and hurts nobody", () => {
    const { d } = delivery();
    for (let i = 0; i < 5; i++) put(d);
    for (const byte of [200, 6, 255, 130]) d.heard(byte);
    expect([d.held, d.continues(0, 0)]).toEqual([5, true]);
  });
});
