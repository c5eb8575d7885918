/** Parts of a session by themselves: the budget, the results between GET and join, the event from a payload (S8, S11, S2). */
import { decodeServer, ServerKind } from "@vango/core/protocol";
import { describe, expect, it } from "vitest";
import { eventOf } from "../../src/session/event-payload.js";
import { HAND_OVER_CHARS, HAND_OVER_MS, HAND_OVER_TOTAL, HandOver } from "../../src/session/hand-over.js";
import { Refused } from "../../src/session/rate-refusal.js";
import { FULL, RateRule } from "../../src/session/rate.js";

describe("budget", () => {
  /** The bucket of one session. */
  class Bucket {
    #fullAt = FULL;
    #now = 0;
    readonly #rule: RateRule;
    constructor(perSecond: number, burst: number) {
      this.#rule = new RateRule(perSecond, burst);
    }
    take(now: number): boolean {
      const accepted = this.#rule.affords(this.#fullAt, now);
      this.#fullAt = this.#rule.take(this.#fullAt, now, accepted);
      this.#now = now;
      return accepted;
    }
    get flooded(): boolean {
      return this.#rule.flooded(this.#fullAt, this.#now);
    }
  }

  it("S8: a burst, then so many a second; refusals cost a tenth", () => {
    const rate = new Bucket(10, 5);
    expect(Array.from({ length: 6 }, () => rate.take(0))).toEqual([true, true, true, true, true, false]);
    expect(rate.take(100)).toBe(false);
    expect(rate.take(130)).toBe(true);
    expect(rate.take(130)).toBe(false);
    expect(Array.from({ length: 6 }, () => rate.take(60_000))).toEqual([true, true, true, true, true, false]);
    expect(rate.flooded).toBe(false);
  });

  it("S8: a thousand refused without a pause are a flood; a pause ends it", () => {
    const rate = new Bucket(1, 5);
    for (let i = 0; i < 5 + 999; i++) rate.take(0);
    expect(rate.flooded).toBe(false);
    for (let i = 0; i < 3; i++) rate.take(0);
    expect(rate.flooded).toBe(true);
    rate.take(60_000);
    expect(rate.flooded).toBe(false);
  });
});

describe("budget, any rule", () => {
  it("S8: a message that costs more than one token leaves a debt, and is affordable as any other", () => {
    const rule = new RateRule(10, 5);
    expect(rule.affords(FULL, 0)).toBe(true);
    const fullAt = rule.take(FULL, 0, true, 51);
    expect([0, 4_600, 4_701].map((now) => rule.affords(fullAt, now))).toEqual([false, false, true]);
  });

  it("S8: at once as many as the burst, whatever the rule; an hour later as many again", () => {
    for (const [perSecond, burst] of [[7, 3], [200, 256], [3, 1], [1_000_000, 10]] as const) {
      const rule = new RateRule(perSecond, burst);
      for (const now of [0, 3_600_000.123, 7_200_000.7]) {
        let fullAt = FULL;
        let accepted = 0;
        while (rule.affords(fullAt, now)) {
          fullAt = rule.take(fullAt, now, true);
          accepted++;
        }
        expect([perSecond, accepted]).toEqual([perSecond, burst]);
      }
    }
  });
});

