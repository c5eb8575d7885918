/** Who has the thread (SPEC.md F1–F6), in virtual time: a turn's cost is the time that its handler advances the clock. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/limits.js";
import { BURST_MS, UNSEEN_PAUSE } from "../../src/session/fairness/scheduler.js";
import { processUsage } from "../../src/session/fairness/usage.js";
import { Thread } from "./virtual-thread.js";

describe("the way of most events", () => {
  it("F1: an event of a session within its share runs as it comes, and leaves nothing behind", () => {
    const thread = new Thread();
    const a = thread.tab("a");
    a.receive({ at: 0, ms: 0.02 });
    expect(thread.of(a)).toEqual([{ who: "a", at: 0, start: 0, end: 0.02 }]);
    expect([a.lane, thread.scheduler.waiting]).toEqual([undefined, 0]);
  });

  it("F1: a burst beyond its share waits until the other sockets are read, in its order", () => {
    const thread = new Thread();
    const [a, b] = [thread.tab("a"), thread.tab("b")];
    for (let i = 0; i < 20; i++) thread.arrive(a, 0, 0.5);
    // Comes while a's burst is handled: ready only when the sockets are read once more.
    thread.arrive(b, 1, 0.1);
    thread.run();
    expect(thread.ran.findIndex(({ who }) => who === "b")).toBe(BURST_MS / 0.5);
    expect(thread.waited(b)).toBeLessThanOrEqual(BURST_MS);
    expect(thread.of(a)).toHaveLength(20);
    expect(a.lane).toBeUndefined();
  });

  it("F2: posted turns are never refused, and events do not starve behind them, nor they behind events", () => {
    const thread = new Thread({ eventQueue: 4 });
    const a = thread.tab("a");
    // Each completion starts the next: there is always one that waits.
    a.handler = ({ ms }) => void (ms === 1 && a.posts.length < 1000 && a.post(1));
    for (let i = 0; i < 1000; i++) a.post(1);
    for (let i = 0; i < 4; i++) thread.arrive(a, 0, 0.25);
    thread.run(2000);
    expect(a.refused).toBe(0);
    const events = thread.of(a).filter(({ start, end }) => end - start < 1);
    expect(events).toHaveLength(4);
    expect(events.at(-1)?.start).toBeLessThan(10);
    expect(thread.of(a)).toHaveLength(2004);
  });

  it("F2: events that find the queue full are refused, one by one and by their bytes", () => {
    const few = new Thread({ eventQueue: 4 });
    const a = few.tab("a");
    for (let i = 0; i < 10; i++) few.arrive(a, 0, BURST_MS);
    few.run();
    expect([few.of(a).length, a.refused]).toEqual([5, 5]);

    const small = new Thread({ eventQueueBytes: 30 });
    const b = small.tab("b");
    for (let i = 0; i < 10; i++) small.arrive(b, 0, BURST_MS);
    small.run();
    expect([small.of(b).length, b.refused]).toEqual([3, 7]);
  });

  it("F2: an event larger than the whole queue waits in an empty one", () => {
    const thread = new Thread({ eventQueueBytes: 10 });
    const a = thread.tab("a");
    for (let i = 0; i < 3; i++) thread.arrive(a, 0, BURST_MS);
    thread.run();
    expect([thread.of(a).length, a.refused]).toEqual([2, 1]);
  });

  it("F1: a turn that throws concerns its session alone", () => {
    const thread = new Thread();
    const [a, b] = [thread.tab("a"), thread.tab("b")];
    a.handler = () => {
      throw new Error("no");
    };
    a.post(1);
    b.post(1);
    thread.run();
    expect(a.broken).toEqual([new Error("no")]);
    expect(thread.of(b)).toHaveLength(1);
  });

  it("F1: a paused session runs nothing; what came before its pause runs after it", () => {
    const thread = new Thread();
    const a = thread.tab("a");
    for (let i = 0; i < 3; i++) thread.arrive(a, 0, BURST_MS);
    a.handler = () => {
      a.paused = true;
      a.post(1);
    };
    thread.run();
    expect(thread.of(a)).toHaveLength(1);
    a.handler = () => undefined;
    a.paused = false;
    thread.scheduler.resume(a);
    thread.run();
    expect(thread.of(a).map(({ start, end }) => end - start)).toEqual([BURST_MS, 1, BURST_MS, BURST_MS]);
  });

  it("F1: what waits of a session that ended does not run, and its timer is gone", () => {
    const thread = new Thread();
    const [a, b] = [thread.tab("a"), thread.tab("b")];
    thread.arrive(a, 0, 40);
    thread.arrive(a, 0, 1);
    thread.arrive(b, 1, 0.1);
    thread.run(60);
    expect([thread.scheduler.waiting, thread.timers]).toEqual([1, 1]);
    a.ended = true;
    thread.scheduler.leave(a);
    expect([thread.scheduler.waiting, thread.timers]).toEqual([0, 0]);
    b.post(1);
    b.ended = true;
    thread.run();
    expect([thread.of(a).length, thread.of(b).length]).toEqual([1, 1]);
  });
});

describe("one session that hurts", () => {
  const LONG = LIMITS.turnMs.value;

  it("F3: another session waits at most one abusive turn and its fair share", () => {
    const thread = new Thread();
    const [bad, good] = [thread.tab("bad"), thread.tab("good")];
    for (let i = 0; i < 200; i++) thread.arrive(bad, i, LONG);
    for (let i = 0; i < 2000; i++) thread.arrive(good, 3.7 * i, 0.1);
    thread.run();
    expect(thread.of(good)).toHaveLength(2000);
    // What came during the one turn is served first; its own clicks queue behind each other.
    expect(thread.waited(good)).toBeLessThanOrEqual(LONG + (LONG / 3.7) * 0.1 + BURST_MS);
  });

  it.each([25, 40, 50, 60, 90])("F4: a session of %d ms handlers has a tenth of the thread at most while others want it", (ms) => {
    const thread = new Thread({ turnStallMs: 1_000_000 });
    const [bad, good] = [thread.tab("bad"), thread.tab("good")];
    for (let at = 0; at < 20_000; at += 5) {
      thread.arrive(bad, at, ms);
      thread.arrive(good, at, 1);
    }
    thread.run(20_000);
    // In every stretch of twenty turns and their pauses, not only on the whole.
    const stretch = 200 * ms;
    for (let from = 0; from + stretch <= 20_000; from += 500) expect(thread.spent(bad, from, from + stretch)).toBeLessThanOrEqual(0.1 * stretch);
    expect(thread.spent(bad)).toBeGreaterThan(1500);
    expect(thread.spent(bad)).toBeLessThanOrEqual(2000);
    expect(thread.of(good)).toHaveLength(4000);
  });

  it("F4: two of them have 10 % each at most, and the rest is others'", () => {
    const thread = new Thread();
    const [one, two, good] = [thread.tab("one"), thread.tab("two"), thread.tab("good")];
    for (let at = 0; at < 10_000; at += 10) {
      thread.arrive(one, at, LONG);
      thread.arrive(two, at, LONG);
      thread.arrive(good, at, 1);
    }
    thread.run(10_000);
    for (const bad of [one, two]) expect(thread.spent(bad)).toBeLessThanOrEqual(1000);
    expect(thread.waited(good)).toBeLessThanOrEqual(2 * LONG + 30);
  });

  it("F4: a session that is alone has the thread, until another comes", () => {
    const thread = new Thread();
    const [bad, good] = [thread.tab("bad"), thread.tab("good")];
    for (let i = 0; i < 20; i++) thread.arrive(bad, 0, LONG);
    thread.run(500);
    expect(thread.spent(bad)).toBe(500);
    thread.arrive(good, 520, 1);
    thread.run(1000);
    expect(thread.of(good)[0]?.start).toBe(550);
    expect(thread.spent(bad)).toBe(550);
    thread.run();
    expect(thread.spent(bad)).toBe(1000);
  });

  it("F4: short turns share: a flood of them leaves the others theirs", () => {
    const thread = new Thread({ eventQueue: 10_000, eventQueueBytes: 1_000_000 });
    const [flood, good] = [thread.tab("flood"), thread.tab("good")];
    for (let i = 0; i < 5000; i++) thread.arrive(flood, 0, 1);
    for (let i = 0; i < 400; i++) thread.arrive(good, i * 10, 1);
    thread.run(4000);
    expect(thread.of(good)).toHaveLength(400);
    expect(thread.waited(good)).toBeLessThanOrEqual(2 * BURST_MS + 1);
  });

  it("F4: floods that all wait have equal parts", () => {
    const thread = new Thread({ eventQueue: 100_000, eventQueueBytes: 10_000_000 });
    const tabs = [1, 2, 5].map((ms) => ({ tab: thread.tab(String(ms)), ms }));
    for (const { tab, ms } of tabs) for (let i = 0; i < 3000; i++) thread.arrive(tab, 0, ms);
    thread.run(3000);
    for (const { tab } of tabs) expect(Math.abs(thread.spent(tab) - 1000)).toBeLessThan(20);
  });

  it("F5: a 1 s handler is a violation, and its second closes the session", () => {
    const thread = new Thread();
    const [bad, good] = [thread.tab("bad"), thread.tab("good")];
    for (let i = 0; i < 5; i++) thread.arrive(bad, 0, 1000);
    for (let i = 0; i < 200; i++) thread.arrive(good, 100 * i, 0.1);
    thread.run();
    expect(bad.verdicts).toEqual(["violation 1000", "close 1000"]);
    expect(thread.of(bad)).toHaveLength(2);
    expect(thread.of(good)).toHaveLength(200);
    // The first violation is followed by a pause of ten of the longest turns that are none.
    expect(thread.of(bad)[1]?.start).toBeCloseTo(6000, 0);
  });

  it("F5: a turn of turnMs is ordinary, of one more is reported, of turnViolationMs no violation", () => {
    const thread = new Thread();
    const a = thread.tab("a");
    thread.arrive(a, 0, 50);
    thread.arrive(a, 1000, 51);
    thread.arrive(a, 12_000, 500);
    thread.arrive(a, 30_000, 501);
    thread.run();
    expect(a.verdicts).toEqual(["long 51", "long 500", "violation 501"]);
  });

  it("F5: long turns are reported once in 10 s", () => {
    const thread = new Thread();
    const a = thread.tab("a");
    for (let i = 0; i < 30; i++) thread.arrive(a, i * 1000, 60);
    thread.run();
    expect(a.verdicts).toEqual(["long 60", "long 60", "long 60"]);
  });

  it.each([[499], [300], [100], [500, 60], [51, 499]])("F6: turns of %j ms stall the others by 1.5 s beyond turnMs at most, in all", (...costs) => {
    const thread = new Thread({ eventQueue: 1000 });
    const [bad, good] = [thread.tab("bad"), thread.tab("good")];
    for (let i = 0; i < 300; i++) thread.arrive(bad, 0, costs[i % costs.length] as number);
    for (let i = 0; i < 2000; i++) thread.arrive(good, 100 * i, 0.1);
    thread.run();
    expect(bad.verdicts.at(-1)).toMatch(/^close/);
    const turns = thread.of(bad);
    const took = (turns.at(-1)?.end ?? 0) * 0.01;
    expect(turns.reduce((sum, { start, end }) => sum + (end - start) - LONG, 0)).toBeLessThanOrEqual(1500 + took);
  });

  it("F6: a violation is forgotten once its account is paid back", () => {
    const thread = new Thread();
    const a = thread.tab("a");
    for (let i = 0; i < 5; i++) thread.arrive(a, i * 50_000, 600);
    thread.run();
    expect(a.verdicts).toEqual(Array.from({ length: 5 }, () => "violation 600"));
    thread.arrive(a, thread.now + 1000, 600);
    thread.run();
    expect(a.verdicts.at(-1)).toBe("close 600");
  });

  it("F6: a turn in which the machine slept does not close the session, nor stop it for long", () => {
    const thread = new Thread();
    const [a, b] = [thread.tab("a"), thread.tab("b")];
    thread.arrive(a, 0, 3_600_000);
    thread.arrive(b, 3_600_001, 1);
    thread.arrive(a, 3_600_002, 1);
    thread.run();
    expect(a.verdicts).toEqual(["violation 3600000"]);
    expect(thread.of(a)[1]?.start).toBe(3_605_000);
  });
});

describe("F10: one that nobody sees", () => {
  it.each([0.05, 1, 4])("has a fiftieth of the thread with turns of %d ms, also while the thread is idle, and loses no event that found room", (ms) => {
    const thread = new Thread();
    const [bad, good] = [thread.tab("bad"), thread.tab("good")];
    bad.unseen = true;
    for (let at = 0; at < 10_000; at += 5) thread.arrive(bad, at, ms);
    for (let at = 0; at < 10_000; at += 50) thread.arrive(good, at, 0.1);
    thread.run(10_000);
    expect(thread.spent(bad)).toBeLessThanOrEqual(10_000 / UNSEEN_PAUSE + ms);
    expect(thread.spent(bad)).toBeGreaterThan(Math.min(2000 * ms, 10_000 / UNSEEN_PAUSE) * 0.9);
    expect(thread.of(good)).toHaveLength(200);
    thread.run();
    expect(thread.of(bad).length + bad.refused).toBe(2000);
    expect(bad.lane?.hasWork ?? false).toBe(false);
  });

  it("takes the pauses of short turns together, once they make 10 ms", () => {
    const thread = new Thread();
    const bad = thread.tab("bad");
    bad.unseen = true;
    for (let i = 0; i < 30; i++) thread.arrive(bad, 0, 0.03);
    thread.run();
    const starts = thread.of(bad).map(({ start }) => start);
    expect(starts.map((at) => Math.floor(at / 10))).toEqual([...new Array<number>(7).fill(0), ...new Array<number>(7).fill(1), ...new Array<number>(7).fill(2), ...new Array<number>(7).fill(3), 4, 4]);
  });

  it("never pauses longer than after the shortest long turn", () => {
    const thread = new Thread();
    const bad = thread.tab("bad");
    bad.unseen = true;
    for (let i = 0; i < 3; i++) thread.arrive(bad, 0, 20);
    thread.run();
    expect(thread.of(bad).map(({ start }) => start)).toEqual([0, 270, 540]);
  });

  it("posted turns do not pile up: while one waits there is no pause", () => {
    const thread = new Thread();
    const bad = thread.tab("bad");
    bad.unseen = true;
    for (let i = 0; i < 100; i++) bad.post(1);
    thread.run();
    expect(thread.of(bad).at(-1)?.end).toBe(100);
  });

  it("is within its share again as soon as it is seen", () => {
    const thread = new Thread();
    const [a, b] = [thread.tab("a"), thread.tab("b")];
    a.unseen = true;
    thread.arrive(a, 0, 1);
    a.handler = () => void (a.unseen = false);
    for (let i = 1; i < 10; i++) {
      thread.arrive(a, 10 * i, 1);
      thread.arrive(b, 10 * i - 1, 1);
    }
    thread.run();
    expect([thread.waited(a), a.lane]).toEqual([0, undefined]);
  });
});

describe("F9: a turn that the system interrupted", () => {
  const idle = { cpuMs: 0, activeMs: 0, preempted: 0 };
  /** One click of 600 ms that uses so much, then one of a neighbour, then one more. */
  function click(cpuMs: number, preempted: number): { readonly verdicts: readonly string[]; readonly next: number | undefined } {
    const thread = new Thread({}, idle);
    const [a, b] = [thread.tab("a"), thread.tab("b")];
    a.handler = ({ ms }) => {
      if (ms === 600) thread.usage = { cpuMs, activeMs: 600, preempted };
    };
    thread.arrive(a, 0, 600);
    thread.arrive(b, 601, 1);
    thread.arrive(a, 610, 1);
    thread.run();
    return { verdicts: a.verdicts, next: thread.of(a)[1]?.start };
  }

  it("is not charged: no report, no pause", () => {
    expect(click(10, 3)).toEqual({ verdicts: [], next: 610 });
  });

  it("is charged when it computed for most of its time all the same", () => {
    expect(click(400, 3)).toEqual({ verdicts: ["violation 600"], next: 5600 });
  });

  it("is charged when it waited by itself: a blocking call", () => {
    expect(click(1, 0)).toEqual({ verdicts: ["violation 600"], next: 5600 });
  });

  it("what the process used before the turn is not the turn's", () => {
    const thread = new Thread({}, idle);
    const a = thread.tab("a");
    thread.arrive(a, 0, 1);
    a.handler = ({ ms }) => {
      thread.usage = ms === 600 ? { cpuMs: 1010, activeMs: 1600, preempted: 8 } : { cpuMs: 1000, activeMs: 1000, preempted: 5 };
    };
    thread.arrive(a, 100, 600);
    thread.run();
    expect(a.verdicts).toEqual([]);
  });

  it("what the loop did between two turns is not the turn's", () => {
    const thread = new Thread({}, idle);
    const a = thread.tab("a");
    a.handler = () => {
      thread.usage = { cpuMs: 60, activeMs: 110, preempted: 1 }; // 50 ms before the turn of 60 ms, 10 ms in it
    };
    thread.arrive(a, 90, 60);
    thread.run();
    expect(a.verdicts).toEqual([]);
  });

  it("the process says what it uses", () => {
    const before = processUsage();
    for (let i = 0; processUsage().cpuMs === before.cpuMs; i++) if (i > 1e9) throw new Error("no time passes");
    expect(processUsage().cpuMs).toBeGreaterThan(before.cpuMs);
    expect(before.preempted).toBeGreaterThanOrEqual(0);
  });
});

