/**
 * Names of async work: which loader, action work or async handler runs now, across its awaits. Fills core's port once for the
 * process; a write off the loop says by it where it happened.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { asyncPlace } from "@vango/core/internal";

const places = new AsyncLocalStorage<string | undefined>();

asyncPlace.get = () => places.getStore();
asyncPlace.leave = () => places.enterWith(undefined);

/** Runs `fn`, and whatever it starts, under the name of a place. */
export function inPlace<R>(place: string, fn: () => R): R {
  return places.run(place, fn);
}
