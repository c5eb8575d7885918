// The overview: where the workspace stands, what is on my plate, what just happened. Live: every commit refreshes it.
import { component, each, Link, type View } from "@vango/core";
import { issueRef, type Activity } from "../data/records.js";
import type { Summary } from "../data/repository.js";
import { ActivityFeed } from "../ui/activity-feed.js";
import { groupActivity, prependActivity } from "../ui/activity-groups.js";
import { useClock } from "../ui/clock.js";
import { Me } from "../ui/me.js";
import { Icon } from "../ui/sprite.js";
import { Empty, Failed, Loading } from "../ui/states.js";
import { Throughput } from "../ui/throughput.js";
import { count, day, stateNames } from "../ui/words.js";
import { useChanges } from "../ui/use-changes.js";
import { workspace } from "../workspace.js";

const feedLength = 40;

export const head = (): View => <title>Overview · Cairn</title>;

export const page = component((setup) => {
  const me = setup.use(Me);
  const now = useClock(setup);
  const summary = setup.resource({ load: () => workspace().repository.summary() });
  const mine = setup.resource({
    key: () => me.get(),
    load: (assigneeId) => workspace().repository.issues({ assigneeId, states: ["doing", "review", "todo"], order: "updated", limit: 14 }),
  });
  const recent = setup.resource<unknown, readonly Activity[]>({ load: () => workspace().repository.activity({ limit: feedLength }) });
  const groups = setup.memo(() => groupActivity(recent.data() ?? []).slice(0, 16));
  useChanges(setup, (change) => {
    summary.refetch();
    if (change.issues.some((issue) => issue.assigneeId === me.peek())) mine.refetch();
    if (recent.data() !== undefined) recent.mutate((known) => prependActivity(known ?? [], change.activity, feedLength));
  });

  return () => (
    <div class="page overview">
      <header class="page-head">
        <h1>Overview</h1>
        <p class="muted" data-testid="today">{workspace().member(me.get())?.name}, {day(now.get())}</p>
      </header>
      {summary.match({
        pending: () => <Loading label="Loading the overview" rows={3} />,
        loading: (stale) => (stale === undefined ? <Loading label="Loading the overview" rows={3} /> : <Numbers summary={stale} />),
        ready: (value) => <Numbers summary={value} />,
        error: (error, retry) => <Failed what="The numbers could not be loaded" error={error} retry={retry} />,
      })}
      <div class="split">
        <section class="card" aria-labelledby="mine-title">
          <header class="card-head"><h2 id="mine-title">On your plate</h2><Link href={`/issues?assignee=${me.get()}&state=open`}>All yours</Link></header>
          {mine.match({
            pending: () => <Loading label="Loading your issues" rows={6} />,
            error: (error, retry) => <Failed what="Your issues could not be loaded" error={error} retry={retry} />,
            ready: (issues) => issues.length === 0
              ? <Empty icon="done" title="All clear">Nothing is assigned to you right now.</Empty>
              : (
                <ul class="lines" data-testid="mine">
                  {each(issues, (issue) => issue.id, (issue) => (
                    <li>
                      <Link href={`/issues/${issue.id}`} class="line">
                        <Icon name={`p-${issue.priority}`} label={issue.priority} />
                        <span class="ref">{issueRef(issue)}</span>
                        <Icon name={issue.state} label={stateNames[issue.state]} />
                        <span class="line-title">{issue.title}</span>
                        <span class="line-end">{issue.dueAt === null ? null : <span class={["due", issue.dueAt < now.get() && "late"]}>{day(issue.dueAt)}</span>}</span>
                      </Link>
                    </li>
                  ))}
                </ul>
              ),
          })}
        </section>
        <section class="card" aria-labelledby="activity-title">
          <header class="card-head"><h2 id="activity-title">Activity</h2><span class="live-badge"><Icon name="live" />Live</span></header>
          {recent.match({
            pending: () => <Loading label="Loading activity" rows={6} />,
            error: (error, retry) => <Failed what="The activity could not be loaded" error={error} retry={retry} />,
            ready: () => <ActivityFeed groups={groups} now={now} label="Recent activity" />,
          })}
        </section>
      </div>
    </div>
  );
}, { name: "Overview" });

function Numbers({ summary }: { summary: Summary }): View {
  const { byState } = summary;
  const open = byState.backlog + byState.todo + byState.doing + byState.review;
  const counts = workspace().projects.map((project) => ({ project, open: 0, done: 0, ...summary.projects.find((p) => p.projectId === project.id) }));
  const closed = summary.days.slice(-7).reduce((n, d) => n + d.closed, 0);
  return (
    <>
      <dl class="numbers" data-testid="numbers">
        <div><dt>Open</dt><dd data-testid="open-count">{count(open)}</dd><dd class="note">of {count(summary.total)}</dd></div>
        <div><dt>In progress</dt><dd>{count(byState.doing)}</dd><dd class="note">{count(byState.review)} in review</dd></div>
        <div><dt>Overdue</dt><dd class={{ late: summary.overdue > 0 }}>{count(summary.overdue)}</dd><dd class="note">past their date</dd></div>
        <div><dt>Closed</dt><dd>{count(closed)}</dd><dd class="note">in seven days</dd></div>
      </dl>
      <div class="split wide-left">
        <section class="card" aria-labelledby="pace-title">
          <header class="card-head"><h2 id="pace-title">Pace</h2><span class="legend"><i class="dot created"></i>opened <i class="dot closed"></i>closed</span></header>
          <Throughput days={summary.days} />
        </section>
        <section class="card" aria-labelledby="projects-title">
          <header class="card-head"><h2 id="projects-title">Projects</h2></header>
          <ul class="progress-list">
            {each(counts, (p) => p.project.id, (p) => (
              <li>
                <Link href={`/projects/${p.project.id}`}>{p.project.name}</Link>
                <span class="muted">{count(p.open)} open of {count(p.open + p.done)}</span>
                <progress max={p.open + p.done} value={p.done} aria-label={`Done in ${p.project.name}`}></progress>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}
