import { expect, it } from "vitest";
import { Pulse } from "../../src/workers/pulse.js";

const asks = (pulse: Pulse, times: number): boolean[] => Array.from({ length: times }, () => pulse.ask());

it("W16: six questions in a row without an answer, not the clock, say that a worker is stuck", () => {
  const pulse = new Pulse();
  expect(asks(pulse, 6)).toEqual(Array(6).fill(true));
  // A supervisor that was suspended finds the answers after its first question: nobody is killed for its own sleep.
  pulse.heard();
  expect(asks(pulse, 6)).toEqual(Array(6).fill(true));
  expect(pulse.ask()).toBe(false);
});