describe("results between GET and join", () => {
  const results = (text: string): Map<string, { value: unknown }> => new Map([["place", { value: text }]]);

  it("S11: are taken once, and not after their time", () => {
    let now = 0;
    const hand = new HandOver(() => now);
    hand.put("a", results("1"));
    hand.put("b", results("2"));
    expect(hand.take("a")?.get("place")).toEqual({ value: "1" });
    expect(hand.take("a")).toBeUndefined();
    now = HAND_OVER_MS;
    expect(hand.take("b")).toBeUndefined();
    expect(hand.take("nobody")).toBeUndefined();
  });

  it("S11: large ones are not kept, nor what JSON cannot say; all together are bounded, the oldest go", () => {
    const hand = new HandOver(() => 0);
    hand.put("large", results("x".repeat(HAND_OVER_CHARS)));
    expect(hand.take("large")).toBeUndefined();
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    hand.put("cycle", new Map([["place", { value: cycle }]]));
    hand.put("big", new Map([["place", { value: 1n }]]));
    expect([hand.take("cycle"), hand.take("big")]).toEqual([undefined, undefined]);
    const text = "x".repeat(HAND_OVER_CHARS - 100);
    const count = Math.ceil(HAND_OVER_TOTAL / text.length) + 3;
    for (let i = 0; i < count; i++) hand.put(String(i), results(text));
    expect(hand.take("0")).toBeUndefined();
    expect(hand.take(String(count - 1))).toBeDefined();
  });

  it("S11: the same document twice counts once", () => {
    const hand = new HandOver(() => 0);
    const text = "x".repeat(HAND_OVER_CHARS - 100);
    for (let i = 0; i < 1000; i++) hand.put("same", results(text));
    hand.put("other", results("y"));
    expect(hand.take("same")).toBeDefined();
    expect(hand.take("other")).toBeDefined();
  });
});

describe("events", () => {
  const code = (type: string, payload: unknown): string | undefined => {
    try {
      eventOf(type, payload);
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it("S2: fields pass, the type is the slot's, a submit has FormData with repeated names", () => {
    expect(eventOf("click", undefined)).toEqual({ type: "click" });
    expect(eventOf("input", { value: "x", checked: false, type: "evil" })).toEqual({ type: "input", value: "x", checked: false });
    const { data } = eventOf("submit", { data: [["a", "1"], ["a", "2"]], submitter: null }) as { data: FormData };
    expect([...data.entries()]).toEqual([["a", "1"], ["a", "2"]]);
  });

  it("S2: what does not fit is refused", () => {
    for (const payload of ["text", 1, true, [], new Uint8Array(1)]) expect(code("click", payload)).toBe("VANGO_EVENT_PAYLOAD");
    expect(code("input", { value: {} })).toBe("VANGO_EVENT_PAYLOAD");
    expect(code("input", { value: 7 })).toBe("VANGO_EVENT_PAYLOAD");
    expect(code("input", { value: null })).toBeUndefined();
    expect(code("click", { value: 7 })).toBeUndefined();
    expect(code("keydown", { key: ["Enter"] })).toBe("VANGO_EVENT_PAYLOAD");
    expect(code("click", { ctrlKey: 1 })).toBe("VANGO_EVENT_PAYLOAD");
    expect(code("click", { clientX: "1" })).toBe("VANGO_EVENT_PAYLOAD");
    for (const data of ["x", {}, [["a"]], [["a", 1]], [["a", "b", "c"]], [null]]) expect(code("submit", { data })).toBe("VANGO_EVENT_PAYLOAD");
  });
});

describe("the answer to events beyond the budget", () => {
  type Told = { readonly kind: number; readonly body: { readonly code: string; readonly message: string; readonly seq: number; readonly first?: number } };

  it.each([true, false])("S8: is an ERROR with VANGO_RATE_LIMITED and the event's number (development: %s)", (dev) => {
    for (const seq of [1, 127, 128, 255, 70_000, 2 ** 40]) {
      const { kind, body } = decodeServer(new Refused(seq, dev).encode()) as Told;
      expect([kind, body.code, body.seq, body.first]).toEqual([ServerKind.ERROR, "VANGO_RATE_LIMITED", seq, undefined]);
      expect(body.message).toMatch(dev ? /too many events/ : /could not be carried out/);
    }
  });

  it("S8: events with consecutive numbers, a hundred at most, have one ERROR with the first and the last", () => {
    const refused = new Refused(7, true);
    expect([refused.add(9), refused.add(7), refused.add(8)]).toEqual([false, false, true]);
    for (let seq = 9; seq < 107; seq++) expect(refused.add(seq)).toBe(true);
    expect(refused.add(107)).toBe(false);
    expect((decodeServer(refused.encode()) as Told).body).toMatchObject({ first: 7, seq: 106 });
  });
});
