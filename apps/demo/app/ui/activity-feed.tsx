// The activity feed: who did what, newest first. `now` makes the ages; entries are grouped by the caller.
import { each, type ReadonlySignal, type View } from "@vango/core";
import type { Activity } from "../data/records.js";
import { workspace } from "../workspace.js";
import type { ActivityGroup } from "./activity-groups.js";
import { Avatar } from "./avatar.js";
import { ago, iso, moment, plural, priorityNames, stateNames } from "./words.js";

interface FeedProps {
  readonly groups: ReadonlySignal<readonly ActivityGroup[]>;
  readonly now: ReadonlySignal<number>;
  readonly label: string;
  /** The feed of one issue: its title is not said again. */
  readonly own?: boolean;
}

export function ActivityFeed(props: FeedProps): View {
  return (
    <ol class="feed" aria-label={props.label} data-testid="activity">
      {each(props.groups, (group) => group.key, (group) => (
        <li class="feed-line" data-testid="activity-line">
          <Avatar member={workspace().member(group.first.actorId)} />
          <p>
            <b>{workspace().member(group.first.actorId)?.name ?? "Somebody"}</b>{" "}{phrase(group, props.own === true)}{props.own === true ? null : subject(group)}
            {quote(group.first)}
          </p>
          <time datetime={iso(group.first.at)} title={moment(group.first.at)}>{ago(group.first.at, props.now.get())}</time>
        </li>
      ))}
    </ol>
  );
}

function phrase({ first, count }: ActivityGroup, own: boolean): string {
  const what = count > 1 ? `${plural(count, "issue")} ` : own ? "this " : "";
  const colon = count > 1 || own ? "" : ": ";
  const { detail } = first;
  switch (detail.kind) {
    case "created": return own ? "opened this issue" : "opened ";
    case "state": return `moved ${what}to ${stateNames[detail.to]}${colon}`;
    case "priority": return `set ${what}to ${priorityNames[detail.to].toLowerCase()}${colon}`;
    case "assignee": return `${detail.to === null ? "unassigned " : `assigned ${workspace().member(detail.to)?.name ?? "somebody"} to `}${what}`;
    case "title": return own ? `renamed this, it was “${detail.from}”` : "renamed ";
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
