// Filters above the list and the bar that appears when issues are selected.
import { each, on, type Signal, type View } from "@vango/core";
import { isIssueState, issueStates } from "../data/records.js";
import type { IssuePatch } from "../data/repository.js";
import { MemberSelect, PrioritySelect, ProjectSelect, StateSelect } from "../ui/fields.js";
import { Icon } from "../ui/sprite.js";
import { plural, stateNames } from "../ui/words.js";
import { everything, type Filter, type StateFilter } from "./list-model.js";

const stateFilters: readonly StateFilter[] = ["all", "open", ...issueStates];

export function Toolbar(props: { filter: Signal<Filter> }): View {
  const { filter } = props;
  const set = (part: Partial<Filter>): void => filter.update((old) => ({ ...old, ...part }));
  return (
    <div class="toolbar" role="search">
      <label class="search">
        <Icon name="search" />
        <input
          type="search" id="filter" class="input" placeholder="Filter by title, number or label" aria-label="Filter issues" data-testid="filter"
          autocomplete="off" value={filter.get().text} onInput={on({ debounce: 80 }, (e) => set({ text: e.value }))}
        />
        <kbd>/</kbd>
      </label>
      <select class="select" aria-label="State" data-testid="filter-state" onChange={(e) => set({ state: toStateFilter(e.value) })}>
        {each(stateFilters, (state) => state, (state) => (
          <option value={state} selected={filter.get().state === state}>{state === "all" ? "Every state" : state === "open" ? "Open" : stateNames[state]}</option>
        ))}
      </select>
      <PrioritySelect label="Priority" testid="filter-priority" placeholder="Every priority" value={filter.get().priority} pick={(priority) => set({ priority })} />
      <MemberSelect label="Assignee" testid="filter-assignee" placeholder="Everybody" value={filter.get().assignee === "" ? null : filter.get().assignee} pick={(who) => set({ assignee: who ?? "" })} />
      <ProjectSelect label="Project" testid="filter-project" placeholder="Every project" value={filter.get().project} pick={(project) => set({ project })} />
      {isFiltered(filter.get()) ? <button type="button" class="button ghost" data-testid="clear-filter" onClick={() => filter.set(everything)}>Clear</button> : null}
    </div>
  );
}

export function BulkBar(props: { selected: number; apply: (patch: IssuePatch) => void; clear: () => void }): View {
  return (
    <div class="bulk" role="region" aria-label="Selected issues" data-testid="bulk">
      <b data-testid="selected-count">{plural(props.selected, "issue")} selected</b>
      <StateSelect label="Set state" testid="bulk-state" placeholder="Set state…" value="" pick={(state) => { if (state !== "") props.apply({ state }); }} />
      <PrioritySelect label="Set priority" testid="bulk-priority" placeholder="Set priority…" value="" pick={(priority) => { if (priority !== "") props.apply({ priority }); }} />
      <MemberSelect label="Assign" testid="bulk-assignee" placeholder="Assign…" value={null} pick={(assigneeId) => { if (assigneeId !== null) props.apply({ assigneeId }); }} />
      <button type="button" class="button ghost" data-testid="bulk-clear" onClick={() => props.clear()}><Icon name="close" />Clear</button>
    </div>
  );
}

export function toStateFilter(value: string | null): StateFilter {
  return value === "open" || (value !== null && isIssueState(value)) ? value : "all";
}

function isFiltered(filter: Filter): boolean {
  return Object.entries(everything).some(([name, value]) => filter[name as keyof Filter] !== value);
}
