// memoryBus passes the conformance suite of the port.
import { describe, it } from "vitest";
import { memoryBus, type Bus } from "../src/index.js";
import { busConformance } from "../src/testing.js";

describe("memoryBus", () => {
  // Two connections of one carrier: closing one must not close the other.
  let shared: Bus | undefined;
  let opened = 0;
  const open = (): Bus => {
    const carrier = (shared = opened++ % 2 === 0 || shared === undefined ? memoryBus() : shared);
    let closed = false;
    const ends: (() => Promise<void>)[] = [];
    return {
      name: "memory",
      publish: (channel, message) => (closed ? gone().publish(channel, message) : carrier.publish(channel, message)),
      async subscribe(channel, listener, missed) {
        if (closed) return gone().subscribe(channel, listener);
        const end = await carrier.subscribe(channel, listener, missed);
        ends.push(end);
        return end;
      },
      async close() {
        closed = true;
        await Promise.all(ends.map((end) => end()));
      },
    };
  };
  const gone = (): Bus => {
    const bus = memoryBus();
    void bus.close();
    return bus;
  };
  for (const { title, run } of busConformance(open)) it(title, run);
});
