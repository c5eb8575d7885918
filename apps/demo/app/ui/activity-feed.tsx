// The activity feed: who did what, newest first. `now` makes the ages; entries are grouped by the caller.
import { each, type ReadonlySignal, type View } from "@vango/core";
import type { Activity } from "../data/records.js";
import { workspace } from "../workspace.js";
import type { ActivityGroup } from "./activity-groups.js";
import { Avatar } from "./avatar.js";
import { ago, iso, moment, plural, priorityNames, stateNames } from "./words.js";

export function ActivityFeed(props: { groups: ReadonlySignal<readonly ActivityGroup[]>; now: ReadonlySignal<number>; label: string }): View {
  return (
    <ol class="feed" aria-label={props.label} data-testid="activity">
      {each(props.groups, (group) => group.key, (group) => (
        <li class="feed-line" data-testid="activity-line">
          <Avatar member={workspace().member(group.first.actorId)} />
          <p>
            <b>{workspace().member(group.first.actorId)?.name ?? "Somebody"}</b>{" "}{phrase(group)}{subject(group)}
            {quote(group.first)}
          </p>
          <time datetime={iso(group.first.at)} title={moment(group.first.at)}>{ago(group.first.at, props.now.get())}</time>
        </li>
      ))}
    </ol>
  );
}

function phrase({ first, count }: ActivityGroup): string {
  const what = count > 1 ? `${plural(count, "issue")} ` : "";
  const { detail } = first;
  switch (detail.kind) {
    case "created": return "opened ";
    case "state": return `moved ${what}to ${stateNames[detail.to]}${count > 1 ? "" : ": "}`;
    case "priority": return `set ${what}to ${priorityNames[detail.to].toLowerCase()}${count > 1 ? "" : ": "}`;
    case "assignee": return `${detail.to === null ? "unassigned " : `gave ${workspace().member(detail.to)?.name ?? "somebody"} `}${what}`;
    case "title": return "renamed ";
    case "comment": return "commented on ";
    case "check": return `${checkWords[detail.change]} `;
  }
}

const checkWords = { added: "added", checked: "ticked", unchecked: "reopened", removed: "removed" } as const;

function subject({ first, count }: ActivityGroup): View {
  if (count > 1) return null;
  if (first.issueId === null) return <q>{first.subject}</q>;
  return <a class="feed-subject" data-vango-link="" href={`/issues/${first.issueId}`}>{first.subject}</a>;
}

function quote(entry: Activity): View {
  return entry.detail.kind === "comment" ? <span class="feed-quote">{entry.detail.excerpt}</span> : null;
}
