/**
 * Whether a turn that took long has computed for long. A machine that is overloaded, or a container at the end of its CPU quota,
 * takes the thread away in the middle of a turn; the session is not to blame. A turn that waits by itself (a blocking call) is.
 */

import { performance } from "node:perf_hooks";

export interface Usage {
  /** CPU time of the process, ms. */
  readonly cpuMs: number;
  /** Time in which the event loop did not wait for something to do, ms: turns, and everything else. */
  readonly activeMs: number;
  /** How often the system took a thread of it away. */
  readonly preempted: number;
}

/** Of this process. */
export function processUsage(): Usage {
  const { userCPUTime, systemCPUTime, involuntaryContextSwitches } = process.resourceUsage();
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, activeMs: performance.eventLoopUtilization().active, preempted: involuntaryContextSwitches };
}

/** Of a turn's time so much must have been computing, if the thread was taken away meanwhile. */
const COMPUTED = 0.5;

/**
 * True when the system has had the thread for most of the turn. `before` was taken some time before the turn; whatever else the
 * loop did since counts as computing, in favour of the session.
 */
export function takenAway(ms: number, before: Usage, after: Usage): boolean {
  const elsewhere = Math.max(0, after.activeMs - before.activeMs - ms);
  return after.preempted > before.preempted && after.cpuMs - before.cpuMs - elsewhere < ms * COMPUTED;
}
