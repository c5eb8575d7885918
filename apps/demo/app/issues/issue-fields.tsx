// The side panel of an issue: its fields as selects, its dates as text.
import type { View } from "@vango/core";
import type { Issue } from "../data/records.js";
import type { IssuePatch } from "../data/repository.js";
import { Avatar } from "../ui/avatar.js";
import { MemberSelect, PrioritySelect, StateSelect } from "../ui/fields.js";
import { Icon } from "../ui/sprite.js";
import { day, iso, moment } from "../ui/words.js";
import { workspace } from "../workspace.js";

export function IssueFields({ issue, update }: { issue: Issue; update: (patch: IssuePatch) => void }): View {
  return (
    <aside class="fields" aria-label="Fields" data-testid="fields">
      <div class="field">
        <span class="field-name">State</span>
        <span class="field-value"><Icon name={issue.state} /><StateSelect label="State" testid="state" value={issue.state} pick={(state) => { if (state !== "") update({ state }); }} /></span>
      </div>
      <div class="field">
        <span class="field-name">Priority</span>
        <span class="field-value"><Icon name={`p-${issue.priority}`} /><PrioritySelect label="Priority" testid="priority" value={issue.priority} pick={(priority) => { if (priority !== "") update({ priority }); }} /></span>
      </div>
      <div class="field">
        <span class="field-name">Assignee</span>
        <span class="field-value"><Avatar member={workspace().member(issue.assigneeId)} /><MemberSelect label="Assignee" testid="assignee" value={issue.assigneeId} pick={(assigneeId) => update({ assigneeId })} /></span>
      </div>
      <div class="field"><span class="field-name">Labels</span><span class="field-value labels">{issue.labels.length === 0 ? "None" : issue.labels.join(" · ")}</span></div>
      <div class="field"><span class="field-name">Due</span><span class="field-value">{issue.dueAt === null ? "No date" : day(issue.dueAt)}</span></div>
      <div class="field"><span class="field-name">Opened</span><time class="field-value" datetime={iso(issue.createdAt)}>{moment(issue.createdAt)}</time></div>
      <div class="field"><span class="field-name">Updated</span><time class="field-value" datetime={iso(issue.updatedAt)}>{moment(issue.updatedAt)}</time></div>
    </aside>
  );
}
