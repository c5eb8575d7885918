/**
 * Who has the thread. Turns are synchronous, so nothing can be taken from a turn that runs; what is decided here is which
 * session comes next. Invariants:
 * - A client's event runs as it arrives, without a queue, while its session is within its share and has nothing waiting.
 * - A session that has had more than a burst of turns waits until every other socket has been read.
 * - Among the sessions that wait the one that has had least time goes first, one turn each.
 * - After a turn of half of `turnMs` or more the session pauses ten times as long, unless it is alone: at most 10 % are its.
 * - Posted turns (completions, timers, dispatches) take part and are never refused.
 */
import type { Limits } from "../../limits.js";
import { Lane } from "./lane.js";
import { LaneHeap } from "./lane-heap.js";
import { Offences, type Verdict } from "./offences.js";
import { takenAway, type Usage } from "./usage.js";

/** Turns of one session that run one after the other before others are heard, ms. */
export const BURST_MS = 1;
/** The thread idle for this long has heard everybody, ms. */
const HEARD_MS = 0.5;
/** Turns that run before sockets are read again, ms. */
const SLICE_MS = 2;
/** The pause after a long turn, in lengths of that turn. */
export const PAUSE = 10;
/** The same for any turn of a session that nobody sees; never longer than after the shortest of the long turns. */
export const UNSEEN_PAUSE = 50;
/** It is taken as soon as so much has come together, ms: to wake up for each short turn costs more than the turn. */
const UNSEEN_LEAST_MS = 10;
/** Age at which the usage that turns are compared with is taken anew, ms. */
const USAGE_MS = 10;
/** Some systems take longer than a turn to answer: they are asked less often, so that it costs half a percent of the time, */
const USAGE_COST = 200;
/** but at least so often, ms: the longer ago, the less is known of one turn. */
const USAGE_LATEST_MS = 100;
/** The least that a turn counts for: turns that take no time are taken in turn as well. */
const LEAST_MS = 0.01;

/** A session, as far as the thread is concerned. `E` is a client's event. */
export interface Scheduled<E> {
  lane: Lane<E> | undefined;
  /** It ended: nothing of it runs any more. */
  readonly ended: boolean;
  /** Nothing of it runs until `resume`. */
  readonly paused: boolean;
  /** It is behind its page: nobody sees what a turn changes before the page has come again. */
  readonly unseen: boolean;
  /** Runs a client's event. */
  run(event: E): void;
  /** Runs one posted turn; posts again if more wait. */
  runPosted(): void;
}

export interface SchedulerPort<E> {
  now(): number;
  setTimer(ms: number, fn: () => void): unknown;
  clearTimer(timer: unknown): void;
  /** After the sockets that are ready have been read, never at once. */
  soon(fn: () => void): void;
  /** Of the process, to tell turns that computed from those that the system interrupted; absent: all have computed. */
  readonly usage?: (() => Usage) | undefined;
  /** A turn was too long. "close": the session has to end. */
  overran(session: Scheduled<E>, verdict: Exclude<Verdict, "ordinary">, ms: number): void;
  /** The session started so much that it has to end. Not called inside its turns. */
  stormed(session: Scheduled<E>): void;
  /** A turn that had waited threw what should not have been thrown. */
  broke(session: Scheduled<E>, error: unknown): void;
}

export type FairnessLimits = Pick<Limits, "eventQueue" | "eventQueueBytes" | "turnMs" | "turnViolationMs" | "turnStallMs">;

export class Scheduler<E> {
  readonly #heap = new LaneHeap<E>();
  /** Lanes that wait for the end of their pause. */
  #paused = 0;
  #order = 0;
  /** Time of the lane that ran last: who comes anew starts there. */
  #time = 0;
  /** Whose turn was the last, when it ended, and how long its turns since anybody else's took. */
  #last: Scheduled<E> | undefined = undefined;
  #end = 0;
  #burst = 0;
  #armed = false;
  /** Turns of those that wait run now. */
  #serving = false;
  /** The sockets are to be read once more before the next turn. */
  #hear = false;
  /** Of some time before the turn that runs, and when it is taken anew. */
  #usage: Usage | undefined = undefined;
  #usageUntil = -Infinity;
  readonly #long: number;
  readonly #longest: number;
  readonly #wake = (): void => this.#go();

  constructor(
    readonly port: SchedulerPort<E>,
    readonly limits: FairnessLimits,
  ) {
    this.#long = limits.turnMs / 2;
    this.#longest = limits.turnViolationMs;
    this.#usage = port.usage?.();
  }

  /** Sessions that wait for a turn. */
  get waiting(): number {
    return this.#heap.size + this.#paused;
  }

  /** A client's event, now: runs at once or waits. False: there is no room for it. */
  event(session: Scheduled<E>, event: E, bytes: number, now: number): boolean {
    if (this.#mayRun(session, now)) {
      session.run(event);
      this.#ran(session, now, this.port.now());
      return true;
    }
    const lane = (session.lane ??= new Lane(session));
    const { eventQueue, eventQueueBytes } = this.limits;
    if (!lane.add(event, bytes, eventQueue, eventQueueBytes)) return false;
    this.#enter(lane);
    return true;
  }

  /** The session spent a storm budget, and the app ends those. */
  storm(session: Scheduled<E>): void {
    this.port.soon(() => {
      if (!session.ended && !session.paused) this.port.stormed(session);
    });
  }

  /** The session has a turn of its own to run. */
  post(session: Scheduled<E>): void {
    const lane = (session.lane ??= new Lane(session));
    lane.posted = true;
    this.#enter(lane);
  }

  /** The session was paused and goes on. */
  resume(session: Scheduled<E>): void {
    const { lane } = session;
    if (lane?.hasWork === true) this.#enter(lane);
  }

