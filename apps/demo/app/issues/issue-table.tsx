// The table of the issue list. A component of its own with props that never change: what moves is `rows`, and a change of it
// costs what changed, while the page around it renders again on its own terms.
import { component, each, on, type ReadonlySignal, type View } from "@vango/core";
import { Empty } from "../ui/states.js";
import { IssueRow, type RowControls } from "./issue-row.js";
import type { Row, Sort, SortColumn } from "./list-model.js";

interface TableProps {
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly sort: ReadonlySignal<Sort>;
  readonly controls: RowControls;
  readonly sortBy: (column: SortColumn) => void;
  readonly checkAll: (checked: boolean) => void;
  readonly press: (key: string, alt: boolean) => void;
}

interface Heading {
  readonly by: SortColumn;
  readonly text: string;
  readonly name: string;
  readonly class: string;
}

const before: readonly Heading[] = [
  { by: "priority", text: "P", name: "Priority", class: "c-priority" },
  { by: "id", text: "Issue", name: "Issue", class: "c-ref" },
  { by: "state", text: "S", name: "State", class: "c-state" },
  { by: "title", text: "Title", name: "Title", class: "c-title" },
];
const after: readonly Heading[] = [
  { by: "due", text: "Due", name: "Due", class: "c-due" },
  { by: "assignee", text: "Who", name: "Assignee", class: "c-who" },
  { by: "updated", text: "Updated", name: "Updated", class: "c-updated" },
];

const byHand: Heading = { by: "manual", text: "Manual", name: "Manual order", class: "c-tools" };

export const IssueTable = component<TableProps>((setup, props) => {
  const { rows, sort, controls, sortBy, checkAll, press } = props.peek();
  const empty = setup.memo(() => rows.get().length === 0);
  const allChecked = setup.memo(() => rows.get().length > 0 && rows.get().every((row) => row.checked));

  const direction = (by: SortColumn): "ascending" | "descending" | "none" =>
    sort.get().by !== by ? "none" : sort.get().descending ? "descending" : "ascending";
  const heading = (h: Heading): View => (
    <th class={h.class} scope="col" aria-sort={direction(h.by)}>
      <button type="button" class="sort" title={h.by === "manual" ? "The order that ↑ and ↓ of a row change" : `Sort by ${h.name.toLowerCase()}`} aria-label={h.name} data-testid={`sort-${h.by}`} onClick={() => sortBy(h.by)}>{h.text}</button>
    </th>
  );

  return () => (
    <div
      class="list" id="issue-list" tabindex="0" role="group" aria-label="Issues: arrows move, x selects, e renames, Enter opens" data-testid="issue-list"
      onKeyDown={on({ self: true, preventDefault: true, keys: ["j", "k", "ArrowDown", "ArrowUp", "x", "e", "Enter", "Escape"] }, (e) => press(e.key, e.altKey))}
    >
      <table class="issues">
        <thead>
          <tr>
            <th class="c-check" scope="col">
              <input type="checkbox" aria-label="Select all shown" data-testid="select-all" checked={allChecked} onChange={(e) => checkAll(e.checked)} />
            </th>
            {each(before, (h) => h.by, heading)}
            <th class="c-labels" scope="col">Labels</th>
            {each(after, (h) => h.by, heading)}
            {heading(byHand)}
          </tr>
        </thead>
        <tbody data-testid="issue-rows">{each(rows, (row) => row.issue.id, (row) => IssueRow(row, controls))}</tbody>
      </table>
      {empty.get() ? <Empty icon="search" title="No issue matches">Try fewer words, or clear the filters.</Empty> : null}
    </div>
  );
}, { name: "IssueTable" });
