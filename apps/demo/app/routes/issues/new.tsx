// A new issue: one form, one write, then its own page. What was refused is said next to the form, with the text kept.
import { component, Link, on, type View } from "@vango/core";
import { bodyLimit, titleLimit } from "../../data/changes.js";
import { labelNames } from "../../data/seed/words.js";
import { isPriority, type Priority } from "../../data/records.js";
import type { IssueDraft } from "../../data/repository.js";
import { lastProject } from "../../issues/last-project.js";
import { LabelPicker } from "../../issues/label-picker.js";
import { MemberSelect, PrioritySelect, ProjectSelect } from "../../ui/fields.js";
import { explain } from "../../ui/explain.js";
import { Me } from "../../ui/me.js";
import { workspace } from "../../workspace.js";

export const head = (): View => <title>New issue · Cairn</title>;

export const page = component((setup) => {
  const me = setup.use(Me);
  const asked = setup.ctx.route.query.get("project") ?? "";
  const projectId = setup.signal((workspace().project(asked) ?? workspace().project(lastProject.get(setup.ctx)))?.id ?? workspace().projects[0]?.id ?? "");
  const title = setup.signal("");
  const description = setup.signal("");
  const priority = setup.signal<Priority>("medium");
  const assigneeId = setup.signal<string | null>(null);
  const labels = setup.signal<readonly string[]>([]);
  const problem = setup.signal("");

  const create = setup.action((r: { draft: IssueDraft; actorId: string }) => workspace().repository.createIssue(r.draft, r.actorId), {
    policy: "drop",
    onStart: () => problem.set(""),
    onSuccess: (issue) => {
      lastProject.set(setup.ctx, issue.projectId);
      setup.ctx.toast("success", "Issue created");
      setup.ctx.navigate(`/issues/${issue.id}`);
    },
    onError: (error) => problem.set(explain(error, "The issue was not saved. Please try again.")),
  });
  const submit = (): void => {
    const draft: IssueDraft = {
      projectId: projectId.peek(), title: title.peek(), description: description.peek(), priority: priority.peek(), assigneeId: assigneeId.peek(), labels: labels.peek(),
    };
    create.run({ draft, actorId: me.peek() });
  };

  return () => (
    <div class="page narrow">
      <header class="page-head"><h1>New issue</h1></header>
      <form class="card form" data-testid="new-issue" onSubmit={on({ preventDefault: true }, () => submit())}>
        <label class="form-field">Title
          <input class="input" name="title" required maxlength={titleLimit} autocomplete="off" autofocus placeholder="What should be true when this is done?" data-testid="new-title" value={title} onInput={(e) => title.set(e.value)} />
        </label>
        <label class="form-field">Description
          <textarea class="input" name="description" rows="6" maxlength={bodyLimit} data-testid="new-description" value={description} onInput={(e) => description.set(e.value)}></textarea>
        </label>
        <div class="form-row">
          <div class="form-field">Project{ProjectSelect({ label: "Project", testid: "new-project", value: projectId.get(), pick: (id) => projectId.set(id) })}</div>
          <div class="form-field">Priority{PrioritySelect({ label: "Priority", testid: "new-priority", value: priority.get(), pick: (p) => { if (isPriority(p)) priority.set(p); } })}</div>
          <div class="form-field">Assignee{MemberSelect({ label: "Assignee", testid: "new-assignee", value: assigneeId.get(), pick: (id) => assigneeId.set(id) })}</div>
        </div>
        {LabelPicker({ names: labelNames, picked: labels })}
        <p class="problem" role="alert" data-testid="problem">{problem}</p>
        <p class="row end">
          <Link href="/issues" class="button ghost">Cancel</Link>
          <button class="button primary" data-testid="create" disabled={create.state() === "running" || title.get().trim() === ""}>{create.state() === "running" ? "Creating…" : "Create issue"}</button>
        </p>
      </form>
    </div>
  );
}, { name: "NewIssue" });
