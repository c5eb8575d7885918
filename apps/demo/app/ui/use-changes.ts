// Follows the workspace from the moment the page's data was loaded. The framework hands what a GET loaded to the join, so the
// data may be some seconds old when the session starts; what was committed in between is replayed to it.
import type { Setup } from "@vango/core";
import type { Change } from "../data/repository.js";
import { workspace } from "../workspace.js";

/** Calls `fn`, as a turn, for every commit since the load. `fn` may hear of what it has already: merge by id. */
export function useChanges(setup: Setup, fn: (change: Change) => void): void {
  const loadedAt = setup.resource<unknown, number>({ load: () => workspace().version() });
  setup.subscribe<Change>((push) => workspace().follow(loadedAt.data() ?? workspace().version(), push), fn);
}
