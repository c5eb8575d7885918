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
            <b>{workspace().member(group.first.actorId)?.name ?? "Somebody"}</b>{" "}{before(group, props.own === true)}{props.own === true ? null : subject(group)}{after(group)}
            {quote(group.first)}
          </p>
          <time datetime={iso(group.first.at)} title={moment(group.first.at)}>{ago(group.first.at, props.now.get())}</time>
        </li>
      ))}
    </ol>
  );
}

/** What stands in front of the subject. */
function before({ first, count }: ActivityGroup, own: boolean): string {
  const what = count > 1 ? plural(count, "issue") : own ? "this" : "";
  switch (first.detail.kind) {
    case "created": return own ? "opened this issue" : "opened ";
    case "state": return `moved ${what}`;
    case "priority": return `set ${what}`;
    case "assignee": return `${first.detail.to === null ? "unassigned" : "assigned"} ${what}`;
    case "title": return own ? "renamed this" : "renamed ";
    case "comment": return "commented on ";
    case "check": return `${checkWords[first.detail.change]} `;
  }
}

/** What stands behind it. */
function after({ first: { detail } }: ActivityGroup): string {
  switch (detail.kind) {
    case "state": return ` to ${stateNames[detail.to]}`;
    case "priority": return ` to ${priorityNames[detail.to].toLowerCase()}`;
    case "assignee": return detail.to === null ? "" : ` to ${workspace().member(detail.to)?.name ?? "somebody"}`;
    case "title": return ` (was “${detail.from}”)`;
    default: return "";
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
