// The release room: one checklist that everybody shares. A tick shows here at once, in every other browser after the commit:
// the store's change feed → the process's topic → each session's own turn.
import { component, each, on, type View } from "@vango/core";
import { checkLimit } from "../data/changes.js";
import type { Activity, Check } from "../data/records.js";
import type { Change } from "../data/repository.js";
import { ActivityFeed } from "../ui/activity-feed.js";
import { groupActivity, prependActivity } from "../ui/activity-groups.js";
import { useClock } from "../ui/clock.js";
import { explain } from "../ui/explain.js";
import { Freeze } from "../ui/freeze.js";
import { Me } from "../ui/me.js";
import { Icon } from "../ui/sprite.js";
import { Empty, Failed, Loading } from "../ui/states.js";
import { useChanges } from "../ui/use-changes.js";
import { workspace } from "../workspace.js";

const feedLength = 30;

export const head = (): View => <title>Release room · Cairn</title>;

export const page = component((setup) => {
  const me = setup.use(Me);
  const now = useClock(setup);
  const draft = setup.sharedSignal("release-room.draft", "");
  const checks = setup.resource<unknown, readonly Check[]>({ load: () => workspace().repository.checks() });
  const recent = setup.resource<unknown, readonly Activity[]>({ load: () => workspace().repository.activity({ limit: feedLength }) });
  const groups = setup.memo(() => groupActivity(recent.data() ?? []));
  const done = setup.memo(() => (checks.data() ?? []).filter((check) => check.done).length);
  const total = setup.memo(() => (checks.data() ?? []).length);

  const failed = (error: unknown): void => {
    setup.ctx.toast("error", explain(error, "The change was not saved. Please try again."));
    checks.refetch();
  };
  const add = setup.action((r: { text: string; by: string }) => workspace().repository.addCheck(r.text, r.by), { policy: "queue", queue: 16, onError: failed });
  const tick = setup.action((r: { id: number; done: boolean; by: string }) => workspace().repository.setCheck(r.id, r.done, r.by), { policy: "queue", queue: 64, onError: failed });
  const remove = setup.action((r: { id: number; by: string }) => workspace().repository.removeCheck(r.id, r.by), { policy: "queue", queue: 64, onError: failed });

  useChanges(setup, (change) => {
    if (checks.data() !== undefined) checks.mutate((known) => follow(known ?? [], change));
    if (recent.data() !== undefined) recent.mutate((known) => prependActivity(known ?? [], change.activity, feedLength));
  });

  const submit = (): void => {
    const text = draft.peek().trim();
    if (text === "") return;
    add.run({ text, by: me.peek() });
    draft.set("");
  };
  const set = (id: number, value: boolean): void => {
    checks.mutate((known) => (known ?? []).map((check) => (check.id === id ? { ...check, done: value, byId: me.peek() } : check)));
    tick.run({ id, done: value, by: me.peek() });
  };
  const drop = (id: number): void => {
    checks.mutate((known) => (known ?? []).filter((check) => check.id !== id));
    remove.run({ id, by: me.peek() });
  };

  return () => (
    <div class="page">
      <header class="page-head">
        <h1>Release room</h1>
        <p class="muted">Open it in two browsers: everyone sees the same list.</p>
        <Freeze me={me} />
      </header>
      <div class="split">
        <section class="card" aria-labelledby="list-title">
          <header class="card-head">
            <h2 id="list-title">Checklist</h2>
            <span class="muted" data-testid="progress">{done.get()} of {total.get()} done</span>
          </header>
          <progress class="bar-progress" max={Math.max(1, total.get())} value={done.get()} aria-label="Done"></progress>
          {checks.match({
            pending: () => <Loading label="Loading the checklist" rows={6} />,
            error: (error, retry) => <Failed what="The checklist could not be loaded" error={error} retry={retry} />,
            ready: (list) => list.length === 0
              ? <Empty icon="check" title="An empty list">Add the first step below.</Empty>
              : (
                <ul class="checks" data-testid="checks">
                  {each(list, (check) => check.id, (check) => (
                    <li class={{ check: true, done: check.done }} data-testid="check">
                      <label>
                        <input type="checkbox" checked={check.done} onChange={(e) => set(check.id, e.checked)} />
                        <span class="check-text">{check.text}</span>
                      </label>
                      <span class="check-by">{check.done ? workspace().member(check.byId)?.name : ""}</span>
                      <button type="button" class="tool" aria-label={`Remove ${check.text}`} data-testid="remove-check" onClick={() => drop(check.id)}><Icon name="trash" /></button>
                    </li>
                  ))}
                </ul>
              ),
          })}
          <form class="row add-check" onSubmit={on({ preventDefault: true }, () => submit())}>
            <input class="input" name="text" maxlength={checkLimit} placeholder="Add a step" aria-label="New step" autocomplete="off" data-testid="new-check" value={draft} onInput={(e) => draft.set(e.value)} />
            <button class="button primary" data-testid="add-check">Add</button>
          </form>
        </section>
        <section class="card" aria-labelledby="feed-title">
          <header class="card-head"><h2 id="feed-title">Activity</h2><span class="live-badge"><Icon name="live" />Live</span></header>
          {recent.match({
            pending: () => <Loading label="Loading activity" rows={6} />,
            error: (error, retry) => <Failed what="The activity could not be loaded" error={error} retry={retry} />,
            ready: () => <ActivityFeed groups={groups} now={now} label="Activity" />,
          })}
        </section>
      </div>
    </div>
  );
}, { name: "ReleaseRoom" });

function follow(known: readonly Check[], change: Change): readonly Check[] {
  if (change.checks.length === 0 && change.removedChecks.length === 0) return known;
  const fresh = new Map(change.checks.map((check) => [check.id, check]));
  const kept = known.filter((check) => !change.removedChecks.includes(check.id)).map((check) => {
    const newer = fresh.get(check.id);
    fresh.delete(check.id);
    return newer ?? check;
  });
  return [...kept, ...fresh.values()];
}
