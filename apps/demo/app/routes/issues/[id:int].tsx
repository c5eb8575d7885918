// One issue: title, description, fields, comments and its own history. Changes and comments are shown before the store answers;
// what others do arrives through the topic.
import { component, each, Link, on, type View } from "@vango/core";
import { bodyLimit, titleLimit } from "../../data/changes.js";
import { issueRef, type Activity, type Comment, type Issue } from "../../data/records.js";
import type { Change, IssuePatch } from "../../data/repository.js";
import { IssueFields } from "../../issues/issue-fields.js";
import { mergeIssues, patchLocally } from "../../issues/list-model.js";
import { ActivityFeed } from "../../ui/activity-feed.js";
import { groupActivity, prependActivity } from "../../ui/activity-groups.js";
import { Avatar } from "../../ui/avatar.js";
import { useClock } from "../../ui/clock.js";
import { explain } from "../../ui/explain.js";
import { Me } from "../../ui/me.js";
import { Icon } from "../../ui/sprite.js";
import { Empty, Failed, Loading } from "../../ui/states.js";
import { ago, iso, moment } from "../../ui/words.js";
import { useChanges } from "../../ui/use-changes.js";
import { workspace } from "../../workspace.js";

interface Detail {
  readonly issue: Issue | undefined;
  readonly comments: readonly Comment[];
  readonly activity: readonly Activity[];
}

export const head = (props: { params: { id: number } }): View => <title>{`Issue ${props.params.id} · Cairn`}</title>;

