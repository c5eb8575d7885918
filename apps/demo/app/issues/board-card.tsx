// A card of the board: draggable, and movable with two buttons for keyboard and touch.
import { Link, type View } from "@vango/core";
import { issueRef, type Issue, type IssueState } from "../data/records.js";
import { Avatar } from "../ui/avatar.js";
import { Icon } from "../ui/sprite.js";
import { stateNames } from "../ui/words.js";
import { workspace } from "../workspace.js";
import { neighbour } from "./board-model.js";

interface CardProps {
  readonly issue: Issue;
  readonly grab: (id: number) => void;
  readonly move: (id: number, to: IssueState) => void;
}

export function BoardCard({ issue, grab, move }: CardProps): View {
  const back = neighbour(issue.state, -1);
  const on = neighbour(issue.state, 1);
  return (
    <li class="board-card" draggable="true" data-testid="card" onDragStart={() => grab(issue.id)}>
      <p class="card-top"><span class="ref">{issueRef(issue)}</span><Avatar member={workspace().member(issue.assigneeId)} /></p>
      <Link href={`/issues/${issue.id}`} class="card-title">{issue.title}</Link>
      <p class="card-foot">
        <Icon name={`p-${issue.priority}`} label={issue.priority} />
        <span class="card-labels">{issue.labels.join(" · ")}</span>
        {issue.comments === 0 ? null : <span class="card-comments"><Icon name="comment" />{issue.comments}</span>}
        <span class="card-moves">
          {back === null ? null : <button type="button" class="tool" data-testid="card-back" aria-label={`Move ${issueRef(issue)} to ${stateNames[back]}`} onClick={() => move(issue.id, back)}><Icon name="left" /></button>}
          {on === null ? null : <button type="button" class="tool" data-testid="card-on" aria-label={`Move ${issueRef(issue)} to ${stateNames[on]}`} onClick={() => move(issue.id, on)}><Icon name="right" /></button>}
        </span>
      </p>
    </li>
  );
}
