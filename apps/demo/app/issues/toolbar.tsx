// Filters above the list and the bar that appears when issues are selected.
import { each, on, type View } from "@vango/core";
import { issueStates } from "../data/records.js";
import type { IssuePatch } from "../data/repository.js";
import { MemberSelect, PrioritySelect, ProjectSelect, StateSelect } from "../ui/fields.js";
import { Icon } from "../ui/sprite.js";
import { plural, stateNames } from "../ui/words.js";
import { everything, toStateFilter, type Filter, type StateFilter } from "./list-model.js";
import type { FilterState } from "./use-filter.js";

const stateFilters: readonly StateFilter[] = ["all", "open", ...issueStates];

export function Toolbar({ filter, change, clear }: FilterState): View {
  return (
    <div class="toolbar" role="search">
      <label class="search">
        <Icon name="search" />
        <input
          type="search" id="filter" class="input" placeholder="Filter by title, number or label" aria-label="Filter issues" data-testid="filter"
          autocomplete="off" value={filter.get().text} onInput={on({ debounce: 80 }, (e) => change({ text: e.value }))}
        />
        <kbd>/</kbd>
      </label>
      <select class="select" aria-label="State" data-testid="filter-state" onChange={(e) => change({ state: toStateFilter(e.value) })}>
        {each(stateFilters, (state) => state, (state) => (
          <option value={state} selected={filter.get().state === state}>{state === "all" ? "Every state" : state === "open" ? "Open" : stateNames[state]}</option>
        ))}
      </select>
      <PrioritySelect label="Priority" testid="filter-priority" placeholder="Every priority" value={filter.get().priority} pick={(priority) => change({ priority })} />
      <MemberSelect label="Assignee" testid="filter-assignee" placeholder="Everybody" value={filter.get().assignee === "" ? null : filter.get().assignee} pick={(who) => change({ assignee: who ?? "" })} />
      <ProjectSelect label="Project" testid="filter-project" placeholder="Every project" value={filter.get().project} pick={(project) => change({ project })} />
      {isFiltered(filter.get()) ? <button type="button" class="button ghost" data-testid="clear-filter" onClick={() => clear()}>Clear</button> : null}
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

function isFiltered(filter: Filter): boolean {
  return Object.entries(everything).some(([name, value]) => filter[name as keyof Filter] !== value);
}
