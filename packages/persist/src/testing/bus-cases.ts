// The conformance suite of the bus port. Carriers are slow or far away, so each case waits for what it expects, never for time;
// that something was not heard is shown by a later message that was.
import type { Bus } from "../bus.js";
import { equal, rejects } from "./assert.js";
import type { ConformanceCase } from "./harness.js";

/** Opens connections of the carrier under test, as two processes would. Channels are the case's own. */
export type OpenBus = () => Promise<Bus> | Bus;

type Body = (a: Bus, b: Bus, channel: string) => Promise<void>;

/** Collects messages and lets a case wait for their number. */
class Ear {
  readonly heard: string[] = [];
  #waiting: (() => void)[] = [];
  readonly listen = (message: string): void => {
    this.heard.push(message);
    for (const wake of this.#waiting.splice(0)) wake();
  };
  async until(message: string): Promise<void> {
    while (!this.heard.includes(message)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

const STORIES: readonly (readonly [title: string, body: Body])[] = [
  [
    "B1: a message reaches every listener of its channel, in the order of its publisher, the publisher's own too",
    async (a, b, channel) => {
      const ears = [new Ear(), new Ear(), new Ear()] as const;
      await a.subscribe(channel, ears[0].listen);
      await b.subscribe(channel, ears[1].listen);
      await b.subscribe(channel, ears[2].listen);
      const sent = Array.from({ length: 50 }, (_, i) => `message ${i}`);
      for (const message of sent) await a.publish(channel, message);
      for (const ear of ears) {
        await ear.until("message 49");
        equal(ear.heard, sent, "heard");
      }
    },
  ],
  [
    "B2: channels are apart, whatever their names",
    async (a, b, channel) => {
      const names = [channel, `${channel}*`, `${channel}';--`, `${channel}:x`, channel.toUpperCase(), `${channel}${"x".repeat(200 - channel.length)}`];
      const ears = names.map(() => new Ear());
      for (const [i, name] of names.entries()) await b.subscribe(name, (ears[i] as Ear).listen);
      for (const [i, name] of names.entries()) await a.publish(name, `to ${i}`);
      for (const [i, ear] of ears.entries()) {
        await ear.until(`to ${i}`);
        equal(ear.heard, [`to ${i}`], names[i] as string);
      }
    },
  ],
  [
    "B3: texts come as they were sent: empty, long, of any script, with quotes",
    async (a, b, channel) => {
      const ear = new Ear();
      await b.subscribe(channel, ear.listen);
      const sent = ["", "x".repeat(4000), "grüße 日本語 😀", `'"\\$1%s`, "end"];
      for (const message of sent) await a.publish(channel, message);
      await ear.until("end");
      equal(ear.heard, sent, "heard");
    },
  ],
  [
    "B4: who has left hears nothing; others of the channel go on, and it may be entered again",
    async (a, b, channel) => {
      const [gone, stays, again] = [new Ear(), new Ear(), new Ear()];
      const leave = await b.subscribe(channel, gone.listen);
      await b.subscribe(channel, stays.listen);
      await a.publish(channel, "one");
      await gone.until("one");
      await leave();
      await leave();
      await a.publish(channel, "two");
      await stays.until("two");
      await b.subscribe(channel, again.listen);
      await a.publish(channel, "three");
      await again.until("three");
      await stays.until("three");
      equal([gone.heard, stays.heard, again.heard], [["one"], ["one", "two", "three"], ["three"]], "heard");
    },
  ],
  [
    "B5: what no carrier can carry is refused with kind codec",
    async (a, _b, channel) => {
      for (const name of ["", "with space", "ü", "x".repeat(201)]) await rejects(() => a.publish(name, "m"), "codec", "channel");
      for (const message of ["x".repeat(4001), "a\u0000b", "\ud800"]) await rejects(() => a.publish(channel, message), "codec", "message");
    },
  ],
  [
    "B6: a closed bus fails with kind storage and hears nothing",
    async (a, b, channel) => {
      const [closed, open] = [new Ear(), new Ear()];
      await a.subscribe(channel, closed.listen);
      await b.subscribe(channel, open.listen);
      await a.close();
      await a.close();
      await b.publish(channel, "m");
      await open.until("m");
      equal(closed.heard, [], "heard after close");
      await rejects(() => a.publish(channel, "m"), "storage", "publish");
      await rejects(() => a.subscribe(channel, () => undefined), "storage", "subscribe");
    },
  ],
];

let cases = 0;

/**
 * All cases that a bus must pass. `open` is called twice a case; the two must reach each other.
 *
 * @example
 * const shared = memoryBus();
 * for (const { title, run } of busConformance(() => redisBus({ url }))) it(title, run);
 */
export function busConformance(open: OpenBus): readonly ConformanceCase[] {
  return STORIES.map(([title, body]) => ({
    title,
    run: async () => {
      const [a, b] = [await open(), await open()];
      try {
        await body(a, b, `vango-test-${++cases}-${Math.random().toString(36).slice(2, 10)}`);
      } finally {
        await a.close();
        await b.close();
      }
    },
  }));
}
