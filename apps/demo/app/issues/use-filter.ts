// The list's filter and order live in the address: a filtered list can be shared, and "back" finds it as it was.
import type { ReadonlySignal, Setup } from "@vango/core";
import { isPriority, type Priority } from "../data/records.js";
import { everything, formatSort, parseSort, toStateFilter, type Filter, type Sort, type StateFilter, manual } from "./list-model.js";

export interface FilterState {
  readonly filter: ReadonlySignal<Filter>;
  readonly sort: ReadonlySignal<Sort>;
  change(part: Partial<Filter>): void;
  clear(): void;
  sortBy(sort: Sort): void;
}

/** How long after the last key the address bar follows, in ms. */
const addressDelay = 300;

export function useFilter(setup: Setup): FilterState {
  const text = setup.urlParam("q", { default: "", mode: "replace", debounce: addressDelay });
  const state = setup.urlParam<StateFilter>("state", { default: "all", mode: "replace", parse: toStateFilter });
  const priority = setup.urlParam<Priority | "">("priority", { default: "", mode: "replace", parse: (s) => (isPriority(s) ? s : "") });
  const assignee = setup.urlParam("assignee", { default: "", mode: "replace" });
  const project = setup.urlParam("project", { default: "", mode: "replace" });
  const sort = setup.urlParam<Sort>("sort", { default: manual, mode: "replace", parse: parseSort, format: formatSort });
  const filter = setup.memo<Filter>(() => ({
    text: text.get(), state: state.get(), priority: priority.get(), assignee: assignee.get(), project: project.get(),
  }));
  const change = (part: Partial<Filter>): void => {
    if (part.text !== undefined) text.set(part.text);
    if (part.state !== undefined) state.set(part.state);
    if (part.priority !== undefined) priority.set(part.priority);
    if (part.assignee !== undefined) assignee.set(part.assignee);
    if (part.project !== undefined) project.set(part.project);
  };
  return { filter, sort, change, clear: () => change(everything), sortBy: (next) => sort.set(next) };
}
