// A clock that ticks once a minute, for ages like "3m". Allocates in setup of the component that calls it.
import type { ReadonlySignal, Setup } from "@vango/core";

export function useClock(setup: Setup): ReadonlySignal<number> {
  const now = setup.signal(Date.now(), { name: "clock" });
  setup.interval(60_000, () => now.set(Date.now()));
  return now;
}
