// The budget of pings and pongs, alone.
import { expect, it } from "vitest";
import { ControlFrames, MOST_CONTROL_FRAMES } from "../../src/transport/control-frames.js";

it("T24: each socket has its own count, and a new one every ten seconds", () => {
  let now = 5000;
  const frames = new ControlFrames(() => now);
  const [a, b] = [{}, {}];
  const send = (socket: object, count: number): boolean[] => Array.from({ length: count }, () => frames.flooded(socket));
  expect(send(a, MOST_CONTROL_FRAMES)).not.toContain(true);
  expect(send(b, MOST_CONTROL_FRAMES)).not.toContain(true);
  expect(send(a, 2)).toEqual([true, true]);
  now += 9_999;
  expect(send(b, 1)).toEqual([true]);
  now += 1;
  expect(send(a, MOST_CONTROL_FRAMES)).not.toContain(true);
  expect(send(a, 1)).toEqual([true]);
});
