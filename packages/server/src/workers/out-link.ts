/**
 * The side of a link that opens channels: a relayed socket or a question is one channel, numbered by us. A channel hears of
 * the link's end once, and of nothing after it was let go.
 */
import { LinkKind } from "./link-frame.js";
import type { Link } from "./link.js";

/** What one channel hears. */
export interface Channel {
  /** A frame of the other process: ACCEPT, ABSENT, MESSAGE, CLOSE or ANSWER. */
  frame(kind: number, body: Buffer): void;
  /** The other process is gone. */
  lost(): void;
}

export class OutLink {
  readonly #channels = new Map<number, Channel>();
  #unasked: (kind: number, body: Buffer) => void = () => undefined;
  #next = 1;

  constructor(
    readonly link: Link,
    ended: () => void,
  ) {
    link.onFrame = (kind, channel, body) => {
      if (channel === 0) this.#unasked(kind, body);
      else this.#channels.get(channel)?.frame(kind, body);
    };
    link.onClose = () => {
      const all = [...this.#channels.values()];
      this.#channels.clear();
      ended();
      for (const channel of all) channel.lost();
    };
  }

  /** What the other process says without being asked. */
  hear(fn: (kind: number, body: Buffer) => void): void {
    this.#unasked = fn;
  }

  /** Gives the channel's number. */
  open(channel: Channel): number {
    const number = this.#next;
    this.#next = (this.#next + 1) >>> 0 || 1;
    this.#channels.set(number, channel);
    return number;
  }

  /** Nothing more is heard on the channel. */
  release(channel: number): void {
    this.#channels.delete(channel);
  }

  /** A question and its answer; undefined when there is none, or not within `ms`. Never rejects. */
  ask(topic: string, body: Uint8Array, ms: number): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      const done = (answer: Uint8Array | undefined): void => {
        clearTimeout(timer);
        this.release(channel);
        resolve(answer);
      };
      const timer = setTimeout(done, ms, undefined);
      const channel = this.open({
        frame: (kind, answer) => done(kind === LinkKind.ANSWER && answer[0] === 1 ? answer.subarray(1) : undefined),
        lost: () => done(undefined),
      });
      this.link.send(LinkKind.ASK, channel, withTopic(topic, body));
    });
  }
}

/** A topic and bytes in one body: 1 byte length of the topic, topic, bytes. */
export function withTopic(topic: string, body: Uint8Array): Buffer {
  const name = Buffer.from(topic, "latin1");
  const out = Buffer.allocUnsafe(1 + name.length + body.length);
  out[0] = name.length;
  name.copy(out, 1);
  out.set(body, 1 + name.length);
  return out;
}

/** Reads what {@link withTopic} wrote. */
export function splitTopic(bytes: Buffer): { readonly topic: string; readonly body: Buffer } {
  const end = 1 + (bytes[0] ?? 0);
  return { topic: bytes.toString("latin1", 1, end), body: bytes.subarray(end) };
}
