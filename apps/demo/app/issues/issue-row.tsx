// One row of the issue list. A row that is shown has texts and attributes only, so the server keeps it as a few packed values;
// the row that is being renamed is another template with a form.
// Its icons are masks of the style sheet: a thousand rows with <use> each cost the browser a second of layout.
import { on, type ReadonlySignal, type Selector, type View } from "@vango/core";
import { isOpen, issueRef, type Issue } from "../data/records.js";
import { initials, day, priorityNames, stateNames } from "../ui/words.js";
import { workspace } from "../workspace.js";
import type { Row } from "./list-model.js";

export interface RowControls {
  readonly cursor: Selector<number | null>;
  readonly editing: Selector<number | null>;
  readonly draft: ReadonlySignal<string>;
  /** What was due before it is late. */
  readonly today: number;
  point(id: number): void;
  check(id: number, checked: boolean): void;
  edit(issue: Issue): void;
  type(text: string): void;
  save(text: string): void;
  stopEditing(): void;
  move(id: number, step: -1 | 1): void;
}

export function IssueRow({ issue, checked }: Row, list: RowControls): View {
  const member = workspace().member(issue.assigneeId);
  const { id } = issue;
  if (list.editing.is(id)) return EditedRow(issue, list);
  return (
    <tr class={{ "issue-row": true, cursor: list.cursor.is(id), checked }} id={`row-${id}`} data-testid="issue-row" onClick={() => list.point(id)}>
      <td class="c-check"><input type="checkbox" aria-label={`Select ${issueRef(issue)}`} checked={checked} onChange={(e) => list.check(id, e.checked)} /></td>
      <td class="c-priority"><span class={`glyph i-p-${issue.priority}`} role="img" aria-label={priorityNames[issue.priority]}></span></td>
      <td class="c-ref">{issueRef(issue)}</td>
      <td class="c-state"><span class={`glyph i-${issue.state}`} role="img" aria-label={stateNames[issue.state]}></span></td>
      <td class="c-title" onDblClick={() => list.edit(issue)}><a class="row-link" data-vango-link="" href={`/issues/${id}`}>{issue.title}</a></td>
      <td class="c-labels"><span>{issue.labels.join(" · ")}</span></td>
      <td class={["c-due", issue.dueAt !== null && issue.dueAt < list.today && isOpen(issue.state) && "late"]}>{issue.dueAt === null ? "" : day(issue.dueAt)}</td>
      <td class="c-who"><span class={["avatar", member === undefined && "avatar-none"]} style={`--hue:${member?.hue ?? 0}`} title={member?.name ?? "Nobody"}>{initials(member)}</span></td>
      <td class="c-updated">{day(issue.updatedAt)}</td>
      <td class="c-tools">
        <button type="button" class="tool" title="Rename" data-testid="edit" onClick={on({ stopPropagation: true }, () => list.edit(issue))}>✎</button>
        <button type="button" class="tool" title="Move up" data-testid="up" onClick={on({ stopPropagation: true }, () => list.move(id, -1))}>↑</button>
        <button type="button" class="tool" title="Move down" data-testid="down" onClick={on({ stopPropagation: true }, () => list.move(id, 1))}>↓</button>
      </td>
    </tr>
  );
}

function EditedRow(issue: Issue, list: RowControls): View {
  return (
    <tr class="issue-row cursor" id={`row-${issue.id}`} data-testid="issue-row">
      <td class="c-check"></td>
      <td class="c-priority"><span class={`glyph i-p-${issue.priority}`} aria-hidden="true"></span></td>
      <td class="c-ref">{issueRef(issue)}</td>
      <td class="c-state"><span class={`glyph i-${issue.state}`} aria-hidden="true"></span></td>
      <td class="c-title" colspan="6">
        <form class="title-form" onSubmit={on({ preventDefault: true }, () => list.save(list.draft.peek()))}>
          <input
            name="title" class="input" aria-label="Title" data-testid="title-input" autocomplete="off" maxlength="200"
            value={list.draft} onInput={(e) => list.type(e.value)} onKeyDown={on({ keys: ["Escape"] }, () => list.stopEditing())}
          />
          <button class="button primary">Save</button>
          <button type="button" class="button ghost" onClick={() => list.stopEditing()}>Cancel</button>
        </form>
      </td>
    </tr>
  );
}
