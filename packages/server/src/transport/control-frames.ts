/**
 * Bounds the pings and pongs of a socket. Both cost the thread and are no message, so no budget of a session sees them. A browser
 * sends one to answer ours, every few minutes. Counts are kept for the sockets that sent one in this period, and for no other.
 */
import { performance } from "node:perf_hooks";

/** Pings and pongs that a socket may send in a period of ten seconds. */
export const MOST_CONTROL_FRAMES = 100;
const PERIOD_MS = 10_000;

export class ControlFrames {
  readonly #counts = new Map<object, number>();
  #ends = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Counts one frame of the socket. True: it has sent too many, and is to be closed. */
  flooded(socket: object): boolean {
    const now = this.now();
    if (now >= this.#ends) {
      this.#counts.clear();
      this.#ends = now + PERIOD_MS;
    }
    const count = (this.#counts.get(socket) ?? 0) + 1;
    this.#counts.set(socket, count);
    return count > MOST_CONTROL_FRAMES;
  }
}