it("F1 F2: whatever comes, every event of a session runs once and in order, or is refused; no turn overlaps another", () => {
  const step = fc.record({ who: fc.nat(4), at: fc.nat(3000), ms: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 3, noNaN: true }), fc.double({ min: 3, max: 49, noNaN: true })), posted: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const thread = new Thread({ eventQueue: 5 });
      const tabs = [0, 1, 2, 3, 4].map((i) => thread.tab(String(i)));
      const posted = new Map<string, number>();
      for (const { who, at, ms, posted: isPost } of steps) {
        const tab = tabs[who]!;
        if (isPost) {
          posted.set(tab.name, (posted.get(tab.name) ?? 0) + 1);
          tab.post(ms);
        } else thread.arrive(tab, at, ms);
      }
      thread.run();
      expect(thread.scheduler.waiting).toBe(0);
      let end = 0;
      for (const turn of thread.ran) {
        expect(turn.start).toBeGreaterThanOrEqual(end);
        end = turn.end;
      }
      tabs.forEach((tab, i) => {
        const sent = steps.filter(({ who, posted: isPost }) => who === i && !isPost);
        expect(thread.of(tab).length + tab.refused).toBe(sent.length + (posted.get(tab.name) ?? 0));
      });
    }),
    { numRuns: 300, seed: 72 },
  );
});
