/**
 * Diagnostics channels (SPEC.md D1–D2).
 */
import { channel } from "node:diagnostics_channel";
import { describe, expect, it } from "vitest";
import { diagnostics, type TurnMessage } from "../src/diagnostics.js";

describe("diagnostics", () => {
  it("D2: is watched only while somebody listens; what is published arrives as it is", () => {
    const { turn } = diagnostics;
    expect(turn.watched).toBe(false);
    turn.publish({ session: "s", kind: "event", ms: 1 });
    const seen: TurnMessage[] = [];
    const stop = turn.subscribe((m) => seen.push(m));
    expect(turn.watched).toBe(true);
    turn.publish({ session: "s", kind: "timer", ms: 2, name: "tick" });
    stop();
    turn.publish({ session: "s", kind: "event", ms: 3 });
    expect(seen).toEqual([{ session: "s", kind: "timer", ms: 2, name: "tick" }]);
  });

  it("D1: the channels are Node's, by name", () => {
    const seen: unknown[] = [];
    const listener = (m: unknown): void => void seen.push(m);
    for (const [key, diagnostic] of Object.entries(diagnostics)) {
      expect(diagnostic.name).toBe(`vango:${key}`);
      channel(diagnostic.name).subscribe(listener);
      (diagnostic.publish as (m: unknown) => void).call(diagnostic, { key });
      channel(diagnostic.name).unsubscribe(listener);
    }
    expect(seen).toHaveLength(Object.keys(diagnostics).length);
  });
});
