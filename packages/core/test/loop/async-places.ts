// An async context for a test, as the server fills it: loaders, work and async functions run under their names.
import { AsyncLocalStorage } from "node:async_hooks";
import { asyncPlace } from "../../src/reactive/async-work.js";
import { World } from "./harness.js";

const places = new AsyncLocalStorage<string | undefined>();

/** A world whose async work is named; `end` takes the port away again. */
export function namedWorld(): { world: World; end: () => void } {
  const { get, leave } = asyncPlace;
  asyncPlace.get = () => places.getStore();
  asyncPlace.leave = () => places.enterWith(undefined);
  const world = new World();
  const run = <R>(place: string, fn: () => R): R => places.run(place, fn);
  Object.assign(world.host, { offLoop: run, named: run });
  return {
    world,
    end: () => {
      asyncPlace.get = get;
      asyncPlace.leave = leave;
    },
  };
}