export const page = component<{ params: { id: number } }>((setup, props) => {
  const me = setup.use(Me);
  const now = useClock(setup);
  const editing = setup.signal(false);
  const title = setup.signal("");
  const draft = setup.signal("");

  const detail = setup.resource<number, Detail>({
    key: () => props.get().params.id,
    async load(id) {
      const { repository } = workspace();
      const [issue, comments, activity] = await Promise.all([repository.issue(id), repository.comments(id), repository.activity({ issueId: id, limit: 30 })]);
      return { issue, comments, activity };
    },
  });
  const groups = setup.memo(() => groupActivity((detail.data()?.activity ?? []).filter((entry) => entry.detail.kind !== "comment")));

  const write = setup.action((r: { id: number; patch: IssuePatch; actorId: string }) => workspace().repository.updateIssues([r.id], r.patch, r.actorId), {
    policy: "queue",
    queue: 32,
    onError: (error) => failed(error, "The change was not saved. Please try again."),
  });
  const comment = setup.action((r: { id: number; body: string; actorId: string }) => workspace().repository.addComment(r.id, r.body, r.actorId), {
    policy: "queue",
    queue: 8,
    onError: (error) => failed(error, "The comment was not saved. Please try again."),
  });
  const failed = (error: unknown, otherwise: string): void => {
    setup.ctx.toast("error", explain(error, otherwise));
    detail.refetch();
  };
  useChanges(setup, (change) => {
    if (detail.data()?.issue !== undefined) detail.mutate((known) => follow(known, change, props.peek().params.id));
  });

  const update = (patch: IssuePatch): void => {
    const { id } = props.peek().params;
    detail.mutate((known) => local(known, (issue) => patchLocally([issue], [id], patch, Date.now())[0] ?? issue));
    write.run({ id, patch, actorId: me.peek() });
  };
  const saveTitle = (): void => {
    if (title.peek().trim() !== "") update({ title: title.peek() });
    editing.set(false);
  };
  const send = (): void => {
    const body = draft.peek().trim();
    if (body === "") return;
    const { id } = props.peek().params;
    draft.set("");
    const pending: Comment = { id: -Date.now(), issueId: id, authorId: me.peek(), body, createdAt: Date.now() };
    detail.mutate((known) => ({ ...(known ?? nothing), comments: [...(known?.comments ?? []), pending] }));
    comment.run({ id, body, actorId: me.peek() });
  };

  const heading = (issue: Issue): View => editing.get()
    ? (
      <form class="title-form" onSubmit={on({ preventDefault: true }, () => saveTitle())}>
        <input
          class="input title-input" name="title" aria-label="Title" data-testid="title-input" maxlength={titleLimit} autocomplete="off"
          value={title} onInput={(e) => title.set(e.value)} onKeyDown={on({ keys: ["Escape"] }, () => editing.set(false))}
        />
        <button class="button primary" data-testid="save-title">Save</button>
      </form>
    )
    : (
      <div class="title-line">
        <h1 data-testid="title">{issue.title}</h1>
        <button
          type="button" class="tool" aria-label="Rename" data-testid="edit-title"
          onClick={() => { title.set(issue.title); editing.set(true); setup.ctx.emit("cairn:focus", { selector: "[data-testid=title-input]", select: true }); }}
        ><Icon name="pencil" /></button>
      </div>
    );

  const found = (issue: Issue, comments: readonly Comment[]): View => (
    <div class="detail">
      <article class="detail-main">
        <p class="crumbs">
          <Link href={`/projects/${issue.projectId}`}>{workspace().project(issue.projectId)?.name}</Link>
          <span aria-hidden="true">/</span><span class="ref">{issueRef(issue)}</span>
        </p>
        {heading(issue)}
        <div class="prose" data-testid="description">{issue.description === "" ? <p class="muted">No description.</p> : each(paragraphs(issue.description), (p) => p.at, (p) => <p>{p.text}</p>)}</div>
        <section aria-labelledby="comments-title">
          <h2 id="comments-title" class="section-title">Comments <span class="count" data-testid="comment-count">{comments.length}</span></h2>
          <ol class="comments" data-testid="comments">
            {each(comments, (c) => c.id, (c) => (
              <li class={{ comment: true, pending: c.id < 0 }} data-testid="comment">
                <Avatar member={workspace().member(c.authorId)} />
                <div>
                  <p class="comment-head"><b>{workspace().member(c.authorId)?.name}</b> <time datetime={iso(c.createdAt)} title={moment(c.createdAt)}>{c.id < 0 ? "sending…" : ago(c.createdAt, now.get())}</time></p>
                  <p class="comment-body">{c.body}</p>
                </div>
              </li>
            ))}
          </ol>
          <form class="composer" onSubmit={on({ preventDefault: true }, () => send())}>
            <textarea
              name="body" class="input" rows="3" maxlength={bodyLimit} placeholder="Write a comment" aria-label="Comment" data-testid="comment-input" data-submit="ctrl-enter"
              value={draft} onInput={(e) => draft.set(e.value)}
            ></textarea>
            <p class="row end"><span class="muted hint">Ctrl + Enter sends</span><button class="button primary" data-testid="send" disabled={draft.get().trim() === ""}>Comment</button></p>
          </form>
        </section>
        <section aria-labelledby="history-title">
          <h2 id="history-title" class="section-title">History</h2>
          <ActivityFeed groups={groups} now={now} label="History of this issue" own />
        </section>
      </article>
      <IssueFields issue={issue} update={update} />
    </div>
  );

  const show = ({ issue, comments }: Detail): View => issue === undefined
    ? <Empty icon="search" title="There is no such issue">It may have been deleted. <Link href="/issues">All issues</Link></Empty>
    : found(issue, comments);

  return () => (
    <div class="page">
      {detail.match({
        pending: () => <Loading label="Loading the issue" rows={8} />,
        loading: (stale) => (stale === undefined ? <Loading label="Loading the issue" rows={8} /> : show(stale)),
        ready: show,
        error: (error, retry) => <Failed what="The issue could not be loaded" error={error} retry={retry} />,
      })}
    </div>
  );
}, { name: "IssueDetail" });

const nothing: Detail = { issue: undefined, comments: [], activity: [] };

function local(known: Detail | undefined, change: (issue: Issue) => Issue): Detail {
  return known?.issue === undefined ? (known ?? nothing) : { ...known, issue: change(known.issue) };
}

/** A commit's effect on this page; a comment of ours takes the place of its pending twin. */
function follow(known: Detail | undefined, change: Change, id: number): Detail {
  if (known?.issue === undefined) return known ?? nothing;
  const [issue = known.issue] = mergeIssues([known.issue], change.issues.filter((i) => i.id === id), () => false);
  const fresh = change.comments.filter((c) => c.issueId === id && !known.comments.some((old) => old.id === c.id));
  const kept = known.comments.filter((old) => old.id > 0 || !fresh.some((c) => c.authorId === old.authorId && c.body === old.body));
  return {
    issue,
    comments: fresh.length === 0 ? known.comments : [...kept.filter((c) => c.id > 0), ...fresh, ...kept.filter((c) => c.id < 0)],
    activity: prependActivity(known.activity, change.activity.filter((entry) => entry.issueId === id), 60),
  };
}

function paragraphs(text: string): readonly { readonly at: number; readonly text: string }[] {
  return text.split(/\n{2,}/).map((part, at) => ({ at, text: part }));
}
