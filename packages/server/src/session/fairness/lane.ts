/**
 * What a session has that waits for the thread, or that has held it for long: its queue of client events, its pause, its
 * record of long turns. Most sessions never have one; it goes when nothing is left in it. Invariants: client events keep
 * their order and are bounded in number and bytes; posted turns are counted by the session itself and are never refused.
 */
import type { Offences } from "./offences.js";
import type { Scheduled } from "./scheduler.js";

interface Waiting<E> {
  readonly event: E;
  readonly bytes: number;
}

export class Lane<E> {
  /** Thread time that it has had among those that wait: the least goes first. */
  time = 0;
  /** Among equals, who came first. */
  order = 0;
  /** In the scheduler's heap, or waiting for the end of its pause. */
  waits = false;
  /** A posted turn waits in the session. */
  posted = false;
  /** No turn of the session while others want the thread, before this time. */
  pausedUntil = 0;
  /** Of a session that nobody sees: its turns have had their share of the time until then. */
  spentUntil = 0;
  /** Runs at the end of the pause. */
  timer: unknown = undefined;
  offences: Offences | undefined = undefined;
  #events: Waiting<E>[] | undefined = undefined;
  #bytes = 0;
  #postedLast = false;

  constructor(readonly session: Scheduled<E>) {}

  get hasWork(): boolean {
    return this.posted || this.#events !== undefined;
  }

  /** The first event that waits. */
  get first(): E | undefined {
    return this.#events?.[0]?.event;
  }

  /** False when there is no room. An empty queue takes any event. */
  add(event: E, bytes: number, maxEvents: number, maxBytes: number): boolean {
    const events = (this.#events ??= []);
    if (events.length >= maxEvents || (events.length > 0 && this.#bytes + bytes > maxBytes)) return false;
    events.push({ event, bytes });
    this.#bytes += bytes;
    return true;
  }

  /** Runs the turn whose turn it is: posted ones and events in turn, so that neither starves the other. */
  runOne(): void {
    const events = this.#events;
    if (events === undefined || (this.posted && !this.#postedLast)) {
      this.#postedLast = true;
      this.posted = false;
      this.session.runPosted();
      return;
    }
    this.#postedLast = false;
    const { event, bytes } = events.shift() as Waiting<E>;
    this.#bytes -= bytes;
    if (events.length === 0) this.#events = undefined;
    this.session.run(event);
  }
}