  /** The session ended: what waits of it is forgotten. */
  leave(session: Scheduled<E>): void {
    const { lane } = session;
    if (this.#last === session) this.#last = undefined;
    if (lane?.timer === undefined) return;
    this.port.clearTimer(lane.timer);
    lane.timer = undefined;
    this.#paused--;
  }

  #mayRun(session: Scheduled<E>, now: number): boolean {
    const { lane } = session;
    if (lane !== undefined && !this.#idle(lane, now)) return false;
    return this.#last !== session || this.#burst < BURST_MS || now - this.#end > HEARD_MS;
  }

  /** Nothing of it waits, and it does not pause. */
  #idle(lane: Lane<E>, now: number): boolean {
    if (lane.waits) return false;
    if (now < lane.pausedUntil) return this.#alone(lane);
    this.#forget(lane, now);
    return true;
  }

  /** A lane that holds nothing goes. */
  #forget(lane: Lane<E>, now: number): void {
    if (now >= lane.pausedUntil && now >= lane.spentUntil && (lane.offences === undefined || lane.offences.owed(now) === 0)) lane.session.lane = undefined;
  }

  /** Nobody else waits, and nobody else had a turn since its last. Whom nobody sees has time even so. */
  #alone(lane: Lane<E>): boolean {
    return this.#last === lane.session && this.waiting === 0 && !lane.session.unseen;
  }

  #enter(lane: Lane<E>): void {
    if (lane.waits) return;
    lane.waits = true;
    lane.time = Math.max(lane.time, this.#time);
    lane.order = this.#order++;
    this.#heap.push(lane);
    // While those that wait are served, sockets are read before the next slice anyway.
    if (!this.#serving && this.#last === lane.session && this.#burst >= BURST_MS) this.#hear = true;
    this.#arm();
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    this.port.soon(this.#wake);
  }

  /** Turns of those that wait, for a slice; then the sockets are read. */
  #go(): void {
    this.#armed = false;
    if (this.#hear) {
      this.#hear = false;
      return this.#arm();
    }
    this.#serving = true;
    let now = this.port.now();
    const stop = now + SLICE_MS;
    for (let lane = this.#next(now); lane !== undefined; lane = this.#next(now)) {
      now = this.#turn(lane, now);
      if (now >= stop) break;
    }
    this.#serving = false;
    if (this.#heap.size > 0) this.#arm();
  }

  /** The lane whose turn it is. Those that pause wait for their time. */
  #next(now: number): Lane<E> | undefined {
    for (let lane = this.#heap.pop(); lane !== undefined; lane = this.#heap.pop()) {
      if (lane.session.ended || lane.session.paused) lane.waits = false;
      else if (now >= lane.pausedUntil || this.#alone(lane)) return lane;
      else this.#pause(lane, now);
    }
    return undefined;
  }

  #pause(lane: Lane<E>, now: number): void {
    this.#paused++;
    lane.timer = this.port.setTimer(lane.pausedUntil - now, () => {
      lane.timer = undefined;
      this.#paused--;
      this.#heap.push(lane);
      this.#arm();
    });
  }

  #turn(lane: Lane<E>, start: number): number {
    const { session } = lane;
    this.#time = lane.time;
    // It still waits while it runs: what it posts now enters once its time is counted.
    try {
      lane.runOne();
    } catch (error) {
      this.port.broke(session, error);
    }
    lane.waits = false;
    const end = this.port.now();
    lane.time += Math.max(LEAST_MS, end - start);
    this.#ran(session, start, end);
    if (session.ended || session.paused) return end;
    if (lane.hasWork) this.#enter(lane);
    else this.#forget(lane, end);
    return end;
  }

  #ran(session: Scheduled<E>, start: number, end: number): void {
    const ms = end - start;
    this.#burst = this.#last === session && start - this.#end <= HEARD_MS ? this.#burst + ms : ms;
    this.#last = session;
    this.#end = end;
    if (ms >= this.#long) {
      if (!this.#interrupted(ms)) this.#held(session, ms, end);
    } else if (session.unseen) this.#unseen(session, ms, end);
    if (this.#usage === undefined || end < this.#usageUntil) return;
    this.#usage = this.port.usage?.();
    const now = this.port.now();
    this.#usageUntil = now + Math.min(USAGE_LATEST_MS, Math.max(USAGE_MS, USAGE_COST * (now - end)));
  }

  #interrupted(ms: number): boolean {
    const before = this.#usage;
    const after = this.port.usage?.();
    return before !== undefined && after !== undefined && takenAway(ms, before, after);
  }

  /** Nobody saw the turn. Posted turns are never refused, so they must not pile up: while one waits there is no pause. */
  #unseen(session: Scheduled<E>, ms: number, end: number): void {
    if (session.ended || session.lane?.posted === true) return;
    const lane = (session.lane ??= new Lane(session));
    lane.spentUntil = Math.min(Math.max(lane.spentUntil, end) + UNSEEN_PAUSE * ms, end + PAUSE * this.#long);
    if (lane.spentUntil - end >= UNSEEN_LEAST_MS) lane.pausedUntil = lane.spentUntil;
  }

  /** It had the thread for long. */
  #held(session: Scheduled<E>, ms: number, end: number): void {
    if (session.ended) return;
    const lane = (session.lane ??= new Lane(session));
    // What took longer than a violation is not paid for in full: the machine slept, or the next one ends the session.
    lane.pausedUntil = end + PAUSE * Math.min(ms, this.#longest);
    const verdict = (lane.offences ??= new Offences()).charge(ms, end, this.limits);
    if (verdict !== "ordinary") this.port.overran(session, verdict, ms);
  }
}
