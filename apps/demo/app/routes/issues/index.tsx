// The issue list: up to 1,000 issues, filtered and sorted in the session's memory, edited in place, changed in bulk.
// Rows are matched by identity: a change of one issue runs one row, a new order moves nodes and runs none.
import { component, type View } from "@vango/core";
import type { Issue } from "../../data/records.js";
import type { IssuePatch } from "../../data/repository.js";
import type { RowControls } from "../../issues/issue-row.js";
import { IssueTable } from "../../issues/issue-table.js";
import { arrange, everything, manual, matches, nextSort, rankBeside, sortWords, toRow, type Row, type SortColumn } from "../../issues/list-model.js";
import { BulkBar, Toolbar } from "../../issues/toolbar.js";
import { useIssueUpdates } from "../../issues/updates.js";
import { useFilter } from "../../issues/use-filter.js";
import { Me } from "../../ui/me.js";
import { Failed, Loading } from "../../ui/states.js";
import { count, plural } from "../../ui/words.js";
import { workspace } from "../../workspace.js";

export const head = (): View => <title>Issues · Cairn</title>;

export const page = component((setup) => {
  const me = setup.use(Me);
  const view = useFilter(setup);
  const { filter, sort } = view;
  const selected = setup.signal<ReadonlySet<number>>(new Set(), { name: "selected" });
  const cursorId = setup.signal<number | null>(null, { name: "cursor" });
  const editingId = setup.signal<number | null>(null, { name: "editing" });
  const draft = setup.signal("", { name: "draft" });

  const issues = setup.resource<string, readonly Issue[]>({
    key: () => filter.get().project,
    load: (projectId) => workspace().repository.issues({ limit: 1000, ...(projectId === "" ? {} : { projectId }) }),
  });
  const updates = useIssueUpdates(setup, issues, me, (issue) => matches(issue, { ...everything, project: filter.peek().project }));
  const shown = setup.memo(() => arrange(issues.data() ?? [], filter.get(), sort.get()));
  const rows = setup.memo<readonly Row[]>(() => shown.get().map((issue) => toRow(issue, selected.get().has(issue.id))));

  const check = (id: number, on: boolean): void => selected.update((old) => {
    const next = new Set(old);
    if (on) next.add(id);
    else next.delete(id);
    return next;
  });
  const controls: RowControls = {
    cursor: setup.selector(cursorId),
    editing: setup.selector(editingId),
    draft,
    today: Math.floor(Date.now() / 86_400_000) * 86_400_000,
    point: (id) => cursorId.set(id),
    check,
    edit(issue) {
      draft.set(issue.title);
      editingId.set(issue.id);
      cursorId.set(issue.id);
      setup.ctx.emit("cairn:focus", { selector: "[data-testid=title-input]", select: true });
    },
    type: (text) => draft.set(text),
    save(text) {
      const id = editingId.peek();
      if (id !== null && text.trim() !== "") updates.update([id], { title: text });
      editingId.set(null);
      setup.ctx.emit("cairn:focus", { selector: "#issue-list" });
    },
    stopEditing() {
      editingId.set(null);
      setup.ctx.emit("cairn:focus", { selector: "#issue-list" });
    },
    move(id, step) {
      view.sortBy(manual);
      const rank = rankBeside(arrange(issues.data() ?? [], filter.peek(), manual), id, step);
      if (rank !== null) updates.update([id], { rank });
      cursorId.set(id);
    },
  };
  const applyToSelected = (patch: IssuePatch): void => {
    updates.update([...selected.peek()], patch);
    setup.ctx.toast("success", `${plural(selected.peek().size, "issue")} changed`);
    selected.set(new Set());
  };
  const checkAll = (on: boolean): void => selected.set(on ? new Set(shown.peek().map((issue) => issue.id)) : new Set());

  const step = (by: number): void => {
    const list = shown.peek();
    const at = list.findIndex((issue) => issue.id === cursorId.peek());
    const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
    if (next === undefined) return;
    cursorId.set(next.id);
    setup.ctx.emit("cairn:reveal", { selector: `#row-${next.id}` });
  };
  const press = (key: string, alt: boolean): void => {
    const current = shown.peek().find((issue) => issue.id === cursorId.peek());
    if (alt && current !== undefined && (key === "ArrowUp" || key === "ArrowDown")) controls.move(current.id, key === "ArrowUp" ? -1 : 1);
    else if (key === "j" || key === "ArrowDown") step(1);
    else if (key === "k" || key === "ArrowUp") step(-1);
    else if (key === "Escape") checkAll(false);
    else if (current === undefined) return;
    else if (key === "x") check(current.id, !selected.peek().has(current.id));
    else if (key === "e") controls.edit(current);
    else if (key === "Enter") setup.ctx.navigate(`/issues/${current.id}`);
  };
  const sortBy = (by: SortColumn): void => view.sortBy(nextSort(sort.peek(), by));

  return () => (
    <div class="page list-page">
      <header class="page-head">
        <h1>Issues</h1>
        <p class="muted" role="status" data-testid="shown-count">{count(shown.get().length)} shown</p>
        <p class="muted order" data-testid="order">{sortWords(sort.get())}</p>
      </header>
      {Toolbar(view)}
      {issues.match({
        pending: () => <Loading label="Loading issues" rows={14} />,
        error: (error, retry) => <Failed what="The issues could not be loaded" error={error} retry={retry} />,
        ready: () => <IssueTable rows={rows} sort={sort} controls={controls} sortBy={sortBy} checkAll={checkAll} press={press} />,
      })}
      {selected.get().size > 0 ? BulkBar({ selected: selected.get().size, apply: applyToSelected, clear: () => checkAll(false) }) : null}
    </div>
  );
}, { name: "IssueList" });
