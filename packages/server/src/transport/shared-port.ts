/**
 * What the kernel does for several processes that listen on one port (`SO_REUSEPORT`), and what it does when one of them
 * stops: connections that it gave that process, and that were not accepted yet, are reset, unless it is told to give them
 * to another one (`net.ipv4.tcp_migrate_req`, Linux 5.14 and later).
 */
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

/** The kernel balances connections among listeners of one port on Linux alone. */
export const sharesPorts = process.platform === "linux";

/** False where the kernel could hand over the connections of a listener that closes, and was not told to. */
export function handsOver(setting = "/proc/sys/net/ipv4/tcp_migrate_req"): boolean {
  try {
    return readFileSync(setting, "latin1").trim() !== "0";
  } catch {
    return true; // a kernel without the setting: nothing to advise
  }
}

/** An iteration of the event loop shorter than this had nothing to do: microseconds at first, and how many are added a millisecond. */
const QUIET_US = 15;
const QUIET_US_PER_MS = 0.2;
/** How often it is looked, ms. */
const LOOK_MS = 1;
/** A process that is never idle stops all the same, and may reset a connection. */
const NEVER_QUIET_MS = 1000;

/**
 * Resolves directly after an iteration in which nothing came, when no connection waits to be accepted. What comes between
 * is reset where the kernel does not hand over, so the iteration has to be short. Each look comes after a sleep: who has
 * slept is given the processor for a while, so that the process is not taken off it just before the close.
 */
export function quietMoment(): Promise<void> {
  return new Promise((resolve) => {
    const begun = performance.now();
    const look = (): void => {
      const woken = performance.now();
      // Sockets are read between a timer and an immediate.
      setImmediate(() => {
        const now = performance.now();
        const waited = now - begun;
        if ((now - woken) * 1000 < QUIET_US + waited * QUIET_US_PER_MS || waited > NEVER_QUIET_MS) resolve();
        else setTimeout(look, LOOK_MS);
      });
    };
    setTimeout(look, LOOK_MS);
  });
}
