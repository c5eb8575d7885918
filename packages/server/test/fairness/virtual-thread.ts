/**
 * One thread in virtual time, with the phases of Node's event loop: timers, then every socket that is ready, then what was
 * asked for "soon". Time passes in turns only, and while nothing is to do. Nothing here reads a real clock.
 */
import { Scheduler, type FairnessLimits, type Scheduled } from "../../src/session/fairness/scheduler.js";
import type { Usage } from "../../src/session/fairness/usage.js";
import type { Lane } from "../../src/session/fairness/lane.js";
import { LIMITS } from "../../src/limits.js";

export interface Click {
  readonly at: number;
  readonly ms: number;
}

export interface Ran {
  readonly who: string;
  /** When the event came in, when its turn began, when it ended. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

export const FAIRNESS: FairnessLimits = {
  eventQueue: LIMITS.eventQueue.value,
  eventQueueBytes: LIMITS.eventQueueBytes.value,
  turnMs: LIMITS.turnMs.value,
  turnViolationMs: LIMITS.turnViolationMs.value,
  turnStallMs: LIMITS.turnStallMs.value,
};

interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

export class Thread {
  now = 0;
  readonly ran: Ran[] = [];
  readonly scheduler: Scheduler<Click>;
  #soon: (() => void)[] = [];
  readonly #timers = new Set<Timer>();
  #sorted = true;
  readonly #arrivals: { readonly session: Tab; readonly click: Click }[] = [];

  /** What the process has used; a test that sets it decides which turns have computed. */
  usage: Usage | undefined = undefined;

  constructor(limits: Partial<FairnessLimits> = {}, usage?: Usage) {
    this.usage = usage;
    this.scheduler = new Scheduler<Click>(
      {
        now: () => this.now,
        setTimer: (ms, fn) => {
          const timer = { at: this.now + ms, fn };
          this.#timers.add(timer);
          return timer;
        },
        clearTimer: (timer) => void this.#timers.delete(timer as Timer),
        soon: (fn) => void this.#soon.push(fn),
        ...(usage === undefined ? {} : { usage: () => this.usage as Usage }),
        overran: (session, verdict, ms) => (session as Tab).overran(verdict, ms),
        stormed: (session) => void (session as Tab).broken.push("storm"),
        broke: (session, error) => void (session as Tab).broken.push(error),
      },
      { ...FAIRNESS, ...limits },
    );
  }

  get timers(): number {
    return this.#timers.size;
  }

  tab(name: string): Tab {
    return new Tab(name, this);
  }

  /** A click reaches the socket of a session at a time. */
  arrive(session: Tab, at: number, ms: number): void {
    this.#arrivals.push({ session, click: { at, ms } });
    this.#sorted = false;
  }

  /** Runs until the time, or until nothing is left. */
  run(until = Infinity): void {
    for (let rounds = 0; this.now < until; rounds++) {
      if (rounds > 1_000_000) throw new Error("the thread is never idle");
      for (const timer of [...this.#timers].filter((t) => t.at <= this.now).sort((a, b) => a.at - b.at)) {
        if (this.#timers.delete(timer)) timer.fn();
      }
      if (!this.#sorted) this.#arrivals.sort((a, b) => a.click.at - b.click.at);
      this.#sorted = true;
      // What is ready as the sockets are asked, and no more: what comes during their turns is read the next time.
      const later = this.#arrivals.findIndex(({ click }) => click.at > this.now);
      const ready = this.#arrivals.splice(0, later < 0 ? this.#arrivals.length : later);
      for (const { session, click } of ready) session.receive(click);
      const soon = this.#soon;
      this.#soon = [];
      for (const fn of soon) fn();
      if (ready.length > 0 || soon.length > 0 || this.#soon.length > 0) continue;
      const next = Math.min(this.#arrivals[0]?.click.at ?? Infinity, ...[...this.#timers].map((t) => t.at));
      if (next === Infinity) return;
      this.now = Math.max(this.now, Math.min(next, until));
    }
  }

  of(tab: Tab): readonly Ran[] {
    return this.ran.filter(({ who }) => who === tab.name);
  }

  /** Thread time of a session. */
  spent(tab: Tab, from = 0, to = Infinity): number {
    return this.of(tab).reduce((sum, { start, end }) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)), 0);
  }

  /** The longest that a click of the session waited for its turn. */
  waited(tab: Tab): number {
    return Math.max(...this.of(tab).map(({ at, start }) => start - at));
  }
}

export class Tab implements Scheduled<Click> {
  lane: Lane<Click> | undefined = undefined;
  ended = false;
  paused = false;
  unseen = false;
  refused = 0;
  readonly posts: number[] = [];
  readonly verdicts: string[] = [];
  readonly broken: unknown[] = [];
  /** Called in each turn. */
  handler: (click: Click) => void = () => undefined;

  constructor(
    readonly name: string,
    readonly thread: Thread,
  ) {}

  receive(click: Click): void {
    if (!this.ended && !this.thread.scheduler.event(this, click, 14, this.thread.now)) this.refused++;
  }

  /** A completion comes that takes so long. */
  post(ms: number): void {
    this.posts.push(ms);
    this.thread.scheduler.post(this);
  }

  run(click: Click): void {
    const { thread } = this;
    const start = thread.now;
    thread.now += click.ms;
    thread.ran.push({ who: this.name, at: click.at, start, end: thread.now });
    this.handler(click);
  }

  runPosted(): void {
    const ms = this.posts.shift();
    if (ms === undefined) return;
    if (this.posts.length > 0) this.thread.scheduler.post(this);
    this.run({ at: this.thread.now, ms });
  }

  overran(verdict: "long" | "violation" | "close", ms: number): void {
    this.verdicts.push(`${verdict} ${ms}`);
    if (verdict === "close") {
      this.ended = true;
      this.thread.scheduler.leave(this);
    }
  }
}
