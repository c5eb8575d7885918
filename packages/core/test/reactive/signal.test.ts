// Signals: equality, typed helpers and what they refuse.
import { describe, expect, it } from "vitest";
import type { Signal } from "../../src/index.js";
import { openWith } from "../loop/harness.js";

function one<T>(initial: T, equals?: (a: T, b: T) => boolean) {
  let runs = 0;
  const live = openWith((setup) => {
    const s = setup.signal<T>(initial, equals === undefined ? {} : { equals });
    return { s, view: () => (runs++, s.get(), "x") };
  });
  const write = (body: (s: Signal<T>) => void) => {
    runs = 0;
    const failure = live.turn(() => body(live.it.s));
    return { code: failure?.code, runs, value: live.it.s.peek() };
  };
  return { live, write };
}

/** Writes through the helpers as JavaScript would, without their types. */
type Loose = Record<string, (...args: unknown[]) => void>;
const loose = (s: unknown): Loose => s as Loose;

describe("signals", () => {
  it("RX1: an equal value wakes nobody; equal is Object.is or the signal's own equals", () => {
    const n = one(1);
    expect(n.write((s) => s.set(1))).toMatchObject({ runs: 0 });
    expect(n.write((s) => s.set(2))).toMatchObject({ runs: 1, value: 2 });
    const nan = one(NaN);
    expect(nan.write((s) => s.set(NaN)).runs).toBe(0);
    const point = one({ x: 1 }, (a, b) => a.x === b.x);
    const before = point.live.it.s.peek();
    expect(point.write((s) => s.set({ x: 1 }))).toMatchObject({ runs: 0, value: before });
    expect(point.live.it.s.peek()).toBe(before);
    expect(point.write((s) => s.set({ x: 2 })).runs).toBe(1);
  });

  it("RX1, scenario 4: a signal set to an equal value sends no patch", () => {
    const { live, write } = one(3);
    live.world.log.length = 0;
    write((s) => s.update((v) => v));
    expect(live.world.log).toEqual([]);
  });

  it("RX2: number and boolean helpers", () => {
    const n = one(1);
    expect(n.write((s) => s.inc()).value).toBe(2);
    expect(n.write((s) => s.dec()).value).toBe(1);
    expect(n.write((s) => s.add(5)).value).toBe(6);
    const b = one(false as boolean);
    expect(b.write((s) => s.toggle()).value).toBe(true);
  });

  it("RX2, RX3: list helpers copy on write and leave the old list as it was", () => {
    const cases: [string, unknown[], unknown[]][] = [
      ["append", [4, 5], [1, 2, 3, 4, 5]],
      ["append", [[4]], [1, 2, 3, [4]]],
      ["insertAt", [1, 9, 8], [1, 9, 8, 2, 3]],
      ["insertAt", [3, 9], [1, 2, 3, 9]],
      ["removeAt", [1], [1, 3]],
      ["removeAt", [1, 9], [1]],
      ["removeWhere", [(e: number) => e > 1], [1]],
      ["removeWhere", [(_e: number, i: number) => i === 0], [2, 3]],
      ["setAt", [2, 7], [1, 2, 7]],
      ["updateWhere", [(e: number) => e < 3, (e: number) => e * 10], [10, 20, 3]],
      ["move", [0, 2], [2, 3, 1]],
      ["move", [2, 0], [3, 1, 2]],
      ["swap", [0, 2], [3, 2, 1]],
    ];
    for (const [name, args, wanted] of cases) {
      const first = Object.freeze([1, 2, 3]);
      const list = one<readonly unknown[]>(first);
      const result = list.write((s) => loose(s)[name]?.(...args));
      expect(result, name).toEqual({ code: undefined, runs: 1, value: wanted });
      expect(first).toEqual([1, 2, 3]);
    }
  });

  it("RX3: a helper that changes nothing keeps the very list", () => {
    const first = Object.freeze([1, 2, 3]);
    const list = one<readonly number[]>(first);
    for (const change of [
      (s: Signal<readonly number[]>) => s.append(),
      (s: Signal<readonly number[]>) => s.insertAt(1),
      (s: Signal<readonly number[]>) => s.removeAt(1, 0),
      (s: Signal<readonly number[]>) => s.removeWhere(() => false),
      (s: Signal<readonly number[]>) => s.setAt(0, 1),
      (s: Signal<readonly number[]>) => s.updateWhere(() => true, (e) => e),
      (s: Signal<readonly number[]>) => s.move(1, 1),
      (s: Signal<readonly number[]>) => s.swap(2, 2),
    ]) {
      expect(list.write(change)).toMatchObject({ code: undefined, runs: 0 });
      expect(list.live.it.s.peek()).toBe(first);
    }
  });

  it("RX2, RX3: keys of maps and records", () => {
    const map = new Map([["a", 1]]);
    const m = one<ReadonlyMap<string, number>>(map);
    expect(m.write((s) => s.setKey("b", 2)).value).toEqual(new Map([["a", 1], ["b", 2]]));
    expect(m.write((s) => s.setKey("b", 2)).runs).toBe(0);
    expect(m.write((s) => s.removeKey("a")).value).toEqual(new Map([["b", 2]]));
    expect(m.write((s) => s.removeKey("none")).runs).toBe(0);
    expect(map).toEqual(new Map([["a", 1]]));
    const record: Readonly<Record<string, number>> = Object.freeze({ a: 1 });
    const r = one(record);
    expect(r.write((s) => s.setKey("b", 2)).value).toEqual({ a: 1, b: 2 });
    expect(r.write((s) => s.removeKey("a")).value).toEqual({ b: 2 });
    expect(r.write((s) => s.removeKey("toString")).runs).toBe(0);
    expect(r.write((s) => loose(s)["setKey"]?.("__proto__", { polluted: true })).code).toBe("VANGO_UNSAFE_KEY");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("RX4: a helper on another kind of value is VANGO_LIST_HELPER and changes nothing", () => {
    const calls: [unknown, string, unknown[]][] = [
      ["x", "inc", []],
      [null, "add", [1]],
      [1, "toggle", []],
      [1, "append", [1]],
      ["abc", "removeAt", [0]],
      [{}, "insertAt", [0, 1]],
      [undefined, "removeWhere", [() => true]],
      ["x", "setKey", ["a", 1]],
      [[1], "removeKey", ["0"]],
      [null, "setKey", ["a", 1]],
      [{}, "swap", [0, 0]],
      [true, "move", [0, 0]],
      [1, "updateWhere", [() => true, () => 1]],
      [1, "setAt", [0, 1]],
    ];
    for (const [value, name, args] of calls) {
      const { write } = one<unknown>(value);
      expect(write((s) => loose(s)[name]?.(...args)), `${name} on ${String(value)}`).toEqual({ code: "VANGO_LIST_HELPER", runs: 0, value });
    }
  });

  it("RX4: an index outside the list is VANGO_LIST_INDEX", () => {
    const calls: [string, unknown[]][] = [
      ["insertAt", [4, 0]],
      ["insertAt", [-1, 0]],
      ["insertAt", [0.5, 0]],
      ["removeAt", [3]],
      ["removeAt", [NaN]],
      ["setAt", [3, 0]],
      ["move", [0, 3]],
      ["move", [-1, 0]],
      ["swap", [0, 3]],
      ["swap", ["0", 1]],
    ];
    for (const [name, args] of calls) {
      const { write } = one<readonly number[]>([1, 2, 3]);
      expect(write((s) => loose(s)[name]?.(...args)).code, `${name} ${String(args)}`).toBe("VANGO_LIST_INDEX");
    }
  });
});
